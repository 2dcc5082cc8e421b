"""Visits: who was treated where and when, in the regional shares of the published B02 exports.

A claim belongs to the month of NGAY_RA. Its patient always holds a valid card from the first to the last day.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from demo.sources.nation.cards import Cards
from demo.sources.nation.catalogue import catalogue
from demo.sources.nation.facilities import CENTRAL, COMMUNE, DISTRICT, PROVINCIAL, Facilities
from demo.sources.nation.geography import provinces, read, regions
from demo.sources.nation.people import People
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import (
    CUTOFF_SECOND,
    LAST_DAY,
    MONTH_ENDS,
    MONTH_STARTS,
    SECONDS_A_DAY,
    holidays,
)
from demo.sources.nation.world import World

Array = Any
PERIOD = "2025 T1-5 (chưa đủ T5)"
EARLIER = "2024 T1-11"
VISITS_2025 = 195.1  # millions a year; the months below are its shape, Tết in January 2025 and February 2026
MONTH_SHAPE = (
    1.00, 0.97, 0.85, 0.95, 1.03, 0.99, 1.00, 0.99, 1.02, 1.02, 1.03, 1.06,
    1.05, 1.03, 1.03, 0.83, 1.08, 1.02, 1.04, 1.03, 1.06, 1.06, 1.07, 1.10,
)  # fmt: skip
WEEKDAY = np.array([1.42, 1.16, 1.08, 1.03, 0.98, 0.62, 0.30])  # Monday first
HOLIDAY = 0.12
CARE_OF_LEVEL = {CENTRAL: (3.0, 7.0), PROVINCIAL: (4.0, 6.0), DISTRICT: (3.0, 2.5), COMMUNE: (1.2, 0.0)}
STAYS_AT_HOME = 0.87  # of the visits are in the patient's own province
OUT_KINDS, OUT_SHARES = ("01", "02", "05", "07"), (0.865, 0.012, 0.095, 0.028)
IN_KINDS, IN_SHARES = ("03", "04", "09"), (0.955, 0.03, 0.015)
TRIES = 14


@dataclass(slots=True)
class Claims:
    """One array per attribute; moments are Vietnamese local seconds, `created` and `updated` UTC."""

    person: Array
    card: Array
    facility: Array
    inpatient: Array
    kind: Array  # ma_loai_kcb
    came: Array
    left: Array
    days: Array  # so_ngay_dtri
    disease: Array
    created: Array
    updated: Array
    sending: Array  # lan_gui
    number: Array  # of the episode: two sendings of one claim share it
    deleted: Array

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: Array) -> Claims:
        """Return the claims at these positions."""
        return Claims(*(getattr(self, f.name)[rows] for f in fields(self)))


def regional(column: str, period: str = PERIOD) -> dict[str, float]:
    """Return one column of the published regional table."""
    rows = read("calibration_b02_regions.csv")
    return {r["ma"]: float(r[column]) for r in rows if r["ky"] == period and r["ma"] != "00"}


def make_claims(world: World) -> Claims:
    """Return every visit of the 24 months, first sendings only, in the order they were received."""
    rng = stream(world.seed, "claims")
    last_day = _last_days(world.scale, rng)
    inpatient, facility = _places(world.facilities, len(last_day), rng)
    days = _stays(inpatient, regions()[world.facilities.province[facility]], rng)
    first_day = last_day - np.maximum(days - 1, 0)
    person, card = _patients(world, facility, (first_day, last_day), rng)
    open_then = last_day <= world.facilities.until[facility]
    keep = np.flatnonzero((card >= 0) & open_then)
    kind: Array = np.where(
        inpatient, _draw(IN_KINDS, IN_SHARES, len(card), rng), _draw(OUT_KINDS, OUT_SHARES, len(card), rng)
    )
    kind = np.where(inpatient & (days > 1) & (kind == "09"), "03", kind)
    came, left = _hours(first_day, last_day, kind, rng)
    counted = _counted_days(kind, days, rng)
    disease = np.where(inpatient, _diseases(1, len(card), rng), _diseases(0, len(card), rng))
    created = _received(facility, left, rng)
    n = len(card)
    claims = Claims(
        person, card, facility, inpatient, kind.astype(object), came, left, counted, disease, created,
        _reviewed(created, rng), np.ones(n, dtype=np.int64), np.arange(n), np.zeros(n, dtype=bool),
    ).take(keep)  # fmt: skip
    return claims.take(np.argsort(claims.created, kind="stable"))


def _last_days(scale: float, rng: Any) -> Array:
    out = []
    closed = holidays()
    for at, shape in enumerate(MONTH_SHAPE):
        days = np.arange(MONTH_STARTS[at], MONTH_ENDS[at] + 1)
        weight = WEEKDAY[(days + 3) % 7] * np.array([HOLIDAY if d in closed else 1.0 for d in days.tolist()])
        visits = max(40, round(VISITS_2025 / 12 * shape * scale * 1e6))
        out.append(rng.choice(days, size=visits, p=weight / weight.sum()))
    return np.concatenate(out)


def _places(facilities: Facilities, n: int, rng: Any) -> tuple[Array, Array]:
    """Draw the region by its share of visits, then in- or out-patient by its rate, then a facility."""
    visits, rate = regional("luot"), regional("tl_noi_tru_pct")
    names = np.array(list(visits))
    share = np.array(list(visits.values()))
    region = names[rng.choice(len(names), size=n, p=share / share.sum())]
    inpatient = rng.random(n) < np.array([rate[name] / 100 for name in names])[np.searchsorted(names, region)]
    home = regions()[facilities.province]
    people = np.array([p.people for p in provinces()])[facilities.province]
    facility: Array = np.empty(n, dtype=np.int64)
    for care in (0, 1):
        pull = np.array([CARE_OF_LEVEL[v][care] for v in facilities.level.tolist()])
        pull = pull * people / np.bincount(facilities.province, weights=pull)[facilities.province]
        for name in names:
            mine = np.flatnonzero((region == name) & (inpatient == bool(care)))
            weight = np.where(home == name, pull, 0.0)
            facility[mine] = rng.choice(len(facilities), size=len(mine), p=weight / weight.sum())
    return inpatient, facility


def _stays(inpatient: Array, region: Array, rng: Any) -> Array:
    """Return whole days from the first to the last, both counted; 1 for a visit of one day."""
    mean = regional("ngay_dtbq")
    beyond = np.array([mean[r] for r in mean])[np.searchsorted(np.array(list(mean)), region)] - 1
    stay = 1 + rng.negative_binomial(1.6, 1.6 / (1.6 + beyond))
    return np.where(inpatient, np.minimum(stay, 60), 1)


def _patients(world: World, facility: Array, span: tuple[Array, Array], rng: Any) -> tuple[Array, Array]:
    """Draw patients until each holds one valid card over the whole stay; -1 for the few that found none."""
    weight = _need_of_care(world.people, world.cards)
    order = np.argsort(world.people.province, kind="stable")
    reach = np.concatenate([[0.0], np.cumsum(weight[order])])
    border: Array = np.searchsorted(world.people.province[order], np.arange(len(provinces()) + 1))
    person, card = np.full(len(facility), -1), np.full(len(facility), -1)
    left = np.arange(len(facility))
    for _ in range(TRIES):
        home = _home_of_patient(world.facilities.province[facility[left]], rng)
        low, high = reach[border[home]], reach[border[home + 1]]
        drawn = np.searchsorted(reach, low + rng.random(len(left)) * (high - low), side="right") - 1
        person[left] = order[np.minimum(drawn, len(order) - 1)]
        card[left] = _card_held(world.cards, person[left], (span[0][left], span[1][left]))
        left = left[card[left] < 0]
    return person, card


def _need_of_care(people: People, cards: Cards) -> Array:
    age = (LAST_DAY - people.birth) / 365.25
    need = np.select([age < 6, age < 18, age < 40, age < 60], [1.8, 0.6, 0.7, 1.3], default=2.6)
    holds = np.zeros(len(people))
    holds[cards.person] = 1.0
    return need * holds * ~people.quiet


def _home_of_patient(place: Array, rng: Any) -> Array:
    """Return the patient's province: mostly that of the facility, else another of the same region."""
    region = regions()
    members = {name: np.flatnonzero(region == name) for name in np.unique(region)}
    home = place.copy()
    away = np.flatnonzero(rng.random(len(place)) > STAYS_AT_HOME)
    for name, here in members.items():
        mine = away[region[place[away]] == name]
        home[mine] = rng.choice(here, size=len(mine))
    return home


def _card_held(cards: Cards, person: Array, span: tuple[Array, Array]) -> Array:
    keys = cards.person * (1 << 20) + cards.first
    at = np.searchsorted(keys, person * (1 << 20) + span[0], side="right") - 1
    at = np.maximum(at, 0)
    good = (cards.person[at] == person) & (cards.first[at] <= span[0]) & (cards.last[at] >= span[1])
    return np.where(good, at, -1)


def _hours(first: Array, last: Array, kind: Array, rng: Any) -> tuple[Array, Array]:
    n = len(first)
    came = first * SECONDS_A_DAY + rng.integers(6 * 60 + 30, 16 * 60, size=n) * 60
    wait = rng.integers(25, 300, size=n) * 60
    brief = np.where(kind == "09", rng.integers(60, 230, size=n) * 60, wait)
    left = last * SECONDS_A_DAY + rng.integers(8 * 60, 17 * 60, size=n) * 60
    return came, np.where(last == first, came + brief, left)


def _counted_days(kind: Array, days: Array, rng: Any) -> Array:
    """Return SO_NGAY_DTRI: none for 01, 07 and 09; days of drugs for 05; first to last day for the others."""
    drugs = rng.choice([14, 28, 30], size=len(days))
    return np.select([np.isin(kind, ("01", "07", "09")), kind == "05"], [0, drugs], default=days)


def _diseases(care: int, n: int, rng: Any) -> Array:
    weights = catalogue().disease_weights[care]
    return rng.choice(len(weights), size=n, p=weights)


def _received(facility: Array, left: Array, rng: Any) -> Array:
    """Return when the portal received each claim: a facility sends its day in one go, some days late."""
    n = len(facility)
    late = np.where(rng.random(n) < 0.17, rng.integers(1, 8, size=n), 0)
    late = np.where(rng.random(n) < 0.02, rng.integers(15, 70, size=n), late)
    evening = 10 * 3600 + 1_800 + (facility * 53 % 240) * 60  # 17:30-21:30 in Việt Nam, in UTC
    today = left // SECONDS_A_DAY * SECONDS_A_DAY + evening
    sent = today + late * SECONDS_A_DAY
    return np.where(sent <= CUTOFF_SECOND, sent, today)


def _reviewed(created: Array, rng: Any) -> Array:
    later = created + rng.integers(3, 35, size=len(created)) * SECONDS_A_DAY + 3_600
    return np.where((rng.random(len(created)) < 0.3) & (later <= CUTOFF_SECOND), later, created)


def _draw(values: tuple[str, ...], shares: tuple[float, ...], n: int, rng: Any) -> Array:
    return np.array(values)[rng.choice(len(values), size=n, p=shares)]
