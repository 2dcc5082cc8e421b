"""When statements are entered and when employers pay them: the arrears of the demonstration.

Nine employers of ten pay within days. A few are always late, some never pay; the latest months still wait for money,
so their collection rate is lower. Part payments cover health insurance first, as the law orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.money import BHTN, BHYT, TNLD
from demo.sources.nation.times import CUTOFF_SECOND, MONTH_COUNT, MONTH_STARTS, SECONDS_A_DAY

Array = Any
OFFICE_OPENS, OFFICE_SECONDS = 3600, 8 * 3600  # 08:00-16:00 in Việt Nam is 01:00-09:00 UTC
PROMPT, SLOW, BAD = range(3)
HABITS = (0.925, 0.055, 0.020)
FIRST_PAID = (BHYT, BHTN, TNLD)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Per employer and month: the second the statement was entered, the second it was paid, whether only in part."""

    entered: Array
    paid: Array
    partly: Array


def make_schedule(employers: int, rng: Any) -> Schedule:
    """Return when each employer's month was entered and paid; a payment after the cut-off has not happened."""
    shape = (employers, MONTH_COUNT)
    days = MONTH_STARTS[None, :] + rng.integers(19, 28, size=shape)
    entered = days * SECONDS_A_DAY + OFFICE_OPENS + rng.integers(OFFICE_SECONDS, size=shape)
    habit = rng.choice(3, size=employers, p=HABITS)[:, None]
    prompt = np.where(
        rng.random(shape) < 0.96, rng.integers(0, 3, size=shape), rng.integers(3, 40, size=shape)
    )
    slow = rng.integers(25, 120, size=shape)
    bad = np.where(rng.random(shape) < 0.55, rng.integers(60, 500, size=shape), 10_000)
    wait = np.choose(habit, (prompt, slow, bad))
    partly = (habit == BAD) & (rng.random(shape) < 0.6)
    paid = entered + wait * SECONDS_A_DAY + rng.integers(1, 20_000, size=shape)
    return Schedule(np.minimum(entered, CUTOFF_SECOND), paid, partly)


def paid_amounts(due: Array, fund: Array, paid_at: Array, partly: Array) -> tuple[Array, Array]:
    """Return (amount paid so far, whether anything was) at the cut-off."""
    settled = paid_at <= CUTOFF_SECOND
    first = partly & np.isin(fund, FIRST_PAID)
    return np.where(settled | first, due, 0), settled | first
