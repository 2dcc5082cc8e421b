"""Short-term turns: sickness, maternity, convalescence of people who work, as employers ask for them.

9.7 million a year (published for 2025); shares of the kinds are own judgement. Amounts: `sources.md` 2.4: sickness
75 % of a 24th of the wage a day, maternity all of it, convalescence 30 % of the lương cơ sở a day.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from demo.sources.nation.contributions import wages
from demo.sources.nation.dossiers import spread
from demo.sources.nation.money import base_pay
from demo.sources.nation.people import YEAR
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import LAST_DAY, MONTH_COUNT, MONTH_STARTS
from demo.sources.nation.world import World

Array = Any
A_MONTH = (
    840.0,
    900.0,
    720.0,
    640.0,
    820.0,
    800.0,
    810.0,
    790.0,
    800.0,
    820.0,
    830.0,
    850.0,
) * 2  # thousands
SICK, CHILD_SICK, LONG_SICK, CHECKED, LOST, BIRTH, ADOPTED, STERILISED, FATHER, RECOVERING = range(10)
KINDS = (  # loai, benefit, share in thousandths, fewest and most days, whose
    ("ốm", "31", 560, 1, 6, "all"), ("con ốm", "31", 158, 1, 4, "all"), ("dài ngày", "31", 12, 15, 40, "all"),
    ("khám thai", "32", 126, 1, 2, "mothers"), ("sảy/nạo", "32", 11, 10, 40, "mothers"),
    ("sinh con", "32", 52, 180, 180, "mothers"), ("nhận con nuôi", "32", 1, 60, 120, "mothers"),
    ("triệt sản", "32", 4, 7, 15, "all"), ("nam hưởng khi vợ sinh", "32", 32, 5, 14, "fathers"),
    ("DSPHSK", "33", 44, 5, 7, "all"),
)  # fmt: skip
MONTHS_OF_BIRTH, YOUNGEST, OLDEST = 6, 20, 43


@dataclass(slots=True)
class Turns:
    """One array per attribute, one entry per turn."""

    person: Array
    employer: Array
    kind: Array  # position in KINDS
    month: Array  # of the absence
    since: Array
    until: Array
    days: Array
    wage: Array
    amount: Array
    received: Array  # day
    approved: Array  # day

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: Array) -> Turns:
        """Return the turns at these positions."""
        return Turns(*(getattr(self, f.name)[rows] for f in fields(self)))


def make_turns(world: World) -> Turns:
    """Return the turns approved within the 24 months, in the order of approval."""
    rng = stream(world.seed, "benefit turns")
    month = spread(A_MONTH, world.scale, 1 << 40)
    n = len(month)
    kind = rng.choice(len(KINDS), size=n, p=np.array([k[2] for k in KINDS]) / sum(k[2] for k in KINDS))
    who = _who(world, month, kind, rng)
    employer = _employer(world, who, month)
    low, high = (np.array([k[i] for k in KINDS])[kind] for i in (3, 4))
    days = rng.integers(low, high + 1)
    since = MONTH_STARTS[month] + rng.integers(0, 20, size=n)
    wage = wages(world.employers, world.jobs, stream(world.seed, "contributions"))(who, employer, month)
    received = since + np.where(kind == BIRTH, 20, days) + rng.integers(1, 25, size=n)
    approved = received + rng.integers(2, 9, size=n)
    turns = Turns(
        world.activity.compulsory.members[who], employer, kind, month, since, since + days - 1, days, wage,
        _amounts(kind, days, wage, month), received, approved,
    )  # fmt: skip
    within = np.flatnonzero(approved <= LAST_DAY)
    return turns.take(within[np.argsort(approved[within], kind="stable")])


def _who(world: World, month: Array, kind: Array, rng: Any) -> Array:
    """Return a position in the compulsory pool for each turn: somebody insured in that month, fit for the kind."""
    pool, people = world.activity.compulsory, world.people
    age = (LAST_DAY - people.birth[pool.members]) / YEAR
    young = (age > YOUNGEST) & (age < OLDEST)
    women = people.women[pool.members]
    fit = {"all": np.ones(len(age), bool), "mothers": young & women, "fathers": young & ~women}
    out: Array = np.empty(len(month), dtype=np.int64)
    whose = np.array([k[5] for k in KINDS], dtype=object)[kind]
    for m in range(MONTH_COUNT):
        for group, may in fit.items():
            rows = np.flatnonzero((month == m) & (whose == group))
            out[rows] = rng.choice(np.flatnonzero(may & pool.months[:, m]), size=len(rows))
    return out


def _employer(world: World, who: Array, month: Array) -> Array:
    jobs = world.jobs
    return np.where(month >= jobs.changed_at[who], jobs.second[who], jobs.first[who])


def _amounts(kind: Array, days: Array, wage: Array, month: Array) -> Array:
    sick = (wage * 75 * days + 1_200) // 2_400
    mother = (wage * days + 12) // 24
    birth = wage * MONTHS_OF_BIRTH + 2 * base_pay(month)
    rest = base_pay(month) * 30 * days // 100
    out = np.where(kind <= LONG_SICK, sick, np.where(kind == BIRTH, birth, mother))
    return np.where(kind == RECOVERING, rest, out)
