"""Which dossiers are made wrong on purpose, chosen before anything is written so that no two faults meet."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from demo.sources.nation.deaths import ALIVE
from demo.sources.nation.dossiers import PENSIONS, SI_PAYS, Dossiers
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import FIRST_DAY, MONTH_COUNT, MONTH_STARTS, month_of
from demo.sources.nation.world import World

Array = Any
EARLY = MONTH_COUNT - 4  # what happens before this month leaves room for its consequence
RETROACTIVE_MONTHS, RETROACTIVE_VND = 3, 200_000  # how far back a level was changed, and by how much
OLDEST_OF = 10  # candidates per working pensioner: the oldest people at work


@dataclass(frozen=True, slots=True)
class Plan:
    """Positions of dossiers, one array per fault; `month` arrays stand beside those that need one."""

    other_person: Array  # D-02: name and birth of somebody else
    one_differs: Array  # D-02: name or birth differs
    damaged: Array  # D-39
    retroactive: Array  # D-12
    retroactive_month: Array  # when the change was entered
    late: Array  # D-29: one payment was sent months later
    late_month: Array
    dead: Array  # D-31: paid for the month after the death
    moved: Array  # D-31: paid by the old province after the move
    working: Array  # D-32: appended dossiers of people who still contribute


def plan_defects(world: World, dossiers: Dossiers, count: int) -> tuple[Dossiers, Plan]:
    """Return the dossiers with those of working pensioners added, and what is made wrong."""
    rng = stream(world.seed, "tcs defects")
    settled = (dossiers.died == ALIVE) & (dossiers.moved < 0) & ~dossiers.suspended & (dossiers.first == 0)
    free = rng.permutation(np.flatnonzero(settled & np.isin(dossiers.benefit, PENSIONS)))
    parts = np.sort(free[: 5 * count].reshape(5, count), axis=1)
    early = (dossiers.died != ALIVE) & (dossiers.since < FIRST_DAY) & (month_of(dossiers.died) <= EARLY)
    dead = np.sort(rng.permutation(np.flatnonzero(early))[:count])
    moved = np.sort(
        rng.permutation(np.flatnonzero((dossiers.moved >= 0) & (dossiers.moved <= EARLY)))[:count]
    )
    extra = _working(world, count, rng)
    other, differs, damaged, retroactive, late = parts
    plan = Plan(
        other_person=other, one_differs=differs, damaged=damaged, retroactive=retroactive,
        retroactive_month=rng.integers(5, EARLY, size=count), late=late,
        late_month=rng.integers(0, EARLY - 1, size=count), dead=dead, moved=moved,
        working=np.arange(len(dossiers), len(dossiers) + count),
    )  # fmt: skip
    both = Dossiers(
        *(np.concatenate([getattr(dossiers, f.name), getattr(extra, f.name)]) for f in fields(Dossiers))
    )
    return both, plan


def _working(world: World, count: int, rng: Any) -> Dossiers:
    """Return dossiers of people at work who got one month of pension before it was stopped."""
    pool, people = world.activity.compulsory, world.people
    always = np.flatnonzero(pool.months[:, 2:EARLY].all(axis=1))
    oldest = always[np.argsort(people.birth[pool.members[always]], kind="stable")][: OLDEST_OF * count]
    person = pool.members[np.sort(rng.permutation(oldest)[:count])]
    month = rng.integers(3, EARLY, size=count)
    none, district = np.full(count, -1), people.district[person]
    since = MONTH_STARTS[month]
    return Dossiers(
        person, np.full(count, PENSIONS[1], dtype=object), np.full(count, SI_PAYS, dtype=object), since,
        since - rng.integers(3, 20, size=count), district, district.copy(), none, none.copy(), none.copy(), month,
        month.copy(), np.ones(count, dtype=bool),
    )  # fmt: skip
