"""A table ready to print: every number is computed and formatted once, then only placed.

The screen, the XLSX and the PDF of one request are three faces of one `Table`, so they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from dwh.kernel import vi

ConditionKind = Literal["scale", "bars", "threshold"]
RowStyle = Literal["", "total", "sub", "indent"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `text` is what people read, `value` the same number for machines (rounded to `decimals`).

    `key` names it where somebody asks where the number comes from; empty when nobody can.
    """

    text: str
    value: int | Decimal | None = None
    decimals: int = 0
    is_number: bool = False
    key: str = ""

    @classmethod
    def of(cls, value: int | Decimal | None, decimals: int = 0, key: str = "") -> Cell:
        """Return the cell of a number; None is `–` (no data or no meaning)."""
        kept = None if value is None else vi.rounded(value, decimals)
        return cls(vi.number(value, decimals), kept, decimals, is_number=True, key=key)


@dataclass(frozen=True, slots=True)
class Head:
    """One head cell: spans `span` columns and `rows` head rows; `unit` stands under the name."""

    text: str
    span: int = 1
    rows: int = 1
    unit: str = ""

    @property
    def lines(self) -> str:
        return f"{self.text}\n({self.unit})" if self.unit else self.text


@dataclass(frozen=True, slots=True)
class Row:
    """One body row; a `sub` row is the parent of the indented rows under it."""

    cells: tuple[Cell, ...]
    style: RowStyle = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A conditional format over the columns of one measure, totals left out.

    `op` is lt, lte, gt, gte or between, `at` its one or two limits, `look` bad, good or note; for a threshold only.
    """

    columns: tuple[int, ...]
    kind: ConditionKind
    op: str = ""
    at: tuple[Decimal, ...] = ()
    look: str = ""


@dataclass(frozen=True, slots=True)
class Meta:
    """What a figure never appears without: state in words, period, release; and who printed it, when."""

    release: str
    state: str
    period: str
    person: str = ""
    printed_at: str = ""

    @property
    def sentence(self) -> str:
        """Return the one line that stands under every printed table."""
        who = f" In lúc {self.printed_at}" if self.printed_at else ""
        by = f" bởi {self.person}" if self.person else ""
        kept = f"Kỳ số liệu: {self.period}. Trạng thái: {self.state}. Bản công bố: {self.release}."
        return f"{kept}{who}{by}{'.' if who or by else ''}"

    @property
    def stamp(self) -> str:
        """Return the line at the foot of every page: release, state, and whose copy this is (QĐ-2366 Điều 9.6)."""
        return " · ".join(part for part in (self.release, self.state, self.person, self.printed_at) if part)


@dataclass(frozen=True, slots=True)
class Table:
    """A whole printed page.

    Shape: the head rows together fill `len(rows[i].cells)` columns; `parameters` are name and value pairs.
    Units: `unit_note` says them for the table («Đơn vị tính: đồng»), heads say them where columns differ.
    """

    title: str
    heads: tuple[tuple[Head, ...], ...]
    rows: tuple[Row, ...]
    meta: Meta
    subtitles: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    unit_note: str = ""
    footnotes: tuple[str, ...] = ()
    agency: str = ""
    signers: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    name_column: int = 0  # the column that names the row: indented, frozen with what stands left of it

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return max((len(row.cells) for row in self.rows), default=sum(head.span for head in self.heads[0]))

    def placed_heads(self) -> list[tuple[int, int, Head]]:
        """Return every head with the (row, column) of its top left corner, spans taken into account."""
        taken: set[tuple[int, int]] = set()
        placed: list[tuple[int, int, Head]] = []
        for row, heads in enumerate(self.heads):
            column = 0
            for head in heads:
                while (row, column) in taken:
                    column += 1
                placed.append((row, column, head))
                taken |= {(row + r, column + c) for r in range(head.rows) for c in range(head.span)}
                column += head.span
        return placed
