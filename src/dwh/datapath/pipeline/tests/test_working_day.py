"""The working days of the warehouse are those of the kernel: one calendar, whoever counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dwh.datapath.pipeline.plan import load_plan
from dwh.datapath.warehouse.engine import connect
from dwh.datapath.warehouse.seeds import seed_select
from dwh.kernel.calendar import LAST_YEAR, add_working_days, is_working_day

FIRST = date(2015, 1, 1)


@pytest.fixture(scope="module")
def calendar():
    plan, engine = load_plan(), connect(None, threads=1)
    engine.run("CREATE SCHEMA seed")
    engine.run(f"CREATE VIEW seed.special_day AS {seed_select(plan.seeds['seed.special_day'])}")
    rows = engine.rows(
        f"SELECT day, is_working, day_no FROM ({plan.model('staging.working_day').sql}) ORDER BY day"
    )
    engine.close()
    return rows


def test_every_day_is_there_and_works_when_the_kernel_says_so(calendar):
    days = [FIRST + timedelta(days=n) for n in range(len(calendar))]

    assert days[-1] == date(LAST_YEAR, 12, 31)
    assert [(day, works) for day, works, _ in calendar] == [(day, is_working_day(day)) for day in days]


@pytest.mark.parametrize("days", [1, 2, 3, 5, 10, 20])
def test_n_days_later_is_the_working_day_whose_number_is_n_higher(calendar, days):
    number = {day: at for day, _, at in calendar}
    working = {at: day for day, works, at in calendar if works}

    for start in (FIRST + timedelta(days=n) for n in range(0, len(calendar) - 60, 7 * days + 3)):
        assert working[number[start] + days] == add_working_days(start, days)
