"""The demonstration begins with a calendar of reports, of which periods are over: somebody can send one at once."""

from __future__ import annotations

from datetime import date

import pytest

from demo.reports_asked import CALENDAR, ask_for_reports
from dwh.operations.submissions.models import Requirement
from dwh.operations.submissions.rules import periods

LAST_DAY = date(2026, 11, 1)  # the day after the last of the demonstration's data


@pytest.mark.django_db
def test_each_calendar_is_set_once_and_has_periods_to_send():
    ask_for_reports()
    ask_for_reports()

    assert Requirement.objects.count() == len(CALENDAR)
    for asked in Requirement.objects.all():
        assert list(periods(asked.frequency, asked.since, LAST_DAY)) == [date(2026, 10, 1), date(2026, 9, 1)]
