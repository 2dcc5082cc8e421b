"""A failed or late source raises an alert to its owner: once per cause, closed by itself (QC-DWH Điều 12.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from dwh.datapath.sources.contract import source_names
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, NotFound, SourceDown
from dwh.operations.runs import execution, rules, services
from dwh.operations.runs.alert_services import acknowledge, alerts_for, look
from dwh.operations.runs.alerts import alerts, told
from dwh.operations.runs.models import Run, SyncAlert
from dwh.operations.runs.rules import Kind, State
from dwh.operations.runs.services import Outcome
from tests.personas import dung, khanh, lan, tuan  # noqa: F401 -- the cast

pytestmark = pytest.mark.django_db
READ = {"tables": [{"table": "t", "rows": 3, "deletes": 0}]}
EVERYTHING = dict.fromkeys(source_names(), READ)


@pytest.fixture
def ran(tuan_acts):
    """Let a run of everything have ended at a moment: what failed with which code, the rest was read."""

    def end(now: datetime, **failed: str) -> Run:
        run = services.ask_run(Kind.RUN, by=tuan_acts, now=now, worker="w")
        failures = {name: {"code": code, "message": f"{name} lỗi."} for name, code in failed.items()}
        read = {name: report for name, report in EVERYTHING.items() if name not in failed}
        state = State.FAILED if failed else State.SUCCEEDED
        services.finish(run, Outcome(state, "", report={"sources": read, "failures": failures}), now=now)
        look(by=services.worker_actor("w"), now=now)
        return run

    return end


def standing() -> set[tuple[str, str]]:
    return set(SyncAlert.objects.standing().values_list("source", "cause"))


def actions() -> list[str]:
    found = AuditRecord.objects.filter(action__startswith="alert.").order_by("id")
    return list(found.values_list("action", flat=True))


@pytest.mark.req("C-10")
@pytest.mark.law("QC-DWH 12.2")
def test_a_failed_source_raises_one_alert_to_its_owner_and_closes_it_when_it_is_read(ran, noon):
    ran(noon)
    run = ran(noon + timedelta(minutes=20), claims="source.down")
    ran(noon + timedelta(minutes=40), claims="source.down")

    row = SyncAlert.objects.get()
    assert (row.source, row.cause, row.owner_unit, row.run) == ("claims", "source.down", "00.BYT", run)
    assert (row.label, row.what) == ("Giám định BHYT", "đọc không thành công: claims lỗi.")
    ran(noon + timedelta(minutes=50))

    assert standing() == set()
    assert actions() == ["alert.opened", "alert.closed"]


def test_another_cause_is_another_alert(ran, noon):
    ran(noon, claims="source.down")
    ran(noon + timedelta(minutes=5), claims="source.contract_broken")

    assert ("claims", "source.contract_broken") in standing()
    assert ("claims", "source.down") not in standing()


def test_a_source_that_was_stopped_or_is_being_read_keeps_its_alert(ran, tuan_acts, noon):
    ran(noon)
    ran(noon + timedelta(minutes=5), claims="source.down")
    run = services.ask_run(Kind.SYNC, source="claims", by=tuan_acts, now=noon, worker="w")
    look(by=tuan_acts, now=noon + timedelta(minutes=6))
    services.finish(run, Outcome(State.CANCELLED, "Dừng."), now=noon + timedelta(minutes=7))
    look(by=tuan_acts, now=noon + timedelta(minutes=8))

    assert standing() == {("claims", "source.down")}
    assert actions() == ["alert.opened"]


def test_a_late_source_raises_an_alert_and_closes_it_when_it_is_in_time(ran, tuan_acts, noon):
    ran(noon)
    look(by=tuan_acts, now=noon + timedelta(minutes=59))
    assert standing() == set()
    look(by=tuan_acts, now=noon + timedelta(minutes=61))  # IAM promises one hour

    row = SyncAlert.objects.get()
    assert (row.source, row.is_late, row.owner_unit) == ("iam", True, "00.CNTT")
    assert row.what == "chưa được đọc lại từ 12:00, 20/11/2026; cam kết không quá 1 giờ."
    ran(noon + timedelta(minutes=70))
    assert actions() == ["alert.opened", "alert.closed"]


@pytest.mark.parametrize(
    ("lag", "is_being_read", "raised"),
    [(None, False, True), (None, True, False), (24.0, False, False), (24.1, False, True), (24.1, True, False),
     (48.1, True, True)],
)  # fmt: skip
def test_the_minutes_of_a_reading_are_no_alert_a_day_is(lag, is_being_read, raised):
    assert rules.raises_alert(lag, 24, is_being_read=is_being_read) is raised


def test_what_is_not_told_yet_is_not_shown_and_what_is_told_stays(ran, tuan_acts, noon):
    ran(noon)
    now = noon + timedelta(minutes=61)
    run = services.ask_run(Kind.RUN, by=tuan_acts, now=now, worker="w")
    assert told(alerts(now=now)) == []

    Run.objects.filter(pk=run.pk).update(
        state=State.SUCCEEDED, report={"sources": {}, "paused": {}}, ended_at=now
    )
    [shown] = [one for one in told(alerts(now=now)) if one.kind == "late"]
    assert (shown.source, shown.row) == ("iam", None)  # nobody has looked yet


def test_a_build_that_fails_is_the_it_centres_and_blames_no_source(
    monkeypatch, tuan_acts, noon, settings, ran
):
    ran(noon)
    read = execution.Read(reports=EVERYTHING)
    monkeypatch.setattr(execution, "_sync_each", lambda *_: read)
    monkeypatch.setattr(execution, "_build", _down)
    run = services.ask_run(Kind.RUN, by=tuan_acts, now=noon, worker="w")

    execution.execute(run, settings.DATAPATH)

    run.refresh_from_db()
    assert (run.state, run.message) == (State.FAILED, "Đã đọc 24 dòng mới hoặc thay đổi. Kho không trả lời.")
    row = SyncAlert.objects.get()
    assert (row.source, row.cause, row.owner_unit) == ("", "run:source.down", "00.CNTT")


def _down(*_):
    raise SourceDown("Kho không trả lời.")


@pytest.fixture
def late_collection(ran, tuan_acts, noon):
    """The source of Ban Quản lý thu failed."""
    ran(noon)
    ran(noon + timedelta(minutes=5), collection="source.down")
    return SyncAlert.objects.get(source="collection", cause="source.down")


def test_its_owner_and_who_runs_the_sync_see_an_alert_and_nobody_else(late_collection, khanh, tuan, lan, dung, today):  # noqa: F811  # fmt: skip
    for account, sees in ((khanh, True), (tuan, True), (lan, False), (dung, False)):
        assert (late_collection in alerts_for(account, today)) is sees, account


def test_a_person_of_the_owner_acknowledges_it_once(late_collection, khanh, lan, today, noon):  # noqa: F811
    of_lan, of_khanh = alerts_for(lan, today), alerts_for(khanh, today)
    with pytest.raises(NotFound):
        acknowledge(late_collection.pk, "", by=lan.as_actor(), seen=of_lan, now=noon)
    by = khanh.as_actor()
    row = acknowledge(late_collection.pk, " đã gọi đơn vị quản trị ", by=by, seen=of_khanh, now=noon)

    assert (row.acknowledged_name, row.note) == ("Vũ Quốc Khanh", "đã gọi đơn vị quản trị")
    assert row.closed_at is None
    with pytest.raises(Conflict, match="Vũ Quốc Khanh đã ghi"):
        acknowledge(row.pk, "", by=by, seen=of_khanh, now=noon)
    assert actions().count("alert.acknowledged") == 1


@pytest.mark.req("C-10")
def test_the_owner_finds_it_at_home_and_the_desk_shows_who_knows(late_collection, client, khanh, tuan, tiny_datapath):  # noqa: F811  # fmt: skip
    tiny_datapath(client, khanh)
    home = client.get(reverse("home")).content.decode()
    assert "Cảnh báo đồng bộ" in home
    assert "đọc không thành công: collection lỗi." in home
    client.post(reverse("runs:acknowledge", args=[late_collection.pk]), {"note": "đang khôi phục"})

    client.logout()
    tiny_datapath(client, tuan)
    desk = client.get(reverse("runs:sync")).content.decode()
    assert "Vũ Quốc Khanh đã biết lúc" in desk
    assert ": đang khôi phục." in desk
