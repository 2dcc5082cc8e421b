"""Working days of state agencies, against days counted by hand from the government's decisions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dwh.kernel.calendar import add_working_days, is_working_day
from dwh.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2025, 11, 21), date(2025, 11, 25)),  # a Friday
        (date(2025, 11, 22), date(2025, 11, 25)),  # a Saturday counts as any other day of receipt
        (date(2025, 1, 24), date(2025, 2, 4)),  # the day before Tết: 25/1 – 2/2 are free
        (date(2025, 4, 25), date(2025, 4, 28)),  # Saturday 26/4 was worked instead of 2/5
        (date(2025, 4, 29), date(2025, 5, 6)),  # 30/4, 1/5, 2/5 and a weekend
        (date(2026, 2, 13), date(2026, 2, 24)),  # Tết 2026
        (date(2026, 8, 21), date(2026, 8, 24)),  # Saturday 22/8 was worked instead of 31/8
        (date(2026, 8, 28), date(2026, 9, 4)),  # 31/8, 1/9 and 2/9 are free
    ],
)
def test_two_working_days_from_receipt(received, due):
    assert add_working_days(received, 2) == due


def test_a_day_off_of_the_unit_counts_as_one():
    assert add_working_days(date(2025, 11, 24), 2, [date(2025, 11, 25)]) == date(2025, 11, 27)


@given(st.dates(date(2015, 1, 1), date(2029, 12, 1)), st.integers(1, 15))
def test_the_last_day_is_worked_and_a_longer_period_never_ends_sooner(start, days):
    due = add_working_days(start, days)
    assert is_working_day(due)
    worked = sum(is_working_day(start + timedelta(days=n)) for n in range(1, (due - start).days + 1))
    assert worked == days
    assert add_working_days(start, days + 1) > due


def test_no_period_ends_at_once():
    assert add_working_days(date(2025, 11, 22), 0) == date(2025, 11, 22)


def test_beyond_the_calendar_one_is_told_to_fill_it():
    with pytest.raises(Invalid, match="bổ sung lịch"):
        is_working_day(date(2031, 1, 2))
