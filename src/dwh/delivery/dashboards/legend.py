"""Which colour a province gets and what the five steps mean. No colour without its words beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from dwh.datapath.semantic.answer import Answer
from dwh.delivery.dashboards.board import Part
from dwh.delivery.dashboards.map import Figure as MapFigure
from dwh.delivery.dashboards.map import breaks, geo_code, step_of
from dwh.delivery.dashboards.numbers import Figure, members
from dwh.kernel import vi


@dataclass(frozen=True, slots=True)
class Legend:
    """Steps as (number of the colour, words), and the unit of the limits."""

    steps: tuple[tuple[int, str], ...]
    unit: str


def colours(part: Part, places: Answer, links: Mapping[str, str]) -> tuple[dict[str, MapFigure], Legend]:
    """Return the figure of each province by its code of today, and the legend of the five steps."""
    at = next(i for i, column in enumerate(places.values) if column.name == part.rank_by)
    column = places.values[at]
    known = [(row, Decimal(row.values[at] or 0)) for row in members(places) if row.values[at] is not None]
    limits = breaks([value for _, value in known])
    figures = {
        geo_code(str(row.keys[-1])): MapFigure(
            step_of(value, limits),
            f"{column.label}: {Figure(value, column).text}",
            links.get(str(row.keys[-1]), ""),
        )
        for row, value in known
    }
    return figures, Legend(_steps(limits, column.decimals, bool(known)), column.unit)


def _steps(limits: list[Decimal], decimals: int, any_known: bool) -> tuple[tuple[int, str], ...]:
    if not limits:
        return ((1, "có số liệu"),) if any_known else ()
    shown = max(0, *(-int(limit.normalize().as_tuple().exponent) for limit in limits))
    words = [vi.number(limit, min(shown, decimals)) for limit in limits]
    between = [f"{low}–{high}" for low, high in pairwise(words)]
    return tuple(enumerate([f"dưới {words[0]}", *between, f"từ {words[-1]}"], start=1))
