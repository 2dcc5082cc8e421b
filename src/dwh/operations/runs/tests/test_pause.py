"""One source is paused while the others go on: a reason, an end, one entry in the log each (QC-DWH Điều 12.5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, Invalid
from dwh.operations.runs import execution, pause_services, services
from dwh.operations.runs.alerts import alerts
from dwh.operations.runs.models import Run, SourcePause
from dwh.operations.runs.monitor.board import source_lines
from dwh.operations.runs.pause_services import SourceOnPause, end_lapsed, pause_source, resume_source
from dwh.operations.runs.rules import Kind, State
from dwh.operations.runs.services import Outcome
from tests.personas import tuan  # noqa: F401 -- the cast

pytestmark = pytest.mark.django_db
WHY = "bảo trì máy chủ nguồn"


def actions() -> list[str]:
    return list(AuditRecord.objects.order_by("id").values_list("action", flat=True))


def test_a_pause_and_its_end_are_each_one_entry(tuan_acts, noon):
    pause_source("claims", f"  {WHY}. ", None, by=tuan_acts, now=noon)
    resume_source("claims", by=tuan_acts, now=noon + timedelta(hours=1))

    held = SourcePause.objects.get()
    assert (held.reason, held.ended_by) == (f"{WHY}.", tuan_acts.email)
    assert actions() == ["source.paused", "source.resumed"]
    assert AuditRecord.objects.filter(object="source:claims").count() == 2
    assert pause_services.paused_sources(timezone.localdate(noon)) == {}


@pytest.mark.parametrize(
    ("source", "reason", "last_day"),
    [("kho", WHY, None), ("claims", " vì ", None), ("claims", WHY, date(2026, 11, 19))],
)
def test_a_pause_without_source_or_reason_or_of_the_past_changes_nothing(
    source, reason, last_day, tuan_acts, noon
):
    with pytest.raises(Invalid):
        pause_source(source, reason, last_day, by=tuan_acts, now=noon)
    assert not SourcePause.objects.exists()
    assert actions() == []


def test_what_is_paused_is_not_paused_twice_and_what_is_not_is_not_resumed(tuan_acts, noon):
    with pytest.raises(Conflict, match="không tạm dừng"):
        resume_source("claims", by=tuan_acts, now=noon)
    pause_source("claims", WHY, None, by=tuan_acts, now=noon)

    with pytest.raises(Conflict, match="đã tạm dừng từ 12:00, 20/11/2026 bởi Nguyễn Minh Tuấn, vì: bảo trì"):
        pause_source("claims", WHY, None, by=tuan_acts, now=noon)
    assert actions() == ["source.paused"]


def test_a_pause_holds_its_last_day_whole_and_ends_by_itself(tuan_acts, noon):
    pause_source("claims", WHY, date(2026, 11, 21), by=tuan_acts, now=noon)
    last_minute = datetime(2026, 11, 21, 16, 59, tzinfo=UTC)  # 23:59 in Vietnam
    with pytest.raises(SourceOnPause, match="đến hết ngày 21/11/2026"):
        services.ask_run(Kind.SYNC, source="claims", by=tuan_acts, now=last_minute)
    end_lapsed(by=tuan_acts, now=last_minute)
    assert actions() == ["source.paused"]

    midnight = last_minute + timedelta(minutes=1)
    services.ask_run(Kind.SYNC, source="claims", by=tuan_acts, now=midnight)  # free before anybody closes it
    end_lapsed(by=services.worker_actor("schedule"), now=midnight)

    assert actions()[-1] == "source.pause_lapsed"
    assert SourcePause.objects.get().ended_at == midnight
    pause_source("claims", WHY, None, by=tuan_acts, now=midnight)
    assert SourcePause.objects.count() == 2


@pytest.mark.law("QC-DWH 12.5")
def test_nobody_asks_for_a_paused_source_alone(tuan_acts, noon):
    run = services.ask_run(Kind.SYNC, source="claims", by=tuan_acts, now=noon, worker="w")
    services.finish(run, Outcome(State.FAILED, "Nguồn không trả lời."), now=noon)
    pause_source("claims", WHY, None, by=tuan_acts, now=noon)

    for ask in (
        lambda: services.ask_run(Kind.SYNC, source="claims", by=tuan_acts, now=noon),
        lambda: services.ask_run(Kind.RECONCILE, source="claims", by=tuan_acts, now=noon),
        lambda: services.ask_again("claims", date(2026, 11, 1), date(2026, 11, 2), by=tuan_acts, now=noon),
        lambda: services.retry_run(run.pk, by=tuan_acts, now=noon),
    ):
        with pytest.raises(SourceOnPause, match="Cho đọc tiếp"):
            ask()
    assert Run.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_once", [1, 3])
def test_reading_everything_passes_over_a_paused_source_and_says_so(sync, tuan_acts, noon, at_once):
    pause_source("claims", WHY, None, by=tuan_acts, now=noon)
    read = set()

    run = sync(lambda name, progress: read.add(name), at_once=at_once)

    assert run.state == State.SUCCEEDED
    assert "claims" not in read
    assert len(read) == 7
    assert run.message.startswith(
        "Đã đọc 21 dòng mới hoặc thay đổi. Không đọc nguồn đang tạm dừng: Giám định"
    )
    assert WHY in run.report["paused"]["claims"]


@pytest.mark.django_db(transaction=True)
def test_a_pause_holds_for_a_run_that_began_before_it(sync, tuan_acts, noon):
    def read(name, progress):
        if name == "collection":
            pause_source("claims", WHY, None, by=tuan_acts, now=noon)

    run = sync(read, at_once=1)

    assert (run.state, set(run.report["paused"])) == (State.SUCCEEDED, {"claims"})


def test_a_run_of_one_source_that_waited_while_it_was_paused_reads_nothing(
    tuan_acts, noon, tmp_path, settings
):
    run = services.ask_run(Kind.SYNC, source="claims", by=tuan_acts, now=noon)
    pause_source("claims", WHY, None, by=tuan_acts, now=noon)

    outcome = execution.execute(services.take_next("w", now=noon), settings.DATAPATH)

    run.refresh_from_db()
    assert (outcome.state, run.state) == (State.CANCELLED, State.CANCELLED)
    assert "tạm dừng từ 12:00, 20/11/2026" in run.message


def line(now):
    return next(one for one in source_lines({}, now=now) if one.name == "claims")


@pytest.fixture
def skipped(tuan_acts, noon):
    """Giám định BHYT was read, then paused; a run of everything passed it over the day after."""
    run = services.ask_run(Kind.SYNC, source="claims", by=tuan_acts, now=noon, worker="w")
    read = {"claims": {"tables": [{"table": "t", "rows": 5, "deletes": 0}]}}
    services.finish(run, Outcome(State.SUCCEEDED, "", report={"sources": read}), now=noon)
    pause_source("claims", WHY, None, by=tuan_acts, now=noon)
    later = noon + timedelta(hours=30)
    run = services.ask_run(Kind.RUN, by=tuan_acts, now=later, worker="w")
    passed = {"sources": {}, "paused": {"claims": WHY}}
    services.finish(run, Outcome(State.SUCCEEDED, "", report=passed), now=later)
    return later


def test_the_desk_shows_a_pause_as_a_state_of_its_own_and_its_age_counts_on(skipped):
    found = line(skipped)

    assert (found.state, found.state_label, found.icon) == ("paused", "Tạm dừng", "pause")
    assert found.message == f"Tạm dừng từ 12:00, 20/11/2026 bởi Nguyễn Minh Tuấn, vì: {WHY}."
    assert (found.rows, found.is_late, found.lag) == (5, True, pytest.approx(30.0))
    assert [day.state for day in found.days[-2:]] == ["ok", "paused"]
    late = next(one for one in alerts(now=skipped) if one.source == "claims")
    assert (late.kind, "Cho đọc tiếp" in late.remedy) == ("late", True)


def test_a_resumed_source_shows_its_last_reading_until_the_next(skipped, tuan_acts):
    resume_source("claims", by=tuan_acts, now=skipped)

    assert (line(skipped).state, line(skipped).is_paused) == ("ok", False)


@pytest.mark.req("C-11")
def test_the_page_pauses_and_resumes(client, tuan, tiny_datapath):  # noqa: F811
    tiny_datapath(client, tuan)
    answer = client.post(
        reverse("runs:pause"), {"source": "claims", "reason": WHY, "last_day": "2099-12-31"}, follow=True
    )
    html = answer.content.decode()
    assert "Cho đọc tiếp" in html
    assert f"đến hết ngày 31/12/2099, vì: {WHY}." in html

    client.post(reverse("runs:resume"), {"source": "claims"})
    assert actions()[-2:] == ["source.paused", "source.resumed"]


def test_a_day_nobody_can_read_is_said_in_a_sentence(client, tuan, tiny_datapath):  # noqa: F811
    tiny_datapath(client, tuan)
    answer = client.post(reverse("runs:pause"), {"source": "claims", "reason": WHY, "last_day": "mai"})

    assert answer.status_code == 422
    assert "ngày cuối viết như 31/12/2026" in answer.content.decode()
    assert not SourcePause.objects.exists()
