"""Days of readings: run time, rows and outcome of 14, 30 or 90 days, of all sources or of one (QC-DWH Điều 12.2)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from dwh.kernel.errors import Invalid
from dwh.operations.runs import services
from dwh.operations.runs.models import SourceReading
from dwh.operations.runs.monitor.history import duration, history
from dwh.operations.runs.rules import Kind, State
from dwh.operations.runs.services import Outcome
from tests.personas import tuan  # noqa: F401 -- the cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def ran(tuan_acts, noon):
    """Let a run of everything have ended days ago, having read two sources in 10 and 20 seconds."""

    def end(
        days_ago: int, *, minutes: float = 5, rows: int = 100, state: State = State.SUCCEEDED, **failures: str
    ):
        at = noon - timedelta(days=days_ago)
        run = services.ask_run(Kind.RUN, by=tuan_acts, now=at - timedelta(minutes=minutes), worker="w")
        read = {name: _read(at, rows, took) for name, took in (("collection", 10), ("claims", 20))}
        failed = {name: {"code": code, "message": "Lỗi."} for name, code in failures.items()}
        report = {
            "sources": {name: one for name, one in read.items() if name not in failures},
            "failures": failed,
        }
        services.finish(run, Outcome(state, "", report=report), now=at)
        return run

    return end


def _read(at: datetime, rows: int, took: int) -> dict:
    began = (at - timedelta(seconds=took)).isoformat()
    tables = [{"table": "t", "rows": rows, "deletes": 1}, {"table": "u", "rows": 1, "deletes": 0}]
    return {"tables": tables, "started_at": began, "finished_at": at.isoformat()}


def test_a_reading_is_kept_for_each_source_a_run_was_to_read(ran):
    ran(0, state=State.FAILED, claims="source.down")

    kept = {one.source: one for one in SourceReading.objects.all()}
    good, bad, unread = kept["collection"], kept["claims"], kept["iam"]
    assert (good.state, good.rows, good.deletes, good.seconds) == ("ok", 101, 1, 10.0)
    assert (bad.state, bad.failure, bad.rows) == ("failed", "source.down", None)
    assert unread.state == "failed"  # a run that failed and says nothing of a source did not read it


@pytest.mark.req("C-10")
@pytest.mark.law("QC-DWH 12.2")
def test_each_day_has_its_longest_run_its_rows_and_how_its_runs_ended(ran):
    ran(0, minutes=5)
    ran(0, minutes=20, rows=400, state=State.FAILED, claims="source.down")
    ran(29, minutes=10)

    found = history("", "30", today=TODAY)

    today, first = found.days[-1], found.days[0]
    assert (len(found.days), first.day, today.day) == (30, date(2026, 10, 22), TODAY)
    assert (today.state, today.outcome, today.longest) == ("failed", "1 thành công, 1 lỗi", 1200)
    assert (today.rows, today.deletes, today.height, first.height) == (101 + 101 + 401, 3, 100, 50)
    assert today.per_second == pytest.approx(603 / 40)
    assert (found.days[5].state, found.days[5].outcome, found.days[5].took) == ("none", "không chạy", "–")
    assert (found.longest, found.most_rows) == ("20 phút", 603)


def test_of_one_source_its_own_readings_count(ran):
    ran(0, minutes=5)
    ran(0, state=State.FAILED, claims="source.down")

    day = history("claims", "14", today=TODAY).days[-1]

    assert (day.longest, day.rows, day.outcome, day.per_second) == (
        20.0,
        101,
        "1 thành công, 1 lỗi",
        101 / 20,
    )


def test_a_day_ends_at_midnight_in_vietnam(ran):
    ran(0)
    assert history("", "14", today=TODAY + timedelta(days=1)).days[-2].rows == 202


@pytest.mark.parametrize(("source", "span"), [("kho", "14"), ("", "15"), ("", "all")])
def test_what_cannot_be_chosen_is_refused_with_the_choices(source, span):
    with pytest.raises(Invalid, match="Chọn"):
        history(source, span, today=TODAY)


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "0,4 giây"), (119, "119,0 giây"), (4260, "71 phút")])
def test_a_duration_reads_as_people_say_it(seconds, said):
    assert duration(seconds) == said


def test_runs_from_before_readings_were_kept_are_told_from_their_reports(ran):
    ran(0, state=State.FAILED, claims="source.down")
    columns = ("source", "state", "rows", "seconds", "failure")
    told = SourceReading.objects.filter(source__in=["claims", "collection"]).order_by("source")
    known = list(told.values(*columns))
    SourceReading.objects.all().delete()

    import_module("dwh.operations.runs.migrations.0007_source_reading").keep_readings(apps, None)

    assert list(told.all().values(*columns)) == known


def test_the_page_and_its_part(client, tuan, tiny_datapath, ran):  # noqa: F811
    tiny_datapath(client, tuan)
    url = reverse("runs:history")
    whole = client.get(url, {"nguon": "claims", "ngay": "90"}).content.decode()
    part = client.get(url, {"ngay": "30"}, headers={"HX-Request": "true"}).content.decode()

    assert "Lịch sử đọc nguồn 90 ngày, Giám định BHYT, ngày mới nhất trước" in whole
    assert part.lstrip().startswith("<section")
    assert f"{timezone.localdate():%d/%m/%Y}" in part
    assert client.get(url, {"ngay": "15"}).status_code == 422
    assert "Lịch sử đọc nguồn 14 ngày" in client.get(reverse("runs:sync")).content.decode()
