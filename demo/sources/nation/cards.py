"""Health-insurance cards: spells that never overlap for one person, in step with who pays in which month."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from demo.sources.nation.activity import Activity, Pool, runs
from demo.sources.nation.employers import Employers, Jobs
from demo.sources.nation.facilities import COMMUNE, DISTRICT, Facilities
from demo.sources.nation.geography import provinces, read
from demo.sources.nation.people import BUDGET, SI_FUND, SUPPORTED, People
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import (
    FIRST_DAY,
    LAST_DAY,
    MONTH_ENDS,
    MONTH_STARTS,
    REFORM_DAY,
    day,
    year_start,
    years_of,
)

Array = Any
YEARS = (2024, 2025, 2026)
RENEWED = 0.985  # of the people whose card is made anew each year
OBJECTS = {
    SI_FUND: "HT 80 TB 6 CT 8 TN 3 XB 2 CS 1",
    BUDGET: "HN 26 DT 27 DK 10 BT 18 CB 6 CK 3 TS 2 TC 3 QN 2 CA 1 TQ 1 XD 1",
    SUPPORTED: "CN 50 GB 50",
}
PUPIL_UNTIL, STUDENT_UNTIL, CHILD_UNTIL = 18, 23, 6


@dataclass(slots=True)
class Cards:
    """One array per attribute, one entry per card; first and last day are both valid."""

    person: Array
    kind: Array  # object code
    first: Array
    last: Array
    employer: Array  # position, or -1
    level: Array
    registered: Array  # facility position

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: Array) -> Cards:
        """Return the cards at these positions."""
        return Cards(*(getattr(self, f.name)[rows] for f in fields(self)))


def make_cards(
    people: People, activity: Activity, work: tuple[Employers, Jobs], facilities: Facilities, seed: int
) -> Cards:
    """Return every card valid at some time of the demonstration, ordered by person and first day."""
    rng = stream(seed, "cards")
    parts = [
        _by_work(activity.compulsory, *work, rng),
        _by_household(activity.household, rng),
        _children(people, rng),
        _by_year(people, rng),
        _pensioners(people, rng),
    ]
    person, kind, first, last, employer = (np.concatenate([p[i] for p in parts]) for i in range(5))
    last = np.minimum(last, _deaths(people, rng)[person])
    seen = (last >= FIRST_DAY) & (first <= LAST_DAY) & (last >= first)
    order = np.flatnonzero(seen)[np.lexsort((first[seen], person[seen]))]
    kind = kind[order].astype(object)
    levels = level_of()
    level = np.array([levels[k] for k in kind])
    where = people.province[person[order]]
    return Cards(
        person[order],
        kind,
        first[order],
        last[order],
        employer[order],
        level,
        _registered(where, facilities, rng),
    )


def level_of() -> dict[str, int]:
    """Return the benefit level of every object code."""
    return {row["ma_doi_tuong"]: int(row["ky_tu_muc_huong"]) for row in read("bhyt_object_codes.csv")}


def card_numbers(cards: Cards, people: People) -> tuple[Array, Array]:
    """Return (ma_the, ma_tinh_the): the province is that of the issuing office on the day of issue."""
    old = np.array([p.code for p in provinces()], dtype=object)
    new = np.array([p.new_code for p in provinces()], dtype=object)
    where = people.province[cards.person]
    issued = np.where(cards.first >= REFORM_DAY, new[where], old[where])
    numbers = people.numbers[cards.person]
    text = [
        f"{k}{v}{p}{n}" for k, v, p, n in zip(cards.kind, cards.level.tolist(), issued, numbers, strict=True)
    ]
    return np.array(text, dtype=object), issued


def _by_work(pool: Pool, employers: Employers, jobs: Jobs, rng: Any) -> tuple[Array, ...]:
    row, first, last = runs(pool.months)
    employer = jobs.first[row]
    block = {"HCS": "HC", "TCK": "TK"}
    kinds = np.array([block.get(s, "DN") for s in employers.sector], dtype=object)
    starts = np.where(first == 0, day("2024-01-01"), MONTH_STARTS[first])
    ends = np.where(last == len(MONTH_ENDS) - 1, day("2026-12-31"), MONTH_ENDS[last])
    at, begin, end = _cut_by_year(starts, ends)
    return pool.members[row[at]], kinds[employer[at]], begin, end, employer[at]


def _cut_by_year(starts: Array, ends: Array) -> tuple[Array, Array, Array]:
    """Cut spans at every 1 January; return (span, first day, last day)."""
    parts = []
    for year in YEARS:
        begin, end = np.maximum(starts, year_start(year)), np.minimum(ends, year_start(year + 1) - 1)
        at = np.flatnonzero(begin <= end)
        parts.append((at, begin[at], end[at]))
    return tuple(np.concatenate([p[i] for p in parts]) for i in range(3))


def _by_household(pool: Pool, rng: Any) -> tuple[Array, ...]:
    """Cards of twelve months at most, from the first month of an unbroken run of payments."""
    row, first, last = runs(pool.months)
    back = np.where(
        first == 0, rng.integers(0, 10, size=len(row)), 0
    )  # already running when the story begins
    parts = []
    for k in range(3):
        begin = first - back + 12 * k
        end = np.minimum(begin + 11, last)
        at = np.flatnonzero((begin <= last) & (end >= 0))
        parts.append((at, begin[at], end[at]))
    at, begin, end = (np.concatenate([p[i] for p in parts]) for i in range(3))
    starts = (np.datetime64("2024-11", "M") + begin).astype("datetime64[D]").astype(np.int64)
    return (
        pool.members[row[at]],
        np.full(len(at), "GD", dtype=object),
        starts,
        MONTH_ENDS[end],
        np.full(len(at), -1),
    )


def _children(people: People, rng: Any) -> tuple[Array, ...]:
    """Cards of children under six: until 30 September of the year they turn six."""
    who = np.flatnonzero((people.group == BUDGET) & (_age_on(people, day("2024-01-01")) < CHILD_UNTIL))
    last = year_start(years_of(people.birth[who]) + CHILD_UNTIL) + 272
    return who, np.full(len(who), "TE", dtype=object), people.birth[who], last, np.full(len(who), -1)


def _by_year(people: People, rng: Any) -> tuple[Array, ...]:
    """Cards made anew for every calendar year: pupils, students, the poor and the others the budget pays for."""
    who = np.flatnonzero((people.group == BUDGET) | (people.group == SUPPORTED))
    usual: Array = np.full(len(people), None, dtype=object)
    for group in (BUDGET, SUPPORTED):
        mine = people.at(group)
        usual[mine] = _draw(OBJECTS[group], len(mine), rng)
    parts = []
    for year in YEARS:
        age = _age_on(people, year_start(year))[who]
        pupil = np.where(people.group[who] == SUPPORTED, np.where(age < PUPIL_UNTIL, "HS", "SV"), "HS")
        young = (people.group[who] == SUPPORTED) & (age < STUDENT_UNTIL)
        begin = np.maximum(year_start(year), year_start(years_of(people.birth[who]) + CHILD_UNTIL) + 273)
        keep = np.flatnonzero((rng.random(len(who)) < RENEWED) & (begin < year_start(year + 1)))
        kind = np.where(young, pupil, usual[who])
        parts.append((who[keep], kind[keep], begin[keep], np.full(len(keep), year_start(year + 1) - 1)))
    person, kind, first, last = (np.concatenate([p[i] for p in parts]) for i in range(4))
    return person, kind, first, last, np.full(len(person), -1)


def _pensioners(people: People, rng: Any) -> tuple[Array, ...]:
    """Cards of five years paid by the insurance fund; two for those whose first ends within the demonstration."""
    who = people.at(SI_FUND)
    kind = _draw(OBJECTS[SI_FUND], len(who), rng)
    began = rng.integers(2020, 2025, size=len(who))
    spans = [(year_start(began + 5 * k), year_start(began + 5 * k + 5) - 1) for k in range(2)]
    first, last = (np.concatenate([s[i] for s in spans]) for i in range(2))
    return np.tile(who, 2), np.tile(kind, 2), first, last, np.full(2 * len(who), -1)


def _deaths(people: People, rng: Any) -> Array:
    """Return the last day each card may be valid: a few people, mostly old ones, die within the 24 months."""
    chance = np.where(_age_on(people, LAST_DAY) > 60, 0.07, 0.004)
    chance = np.where(np.isin(people.group, (SI_FUND, BUDGET, SUPPORTED)), chance, 0.0)
    died = rng.random(len(people)) < chance
    return np.where(died, rng.integers(FIRST_DAY, LAST_DAY, size=len(people)), day("2099-12-31"))


def _registered(where: Array, facilities: Facilities, rng: Any) -> Array:
    """Return where each card is registered for first care: a small facility of the person's province."""
    out: Array = np.empty(len(where), dtype=np.int64)
    small = facilities.level >= DISTRICT
    for place in np.unique(where):
        here = np.flatnonzero(small & (facilities.province == place))
        mine = np.flatnonzero(where == place)
        weight = np.where(facilities.level[here] == COMMUNE, 1.0, 2.5)
        out[mine] = rng.choice(here, size=len(mine), p=weight / weight.sum())
    return out


def _age_on(people: People, when: int) -> Array:
    return (when - people.birth) / 365.25


def _draw(pool: str, n: int, rng: Any) -> Array:
    words = pool.split()
    weight = np.array(words[1::2], dtype=float)
    return np.array(words[::2], dtype=object)[rng.choice(len(weight), size=n, p=weight / weight.sum())]
