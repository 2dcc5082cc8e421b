"""The sync monitor: what each source did last, how late it is, and every action on it (QC-DWH Điều 12.2, 12.5)."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dwh.datapath.sources.contract import load_contract, source_names
from dwh.kernel.audit.models import AuditRecord
from dwh.operations.runs import services
from dwh.operations.runs.alerts import alerts
from dwh.operations.runs.models import Run, Schedule
from dwh.operations.runs.monitor import contracts
from dwh.operations.runs.monitor.board import source_lines
from dwh.operations.runs.monitor.contracts import MODES, mode_lines
from dwh.operations.runs.rules import Kind, State
from dwh.operations.runs.services import Outcome
from tests.personas import clerk, lan, minh, tuan  # noqa: F401 -- the cast
from tests.warehouse_fixture import tiny_release

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)


def reading(rows: int, deletes: int = 0) -> dict:
    return {"tables": [{"table": "t", "rows": rows, "deletes": deletes}]}


@pytest.fixture
def ran(db, tuan_acts):
    """One run of everything that read two sources and failed at one, five hours before NOON."""
    run = services.ask_run(Kind.RUN, by=tuan_acts, now=NOON - timedelta(hours=5), worker="w")
    report = {
        "sources": {"collection": reading(1200, 3), "iam": reading(7)},
        "failures": {"claims": {"code": "source.down", "message": "Giám định BHYT không trả lời."}},
    }
    outcome = Outcome(State.FAILED, "Giám định BHYT không trả lời.", report=report)
    services.finish(run, outcome, now=NOON - timedelta(hours=5))
    return run


def line(name: str, now: datetime = NOON):
    return next(one for one in source_lines({}, now=now) if one.name == name)


def test_a_source_shows_its_last_reading_and_its_lag(ran):
    collection = line("collection")

    assert (collection.state, collection.rows, collection.deletes) == ("ok", 1200, 3)
    assert collection.lag == pytest.approx(5.0)
    assert not collection.is_late


def test_a_failed_source_says_why_and_a_late_one_says_since_when(ran):
    found = alerts(now=NOON)

    by_source = {alert.label: alert for alert in reversed(found)}  # what failed stands before what is late
    assert by_source["Giám định BHYT"].kind == "failed"
    assert "không trả lời" in by_source["Giám định BHYT"].what
    late = by_source["Quản lý định danh và chia sẻ dữ liệu"]  # its contract says one hour
    assert (late.kind, "từ 07:00, 20/11/2026" in late.what) == ("late", True)


def test_a_source_never_read_is_late(db):
    assert line("personnel").is_late
    assert "chưa được đọc" in alerts(now=NOON)[0].what


def test_fourteen_days_end_today_and_tell_success_from_failure(ran):
    days = line("claims").days

    assert len(days) == 14
    assert days[-1].state == "failed"
    assert line("iam").days[-1].state == "ok"


@pytest.fixture
def desk(client, settings, tmp_path, tuan):  # noqa: F811
    """The central administrator's browser on the sync page."""
    settings.DATAPATH = tiny_release(tmp_path)
    return _signed_in(client, tuan)


def _signed_in(client, account):
    client.force_login(account)
    session = client.session
    session["signed_in_at"] = session["seen_at"] = int(time.time())
    session.save()
    return client


@pytest.mark.req("C-10")
def test_the_page_shows_each_source_with_success_lag_rows_errors_and_its_alerts(desk, ran):
    html = desk.get(reverse("runs:sync")).content.decode()

    for words in ("Phần mềm Thu và quản lý sổ, thẻ", "1.200", "không trả lời", "Việc cần làm", "/ 24 giờ"):
        assert words in html
    assert "Giữ lại" in html


@pytest.mark.req("C-11")
def test_run_stop_retry_and_schedule_work_and_each_is_logged(desk):
    desk.post(reverse("runs:ask"), {"kind": "sync", "source": "iam"})
    run = Run.objects.get()
    desk.post(reverse("runs:stop", args=[run.pk]))
    assert Run.objects.get(pk=run.pk).state == State.CANCELLED

    desk.post(reverse("runs:retry", args=[run.pk]))
    assert Run.objects.filter(state=State.QUEUED, retry_of=run).count() == 1
    desk.post(reverse("runs:schedule"), {"every_minutes": "60", "is_paused": "on"})
    assert Schedule.objects.get().is_paused

    said = set(AuditRecord.objects.values_list("action", flat=True))
    assert {"run.asked", "run.stop_asked", "schedule.changed"} <= said


def test_stop_twice_is_one_clear_sentence(desk):
    desk.post(reverse("runs:ask"), {"kind": "run"})
    run = Run.objects.get()
    desk.post(reverse("runs:stop", args=[run.pk]))

    answer = desk.post(reverse("runs:stop", args=[run.pk]))
    assert answer.status_code == 409
    assert "đã kết thúc" in answer.content.decode()


def test_a_province_administrator_watches_but_does_not_run(client, settings, tmp_path, minh):  # noqa: F811
    settings.DATAPATH = tiny_release(tmp_path)
    browser = _signed_in(client, minh)

    assert "Chạy ngay" not in browser.get(reverse("runs:sync")).content.decode()
    assert browser.post(reverse("runs:ask"), {"kind": "run"}).status_code == 403
    assert not Run.objects.exists()


def test_everybody_reads_his_own_records_and_nobody_elses(client, settings, tmp_path, lan, tuan):  # noqa: F811
    settings.DATAPATH = tiny_release(tmp_path)
    services.ask_run(Kind.RUN, by=tuan.as_actor(), now=timezone.now())
    browser = _signed_in(client, lan)

    html = browser.get(reverse("log:index")).content.decode()
    assert "Việc của chính ông/bà" in html
    assert "run.asked" not in html


def test_a_wrong_period_of_the_log_is_said_in_a_sentence(desk):
    html = desk.get(reverse("log:index"), {"tu": "2026-11-20", "den": "2026-11-01"}).content.decode()

    assert "Ngày kết thúc phải từ 20/11/2026" in html


def test_a_source_that_breaks_its_contract_is_closed_and_leads_to_the_change(desk, tuan_acts):
    run = services.ask_run(Kind.SYNC, source="claims", by=tuan_acts, now=timezone.now(), worker="w")
    broken = {"claims": {"code": "source.contract_broken", "message": "Cột «ma» không còn."}}
    report = {"sources": {}, "failures": broken}
    services.finish(run, Outcome(State.FAILED, "", report=report), now=timezone.now())

    found = line("claims", timezone.now())
    assert (found.state, found.icon, found.days[-1].state) == ("closed", "lock", "closed")
    assert found.last_failed_run == run.pk
    html = desk.get(reverse("runs:sync")).content.decode()
    assert "Tạm đóng: khác hợp đồng" in html
    assert "Xem yêu cầu thay đổi" in html


def test_the_desk_tells_the_mode_of_every_table_and_what_it_means(desk):
    lines = mode_lines()
    told = {(one.source, table) for one in lines for table in one.tables}
    promised = {(name, table.label) for name in source_names() for table in load_contract(name).tables}
    assert told == promised
    assert {label for label, _ in MODES.values()} >= {one.mode for one in lines}
    html = desk.get(reverse("runs:sync")).content.decode()
    assert "dòng nào có giá trị không đúng kiểu thì giữ lại" in html


def test_tables_in_another_mode_have_a_line_of_their_own(monkeypatch):
    contract = load_contract("iam")
    first, *others = contract.tables
    changed = replace(contract, tables=(replace(first, mode="quarantine"), *others))
    monkeypatch.setattr(contracts, "load_contract", lambda _: changed)
    monkeypatch.setattr(contracts, "source_names", lambda: ("iam",))

    assert [(one.mode, len(one.tables)) for one in mode_lines()] == [
        ("Cách ly", 1),
        ("Tiếp nhận", len(others)),
    ]
