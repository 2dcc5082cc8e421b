"""What households pay for health insurance: a term of three, six or twelve months in advance, cheaper from the second.

The months paid for are those in which the same people pay in the collection system.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.activity import runs
from demo.sources.nation.households import TENTHS
from demo.sources.nation.money import BHYTHGD, base_pay, due
from demo.sources.nation.payments import OFFICE_OPENS, OFFICE_SECONDS
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import CUTOFF_SECOND, MONTH_COUNT, MONTH_STARTS, SECONDS_A_DAY
from demo.sources.nation.world import World

Array = Any
TERMS, TERM_SHARES = (3, 6, 12), (0.15, 0.25, 0.60)
LATE_SHARE, CORRECTED_SHARE, DELETED_SHARE = 0.01, 0.008, 0.001


@dataclass(frozen=True, slots=True)
class Premiums:
    """One array per attribute, one entry per payment, in the order they were entered."""

    person: Array
    month: Array
    day: Array
    months: Array
    monthly: Array  # đồng a month
    created: Array
    updated: Array
    deleted: Array

    def __len__(self) -> int:
        return len(self.person)


def make_premiums(world: World) -> Premiums:
    """Return every payment made within the 24 months, a few of them entered twice and taken back."""
    rng = stream(world.seed, "premiums")
    person, month, months = _terms(world, rng)
    twice = rng.choice(len(person), size=max(2, round(len(person) * DELETED_SHARE)), replace=False)
    chosen = np.concatenate([np.arange(len(person)), twice])
    n, deleted = len(chosen), np.arange(len(chosen)) >= len(person)
    person, month, months = person[chosen], month[chosen], months[chosen]
    agent_days = np.sort(rng.integers(0, 25, size=(len(world.employers), MONTH_COUNT, 4)), axis=2)
    agent = world.employers.agent_of(world.people.province[person])
    day = MONTH_STARTS[month] + agent_days[agent, month, rng.integers(4, size=n)]
    moment = (
        OFFICE_OPENS + (agent * 421 + month * 977) % OFFICE_SECONDS
    )  # an agent's list of a day shares one
    late = (rng.random(n) < LATE_SHARE) * rng.integers(20, 60, size=n)
    created = np.minimum((day + late) * SECONDS_A_DAY + moment, CUTOFF_SECOND)
    touched = deleted | (rng.random(n) < CORRECTED_SHARE)
    updated = np.minimum(created + touched * rng.integers(3, 40, size=n) * SECONDS_A_DAY, CUTOFF_SECOND)
    base = base_pay(month) * TENTHS[world.homes.place[person]] // 10
    monthly, _ = due(base, np.full(n, BHYTHGD))
    order = np.argsort(created, kind="stable")
    columns = (person, month, day, months, monthly, created, updated, deleted)
    return Premiums(*(column[order] for column in columns))


def _terms(world: World, rng: Any) -> tuple[Array, Array, Array]:
    """Return (person, month of payment, months paid for); terms that began before the story are not in it."""
    pool = world.activity.household
    row, first, last = runs(pool.months)
    term = rng.choice(TERMS, size=len(row), p=TERM_SHARES)
    begin = first - np.where(first == 0, rng.integers(0, 12, size=len(row)), 0)
    parts = []
    for k in range(-(-(MONTH_COUNT + 12) // min(TERMS))):
        start = begin + k * term
        at = np.flatnonzero((start >= 0) & (start <= last))
        left = np.where(
            last[at] == MONTH_COUNT - 1, MONTH_COUNT, last[at] - start[at] + 1
        )  # the story ends, life goes on
        parts.append((pool.members[row[at]], start[at], np.minimum(term[at], left)))
    person, month, months = (np.concatenate([p[i] for p in parts]) for i in range(3))
    return person, month, months
