"""What every kind of chart is made of: series, scales of money, numbers as people read them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from dwh.datapath.semantic.answer import Column, Number
from dwh.datapath.tables.outline import ROOT, Line, outline
from dwh.datapath.tables.pivot import PivotTable
from dwh.kernel import vi

MAX_NAMES: Final = 15
MAX_SERIES: Final = 5
MAX_MONTHS: Final = 36
PERIOD_LEVELS: Final = frozenset({"year", "quarter", "month"})
SCALES: Final = ((10**9, "tỷ đồng"), (10**6, "triệu đồng"))


@dataclass(frozen=True, slots=True)
class Series:
    """One row of marks. Units: the chart's."""

    name: str
    values: tuple[Number, ...]
    open: bool = False  # it still receives data: drawn hatched


@dataclass(frozen=True, slots=True)
class Scale:
    """In what a chart's numbers are written. `size`: how many of the measure's own unit make one."""

    size: int
    unit: str

    def number(self, value: Number) -> float | None:
        """Return where a mark stands; it only places it, what is read is `texts`."""
        return None if value is None else float(Decimal(value) / self.size)

    def texts(self, values: Sequence[Number], measure: Column) -> list[str]:
        """Return the numbers as people read them, all with the same decimals."""
        if self.size == 1:
            return [vi.number(value, measure.decimals) for value in values]
        largest = largest_of(values)
        decimals = 0 if largest >= 1000 * self.size else 1 if largest >= 10 * self.size else 2
        return [vi.number(None if v is None else Decimal(v) / self.size, decimals) for v in values]


@dataclass(frozen=True, slots=True)
class Chart:
    """What pivot_chart.js draws, what stands around it in words, and the same numbers as a table.

    `drawing` is the map, drawn by the server; `heads` and `rows` are the chart's own table.
    """

    title: str
    unit: str
    note: str
    data: dict[str, Any]
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    drawing: Any = None


def scale_of(measure: Column, values: Iterable[Number]) -> Scale:
    """Return đồng, triệu đồng or tỷ đồng by the largest of `values`; another unit stays itself."""
    if measure.unit != "đồng":
        return Scale(1, measure.unit)
    largest = largest_of(values)
    return next((Scale(size, unit) for size, unit in SCALES if largest >= size), Scale(1, "đồng"))


def largest_of(values: Iterable[Number]) -> Decimal:
    return max((abs(Decimal(value)) for value in values if value is not None), default=Decimal(0))


def is_period(fields: Sequence[Column]) -> bool:
    """Tell whether one of the fields is a year, quarter or month."""
    return any(one.name.rpartition(".")[2] in PERIOD_LEVELS for one in fields)


def lines_of(table: PivotTable) -> list[Line]:
    """Return the outermost lines that have cells."""
    return [line for line in outline(table).children_of(ROOT) if line.cells is not None]


def places_of(table: PivotTable, measure: Column) -> list[int]:
    """Return the columns of a measure; where the columns have totals, the last is that over all of them."""
    return [at for at, leaf in enumerate(table.leaves) if leaf.measure == measure]


def column(lines: Sequence[Line], at: int) -> tuple[Number, ...]:
    return tuple(line.cells[at].value if line.cells else None for line in lines)


def largest_lines(lines: list[Line], at: int, most: int = MAX_NAMES) -> list[Line]:
    """Return the lines with the largest number in one column, the largest first."""

    def size(line: Line) -> Decimal:
        value = line.cells[at].value if line.cells else None
        return Decimal(value) if value is not None else Decimal("-Infinity")

    return sorted(lines, key=size, reverse=True)[:most]


def left_out_note(shown: int, left_out: int) -> str:
    return f"{shown} dòng có số lớn nhất; {vi.number(left_out)} dòng khác ở thẻ Bảng." if left_out else ""
