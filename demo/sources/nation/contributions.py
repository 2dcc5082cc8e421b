"""Contribution lines: one per month, person, employer and fund, with what has been paid of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.activity import Activity
from demo.sources.nation.employers import Employers, Jobs
from demo.sources.nation.households import TENTHS, Households
from demo.sources.nation.money import (
    BHTN,
    BHXHTN,
    BHYT,
    BHYTHGD,
    HTTT,
    ODTS,
    POVERTY_LINE,
    TNLD,
    WAGE_CAP,
    base_pay,
    due,
)
from demo.sources.nation.payments import OFFICE_OPENS, OFFICE_SECONDS, make_schedule, paid_amounts
from demo.sources.nation.people import People
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import CUTOFF_SECOND, MONTH_COUNT, MONTH_STARTS, REFORM_MONTH, SECONDS_A_DAY

Array = Any
MEAN_WAGE = {"HCS": 7.05e6, "DNN": 7.6e6, "NQD": 5.55e6, "FDI": 6.65e6, "TCK": 5.3e6}
LOWEST_WAGE = 3_500_000
VOLUNTARY_BASES, VOLUNTARY_SHARES = (1_500_000, 2_000_000, 3_000_000, 5_000_000), (0.72, 0.16, 0.08, 0.04)
LATE_SHARE, CORRECTED_SHARE, DELETED_SHARE = 0.012, 0.008, 0.001


@dataclass(slots=True)
class Lines:
    """One array per attribute, one entry per line."""

    person: Array
    employer: Array
    fund: Array
    month: Array
    base: Array
    worker: Array
    firm: Array
    budget: Array
    paid: Array
    district: Array
    created: Array
    updated: Array
    deleted: Array

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: Array) -> Lines:
        """Return the lines at these positions."""
        return Lines(*(getattr(self, name)[rows] for name in self.__slots__))


def make_contributions(
    people: People, activity: Activity, work: tuple[Employers, Jobs], homes: Households, seed: int
) -> Lines:
    """Return every contribution line of the 24 months, in the order it was entered."""
    rng = stream(seed, "contributions")
    employers, jobs = work
    lines = _joined(
        [
            _compulsory(activity, employers, jobs, rng),
            _voluntary(people, activity, employers, rng),
            _household(people, activity, employers, homes, rng),
        ]
    )
    _correct(lines, rng)
    twice = lines.take(rng.choice(len(lines), size=max(3, round(len(lines) * DELETED_SHARE)), replace=False))
    twice.deleted[:] = True  # entered twice by mistake, the second taken back
    twice.created = np.minimum(twice.created + 7_200, CUTOFF_SECOND)
    twice.updated = np.minimum(np.maximum(twice.updated, twice.created) + 3 * SECONDS_A_DAY, CUTOFF_SECOND)
    lines = _joined([lines, twice])
    order = np.argsort(lines.created, kind="stable")
    for name in Lines.__slots__:
        setattr(lines, name, getattr(lines, name)[order])
    return lines


def _joined(parts: list[Lines]) -> Lines:
    """Return the parts as one, emptying them on the way: the nation's lines are never held twice."""
    columns = []
    for name in Lines.__slots__:
        columns.append(np.concatenate([getattr(part, name) for part in parts]))
        for part in parts:
            setattr(part, name, None)
    return Lines(*columns)


def _compulsory(activity: Activity, employers: Employers, jobs: Jobs, rng: Any) -> Lines:
    pool = activity.compulsory
    month, who = np.nonzero(pool.months.T)
    employer = np.where(month >= jobs.changed_at[who], jobs.second[who], jobs.first[who])
    base = wages(employers, jobs, rng)(who, employer, month)
    insured = ~(
        (employers.sector[jobs.first] == "HCS") & (rng.random(len(pool.members)) < 0.5)
    )  # officials: no BHTN
    funds = [(HTTT, None), (ODTS, None), (TNLD, None), (BHTN, insured[who]), (BHYT, None)]
    keep = [np.arange(len(who)) if mask is None else np.flatnonzero(mask) for _, mask in funds]
    rows = np.concatenate(keep)
    fund = np.concatenate([np.full(len(k), f) for (f, _), k in zip(funds, keep, strict=True)])
    late = (rng.random(len(who)) < LATE_SHARE) * rng.integers(25, 140, size=len(who)) * SECONDS_A_DAY
    side = np.flatnonzero(jobs.side[who] >= 0)  # a second contract pays only for accidents at work
    at = np.concatenate([rows, side])
    fund = np.concatenate([fund, np.full(len(side), TNLD)])
    firm = np.concatenate([employer[rows], jobs.side[who[side]]])
    paid_base = np.concatenate([base[rows], np.maximum(base[side] // 2 // 1_000 * 1_000, 2_000_000)])
    schedule = make_schedule(len(employers), rng)
    created = schedule.entered[firm, month[at]]
    created = np.where(created + late[at] <= CUTOFF_SECOND, created + late[at], created)
    worker, part = due(paid_base, fund)
    paid_at = np.maximum(schedule.paid[firm, month[at]], created)
    paid, settled = paid_amounts(worker + part, fund, paid_at, schedule.partly[firm, month[at]])
    updated = np.where(settled & (paid_at <= CUTOFF_SECOND), paid_at, created)
    return Lines(
        pool.members[who[at]], firm, fund, month[at], paid_base, worker, part, np.zeros(len(at), dtype=np.int64),
        paid, employers.district[firm], created, updated, np.zeros(len(at), dtype=bool),
    )  # fmt: skip


def wages(employers: Employers, jobs: Jobs, rng: Any) -> Any:
    """Return the function (worker, employer, month) -> base of contribution, never above the cap.

    With a fresh stream "contributions" these are the bases of the contribution lines: their first draw.
    """
    sector = employers.sector[jobs.first]
    mean = np.array([MEAN_WAGE[s] for s in sector])
    spread = 0.34
    start = mean * np.exp(rng.normal(-spread * spread / 2, spread, size=len(mean)))
    start = np.maximum(start, LOWEST_WAGE)
    rise = np.exp(rng.normal(0.068, 0.02, size=len(employers)))
    raised_in = rng.choice([0, 2, 8, 14, 20], size=len(employers), p=[0.1, 0.45, 0.25, 0.1, 0.1])
    graded = sector == "HCS"
    grade = np.round(start / 2_340_000 * 100) / 100

    def wage(who: Array, employer: Array, month: Array) -> Array:
        steps = (np.maximum(month - raised_in[employer] + 12, 0)) // 12
        private = np.round(start[who] * rise[employer] ** steps / 1_000) * 1_000
        public = np.round(grade[who] * (1 + 0.05 * (month >= 14))[...] * 100) / 100 * base_pay(month)
        return np.minimum(np.where(graded[who], np.round(public / 100) * 100, private), WAGE_CAP).astype(
            np.int64
        )

    return wage


def _voluntary(people: People, activity: Activity, employers: Employers, rng: Any) -> Lines:
    pool = activity.voluntary
    month, who = np.nonzero(pool.months.T)
    base = rng.choice(VOLUNTARY_BASES, size=len(pool.members), p=VOLUNTARY_SHARES)[who]
    worker, _ = due(base, np.full(len(who), BHXHTN))
    support = np.where(month >= REFORM_MONTH, 20, 10) * (POVERTY_LINE * 22 // 100) // 100
    return _through_agent(
        people, employers, (pool.members[who], month), (BHXHTN, base, worker - support, support), rng
    )


def _household(
    people: People, activity: Activity, employers: Employers, homes: Households, rng: Any
) -> Lines:
    pool = activity.household
    month, who = np.nonzero(pool.months.T)
    members = pool.members[who]
    base = base_pay(month) * TENTHS[homes.place[members]] // 10
    worker, _ = due(base, np.full(len(who), BHYTHGD))
    none: Array = np.zeros(len(who), dtype=np.int64)
    return _through_agent(people, employers, (members, month), (BHYTHGD, base, worker, none), rng)


def _through_agent(
    people: People,
    employers: Employers,
    where: tuple[Array, Array],
    amounts: tuple[int, Array, Array, Array],
    rng: Any,
) -> Lines:
    """Lines paid in advance at a collection agent; an agent's batch of a day shares one moment."""
    person, month = where
    fund, base, worker, budget = amounts
    n = len(person)
    slot = rng.integers(6, size=n)
    moments = np.sort(rng.integers(1, 27, size=(len(employers), MONTH_COUNT, 6)), axis=2) * SECONDS_A_DAY
    moments += OFFICE_OPENS + rng.integers(OFFICE_SECONDS, size=moments.shape)
    agent = employers.agent_of(people.province[person])
    created = MONTH_STARTS[month] * SECONDS_A_DAY + moments[agent, month, slot]
    return Lines(
        person, agent, np.full(n, fund), month, base, worker, np.zeros(n, dtype=np.int64), budget, worker + budget,
        people.district[person], created, created.copy(), np.zeros(n, dtype=bool),
    )  # fmt: skip


def _correct(lines: Lines, rng: Any) -> None:
    """Touch a few lines again weeks later, as after a corrected wage or a check of a file."""
    chosen = np.flatnonzero(rng.random(len(lines)) < CORRECTED_SHARE)
    later = lines.updated[chosen] + rng.integers(10, 100, size=len(chosen)) * SECONDS_A_DAY
    lines.updated[chosen] = np.where(later <= CUTOFF_SECOND, later, lines.updated[chosen])
