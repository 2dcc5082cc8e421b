"""Which periods are asked for, when each is due, where a report stands."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dwh.operations.submissions import rules
from dwh.operations.submissions.rules import Frequency, State

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.law("QĐ-3582 III.2a¶3")
@pytest.mark.parametrize(
    ("frequency", "first", "name", "due"),
    [
        ("monthly", date(2026, 10, 1), "10/2026", date(2026, 11, 10)),
        ("quarterly", date(2026, 7, 1), "Quý III/2026", date(2026, 10, 10)),
        ("yearly", date(2025, 1, 1), "Năm 2025", date(2026, 1, 10)),
        ("monthly", date(2026, 12, 1), "12/2026", date(2027, 1, 10)),
    ],
)
def test_a_report_is_due_in_the_month_after_its_period(frequency, first, name, due):
    assert rules.due_on(first, frequency, 10) == due
    assert rules.name_of_period(first, frequency) == name


def test_periods_that_are_over_come_newest_first_and_none_from_before_the_calendar():
    found = list(rules.periods("monthly", date(2026, 9, 15), date(2026, 11, 23)))
    assert found == [date(2026, 10, 1), date(2026, 9, 1)]
    assert list(rules.periods("quarterly", date(2026, 11, 1), date(2026, 11, 23))) == []


@given(st.sampled_from(list(Frequency)), DAYS, DAYS)
def test_periods_touch_each_other_and_are_over(frequency, since, today):
    found = list(rules.periods(frequency, since, today))
    assert all(rules.ends(first, frequency) <= today for first in found)
    assert all(rules.ends(older, frequency) == newer for newer, older in pairwise(found))


@pytest.mark.law("QĐ-3582 III.2a¶3")
def test_received_sent_late_or_not_yet_due():
    due, early, after = date(2026, 11, 10), date(2026, 11, 9), date(2026, 11, 11)
    assert rules.state_of(due, due, sent=None, received=None) is State.WAITING
    assert rules.state_of(due, after, sent=None, received=None) is State.LATE
    assert rules.state_of(due, after, sent=early, received=None) is State.SENT
    assert rules.state_of(due, after, sent=early, received=after) is State.RECEIVED
    assert [rules.is_late(due, after, sent) for sent in (None, early, due, after)] == [
        True,
        False,
        False,
        True,
    ]


def test_an_office_reports_to_its_province_and_a_province_to_the_sector():
    assert rules.receiver_of("00.01.501") == "00.01"
    assert rules.receiver_of("00.48-2025") == "00"
