"""Working days of state agencies: Monday to Friday, without public holidays, with days swapped by decision.

Holidays 2015–2030 are data (`data/holidays_vn_2015_2030.csv`); lunar dates are never computed by hand.
Saturdays worked instead of a free weekday are in `WORKED_SATURDAYS` (domain/legal_calendar.md §5).
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from dwh.kernel.errors import Invalid

_FILE = Path(__file__).parent / "data" / "holidays_vn_2015_2030.csv"
LAST_YEAR = 2030
WORKED_SATURDAYS = frozenset({date(2025, 4, 26), date(2026, 8, 22)})


@cache
def public_holidays() -> frozenset[date]:
    """Return every public holiday and substituted day off the data know."""
    with _FILE.open(encoding="utf-8") as file:
        return frozenset(date.fromisoformat(row["date"]) for row in csv.DictReader(file)) | {date(2025, 5, 2)}


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Tell whether offices work on `day`; `holidays` are further free days, such as a unit's own.

    Raises:
        Invalid: the calendar does not reach that year.
    """
    if day.year > LAST_YEAR:
        raise Invalid(f"Lịch nghỉ lễ mới có đến năm {LAST_YEAR}. Đề nghị quản trị bổ sung lịch.", day=day)
    if day in holidays or day in public_holidays():
        return False
    return day.weekday() < 5 or day in WORKED_SATURDAYS


def add_working_days(start: date, days: int, holidays: Collection[date] = ()) -> date:
    """Return the last day of a period of `days` working days; the day of receipt does not count.

    Source: domain/legal_calendar.md §6.1, our reading of "kể từ ngày nhận" (QC-DWH Điều 17.5).
    """
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, holidays)
    return day


def working_days_since(start: date, today: date) -> int:
    """Return how many working days have passed after `start`, `today` among them; none before it."""
    days = (start + timedelta(days=n) for n in range(1, (today - start).days + 1))
    return sum(is_working_day(day) for day in days)


def last_working_days(today: date, count: int) -> list[date]:
    """Return the last `count` working days, `today` first when it is one."""
    found, day = list[date](), today
    while len(found) < count:
        if is_working_day(day):
            found.append(day)
        day -= timedelta(days=1)
    return found
