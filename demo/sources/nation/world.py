"""Everything two source systems must agree on: people, employers, facilities, cards."""

from __future__ import annotations

from dataclasses import dataclass

from demo.sources.nation.activity import Activity, make_activity
from demo.sources.nation.cards import Cards, make_cards
from demo.sources.nation.employers import Employers, Jobs, make_employers
from demo.sources.nation.facilities import Facilities, make_facilities
from demo.sources.nation.households import Households, make_households
from demo.sources.nation.people import People, make_people
from demo.sources.nation.second_numbers import SecondNumbers, make_second_numbers


@dataclass(frozen=True, slots=True)
class World:
    """The nation in miniature; the same in every process that makes it from the same scale and seed."""

    scale: float
    seed: int
    people: People
    activity: Activity
    employers: Employers
    jobs: Jobs
    homes: Households
    facilities: Facilities
    cards: Cards
    second: SecondNumbers


def make_world(scale: float, seed: int) -> World:
    """Return the nation in miniature."""
    people = make_people(scale, seed)
    activity = make_activity(people, scale, seed)
    employers, jobs = make_employers(people, activity.compulsory.members, seed)
    facilities = make_facilities(scale, seed)
    cards = make_cards(people, activity, (employers, jobs), facilities, seed)
    second = make_second_numbers(people, activity.compulsory, scale, seed)
    homes = make_households(people, seed)
    return World(scale, seed, people, activity, employers, jobs, homes, facilities, cards, second)
