"""Tables of cases: when a second person is needed, what can be taken back, the smallest unit of rows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dwh.governance.decisions import rules
from dwh.governance.decisions.rules import APPROVAL_FROM_VND, State, Verdict

CODES = st.lists(
    st.sampled_from(("00", "00.01", "00.01.501", "00.01.502", "00.48-2025", "00.48-2025.502")), min_size=1
)


@pytest.mark.parametrize(
    ("verdict", "amount", "alone", "needed"),
    [
        (Verdict.ACCEPT, APPROVAL_FROM_VND, 0, False),
        (Verdict.ACCEPT, APPROVAL_FROM_VND + 1, 0, True),
        (Verdict.ACCEPT, 1, APPROVAL_FROM_VND, True),
        (Verdict.ACCEPT, 0, 0, False),
        (Verdict.REJECT, APPROVAL_FROM_VND * 9, 0, False),
        (Verdict.FIX, APPROVAL_FROM_VND * 9, 0, False),
    ],
)
def test_large_acceptances_need_another_person(verdict, amount, alone, needed):
    assert rules.needs_approver(verdict, Decimal(amount), Decimal(alone)) is needed


@given(st.lists(st.integers(0, 40_000_000).map(Decimal), min_size=1, max_size=8))
def test_splitting_an_acceptance_never_saves_the_second_person(parts):
    alone, asked = Decimal(0), False
    for part in parts:
        asked = asked or rules.needs_approver(Verdict.ACCEPT, part, alone)
        alone += 0 if asked else part
    assert asked == (sum(parts) > APPROVAL_FROM_VND)


@pytest.mark.law("QC-DWH 12.5")
@pytest.mark.parametrize("state", list(State))
def test_only_what_waits_is_approved_and_only_what_no_build_has_read_is_undone(state):
    assert rules.may_approve(state, decided_by=1, approver=2) is (state == State.PROPOSED)
    assert rules.may_approve(state, decided_by=1, approver=1) is False
    assert rules.may_undo(state) is (state in (State.PROPOSED, State.OPEN))


@pytest.mark.parametrize(("text", "is_one"), [("", False), ("   ngắn   ", False), ("theo công văn 12", True)])
def test_a_reason_says_something(text, is_one):
    assert rules.is_reason(text) is is_one


@pytest.mark.parametrize(
    ("codes", "unit"),
    [
        (["00.01.501"], "00.01.501"),
        (["00.01.501", "00.01.502"], "00.01"),
        (["00.01.501", "00.01"], "00.01"),
        (["00.01.501", "00.48-2025.502"], "00"),
        (["00.01.501", None], "00"),
        ([], "00"),
        (["00.01.501", "00.01.50"], "00.01"),
    ],
)
def test_rows_lie_in_the_smallest_unit_that_holds_them_all(codes, unit):
    assert rules.common_unit(codes) == unit


@given(CODES)
def test_every_row_lies_in_the_common_unit(codes):
    unit = rules.common_unit(codes)
    assert all(code == unit or code.startswith(f"{unit}.") for code in codes)
