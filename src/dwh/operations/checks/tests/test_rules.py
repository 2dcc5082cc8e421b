"""When a month's check is due, and what became less."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dwh.operations.checks import rules
from dwh.operations.checks.rules import Before, TaskState

FIRST = date(2026, 8, 20)
DAYS = st.dates(date(2026, 8, 20), date(2032, 12, 31))


@pytest.mark.law("QĐ-2366 10.1.6")
def test_every_month_since_the_first_publication_has_its_check():
    assert list(rules.months_to_check(FIRST, date(2026, 11, 1))) == [
        "2026-11",
        "2026-10",
        "2026-09",
        "2026-08",
    ]
    assert list(rules.months_to_check(FIRST, FIRST)) == ["2026-08"]


@pytest.mark.law("QĐ-2366 10.1.6")
def test_a_check_is_due_on_the_tenth_and_the_first_one_ten_days_after_the_first_publication():
    assert rules.due_on("2026-11", FIRST) == date(2026, 11, 10)
    assert rules.due_on("2026-08", FIRST) == date(2026, 8, 30)
    assert rules.due_on("2026-09", date(2026, 9, 1)) == date(2026, 9, 11)


@pytest.mark.law("QĐ-2366 10.1.6")
@pytest.mark.parametrize(
    ("day", "checked", "signed", "state"),
    [
        (10, False, False, TaskState.DUE), (10, True, False, TaskState.TO_SIGN), (11, False, False, TaskState.OVERDUE),
        (11, True, False, TaskState.OVERDUE), (11, True, True, TaskState.SIGNED), (1, True, True, TaskState.SIGNED),
    ],
)  # fmt: skip
def test_only_a_signature_ends_the_task_of_a_month(day, checked, signed, state):
    due = date(2026, 11, 10)
    assert rules.state_of(due, date(2026, 11, day), checked=checked, signed=signed) == state


@given(DAYS, DAYS)
def test_no_month_is_left_out_and_none_is_due_before_it_began(first, today):
    months = list(rules.months_to_check(first, today))
    assert len(months) == max(0, (today.year - first.year) * 12 + today.month - first.month + 1)
    assert all(rules.due_on(month, first) >= date.fromisoformat(f"{month}-01") for month in months)
    assert all(rules.due_on(month, first) >= first + timedelta(days=10) for month in months[-1:])


def test_fewer_rows_of_figures_are_to_be_explained_and_failed_rows_may_go():
    before = Before("2026-10", 1, {"core.fct_claim": 10, "quarantine.gd_ho_so": 5, "core.gone": 3}, {})
    now = {"core.fct_claim": 9, "quarantine.gd_ho_so": 0, "core.fct_new": 1}
    [warning] = rules.fewer_rows(now, before)
    assert (warning.subject, warning.grave) == ("core.fct_claim", False)
    assert "10/2026: từ 10 còn 9 dòng" in warning.said
    assert rules.fewer_rows({"core.fct_claim": 11}, before) == []


@pytest.mark.law("QC-DWH 7.5")
def test_only_a_signed_record_is_corrected_and_only_once():
    assert rules.may_correct(signed=True, corrected=False)
    assert not rules.may_correct(signed=False, corrected=False)
    assert not rules.may_correct(signed=True, corrected=True)


def test_a_digest_is_of_the_values_not_of_their_order():
    assert rules.digest_of({"a": 1, "b": "ô"}) == rules.digest_of({"b": "ô", "a": 1})
    assert rules.digest_of({"a": 1}) != rules.digest_of({"a": 2})
