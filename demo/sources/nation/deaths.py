"""Who dies within the demonstration: what the cards already say, so that every system tells the same story."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.nation.cards import Cards
from demo.sources.nation.people import SI_FUND, People
from demo.sources.nation.times import FIRST_DAY, LAST_DAY, year_start, years_of

Array = Any
ALIVE = -1


def deaths_of(people: People, cards: Cards) -> Array:
    """Return the day each person dies, or ALIVE: a card of those the funds pay for ends early only by death."""
    last: Array = np.full(len(people), ALIVE, dtype=np.int64)
    np.maximum.at(last, cards.person, cards.last)
    ends_a_year = last == year_start(years_of(np.maximum(last, 0)) + 1) - 1
    within = (last >= FIRST_DAY) & (last < LAST_DAY) & ~ends_a_year
    return np.where(within & (people.group == SI_FUND), last, ALIVE)
