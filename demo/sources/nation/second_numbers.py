"""People who were given a second mã số BHXH: what every system must agree on (D-01, QĐ 1864/QĐ-BHXH).

MOVED and UNSEEN work, and were declared anew: their lines go on under the new number. The register shows the CCCD of
MOVED under both numbers, of UNSEEN under the first only. TWICE and MERGED pay nothing; the second number of MERGED has
been joined to the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.activity import Pool
from demo.sources.nation.people import UNINSURED, People
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import MONTH_COUNT
from demo.sources.planting import how_many

Array = Any
MOVED, UNSEEN, TWICE, MERGED = range(4)
PREFIX, SERIALS, HIGHEST = "97", 90_000, 99_999_989  # no province has this number


@dataclass(frozen=True, slots=True)
class SecondNumbers:
    """One entry per person with a second number; `since` is the month it is used from, MONTH_COUNT when never."""

    person: Array
    number: Array
    kind: Array
    since: Array

    def of(self, *kinds: int) -> Array:
        """Return the places of these kinds."""
        return np.flatnonzero(np.isin(self.kind, kinds))

    def numbers_in(self, people: People, person: Array, month: Array) -> Array:
        """Return the number each person goes by in each month."""
        since: Array = np.full(len(people), MONTH_COUNT)
        since[self.person] = self.since
        second: Array = np.full(len(people), None, dtype=object)
        second[self.person] = self.number
        out = people.numbers[person]
        later = month >= since[person]
        out[later] = second[person[later]]
        return out


def make_second_numbers(people: People, pool: Pool, scale: float, seed: int) -> SecondNumbers:
    """Give some employees in work, and some people without insurance, a second number."""
    rng, count = stream(seed, "second numbers"), how_many(scale)
    at = np.arange(len(pool.members))
    month = rng.integers(3, MONTH_COUNT - 3, size=len(at))
    works = pool.months[at, month] & pool.months[at, month - 1]
    busy = rng.permutation(np.flatnonzero(works))[: 2 * count]
    idle = rng.permutation(people.at(UNINSURED))[: 2 * count]
    kind: Array = np.repeat([MOVED, UNSEEN, TWICE, MERGED], count)
    serial = rng.permutation(SERIALS)[: len(kind)] + HIGHEST - SERIALS
    return SecondNumbers(
        person=np.concatenate([pool.members[busy], idle]),
        number=np.array([f"{PREFIX}{s:08d}" for s in serial.tolist()], dtype=object),
        kind=kind,
        since=np.concatenate([month[busy], np.full(len(idle), MONTH_COUNT)]),
    )
