"""People out of work: unemployment awards of those who left, lump sums of those who stay away.

Published: 770,720 awards and 14,605 with training support in 2025, 1,151,457 lump sums in 2025 (1.52 million in
2024); the months follow evenly. Unemployment 60 % of the average wage; a lump sum 1.5 months' wage for a year before
2014, 2 months' after (`sources.md` 2.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.activity import Pool, runs
from demo.sources.nation.contributions import wages
from demo.sources.nation.dossiers import spread
from demo.sources.nation.seeds import some, stream
from demo.sources.nation.times import LAST_DAY, MONTH_COUNT, MONTH_STARTS
from demo.sources.nation.world import World

Array = Any
UI_A_MONTH = (78.0, 80.0, 62.0, 56.0, 64.0, 66.0, 66.0, 65.0, 65.0, 64.0, 64.0, 64.0) * 2  # thousands
UI_BEFORE = 5  # awards of the five months before are still being paid
LUMPS_A_MONTH = (127.0, 127.0, *(96.0,) * 12, *(90.0,) * 10)  # thousands
TRAINED, TRAINING = 0.019, 1_500_000  # share of awards; đồng a month of a course
AWAY = 12  # months without a contribution before a lump sum
UI_PERCENT, MOST_UI, MOST_MONTHS = 60, 23_400_000, 12
REASONS = ("thôi việc ≥12 tháng", "ra nước ngoài", "bệnh nặng", "hết tuổi")
REASON_SHARES = (0.96, 0.012, 0.008, 0.02)


@dataclass(slots=True)
class Awards:
    """Unemployment awards: one entry per decision. `month` is that of the first day, below 0 before November 2024."""

    person: Array
    month: Array
    since: Array  # day
    months: Array  # granted
    paid_months: Array  # until work was found again, or the end
    level: Array
    training: Array  # đồng, 0 without


@dataclass(slots=True)
class LumpSums:
    """Lump sums: one entry per decision."""

    person: Array
    decided: Array  # day
    before_2014: Array  # years
    after_2014: Array
    wage: Array
    amount: Array
    reason: Array


def make_awards(world: World) -> Awards:
    """Return the unemployment awards still paid within the 24 months, in order of their first day."""
    rng = stream(world.seed, "unemployment")
    pool = world.activity.compulsory
    row, month, until = _leavers(pool, world.scale, rng)
    n = len(row)
    months = np.clip(rng.integers(3, MOST_MONTHS + 4, size=n), 3, MOST_MONTHS)
    since = _month_start(month) + rng.integers(0, 25, size=n)
    wage = wages(world.employers, world.jobs, stream(world.seed, "contributions"))(
        row, _employer(world, row, month), np.clip(month - 1, 0, MONTH_COUNT - 1)
    )
    level = np.minimum((wage * UI_PERCENT + 50) // 100, MOST_UI)
    course = (rng.random(n) < TRAINED) * rng.integers(2, 7, size=n) * TRAINING
    order = np.argsort(since, kind="stable")
    return Awards(
        pool.members[row][order], month[order], since[order], months[order],
        np.minimum(months, until - month)[order], level[order], course[order],
    )  # fmt: skip


def _leavers(pool: Pool, scale: float, rng: Any) -> tuple[Array, Array, Array]:
    """Return (row of the pool, month of the award, first month back at work or MONTH_COUNT) of each award.

    Those who leave in the month come first, then people who left before and had no award yet.
    """
    row, first, last = runs(~pool.months)
    before = np.flatnonzero((first == 0) & (last >= MOST_MONTHS // 3))
    wanted = spread(UI_A_MONTH[:UI_BEFORE], scale, len(before))
    chosen = [some(rng, before, len(wanted))]
    months = [wanted - UI_BEFORE]
    free: Array = np.ones(len(row), dtype=bool)
    free[chosen[0]] = False
    for m, count in enumerate(np.bincount(spread(UI_A_MONTH, scale, 1 << 40), minlength=MONTH_COUNT)):
        left = some(rng, np.flatnonzero(free & (first == m) & (m > 0)), count)
        free[left] = False
        away = some(rng, np.flatnonzero(free & (first <= m) & (last >= m)), count - len(left))
        free[away] = False
        chosen += [left, away]
        months += [np.full(len(left), m), np.full(len(away), m)]
    run = np.concatenate(chosen)
    return row[run], np.concatenate(months), last[run] + 1


def make_lump_sums(world: World) -> LumpSums:
    """Return the lump sums decided within the 24 months, in the order of the decisions."""
    rng = stream(world.seed, "lump sums")
    pool = world.activity.compulsory
    taken: Array = np.zeros(len(pool.members), dtype=bool)
    per_month = np.bincount(spread(LUMPS_A_MONTH, world.scale, 1 << 40), minlength=MONTH_COUNT)
    rows, months = [], []
    for m in range(MONTH_COUNT):
        away = ~pool.months[:, max(0, m - AWAY + 1) : m + 1].any(axis=1) & ~taken
        chosen = some(rng, np.flatnonzero(away), per_month[m])
        taken[chosen] = True
        rows.append(chosen)
        months.append(np.full(len(chosen), m))
    row, month = np.concatenate(rows), np.concatenate(months)
    n = len(row)
    before, after = rng.integers(0, 3, size=n), rng.integers(1, 7, size=n)
    wage = wages(world.employers, world.jobs, stream(world.seed, "contributions"))(
        row, _employer(world, row, month), np.maximum(month - AWAY, 0)
    )
    decided = np.minimum(MONTH_STARTS[month] + rng.integers(0, 27, size=n), LAST_DAY)
    order = np.argsort(decided, kind="stable")
    return LumpSums(
        pool.members[row][order], decided[order], before[order], after[order], wage[order],
        ((3 * before + 4 * after) * wage // 2)[order],
        np.array(REASONS, dtype=object)[rng.choice(len(REASONS), size=n, p=REASON_SHARES)],
    )  # fmt: skip


def _employer(world: World, row: Array, month: Array) -> Array:
    jobs = world.jobs
    return np.where(month >= jobs.changed_at[row], jobs.second[row], jobs.first[row])


def _month_start(month: Array) -> Array:
    first = np.datetime64("2024-11", "M") + month
    return first.astype("datetime64[D]").astype(np.int64)
