"""Deciding about failed rows: state, record, and a refusal that changes nothing. The rows are HELD of the fixture."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from dwh.governance import desk
from dwh.governance.decisions import orders, rules, services
from dwh.governance.decisions.models import DecidedRow, Decision
from dwh.governance.decisions.orders import Choice, Order
from dwh.governance.decisions.rules import State, Verdict
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound
from tests.personas import TODAY, give, hire

pytestmark = pytest.mark.usefixtures("release")
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LINES = "tst_dong_ca_nhan"
LOW, CLAIM = (LINES, 9002), ("gd_ho_so", 9101)  # of Đà Nẵng, 1.760 đồng; of Hà Nội, 350.000 đồng
WHY = "Đã đối chiếu hồ sơ gốc, số đúng"


@pytest.fixture
def quyen(db):
    """Another administrator of Hà Nội."""
    account = hire("quyen.dt@vss.gov.vn", "Đỗ Thị Quyên", "00.01.CNTT", "Phòng CNTT Hà Nội", "NV00000041")
    give(account, "province_admin", "00.01")
    return account


def order(*rows, verdict=Verdict.ACCEPT, **more):
    choice = {"rows": rows} | {name: more.pop(name) for name in ("check", "org", "states") if name in more}
    return Order(
        verdict, Choice(**choice), **{"reason": WHY, "release": "2026-11-22.1", "expected": len(rows)} | more
    )


def decide(who, *rows, **more):
    return services.decide(order(*rows, **more), by=who, now=NOW, today=TODAY)


def states(who, *names):
    found = desk.look(desk.Asked(Choice(states=names)), by=who, today=TODAY, purpose="kiểm thử")
    return {line.id: line.state for line in found.lines}


def last_record():
    return AuditRecord.objects.order_by("-id")[0]


@pytest.mark.req("C-12")
@pytest.mark.law("QC-DWH 12.5")
@pytest.mark.parametrize(
    ("verdict", "state"),
    [(Verdict.ACCEPT, "accepting"), (Verdict.REJECT, "rejecting"), (Verdict.FIX, "fix")],
)
def test_a_decision_is_kept_with_its_reason_on_record_and_seen_at_once(minh, verdict, state):
    made = decide(minh, CLAIM, verdict=verdict)
    assert (made.state, made.rows, made.vnd, made.org_code) == (State.OPEN, 1, Decimal(350_000), "00.01.502")
    line = DecidedRow.objects.get()
    assert (line.source_table, line.source_id, line.version, line.check_code) == (
        "gd_ho_so",
        9101,
        "v9101",
        "GD-H02",
    )
    entry = last_record()
    assert (entry.action, entry.actor_email, entry.org_code) == (
        "quarantine.decided",
        minh.email,
        "00.01.502",
    )
    assert (entry.facts["verdict"], entry.facts["reason"], entry.facts["rows"]) == (str(verdict), WHY, 1)
    assert states(minh, state) == {9101: state}


@pytest.mark.law("QC-DWH 12.5")
def test_only_administrators_decide_and_only_in_their_area(lan, minh, tuan):
    with pytest.raises(Denied, match="chưa có quyền quyết định dữ liệu lỗi"):
        decide(lan, CLAIM)
    with pytest.raises(NotFound, match="ngoài địa bàn"):
        decide(minh, LOW)
    with pytest.raises(NotFound, match="Không có đơn vị"):
        decide(minh, CLAIM, org="00.48-2025")
    assert not Decision.objects.exists()
    assert decide(tuan, LOW).org_code == "00.48-2025.502"


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"reason": "ngắn"}, Invalid, "Chưa ghi lý do"),
        ({"expected": 2}, Conflict, "Danh sách đã đổi từ khi xem trước: nay là 1 dòng"),
        ({"release": "2026-11-21.1"}, Conflict, "Danh sách đã đổi"),
    ],
)
def test_what_was_not_seen_or_has_no_reason_is_not_decided(minh, wrong, error, words):
    with pytest.raises(error, match=words):
        decide(minh, CLAIM, **wrong)
    assert not Decision.objects.exists()
    assert not DecidedRow.objects.exists()


def test_a_row_without_a_person_cannot_be_accepted_but_can_be_rejected(tuan):
    with pytest.raises(Invalid, match=r"TST-C01 \(1 dòng\): không xác định được người tham gia"):
        decide(tuan, (LINES, 9001))
    assert decide(tuan, (LINES, 9001), verdict=Verdict.REJECT).state == State.OPEN


def test_a_row_with_a_decision_that_waits_is_not_decided_about_again(minh, quyen):
    decide(minh, CLAIM, verdict=Verdict.REJECT)
    with pytest.raises(Conflict, match="1 dòng đã chọn có quyết định đang chờ"):
        decide(quyen, CLAIM, verdict=Verdict.ACCEPT)
    assert Decision.objects.count() == 1


def test_two_persons_deciding_at_the_same_moment_make_one_decision(minh, monkeypatch):
    monkeypatch.setattr(
        orders, "pending_for", lambda release: orders.Failed(None).pending
    )  # neither saw the other
    decide(minh, CLAIM, verdict=Verdict.REJECT)
    with pytest.raises(Conflict, match="Một người khác vừa quyết định"):
        decide(minh, CLAIM, verdict=Verdict.ACCEPT)
    assert Decision.objects.count() == 1


def test_all_rows_of_a_filter_are_decided_about_together(tuan):
    made = decide(tuan, verdict=Verdict.FIX, check="TST-C01", expected=1)
    assert (made.rows, made.check_code, made.asked) == (1, "TST-C01", {"check": "TST-C01", "chosen": 0})
    everything = order(verdict=Verdict.REJECT, expected=3)
    found = desk.preview(everything, by=tuan, today=TODAY)
    assert (found.rows, found.vnd) == (4, Decimal("2111760.00"))  # also the one its owner was asked to fix
    named = {lacking.main_label for lacking in found.lacking if lacking.main}
    assert named == {"Số tiền phải thu", "Tổng chi phí KCB"}
    assert dict(found.by_unit)["00.01.502"] == 1


def large(monkeypatch):
    monkeypatch.setattr(rules, "APPROVAL_FROM_VND", Decimal(300_000))


@pytest.mark.req("C-12")
def test_a_large_acceptance_waits_for_another_person(minh, quyen, monkeypatch):
    large(monkeypatch)
    made = decide(minh, CLAIM)
    assert (made.state, states(minh, "proposed")) == (State.PROPOSED, {9101: "proposed"})
    with pytest.raises(Denied, match="không tự duyệt"):
        services.approve(made.pk, by=minh, now=NOW, today=TODAY)
    assert Decision.objects.get().state == State.PROPOSED
    services.approve(made.pk, by=quyen, now=NOW, today=TODAY)
    made = Decision.objects.get()
    assert (made.state, made.approved_by, made.approved_at) == (State.OPEN, quyen, NOW)
    assert (last_record().action, last_record().actor_email) == ("quarantine.approved", quyen.email)
    with pytest.raises(Conflict, match="không chờ duyệt"):
        services.approve(made.pk, by=quyen, now=NOW, today=TODAY)


def test_what_one_accepts_alone_in_a_day_is_added_up(tuan, monkeypatch):
    monkeypatch.setattr(rules, "APPROVAL_FROM_VND", Decimal(350_500))
    assert decide(tuan, CLAIM).state == State.OPEN
    assert decide(tuan, LOW).state == State.PROPOSED


def test_a_refused_acceptance_leaves_its_rows_waiting(minh, quyen, monkeypatch):
    large(monkeypatch)
    made = decide(minh, CLAIM)
    with pytest.raises(Invalid, match="Chưa ghi lý do"):
        services.refuse(made.pk, reason="", by=quyen, now=NOW, today=TODAY)
    services.refuse(made.pk, reason="Ngày ra viện sai rõ ràng", by=quyen, now=NOW, today=TODAY)
    assert Decision.objects.get().state == State.REFUSED
    assert last_record().action == "quarantine.refused"
    assert states(minh, "waiting") == {9001: "waiting", 9101: "waiting"}


def test_a_decision_is_undone_until_a_build_has_read_it(minh, quyen, nam, release, clerk):
    made = decide(minh, CLAIM, verdict=Verdict.REJECT)
    services.undo(made.pk, reason="Chọn nhầm dòng khác", by=quyen, now=NOW, today=TODAY)
    assert (Decision.objects.get().state, last_record().action) == (State.UNDONE, "quarantine.undone")
    assert 9101 in states(minh, "waiting")
    again = decide(minh, CLAIM, verdict=Verdict.REJECT)
    services.hand_over(release, by=clerk, now=NOW)
    with pytest.raises(Conflict, match="không hoàn tác được"):
        services.undo(again.pk, reason="Muộn mất rồi, xin lỗi", by=minh, now=NOW, today=TODAY)
    assert Decision.objects.get(pk=again.pk).state == State.HANDED


def test_another_areas_decision_is_not_there(minh, tuan):
    made = decide(tuan, LOW, verdict=Verdict.REJECT)
    for act in (services.undo, services.refuse):
        with pytest.raises(NotFound):
            act(made.pk, reason="Không phải việc của tôi", by=minh, now=NOW, today=TODAY)
    with pytest.raises(NotFound):
        services.approve(made.pk, by=minh, now=NOW, today=TODAY)
    assert list(desk.decisions_seen_by(minh, TODAY)) == []
    assert list(desk.decisions_seen_by(tuan, TODAY)) == [made]


def test_an_accepted_row_can_be_thrown_out_later_and_a_rejected_one_taken_in(tuan):
    assert decide(tuan, (LINES, 9060), verdict=Verdict.REJECT).rows == 1
    assert decide(tuan, (LINES, 9050), verdict=Verdict.FIX).rows == 1
    with pytest.raises(Conflict, match="đã ở đúng tình trạng"):
        decide(tuan, (LINES, 9060), verdict=Verdict.REJECT)
    assert states(tuan, "rejecting", "fix") == {9060: "rejecting", 9050: "fix"}
