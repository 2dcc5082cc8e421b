"""Households that pay for their own health insurance: code, and who is the first, second… member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.people import HOUSEHOLD, People
from demo.sources.nation.seeds import stream

Array = Any
TENTHS = np.array([10, 7, 6, 5, 4])  # tenths of the base pay for the first, second, … fifth member


@dataclass(frozen=True, slots=True)
class Households:
    """For every person: the code of the household (None outside the group) and the place in it from 0."""

    codes: Array
    place: Array


def make_households(people: People, seed: int) -> Households:
    """Put the people of the household group into households of their own district."""
    rng = stream(seed, "households")
    members = people.at(HOUSEHOLD)
    members = members[np.argsort(people.district[members], kind="stable")]
    n = len(members)
    sizes = rng.choice([1, 2, 3, 4], size=n, p=[0.45, 0.3, 0.15, 0.1])
    starts = np.cumsum(sizes)
    starts = starts[starts < n]
    first: Array = np.zeros(n, dtype=bool)
    first[0] = True
    first[starts] = True
    first[1:] |= np.diff(people.district[members]) != 0
    number = np.cumsum(first) - 1
    place = np.arange(n) - np.flatnonzero(first)[number]
    codes: Array = np.full(len(people), None, dtype=object)
    codes[members] = [f"{(k * 7_919 + 3_000_017) % 9_999_999_967:010d}" for k in number.tolist()]
    order: Array = np.zeros(len(people), dtype=np.int64)
    order[members] = place
    return Households(codes, order)
