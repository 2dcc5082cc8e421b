"""Who lives with whom: every person in one household of the own district, about 3.9 people in each (28 million homes).

The households that pay for their own health insurance are those of `households.py`, with relatives of other groups
around the payers; the others live in households of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.households import Households
from demo.sources.nation.people import People
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import LAST_DAY

Array = Any
RELATIVES = (0.15, 0.25, 0.28, 0.20, 0.12)  # chance of 0, 1, 2… relatives in a household that pays
SIZES, SIZE_SHARES = (1, 2, 3, 4, 5, 6), (0.05, 0.10, 0.18, 0.30, 0.22, 0.15)
FIRST_CODE, LARGEST = 7_000_000_000, 9_999_999_967  # payers' codes are drawn over the whole range
ADULT = 18 * 365
HEAD, WIFE, HUSBAND, CHILD, OTHER = "00", "01", "02", "05", "99"


@dataclass(frozen=True, slots=True)
class Residence:
    """`home[i]` is the household of person i; one entry per household in the other arrays."""

    home: Array
    codes: Array
    district: Array
    head: Array  # person
    order: Array  # of each person in the household, from 1; the head is the first
    relation: Array  # of each person to the head


def make_residence(people: People, payers: Households, seed: int) -> Residence:
    """Return the households of the whole nation in miniature."""
    rng = stream(seed, "residence")
    paying, first, home = np.unique(
        np.where(payers.codes == None, "", payers.codes),  # noqa: E711 - element by element
        return_index=True, return_inverse=True,
    )  # fmt: skip
    home = home.reshape(-1) - 1  # the empty code sorts first: -1 for everybody who does not pay
    district = people.district[first[1:]]
    others = rng.permutation(np.flatnonzero(home < 0))
    others = others[np.argsort(people.district[others], kind="stable")]
    places, extra = _places(district, people.district[others], rng)
    home[others] = places
    district = np.concatenate([district, extra])
    codes = np.concatenate([paying[1:].astype(object), _codes(set(paying.tolist()), len(extra))])
    return Residence(home, codes, district, *_ranks(people, home, len(codes)))


def _places(paying: Array, others: Array, rng: Any) -> tuple[Array, Array]:
    """Return a household for each of the others, who come sorted by district, and the districts of new ones."""
    room = rng.choice(len(RELATIVES), size=len(paying), p=RELATIVES)
    out: Array = np.full(len(others), -1)
    made: list[Array] = []
    next_home = len(paying)
    for place in np.unique(others):
        low, high = (int(np.searchsorted(others, edge)) for edge in (place, place + 1))
        here = np.flatnonzero(paying == place)
        beds: Array = np.repeat(here, room[here])[: high - low]
        out[low : low + len(beds)] = beds
        rest = high - low - len(beds)
        sizes = rng.choice(SIZES, size=rest, p=SIZE_SHARES)
        new: Array = np.repeat(np.arange(rest), sizes)[:rest]
        out[low + len(beds) : high] = next_home + new
        count = int(new[-1]) + 1 if rest else 0
        made.append(np.full(count, place))
        next_home += count
    return out, np.concatenate(made)


def _codes(taken: set[str], count: int) -> Array:
    """Return ten digits each that no household that pays has."""
    serial: Array = (np.arange(2 * count + 10) * 7_919 + FIRST_CODE) % LARGEST
    free = [code for code in (f"{s:010d}" for s in serial.tolist()) if code not in taken]
    return np.array(free[:count], dtype=object)


def _ranks(people: People, home: Array, homes: int) -> tuple[Array, Array, Array]:
    """Return (head of each household, order and relation of each person): the oldest is the head."""
    by_age = np.lexsort((people.birth, home))
    start: Array = np.searchsorted(home[by_age], np.arange(homes))
    order: Array = np.empty(len(home), dtype=np.int64)
    order[by_age] = np.arange(len(home)) - start[home[by_age]] + 1
    head = by_age[start]
    younger = people.birth - people.birth[head[home]]
    relation = np.where(younger > 18 * 365, CHILD, OTHER).astype(object)
    adult = LAST_DAY - people.birth > ADULT
    spouse = (order == 2) & (younger < 16 * 365) & adult & (people.women != people.women[head[home]])
    relation[spouse] = np.where(people.women[spouse], WIFE, HUSBAND)
    relation[order == 1] = HEAD
    return head, order, relation
