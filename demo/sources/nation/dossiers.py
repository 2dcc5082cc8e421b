"""Monthly benefits: whose dossier, of which kind, since when, paid where, until when.

Proportions: 3.3 million beneficiaries in 2024, new awards by month as published (`published_figures.md` §3, months
between are interpolated), social pensions from July 2025 on. Shares of kinds and sources are own judgement.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from demo.sources.nation.cards import Cards
from demo.sources.nation.deaths import ALIVE, deaths_of
from demo.sources.nation.geography import province_of_district, provinces
from demo.sources.nation.people import BUDGET, SI_FUND, YEAR, People
from demo.sources.nation.seeds import some, stream
from demo.sources.nation.times import FIRST_DAY, MONTH_COUNT, MONTH_STARTS, REFORM_MONTH, day, month_of
from demo.sources.nation.world import World
from demo.sources.planting import how_many

Array = Any
ROLL = 3.3  # millions with a monthly benefit in November 2024
NEW = (
    8.0, 8.6, 6.2, 6.4, 7.0, 7.2, 7.4, 7.5, 7.2, 7.4, 7.6, 7.8,
    8.2, 8.8, 6.6, 6.8, 7.2, 7.4, 7.6, 7.6, 7.4, 7.6, 7.8, 8.0,
)  # fmt: skip
SOCIAL = (0,) * REFORM_MONTH + (62, 22, 12, 8, 4, 2, *(4,) * 10)  # thousands of new social pensions by month
SOCIAL_AGE, SUSPENDED, MOVED_A_MONTH = 75, 0.004, 0.0005
LAST_MONTH = MONTH_COUNT - 1
PRE_1995 = day("1994-12-01")
# object of the health card → kinds of benefit with their shares; the old ones were paid by the budget from the start
KINDS = {
    "HT": "02 91 01 9", "OLD": "02 52 03 22 01 20 07 6", "TB": "04 72 05 20 06 8", "CT": "09 93 10 7",
    "XB": "08 1", "CS": "11 1",
}  # fmt: skip
BUDGET_PAYS, SI_PAYS, VOLUNTARY_PAYS, SOCIAL_PAYS = "NSNN", "QBB", "QTN", "HTXH"
PENSIONS = ("01", "02")
OLD_AGE, OLD_SHARE, VOLUNTARY_SHARE = 69, 0.92, 0.02


@dataclass(slots=True)
class Dossiers:
    """One array per attribute, one entry per dossier."""

    person: Array
    benefit: Array  # loai_che_do
    source: Array  # nguon
    since: Array  # first day of the first month of benefit
    decided: Array  # day of the decision
    district: Array  # where it is paid today
    from_district: Array  # where it was paid before a move
    moved: Array  # month of the move, or -1
    moved_on: Array  # day of the move, or -1
    died: Array  # day, or ALIVE
    first: Array  # first month of payment within the demonstration
    last: Array  # last month of payment
    suspended: Array

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: Array) -> Dossiers:
        """Return the dossiers at these positions."""
        return Dossiers(*(getattr(self, f.name)[rows] for f in fields(self)))

    def district_in(self, row: Array, month: Array) -> Array:
        """Return where a dossier is paid in a month: the old place through the month of the move."""
        before = month <= self.moved[row]
        return np.where(before, self.from_district[row], self.district[row])


def make_dossiers(world: World) -> Dossiers:
    """Return every dossier with a monthly payment in the 24 months."""
    rng = stream(world.seed, "benefit dossiers")
    people, cards = world.people, world.cards
    held = _first_card(people, cards)
    paid_for = np.flatnonzero((people.group == SI_FUND) & np.isin(held, ("HT", "TB", "CT", "XB", "CS")))
    old = some(rng, paid_for, round(ROLL * 1e6 * world.scale))
    fresh = np.setdiff1d(paid_for, old)
    fresh = fresh[np.argsort(-people.birth[fresh], kind="stable")]  # the youngest retire now
    awarded = spread(NEW, world.scale, len(fresh))
    aged = (people.group == BUDGET) & (MONTH_STARTS[REFORM_MONTH] - people.birth > SOCIAL_AGE * YEAR)
    social = spread(SOCIAL, world.scale, int(aged.sum()))
    person = np.concatenate([old, fresh[: len(awarded)], some(rng, np.flatnonzero(aged), len(social))])
    since = np.concatenate([np.full(len(old), -1), MONTH_STARTS[awarded], MONTH_STARTS[social]])
    benefit, source = _kinds(people, held, person, rng)
    benefit[len(person) - len(social) :], source[len(person) - len(social) :] = "12", SOCIAL_PAYS
    since = np.where(since < 0, _long_ago(people.birth[person], benefit, source, rng), since)
    return _followed(world, (person, benefit, source, since), rng)


def spread(thousands: tuple[float, ...], scale: float, most: int) -> Array:
    """Return the month of each event, in order, for a national series in thousands a month; at most `most`."""
    totals = np.round(np.cumsum(np.array(thousands) * 1e3 * scale)).astype(np.int64)
    months: Array = np.repeat(np.arange(len(thousands)), np.diff(totals, prepend=0))
    return months[:most]


def _first_card(people: People, cards: Cards) -> Array:
    held: Array = np.full(len(people), "", dtype=object)
    held[cards.person[::-1]] = cards.kind[::-1]
    return held


def _kinds(people: People, held: Array, person: Array, rng: Any) -> tuple[Array, Array]:
    n = len(person)
    age = (FIRST_DAY - people.birth[person]) / YEAR
    kind = held[person].copy()
    kind[(kind == "HT") & (age > OLD_AGE) & (rng.random(n) < OLD_SHARE)] = "OLD"
    benefit: Array = np.full(n, "12", dtype=object)
    for name, shares in KINDS.items():
        mine = np.flatnonzero(kind == name)
        words = shares.split()
        weight = np.array(words[1::2], dtype=float)
        benefit[mine] = np.array(words[::2], dtype=object)[
            rng.choice(len(weight), size=len(mine), p=weight / weight.sum())
        ]
    source: Array = np.full(n, SI_PAYS, dtype=object)
    source[(kind == "OLD") | (kind == "CS")] = BUDGET_PAYS
    source[(kind == "HT") & (benefit == "02") & (rng.random(n) < VOLUNTARY_SHARE)] = VOLUNTARY_PAYS
    return benefit, source


def _long_ago(birth: Array, benefit: Array, source: Array, rng: Any) -> Array:
    """Return the first day of benefit of those who were on the roll before the demonstration."""
    n = len(birth)
    retired = birth + ((54 + rng.random(n) * 6) * YEAR).astype(np.int64)
    early = birth + ((44 + rng.random(n) * 8) * YEAR).astype(np.int64)
    awarded = rng.integers(day("2000-01-01"), day("2024-09-01"), size=n)
    since = np.where(
        source == BUDGET_PAYS, np.minimum(early, PRE_1995), np.minimum(retired, day("2024-09-01"))
    )
    since = np.where((source != BUDGET_PAYS) & ~np.isin(benefit, PENSIONS), awarded, since)
    months = since.astype("datetime64[D]").astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64)


def _followed(world: World, parts: tuple[Array, Array, Array, Array], rng: Any) -> Dossiers:
    """Return the dossiers with what became of them: deaths, suspensions, moves to another province."""
    person, benefit, source, since = parts
    n = len(person)
    died = deaths_of(world.people, world.cards)[person]
    died = _enough_deaths(died, since, 2 * how_many(world.scale), rng)
    died = np.where(died >= since, died, ALIVE)
    first = np.where(since < FIRST_DAY, 0, month_of(since))
    suspended = (died == ALIVE) & (first < 12) & (rng.random(n) < SUSPENDED)
    last = np.where(died == ALIVE, LAST_MONTH, month_of(np.maximum(died, FIRST_DAY)))
    last = np.where(suspended, rng.integers(13, MONTH_COUNT - 1, size=n), last)
    district = world.people.district[person]
    settled = np.flatnonzero((died == ALIVE) & ~suspended & (first == 0))
    wanted = max(2 * how_many(world.scale), round(n * MOVED_A_MONTH * MONTH_COUNT))
    movers = some(rng, settled, wanted)
    moved, moved_on = np.full(n, -1), np.full(n, -1)
    moved[movers] = rng.integers(2, MONTH_COUNT - 3, size=len(movers))
    moved_on[movers] = MONTH_STARTS[moved[movers]] + rng.integers(0, 25, size=len(movers))
    came_from = district.copy()
    came_from[movers] = _elsewhere(world.people.district, district[movers], rng)
    decided = since - rng.integers(3, 26, size=n)
    return Dossiers(
        person,
        benefit,
        source,
        since,
        decided,
        district,
        came_from,
        moved,
        moved_on,
        died,
        first,
        last,
        suspended,
    )


def _enough_deaths(died: Array, since: Array, wanted: int, rng: Any) -> Array:
    """Let at least `wanted` people die early enough to be paid once too often, also in the smallest nation."""
    early = np.flatnonzero((died != ALIVE) & (died < MONTH_STARTS[LAST_MONTH - 1]) & (since < FIRST_DAY))
    others = np.flatnonzero((died == ALIVE) & (since < FIRST_DAY))
    more = some(rng, others, max(0, wanted - len(early)))
    died = died.copy()
    died[more] = rng.integers(MONTH_STARTS[2], MONTH_STARTS[LAST_MONTH - 1], size=len(more))
    return died


def _elsewhere(districts: Array, now: Array, rng: Any) -> Array:
    """Return a district in a province that is another one before and after the reform."""
    from_province = _new_province()
    out = now.copy()
    for i, here in enumerate(now):
        others = districts[from_province[districts] != from_province[here]]
        out[i] = others[rng.integers(len(others))]
    return out


def _new_province() -> Array:
    """Return the number of today's province of every old district."""
    from_old = {p.new_code: i for i, p in enumerate(provinces())}
    return np.array([from_old[provinces()[p].new_code] for p in province_of_district()])
