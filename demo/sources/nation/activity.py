"""Who is insured in which month: a moving window over a pool, so that every month has its published number.

A person of the pool stands at a point of a circle that turns slowly; the window covers the month's share of it. People
enter at one edge and leave at the other, and more of them stay outside in the months after the year-end push.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation import population
from demo.sources.nation.people import EMPLOYEE, HOUSEHOLD, People
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import LAST_DAY, MONTH_COUNT

Array = Any
ADULT_YEARS, OLDEST_VOLUNTARY = 18, 58
TURNOVER = {"compulsory": 0.008, "voluntary": 0.020, "household": 0.014}  # of the pool per month


@dataclass(frozen=True, slots=True)
class Pool:
    """People (positions) and the months they are in: `months[i, m]`."""

    members: Array
    months: Array


@dataclass(frozen=True, slots=True)
class Activity:
    """The three pools that pay by themselves or through an employer."""

    compulsory: Pool
    voluntary: Pool
    household: Pool


def make_activity(people: People, scale: float, seed: int) -> Activity:
    """Return the months of every payer."""
    rng = stream(seed, "activity")
    household = people.at(HOUSEHOLD)
    return Activity(
        compulsory=_pool("compulsory", people.at(EMPLOYEE), population.COMPULSORY, scale, rng),
        voluntary=_pool(
            "voluntary", _joiners(people, household, scale, rng), population.VOLUNTARY, scale, rng
        ),
        household=_pool("household", household, population.HOUSEHOLD, scale, rng),
    )


def runs(months: Array) -> tuple[Array, Array, Array]:
    """Return (row, first month, last month) of every unbroken run of a table person x month."""
    padded = np.zeros((len(months), months.shape[1] + 2), dtype=np.int8)
    padded[:, 1:-1] = months
    change = np.diff(padded, axis=1)
    row, first = np.nonzero(change == 1)
    _, after = np.nonzero(change == -1)
    return row, first, after - 1


def _pool(name: str, members: Array, millions: tuple[float, ...], scale: float, rng: Any) -> Pool:
    place = (rng.permutation(len(members)) + 0.5) / len(members)
    share = np.round(np.array(millions) * scale * 1e6) / len(members)
    turned = (place[:, None] + TURNOVER[name] * np.arange(MONTH_COUNT)) % 1.0
    return Pool(members, turned < share)


def _joiners(people: People, household: Array, scale: float, rng: Any) -> Array:
    age = (LAST_DAY - people.birth[household]) / 365.25
    able = household[(age > ADULT_YEARS + 3) & (age < OLDEST_VOLUNTARY)]
    weight = population.voluntary_weight()[people.province[able]]
    size = min(len(able), round(max(population.VOLUNTARY) * 1.25 * scale * 1e6))
    return np.sort(rng.choice(able, size=size, replace=False, p=weight / weight.sum()))
