"""Which colour a province gets and what the five steps mean. No colour without its words beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.tables.map import Figure as MapFigure
from dwh.datapath.tables.map import breaks, geo_code, step_of
from dwh.delivery.dashboards.board import Part
from dwh.delivery.dashboards.numbers import Figure, Scale, members, scale_of
from dwh.kernel import vi


@dataclass(frozen=True, slots=True)
class Step:
    """One colour of the map: its number, what it means, and the limit written at its right edge."""

    step: int
    words: str
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Legend:
    """The steps in order, and the unit of their limits."""

    steps: tuple[Step, ...]
    unit: str


def colours(part: Part, places: Answer, links: Mapping[str, str]) -> tuple[dict[str, MapFigure], Legend]:
    """Return the figure of each province by its code of today, and the legend of the five steps."""
    at = next(i for i, column in enumerate(places.values) if column.name == part.rank_by)
    column = places.values[at]
    known = [(row, Decimal(row.values[at] or 0)) for row in members(places) if row.values[at] is not None]
    limits = breaks([value for _, value in known])
    scale = scale_of(max((abs(value) for _, value in known), default=None), column.unit)
    figures = {
        geo_code(str(row.keys[-1])): MapFigure(
            step_of(value, limits),
            f"{column.label}: {Figure(value, column).text}",
            links.get(str(row.keys[-1]), ""),
        )
        for row, value in known
    }
    return figures, Legend(_steps(limits, scale, bool(known)), scale.unit)


def _steps(limits: list[Decimal], scale: Scale, any_known: bool) -> tuple[Step, ...]:
    if not limits:
        return (Step(1, "có số liệu"),) if any_known else ()
    scaled = [limit / scale.size for limit in limits]
    decimals = max(0, *(-int(limit.normalize().as_tuple().exponent) for limit in scaled))
    ends = [vi.number(limit, decimals) for limit in scaled]
    between = [f"{low} đến dưới {high}" for low, high in pairwise(ends)]
    words = [f"dưới {ends[0]}", *between, f"từ {ends[-1]} trở lên"]
    return tuple(
        Step(at + 1, text, limit) for at, (text, limit) in enumerate(zip(words, [*ends, ""], strict=True))
    )
