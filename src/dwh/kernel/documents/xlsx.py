"""Write a `Table` as a workbook: numbers as numbers, text as text (never a formula), head repeated in print.

Layout of the sector's monitoring exports: row 1 title, row 2 parameter names, row 3 their values, row 4 the
unit, head from row 5, data under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from dwh.kernel.documents.table import Cell, Condition, Row, Table
from dwh.kernel.progress import Progress, Silent

FIRST_HEAD_ROW = 4  # zero-based: row 5 on paper
ROWS_TOLD = 200  # rows between two words about the progress
EXACT_IN_EXCEL = 10**15  # a workbook number keeps 15 digits; a longer one is written as text, in full


def render_xlsx(
    table: Table,
    *,
    sheet: str = "Bảng",
    cover: tuple[tuple[str, str], ...] = (),
    progress: Progress | None = None,
) -> bytes:
    """Return the workbook of `table`, fit to one page wide; `cover` lines go to a second sheet, name and value.

    `progress` is told of the rows, and may stop the writing between two of them.
    """
    buffer = BytesIO()
    with workbook(buffer) as book:
        page = book.add_worksheet(sheet[:31])
        _Sheet(book, page, table, progress or Silent()).write()
        if cover:
            _write_cover(book, cover)
    return buffer.getvalue()


def _write_cover(book: Any, lines: tuple[tuple[str, str], ...]) -> None:
    page = book.add_worksheet("Thông tin")
    name = book.add_format({"font_name": "Times New Roman", "bold": True, "valign": "top"})
    value = book.add_format({"font_name": "Times New Roman", "text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 90)
    for row, (left, right) in enumerate(lines):
        page.write_string(row, 0, left, name)
        page.write_string(row, 1, right, value)


@contextmanager
def workbook(buffer: BytesIO, *, constant_memory: bool = False) -> Iterator[Any]:
    """Open a workbook that never reads a text as a formula, a link or a number."""
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "constant_memory": constant_memory, **safe})
    try:
        yield book
    finally:
        book.close()


def number_format(decimals: int) -> str:
    """Return Excel's format of a number with thousands and `decimals` places."""
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def write_cell(page: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    """Write one cell; a number too long for a workbook is written as its text, so no digit is lost."""
    if cell.value is None or abs(Decimal(cell.value)) >= EXACT_IN_EXCEL:
        page.write_string(row, column, cell.text, style)
    else:
        page.write_number(row, column, cell.value, style)


LOOKS = {
    "bad": {"bg_color": "#FFF3D6", "font_color": "#7A4A00"},
    "good": {"bg_color": "#DFF3E7", "font_color": "#14603A"},
    "note": {"bg_color": "#E3EDF8", "font_color": "#0B4E96"},
}
CRITERIA = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "between": "between"}


class _Sheet:
    """One sheet being written, with its formats made once."""

    def __init__(self, book: Any, page: Any, table: Table, progress: Progress) -> None:
        self._book, self._page, self._table, self._progress = book, page, table, progress
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def write(self) -> None:
        self._top()
        self._head()
        first = FIRST_HEAD_ROW + len(self._table.heads)
        for index, row in enumerate(self._table.rows):
            if index % ROWS_TOLD == 0:
                self._progress.advance(index)
            self._row(first + index, row)
        for one in self._table.conditions:
            self._condition(first, one)
        self._foot(first + len(self._table.rows) + 1)
        self._set_up_page(first)

    def _format(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(
                {"font_name": "Times New Roman", "font_size": 11, **wanted}
            )
        return self._formats[key]

    def _top(self) -> None:
        plain, bold = self._format(), self._format(bold=True)
        self._page.write_string(0, 0, self._table.title, self._format(bold=True, font_size=14))
        for column, (name, value) in enumerate(self._table.parameters):
            self._page.write_string(1, column, name, bold)
            self._page.write_string(2, column, value, plain)
        self._page.write_string(3, 0, self._table.unit_note, self._format(italic=True))

    def _head(self) -> None:
        style = self._format(
            bold=True, border=1, align="center", valign="vcenter", text_wrap=True, bg_color="#EEF2F6"
        )
        for row, column, head in self._table.placed_heads():
            top, bottom = FIRST_HEAD_ROW + row, FIRST_HEAD_ROW + row + head.rows - 1
            if head.rows == head.span == 1:
                self._page.write_string(top, column, head.lines, style)
            else:
                self._page.merge_range(top, column, bottom, column + head.span - 1, "", style)
                self._page.write_string(top, column, head.lines, style)

    def _row(self, at: int, row: Row) -> None:
        strong = {"bold": True} if row.style in {"total", "sub"} else {}
        for column, cell in enumerate(row.cells):
            if cell.is_number:
                style = self._format(
                    border=1, align="right", num_format=number_format(cell.decimals), **strong
                )
            else:
                indent = {"indent": 1} if row.style == "indent" and column == self._table.name_column else {}
                style = self._format(border=1, **strong, **indent)
            write_cell(self._page, at, column, cell, style)

    def _condition(self, first: int, one: Condition) -> None:
        """Write a conditional format of the workbook itself, over the rows that are no totals."""
        plain = [first + at for at, row in enumerate(self._table.rows) if row.style in {"", "indent"}]
        ranges = [
            f"{xl_rowcol_to_cell(top, column)}:{xl_rowcol_to_cell(bottom, column)}"
            for column in one.columns
            for top, bottom in _runs(plain)
        ]
        if not ranges:
            return
        kinds: dict[str, dict[str, Any]] = {
            "scale": {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#7FAEDD"},
            "bars": {"type": "data_bar", "bar_color": "#7FAEDD"},
            "threshold": {"type": "cell"},
        }
        wanted = kinds[one.kind]
        if one.kind == "threshold":
            wanted |= {"criteria": CRITERIA[one.op], "format": self._book.add_format(LOOKS[one.look])}
            limits = [float(limit) for limit in one.at]
            wanted |= (
                {"minimum": limits[0], "maximum": limits[1]} if one.op == "between" else {"value": limits[0]}
            )
        self._page.conditional_format(ranges[0], wanted | {"multi_range": " ".join(ranges)})

    def _foot(self, at: int) -> None:
        for offset, line in enumerate((*self._table.footnotes, self._table.meta.sentence)):
            self._page.write_string(at + offset, 0, line, self._format(italic=True, font_size=10))

    def _set_up_page(self, first: int) -> None:
        table, page = self._table, self._page
        for column in range(table.width):
            longest = max((len(row.cells[column].text) for row in table.rows), default=8)
            page.set_column(column, column, min(max(longest + 2, 9), 44))
        page.freeze_panes(first, table.name_column + 1)
        page.repeat_rows(FIRST_HEAD_ROW, first - 1)
        if table.width > 7:
            page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.set_footer("&L" + table.meta.stamp.replace("&", "&&") + "&RTrang &P/&N")


def _runs(rows: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last of each run of neighbouring rows."""
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at] != rows[at - 1] + 1:
            yield rows[start], rows[at - 1]
            start = at
