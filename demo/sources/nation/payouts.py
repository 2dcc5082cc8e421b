"""The payment list: one line per dossier, month and item, from every kind of benefit."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from demo.sources.nation.benefit_levels import Levels
from demo.sources.nation.deaths import ALIVE
from demo.sources.nation.dossiers import SI_PAYS, Dossiers
from demo.sources.nation.money import base_pay
from demo.sources.nation.out_of_work import Awards, LumpSums
from demo.sources.nation.people import People
from demo.sources.nation.times import (
    CUTOFF_SECOND,
    LAST_DAY,
    MONTH_COUNT,
    MONTH_STARTS,
    SECONDS_A_DAY,
    month_of,
)
from demo.sources.nation.turns import KINDS, Turns

Array = Any
REGULAR, ONCE, SHORT, FUNERAL, BACK_PAY, RECOVERED = (
    "lương hưu", "trợ cấp một lần", "trợ cấp ngắn hạn", "mai táng", "truy lĩnh", "thu hồi",
)  # fmt: skip
RECEIVED, WAITING, RETURNED = "đã nhận", "chưa nhận", "trả lại"
FUNERAL_TIMES, SURVIVOR_SHARE = 10, 0.6  # lương cơ sở; deaths after which the family takes a lump sum
RECOVERED_SHARE, WAITING_SHARE, RETURNED_SHARE = 0.0004, 0.010, 0.002
BY_ACCOUNT = 0.78
OFFICE_OPENS = 3_600


@dataclass(slots=True)
class Payouts:
    """One array per attribute, one entry per line; `row` is the position in what it pays (`of`)."""

    of: Array  # dossiers, turns, lump sums, awards: 0…3
    row: Array
    person: Array
    benefit: Array
    source: Array
    item: Array
    month: Array
    amount: Array
    paid_on: Array  # day
    district: Array
    created: Array  # second
    updated: Array
    status: Array
    deleted: Array

    def __len__(self) -> int:
        return len(self.of)

    def take(self, rows: Array) -> Payouts:
        """Return the lines at these positions."""
        return Payouts(*(getattr(self, f.name)[rows] for f in fields(self)))


DOSSIER, TURN, LUMP_SUM, AWARD = range(4)


def joined(parts: list[Payouts]) -> Payouts:
    """Return the lines of all parts in one."""
    return Payouts(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Payouts)))


def monthly(dossiers: Dossiers, levels: Levels, rng: Any) -> Payouts:
    """Return the regular lines: every month from the first to the last of each dossier."""
    length = dossiers.last - dossiers.first + 1
    row: Array = np.repeat(np.arange(len(dossiers)), length)
    month = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length) + dossiers.first[row]
    return regular(dossiers, levels, row, month, rng)


def regular(dossiers: Dossiers, levels: Levels, row: Array, month: Array, rng: Any) -> Payouts:
    """Return the regular line of these dossiers in these months, at the place that pays them then."""
    n = len(row)
    district = dossiers.district_in(row, month)
    listed = MONTH_STARTS[month] - 6 + district % 4  # an office makes a month's list at once
    created = listed * SECONDS_A_DAY + OFFICE_OPENS + (district * 37 % 480) * 60
    paid_on = MONTH_STARTS[month] + rng.integers(1, 11, size=n)
    status = _statuses(month, rng)
    return _lines((DOSSIER, row), dossiers.person[row], (dossiers.benefit[row], dossiers.source[row]),
                  (REGULAR, month, levels.in_month(row, month), paid_on), (district, created, status))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grants:
    """What families get after a death: one entry per dossier of a dead person; amounts in đồng."""

    row: Array
    funeral: Array
    survivors: Array  # lump sum, 0 for those who get a monthly benefit instead
    paid_on: Array  # day, perhaps after the demonstration


def make_grants(dossiers: Dossiers, levels: Levels, rng: Any) -> Grants:
    """Return the grants after the deaths of the demonstration."""
    row = np.flatnonzero(dossiers.died != ALIVE)
    died = dossiers.died[row]
    months = np.where(rng.random(len(row)) < SURVIVOR_SHARE, rng.integers(3, 30, size=len(row)), 0)
    paid_on = died + rng.integers(20, 55, size=len(row))
    month = month_of(died)
    return Grants(row, base_pay(month) * FUNERAL_TIMES, levels.in_month(row, month) * months, paid_on)


def after_deaths(dossiers: Dossiers, grants: Grants) -> Payouts:
    """Return the lines of the grants paid within the demonstration."""
    parts = []
    for item, benefit, amount in ((FUNERAL, "23", grants.funeral), (ONCE, "22", grants.survivors)):
        at = np.flatnonzero((amount > 0) & (grants.paid_on <= LAST_DAY))
        row, paid_on = grants.row[at], grants.paid_on[at]
        when = (item, month_of(paid_on), amount[at], paid_on)
        kinds = (_all(benefit, len(at)), dossiers.source[row])
        parts.append(_approved((DOSSIER, row), dossiers.person[row], kinds, when, dossiers.district[row]))
    return joined(parts)


def recovered(dossiers: Dossiers, levels: Levels, rng: Any) -> Payouts:
    """Return what a few people pay back: negative lines."""
    row = np.flatnonzero((dossiers.died == ALIVE) & (dossiers.first < 6))
    row = row[rng.random(len(row)) < RECOVERED_SHARE * MONTH_COUNT]
    month = rng.integers(8, MONTH_COUNT, size=len(row))
    still = month <= dossiers.last[row]
    row, month = row[still], month[still]
    paid_on = MONTH_STARTS[month] + rng.integers(11, 25, size=len(row))
    amount = -(levels.in_month(row, month) * rng.integers(10, 60, size=len(row)) // 100)
    return _approved((DOSSIER, row), dossiers.person[row], (dossiers.benefit[row], dossiers.source[row]),
                     (RECOVERED, month, amount, paid_on), dossiers.district_in(row, month))  # fmt: skip


def of_turns(turns: Turns, employer_district: Array, rng: Any) -> Payouts:
    """Return the payment of each turn, days after its approval, by the office of the employer."""
    paid_on = turns.approved + rng.integers(1, 6, size=len(turns))
    row = np.flatnonzero(paid_on <= LAST_DAY)
    benefit = np.array([k[1] for k in KINDS], dtype=object)[turns.kind[row]]
    when = (SHORT, month_of(paid_on[row]), turns.amount[row], paid_on[row])
    return _approved(
        (TURN, row), turns.person[row], (benefit, _all(SI_PAYS, len(row))), when, employer_district[row]
    )


def of_lump_sums(lumps: LumpSums, people: People, rng: Any) -> Payouts:
    """Return the payment of each lump sum."""
    paid_on = lumps.decided + rng.integers(1, 10, size=len(lumps.person))
    row = np.flatnonzero(paid_on <= LAST_DAY)
    person = lumps.person[row]
    when = (ONCE, month_of(paid_on[row]), lumps.amount[row], paid_on[row])
    kinds = (_all("21", len(row)), _all(SI_PAYS, len(row)))
    return _approved((LUMP_SUM, row), person, kinds, when, people.district[person])


def of_awards(awards: Awards, people: People, rng: Any) -> Payouts:
    """Return the months of each unemployment award, and the courses of a few."""
    row: Array = np.repeat(np.arange(len(awards.person)), awards.paid_months)
    start = np.cumsum(awards.paid_months) - awards.paid_months
    month = np.arange(len(row)) - start[row] + awards.month[row]
    within = (month >= 0) & (month < MONTH_COUNT)
    row, month = row[within], month[within]
    paid_on = MONTH_STARTS[month] + rng.integers(12, 27, size=len(row))
    when = (REGULAR, month, awards.level[row], paid_on)
    by_month = _approved((AWARD, row), awards.person[row], (_all("41", len(row)), _all("BHTN", len(row))), when,
                         people.district[awards.person[row]])  # fmt: skip
    course = np.flatnonzero((awards.training > 0) & (awards.month >= 0) & (awards.month < MONTH_COUNT - 2))
    day = MONTH_STARTS[np.maximum(awards.month[course], 0) + 1] + 15
    when = (ONCE, month_of(day), awards.training[course], day)
    courses = _approved((AWARD, course), awards.person[course], (_all("42", len(course)), _all("BHTN", len(course))),
                        when, people.district[awards.person[course]])  # fmt: skip
    return joined([by_month, courses])


def _approved(
    what: tuple[int, Array],
    person: Array,
    kinds: tuple[Array, Array],
    when: tuple[str, Array, Array, Array],
    district: Array,
) -> Payouts:
    """Return lines entered two days before they are paid and received as soon as they are."""
    created = (when[3] - 2) * SECONDS_A_DAY + OFFICE_OPENS + (district * 41 % 480) * 60
    return _lines(what, person, kinds, when, (district, created, _all(RECEIVED, len(person))))


def _lines(
    what: tuple[int, Array],
    person: Array,
    kinds: tuple[Array, Array],
    when: tuple[str, Array, Array, Array],
    record: tuple[Array, Array, Array],
) -> Payouts:
    (of, row), (item, month, amount, paid_on), (district, created, status) = what, when, record
    n = len(row)
    settled = paid_on * SECONDS_A_DAY + 8 * OFFICE_OPENS
    updated = np.where(status == WAITING, created, np.maximum(created, np.minimum(settled, CUTOFF_SECOND)))
    return Payouts(np.full(n, of), row, person, *kinds, _all(item, n), month, amount, paid_on, district, created,
                   updated, status, np.zeros(n, dtype=bool))  # fmt: skip


def _statuses(month: Array, rng: Any) -> Array:
    """Return who came for the money: in the last month more are still waiting for."""
    chance = rng.random(len(month))
    waiting = chance < WAITING_SHARE * np.where(month == MONTH_COUNT - 1, 4, 1)
    out = _all(RECEIVED, len(month))
    out[waiting] = WAITING
    out[chance > 1 - RETURNED_SHARE] = RETURNED
    return out


def _all(value: str, n: int) -> Array:
    return np.full(n, value, dtype=object)
