"""A figure beside that of the nation, of its region, of the units of its kind: summed over units, then worked out.

The wider figure is asked through `compare`, which gives it only as far as it may be known (docs/adr/0022).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from dwh.datapath.semantic.calculations.document import Calculation
from dwh.datapath.semantic.calculations.figures import MANY_UNITS, NOTHING, Figure, Figures
from dwh.datapath.semantic.calculations.frames import Frame, Keys, taken
from dwh.datapath.semantic.query import Filter
from dwh.datapath.semantic.words import JOINT, UNKNOWN_KEY

if TYPE_CHECKING:
    from dwh.datapath.semantic.calculations.workings import Workings

NATION, REGION, PROVINCE, OFFICE = "nation", "region", "province", "office"  # levels of every organisation


def nation(work: Workings, one: Calculation, frame: Frame) -> Figures:
    """Return at each group the figure of the whole nation, under the same other keys."""
    return _spread(work, one, frame, lambda _: ((), ()))


def region(work: Workings, one: Calculation, frame: Frame) -> Figures:
    """Return at each group the figure of the region its unit lies in."""
    name = _level(work, REGION)

    def of(keys: Keys) -> Place | None:
        level, unit = _unit(work, frame, keys)
        homes = {unit} if level == REGION else _regions(work, frame, level or PROVINCE, unit)
        known = [home for home in homes if home and home != UNKNOWN_KEY and JOINT not in home]
        return ((name,), (known[0],)) if len(homes) == 1 and known else None

    return _spread(work, one, frame, of)


def peers(work: Workings, one: Calculation, frame: Frame) -> Figures:
    """Return at each group the figure of all units of the level its unit has: provinces, or offices."""

    def of(keys: Keys) -> Place | None:
        level, unit = _unit(work, frame, keys)
        if level is None:
            level = next((n for n in (OFFICE, PROVINCE) if len(_homes(work, frame, n)) == 1), None)
        known = level not in (None, NATION) and unit != UNKNOWN_KEY
        return ((f"{_level(work, str(level))}{_KNOWN}",), ()) if known else None

    return _spread(work, one, frame, of)


Place = tuple[tuple[str, ...], Keys]  # the fields put first in the rows, and their keys; «level?» is a filter
_KNOWN = "?"


def _spread(work: Workings, one: Calculation, frame: Frame, of: Callable[[Keys], Place | None]) -> Figures:
    places = work.reader.places(frame, "org")
    found: dict[Keys, Figure] = {}
    known: dict[Keys, Place | None] = {}
    for keys, own in work.column(one.of, frame).items():
        if own.value is None:
            found[keys] = own
            continue
        units, rest = taken(keys, places)
        if units not in known:
            known[units] = None if frame.only or frame.under else of(keys)
        place = known[units]
        if place is None:
            found[keys] = Figure(None, MANY_UNITS)
        else:
            wider = work.plain(one.of, _everywhere(work, frame, place[0]), compare=True)
            found[keys] = wider.get((*place[1], *rest), NOTHING)
    return found


def _everywhere(work: Workings, frame: Frame, fields: tuple[str, ...]) -> Frame:
    """Return the frame without its units; `fields` come first in the rows, or keep out the unknown unit."""
    rows = tuple(name for name in fields if not name.endswith(_KNOWN))
    kept = tuple(f for f in frame.query.filters if f not in work.reader.of_kind(frame, "org"))
    levels = [name.removesuffix(_KNOWN) for name in fields if name.endswith(_KNOWN)]
    only = tuple(Filter(name, "not_in", (UNKNOWN_KEY,)) for name in levels)
    wider = work.reader.without(frame, "org", rows=rows)
    return Frame(replace(wider.query, filters=(*kept, *only)))


def _level(work: Workings, level: str) -> str:
    return f"{work.reader.dimension('org').name}.{level}"


def _unit(work: Workings, frame: Frame, keys: Keys) -> tuple[str | None, str | None]:
    """Return the level and the key of the finest unit a group names."""
    order = list(work.reader.dimension("org").levels)
    fields = work.reader.fields(frame)
    named = [i for i in work.reader.places(frame, "org") if keys[i] is not None]
    if not named:
        return None, None
    finest = max(named, key=lambda i: order.index(fields[i].level.name))
    return fields[finest].level.name, keys[finest]


def _regions(work: Workings, frame: Frame, level: str, unit: str | None) -> set[str]:
    """Return the regions a unit lies in; without one, those of every unit of the question."""
    homes = _homes(work, frame, level) if level != NATION else {}
    return homes.get(unit, set()) if unit is not None else set().union(*homes.values())


def _homes(work: Workings, frame: Frame, level: str) -> dict[str, set[str]]:
    """Return unit → its regions, of the units the person sees in this question."""
    query = replace(frame.query, rows=(_level(work, REGION), _level(work, level)), columns=())
    answer = work.answer(work.query.subject, Frame(query))
    found: dict[str, set[str]] = defaultdict(set)
    for row in answer.rows:
        home, unit = row.keys
        if home is not None and unit is not None:
            found[unit].add(home)
    return found
