"""Which way a request goes: no state is skipped, nobody decides his own, the IT Centre sees what leaders approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dwh.governance.access.rules import PERMISSIONS, Group, post_of
from dwh.operations.changes import rules
from dwh.operations.changes.rules import ENDED, Act, State, Viewer

TODAY = date(2026, 11, 23)


@dataclass
class Request:
    state: str = State.DRAFT
    opened_by: str = "khanh"
    origin_unit: str = "00.BTHU"
    unit_approved_by: str = ""
    leader_approved_by: str = ""
    is_detected: bool = False


def viewer(email: str, unit: str, *groups: Group) -> Viewer:
    allowed = frozenset().union(*(PERMISSIONS[group] for group in groups))
    return Viewer(email, unit, post_of(set(groups), unit), allowed)


KHANH = viewer("khanh", "00.BTHU", Group.ANALYST)
SON = viewer("son", "00.BTHU", Group.LEADERSHIP)
BOTH = viewer("both", "00.BTHU", Group.LEADERSHIP, Group.ANALYST)
DUNG, BINH = (viewer(name, "00.LDN", Group.LEADERSHIP) for name in ("dung", "binh"))
TUAN = viewer("tuan", "00.CNTT", Group.CENTRAL_ADMIN)
HOA, LAN = viewer("hoa", "00.01", Group.LEADERSHIP), viewer("lan", "00.01", Group.ANALYST)
HA, MINH = viewer("ha", "00.01.501", Group.ANALYST), viewer("minh", "00.01.CNTT", Group.PROVINCE_ADMIN)
CAST = (KHANH, SON, BOTH, DUNG, BINH, TUAN, HOA, LAN, HA, MINH)
UNIT_SAID = {"state": State.UNIT_APPROVED, "unit_approved_by": "son"}
LEADER_SAID = {"state": State.LEADER_APPROVED, "unit_approved_by": "son", "leader_approved_by": "dung"}


@pytest.mark.req("C-17")
@pytest.mark.parametrize(
    ("request_", "act", "who"),
    [
        (Request(), Act.EDIT, {"khanh"}),
        (Request(), Act.WITHDRAW, {"khanh"}),
        (Request(), Act.APPROVE, {"son", "both"}),
        (Request(), Act.RETURN, {"son", "both"}),
        (Request(), Act.ASSIGN, set()),
        (Request(opened_by="both"), Act.APPROVE, {"son"}),
        (Request(opened_by="ha", origin_unit="00.01.501"), Act.APPROVE, {"hoa"}),
        (Request(opened_by="minh", origin_unit="00.01.CNTT"), Act.REJECT, {"hoa"}),
        (Request(opened_by="x", origin_unit="00.LDN"), Act.APPROVE, {"dung", "binh"}),
        (Request(**UNIT_SAID), Act.APPROVE, {"dung", "binh"}),
        (Request(**UNIT_SAID), Act.WITHDRAW, set()),
        (Request(origin_unit="00.LDN", state=State.UNIT_APPROVED, unit_approved_by="dung"), Act.APPROVE, {"binh"}),
        (Request(**LEADER_SAID), Act.ASSIGN, {"tuan"}),
        (Request(**LEADER_SAID), Act.FINISH, set()),
        (Request(**LEADER_SAID | {"state": State.ASSIGNED}), Act.FINISH, {"tuan"}),
        (Request(state=State.DETECTED, is_detected=True), Act.FINISH, {"tuan"}),
        (Request(state=State.RETURNED), Act.APPROVE, set()),
        (Request(state=State.RETURNED), Act.EDIT, {"khanh"}),
    ],
)  # fmt: skip
def test_who_may_do_what(request_, act, who):
    assert {one.email for one in CAST if rules.may(act, request_, one)} == who


@pytest.mark.req("C-17")
@pytest.mark.parametrize(
    ("request_", "who"),
    [
        (Request(), {"khanh", "son", "both"}),
        (Request(state=State.RETURNED), {"khanh", "son", "both"}),
        (Request(**UNIT_SAID), {"khanh", "son", "both", "dung", "binh"}),
        (Request(**LEADER_SAID), {"khanh", "son", "both", "dung", "binh", "tuan"}),
        (Request(**LEADER_SAID | {"state": State.DONE}), {"khanh", "son", "both", "dung", "binh", "tuan"}),
        (Request(opened_by="lan", origin_unit="00.01"), {"lan", "hoa"}),
        (Request(opened_by="ha", origin_unit="00.01.501"), {"ha", "hoa"}),
        (Request(state=State.DETECTED, opened_by="worker", is_detected=True), {"khanh", "son", "both", "tuan"}),
    ],
)  # fmt: skip
def test_who_sees_it(request_, who):
    assert {one.email for one in CAST if rules.sees(request_, one)} == who


ALL_ACTS = st.lists(st.tuples(st.sampled_from(list(Act)), st.sampled_from(CAST)), max_size=25)


@pytest.mark.req("C-17")
@given(
    ALL_ACTS,
    st.sampled_from([("khanh", "00.BTHU"), ("both", "00.BTHU"), ("ha", "00.01.501"), ("dung", "00.LDN")]),
)
def test_no_state_is_skipped_and_nobody_decides_his_own(history, author):
    request, passed = Request(opened_by=author[0], origin_unit=author[1]), [State.DRAFT]
    for act, who in history:
        if not rules.may(act, request, who):
            continue
        if act == Act.APPROVE:
            assert who.email not in (request.opened_by, request.unit_approved_by)
            side = "unit_approved_by" if request.state == State.DRAFT else "leader_approved_by"
            setattr(request, side, who.email)
        if act == Act.RETURN:
            request.unit_approved_by = ""
        request.state = rules.next_state(request.state, act)
        passed.append(request.state)
    order = [State.DRAFT, State.UNIT_APPROVED, State.LEADER_APPROVED, State.ASSIGNED, State.DONE]
    reached = max((order.index(state) for state in passed if state in order), default=0)
    assert [state for state in dict.fromkeys(passed) if state in order] == order[: reached + 1]
    assert bool(request.leader_approved_by) == (reached >= 2)
    assert not rules.sees(request, TUAN) or request.leader_approved_by


def test_an_end_is_an_end():
    assert {state for state, _ in rules.MOVES} == set(State) - ENDED
    assert set(rules.STATE_LABELS) == set(State)
    assert set(rules.KIND_LABELS) == set(rules.Kind)
    assert [rules.awaited(Request(state=state)) for state in ENDED] == ["", "", ""]
    assert all(rules.awaited(Request(state=state)) for state in set(State) - ENDED)


@pytest.mark.parametrize(
    ("state", "due", "wanted", "late"),
    [
        (State.DRAFT, None, date(2026, 11, 22), True), (State.DRAFT, None, TODAY, False),
        (State.DRAFT, None, None, False), (State.ASSIGNED, date(2026, 12, 1), date(2026, 11, 1), False),
        (State.ASSIGNED, date(2026, 11, 1), None, True), (State.DONE, date(2026, 11, 1), None, False),
    ],
)  # fmt: skip
def test_a_request_is_overdue_by_its_day_and_never_after_its_end(state, due, wanted, late):
    assert rules.is_overdue(state, due, wanted, TODAY) is late


@pytest.mark.parametrize(
    ("request_", "who"),
    [
        (Request(), {"son", "both"}), (Request(state=State.RETURNED), {"khanh"}),
        (Request(**UNIT_SAID), {"dung", "binh"}), (Request(**LEADER_SAID), {"tuan"}),
        (Request(state=State.DONE), set()),
    ],
)  # fmt: skip
def test_it_waits_for_whose_act_is_next(request_, who):
    assert {one.email for one in CAST if rules.waits_for(request_, one)} == who


def test_two_differences_never_share_a_name():
    assert rules.drift_key("a", "b|c", "") != rules.drift_key("a", "b", "c|")
