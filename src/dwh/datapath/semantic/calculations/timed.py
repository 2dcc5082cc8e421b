"""Calculations along time: each group's own period, moved or widened, is asked for; nothing is added over periods.

The period of a group is the finest one it names; a group that names none stands for all the months of the question.
Months without data yet are left out on both sides, so that eight months are compared with eight.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from dwh.datapath.semantic.calculations.document import Calculation
from dwh.datapath.semantic.calculations.figures import (
    MANY_YEARS,
    NO_RUN,
    NOTHING,
    ONLY_PERIODS,
    SHORT_BASE,
    SHORT_WINDOW,
    Figure,
    Figures,
    difference,
    growth,
)
from dwh.datapath.semantic.calculations.frames import WHOLE, Frame, Keys, merged, taken
from dwh.datapath.semantic.calculations.spans import Span, number
from dwh.datapath.semantic.formula import exactly
from dwh.datapath.semantic.words import UNKNOWN_KEY

if TYPE_CHECKING:
    from dwh.datapath.semantic.calculations.workings import Workings

YEAR = 12
T = TypeVar("T")


def before(work: Workings, one: Calculation, frame: Frame) -> Figures:
    """Return the figures of the base period, each at the group it is compared with."""
    return _base(work, one.of, one.kind, frame)


def against(work: Workings, one: Calculation, frame: Frame) -> Figures:
    """Return difference or growth: of each group and of each total, never of parts."""
    now, base = work.column(one.of, frame), _base(work, one.of, one.base, frame)
    compare = growth if one.kind == "growth" else difference
    with exactly():
        return {k: compare(now.get(k, NOTHING), base.get(k, NOTHING)) for k in dict.fromkeys((*now, *base))}


def _base(work: Workings, of: str, base: str, frame: Frame) -> Figures:
    found: dict[Keys, Figure] = {}
    for grain in work.reader.grains(frame):
        months = _step(work, frame, grain, base)
        if months is None:
            now = work.column(of, frame)
            found |= {k: Figure(None, NO_RUN) for k in now if work.reader.grain(frame, k) == grain}
        else:
            earlier = work.column(of, _earlier(work, frame, months))
            later = _later(work, earlier, frame, months, grain)
            found |= {k: _whole(work, frame, k, months, figure) for k, figure in later.items()}
    return found


def _whole(work: Workings, frame: Frame, keys: Keys, months: int, figure: Figure) -> Figure:
    """Return the figure of the base, or that it has none: the warehouse begins inside its period."""
    base, earliest = work.reader.months(frame, keys).shifted(months), work.reader.earliest
    begins_inside = earliest is not None and base.begins and base.first < number(earliest) <= base.last
    return Figure(None, SHORT_BASE) if begins_inside else figure


def _step(work: Workings, frame: Frame, grain: str, base: str = "previous") -> int | None:
    """Return how many months lie between a group and its base; None when its period has no beginning or gaps."""
    if base == "same_last_year":
        return YEAR if grain != WHOLE or work.reader.span(frame).begins else None
    return work.reader.whole(frame) if grain == WHOLE else work.reader.length(grain)


def _earlier(work: Workings, frame: Frame, months: int) -> Frame:
    return work.reader.on(frame, work.reader.span(frame).shifted(months))


def _later(work: Workings, figures: Mapping[Keys, T], frame: Frame, months: int, grain: str) -> dict[Keys, T]:
    """Return what was asked `months` earlier at the keys it is compared with, of one grain."""
    moved = {}
    for keys, one in figures.items():
        if work.reader.grain(frame, keys) == grain:
            at = work.reader.later(frame, keys, months)
            if at is not None:
                moved[at] = one
    return moved


def running(work: Workings, one: Calculation, frame: Frame) -> Figures:
    """Return what has come together at the end of each period: asked again over the months, so persons count once."""
    times = work.reader.places(frame, "period")
    now = work.column(one.of, frame)
    parts = dict.fromkeys(taken(keys, times)[0] for keys in now) if times else {(): None}
    found: dict[Keys, Figure] = {}
    for part in parts:
        window = _window(work, one.kind, frame, times, part)
        if isinstance(window, Figure):
            found |= {k: window for k in now if taken(k, times)[0] == part}
            continue
        over = work.reader.on(work.reader.without(frame, "period"), window)
        for keys, figure in work.column(one.of, over).items():
            whole = merged(keys, times, part)
            if frame.is_group(whole):
                found[whole] = figure
    return found


def _window(work: Workings, kind: str, frame: Frame, times: tuple[int, ...], part: Keys) -> Span | Figure:
    """Return the months that come together at the end of the period of a group, or why there are none."""
    if UNKNOWN_KEY in part:
        return NOTHING
    keys = tuple(part[times.index(i)] if i in times else None for i in range(len(frame.names)))
    own, shown = work.reader.months(frame, keys), work.reader.span(frame)
    if own.is_empty:
        return NOTHING
    if kind == "cumulative":
        return shown.until(own.last)
    january = own.last - own.last % YEAR
    return Span(((january, own.last),)) if own.first >= january else Figure(None, MANY_YEARS)


def averaged(work: Workings, one: Calculation, frame: Frame) -> Figures:
    """Return the mean over n periods that end with the group's; a ratio is the ratio of the means of its parts."""
    found: dict[Keys, Figure] = {}
    times = work.reader.places(frame, "period")
    for grain in work.reader.grains(frame):
        months = _step(work, frame, grain)
        if (grain == WHOLE and times) or months is None:
            reason = NO_RUN if months is None and not times else ONLY_PERIODS
            now = work.column(one.of, frame)
            found |= {k: Figure(None, reason) for k in now if work.reader.grain(frame, k) == grain}
        else:
            found |= _averages(work, one, frame, months, grain)
    return found


def _averages(work: Workings, one: Calculation, frame: Frame, months: int, grain: str) -> Figures:
    window = [
        _later(work, work.given(one.of, _earlier(work, frame, n * months)), frame, n * months, grain)
        for n in range(one.periods)
    ]
    compute = work.evaluator(one.of)
    found = {}
    for keys, now in window[0].items():
        means = {name: _mean([given.get(keys, {}).get(name, NOTHING) for given in window]) for name in now}
        found[keys] = compute(means)
    return found


def _mean(figures: list[Figure]) -> Figure:
    values = [figure.value for figure in figures if figure.value is not None]
    if len(values) < len(figures):
        return Figure(None, SHORT_WINDOW)
    with exactly():
        return Figure(sum(values, Decimal(0)) / len(values))
