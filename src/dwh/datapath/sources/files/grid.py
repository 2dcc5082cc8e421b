"""A table as it stands in a file: cells by row and column, and which of them are one merged cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

_LARGEST: Final = 30  # digits before the comma; beyond, no count and no amount is meant


@dataclass(frozen=True, slots=True)
class NoValue:
    """A cell that shows something but holds no value, and why."""

    why: str


Cell = str | Decimal | bool | NoValue | None


@dataclass(slots=True)
class Grid:
    """One sheet. Rows and columns count from 0; `merged` are rectangles (top, left, bottom, right), inclusive."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    def at(self, row: int, column: int) -> Cell:
        """Return the cell as it stands; what is outside is empty."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return None
        return self.rows[row][column]

    def spread(self, row: int, column: int) -> Cell:
        """Return the cell, of a merged one the value it shows."""
        for top, left, bottom, right in self.merged:
            if top <= row <= bottom and left <= column <= right:
                return self.at(top, left)
        return self.at(row, column)

    def put(self, row: int, column: int, value: Cell) -> None:
        while len(self.rows) <= row:
            self.rows.append([])
        line = self.rows[row]
        line.extend([None] * (column + 1 - len(line)))
        line[column] = value


def address(row: int, column: int) -> str:
    """Return `C7` for row 6, column 2."""
    return f"{column_name(column)}{row + 1}"


def column_name(column: int) -> str:
    """Return `A` for 0, `AA` for 26."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def number_of(text: str) -> Decimal | NoValue:
    """Return a number written the way programs write it; exactly, never through a float."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return NoValue("không phải số")
    if not value.is_finite() or abs(value.adjusted()) > _LARGEST:
        return NoValue("số ngoài phạm vi")
    return value


def text_of(cell: Cell) -> str:
    """Return what a cell says as text: a whole number without its point, nothing as ''."""
    if isinstance(cell, Decimal):
        return f"{cell:f}" if cell != cell.to_integral_value() else str(int(cell))
    return cell.strip() if isinstance(cell, str) else ""
