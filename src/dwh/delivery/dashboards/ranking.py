"""The list beside the map: units in order, each with a bar against the whole, or from zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dwh.datapath.semantic.answer import Answer, Column, Row
from dwh.delivery.dashboards.board import Better, Part
from dwh.delivery.dashboards.numbers import Scale, grand_total, members, scale_of, short_name
from dwh.kernel import vi

AT_EACH_END: Final = 6  # when the list is too long to show whole
SHOWN_WHOLE: Final = 14


@dataclass(frozen=True, slots=True)
class Ranked:
    """One line of the ranking: where its bar starts and ends, in hundredths of the column."""

    name: str
    url: str
    text: str
    x: float
    width: float
    colour: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """How a list is drawn: bars beside the whole or from zero, both ends of a long one, which row was clicked."""

    against: bool
    ends: bool
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The list; `lowest` is empty when all fit in one list, `against` when bars start at zero."""

    unit: str
    against: str
    highest: tuple[Ranked, ...]
    lowest: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class _Ruler:
    """What every bar of one list is measured with."""

    at: int
    column: Column
    scale: Scale
    middle: Decimal
    room: Decimal
    centred: bool
    better: Better
    chosen: str

    def text(self, value: Decimal) -> str:
        """Return the number in the unit of the list; in full where the list is in the column's own unit."""
        return vi.number(value, self.column.decimals) if self.scale.size == 1 else self.scale.text(value)

    def line(self, row: Row, url: str) -> Ranked:
        value = _value(row, self.at)
        length = float(abs(value - self.middle) / self.room) * (50 if self.centred else 100)
        below = value < self.middle
        start = (50 - length if below else 50) if self.centred else 0
        worse = self.centred and self.better != "none" and below == (self.better == "up")
        return Ranked(
            name=short_name(row.labels[-1] or str(row.keys[-1])),
            url=url,
            text=self.text(value),
            x=round(start, 2),
            width=round(length, 2),
            colour="s2" if worse else "s1",
            chosen=bool(self.chosen) and row.keys[-1] == self.chosen,
        )


def ranking(part: Part, answer: Answer, links: Mapping[str, str], shape: Shape) -> Ranking:
    """Return the units ordered by `rank_by`, beside the value of the whole when `shape` says so."""
    at = next(i for i, column in enumerate(answer.values) if column.name == part.rank_by)
    rows = [row for row in members(answer) if row.values[at] is not None]
    rows.sort(key=lambda row: (-_value(row, at), vi.sort_key(row.labels[-1] or "")))
    whole = grand_total(answer)[part.rank_by].value
    ruler = _ruler(part, answer.values[at], at, rows, shape, Decimal(whole or 0))
    lines = [ruler.line(row, links.get(str(row.keys[-1]), "")) for row in rows]
    split = len(lines) > SHOWN_WHOLE and shape.ends
    return Ranking(
        unit=ruler.scale.unit,
        against=ruler.text(Decimal(whole)) if shape.against and whole is not None else "",
        highest=tuple(lines[:AT_EACH_END] if split else _shown(lines)),
        lowest=tuple(lines[-AT_EACH_END:] if split else ()),
    )


def _shown(lines: list[Ranked]) -> list[Ranked]:
    """Return the first lines, and the one that was clicked wherever it stands."""
    return lines[:SHOWN_WHOLE] + [line for line in lines[SHOWN_WHOLE:] if line.chosen]


def _ruler(part: Part, column: Column, at: int, rows: list[Row], shape: Shape, whole: Decimal) -> _Ruler:
    start = whole if shape.against else Decimal(0)
    values = [_value(row, at) for row in rows]
    room = max((abs(value - start) for value in values), default=Decimal(1)) or Decimal(1)
    scale = scale_of(max((abs(value) for value in values), default=None), column.unit)
    return _Ruler(at, column, scale, start, room, shape.against, part.better, shape.chosen)


def _value(row: Row, at: int) -> Decimal:
    return Decimal(row.values[at] or 0)
