"""Which mark each cell of a table carries under its conditional formats. Pure; the screen and the workbook share it.

Totals are never marked: a scale that held them would show nothing of the parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from dwh.datapath.tables.pivot import Cell, PivotTable
from dwh.datapath.tables.view import LOOKS, OPS, Format
from dwh.kernel import vi

SCALE_STEPS: Final = 7
BAR_STEPS: Final = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """How one cell is marked: a step of a scale, a length of a bar, or a look; `words` tell it without colour."""

    css: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """The formats of a table with the limits of its own numbers, by the place of each column."""

    by_column: dict[int, list[Format]]
    limits: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)

    def of(self, column: int, cell: Cell) -> Mark:
        """Return the mark of one cell; of a total or an empty one, none."""
        if cell.value is None or cell.is_total or column not in self.by_column:
            return Mark("")
        number = Decimal(cell.value)
        found = [self._mark(one, number) for one in self.by_column[column]]
        words = [one.words for one in found if one.words]
        return Mark(" ".join(one.css for one in found if one.css), ", ".join(words))

    def _mark(self, one: Format, number: Decimal) -> Mark:
        if one.kind == "threshold":
            return Mark(f"ct-{one.look}", LOOKS[one.look]) if one.holds(number) else Mark("")
        low, high = self.limits[one.value]
        if one.kind == "bars":
            top = max(abs(low), abs(high)) or Decimal(1)
            return Mark(f"cb{round(abs(number) / top * BAR_STEPS)}")
        width = high - low
        step = 1 + int((number - low) / width * (SCALE_STEPS - 1) + Decimal("0.5")) if width else 1
        return Mark(f"cs{step}")


def marks_of(table: PivotTable, formats: Sequence[Format]) -> Marks:
    """Return the marks of `table`; a format of a measure that is not asked for marks nothing."""
    by_column: dict[int, list[Format]] = {}
    for at, leaf in enumerate(table.leaves):
        mine = [one for one in formats if one.value == leaf.measure.name]
        if mine and not leaf.is_total:
            by_column[at] = mine
    limits = {}
    for one in formats:
        columns = [at for at, found in by_column.items() if one in found]
        numbers = list(_numbers(table, columns))
        limits[one.value] = (min(numbers, default=Decimal(0)), max(numbers, default=Decimal(0)))
    return Marks(by_column, limits)


def notes_of(table: PivotTable, formats: Sequence[Format]) -> list[str]:
    """Return one sentence about each threshold, so that a mark is explained beside the table."""
    measures = {measure.name: measure for measure in table.measures}
    said = []
    for one in formats:
        if one.kind != "threshold" or one.value not in measures:
            continue
        measure = measures[one.value]
        limits = " đến ".join(vi.number(limit, _decimals(limit)) for limit in one.at)
        said.append(
            f"{measure.label} {OPS[one.op]} {limits} {measure.unit}: {LOOKS[one.look].lower()}, ô được đánh dấu."
        )
    return said


def _numbers(table: PivotTable, columns: Iterable[int]) -> Iterable[Decimal]:
    for row in table.rows:
        for at in columns:
            cell = row.cells[at]
            if cell.value is not None and not cell.is_total:
                yield Decimal(cell.value)


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
