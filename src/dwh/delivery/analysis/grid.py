"""The table of the screen: what `_table.html` draws of an arranged answer, window by window. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.caption import footnotes_of
from dwh.datapath.semantic.outline import ROOT, Line, Outline, extent, outline
from dwh.datapath.semantic.pivot import Cell, Header, PivotTable, arrange
from dwh.kernel import vi
from dwh.kernel.errors import NotFound, TooManyRows

WINDOW_CELLS: Final = 5_000  # over this the rows come in windows
MAX_CELLS: Final = 200_000  # over this nobody reads a table; the question is refused
OPEN_ROWS: Final = 60  # groups stand open as long as the table has no more rows than this
DASH: Final = SafeString('<td class="n na{}" title="{}">–<span class="vh"> {}</span></td>')


@dataclass(frozen=True, slots=True)
class HeadCell:
    """One heading; `css` says whether it begins a group, spans one, or is a total."""

    label: str
    unit: str
    span: int
    rows: int
    css: str
    help: str
    mark: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row ready to draw. `is_lazy`: its children are brought when it is opened."""

    id: str
    label: str
    depth: int
    has_children: bool
    is_open: bool
    is_lazy: bool
    is_hidden: bool
    cells: SafeString


@dataclass(frozen=True, slots=True)
class Grid:
    """What the page shows of a table: headings, a window of rows, the total row."""

    corner: str
    head_rows: tuple[tuple[HeadCell, ...], ...]
    rows: tuple[GridRow, ...]
    total: GridRow | None
    width: int
    cells: int
    all_rows: int
    next_from: int | None
    has_groups: bool
    footnotes: tuple[str, ...]

    @property
    def height(self) -> int:
        return len(self.head_rows)


def arranged(answer: Answer) -> PivotTable:
    """Return the table of `answer`.

    Raises:
        TooManyRows: more than MAX_CELLS cells; nothing is laid out.
    """
    rows, columns = extent(answer)
    if rows * columns > MAX_CELLS:
        raise TooManyRows(
            f"Bảng sẽ có {vi.number(rows * columns)} ô, nhiều hơn {vi.number(MAX_CELLS)} ô mà màn hình hiện được. "
            "Thêm bộ lọc, bỏ bớt chiều, hoặc chọn cấp lớn hơn (tỉnh thay cho cơ sở, quý thay cho tháng).",
            cells=rows * columns,
        )
    return arrange(answer)


def grid_of(table: PivotTable, *, start: int = 0) -> Grid:
    """Return the window of `table` that begins at outermost row `start` (0: the whole table when it is small)."""
    lines = outline(table)
    cells = len(table.rows) * len(table.leaves)
    in_windows = cells > WINDOW_CELLS
    shown, next_from = _window(lines, len(table.leaves), start) if in_windows else (lines.lines, None)
    is_open = not in_windows and len(lines.lines) <= OPEN_ROWS
    notes = footnotes_of(table)
    return Grid(
        corner=" › ".join(field.label for field in table.row_fields),
        head_rows=tuple(_head_row(line, table, notes) for line in table.headers),
        rows=tuple(_row(line, table, is_open=is_open, is_lazy=in_windows) for line in shown),
        total=_row(lines.total, table, is_open=False) if lines.total else None,
        width=len(table.leaves) + 1,
        cells=cells,
        all_rows=len(lines.lines),
        next_from=next_from,
        has_groups=any(line.has_children for line in lines.lines),
        footnotes=tuple(notes.values()),
    )


def children_of(table: PivotTable, parent: str) -> tuple[GridRow, ...]:
    """Return the rows under the group `parent`, for a table too large to hold them all at once.

    Raises:
        NotFound: the answer has no such group any more.
    """
    found = outline(table).children_of(parent)
    if not found:
        raise NotFound("Nhóm dòng này không còn trong kết quả. Bấm «Tính lại».")
    return tuple(_row(line, table, is_open=False, is_lazy=True, is_hidden=False) for line in found)


def _window(lines: Outline, width: int, start: int) -> tuple[Sequence[Line], int | None]:
    outermost = lines.children_of(ROOT)
    stop = start + max(20, WINDOW_CELLS // max(1, width))
    return outermost[start:stop], stop if stop < len(outermost) else None


def _head_row(line: Iterable[Header], table: PivotTable, notes: dict[str, str]) -> tuple[HeadCell, ...]:
    made, at, measures = [], 0, len(table.measures)
    for head in line:
        starts_group = head.measure is None or (
            measures > 1 and at % measures == 0 and bool(table.column_fields)
        )
        css = " ".join(
            name
            for name, holds in (("g", head.measure is None), ("gl", starts_group), ("t", head.is_total))
            if holds
        )
        measure = head.measure
        made.append(
            HeadCell(
                head.label,
                measure.unit if measure else "",
                head.span,
                head.depth,
                css,
                measure.description if measure else "",
                _mark(notes, measure.name) if measure else "",
            )
        )
        at += head.span
    return tuple(made)


def _mark(notes: dict[str, str], name: str) -> str:
    return str(list(notes).index(name) + 1) if name in notes else ""


def _row(
    line: Line, table: PivotTable, *, is_open: bool, is_lazy: bool = False, is_hidden: bool | None = None
) -> GridRow:
    hidden = (line.depth > 0 and not is_open) if is_hidden is None else is_hidden
    return GridRow(
        line.id, line.label, line.depth, line.has_children, is_open and line.has_children,
        is_lazy and line.has_children, hidden, _cells(line.cells, table),
    )  # fmt: skip


def _cells(cells: tuple[Cell, ...] | None, table: PivotTable) -> SafeString:
    if cells is None:
        return format_html('<td colspan="{}"></td>', len(table.leaves))
    group = len(table.measures) if table.column_fields and len(table.measures) > 1 else 0
    drawn = (
        (_cell(cell, starts_group=bool(group) and at % group == 0, is_total=leaf.is_total),)
        for at, (cell, leaf) in enumerate(zip(cells, table.leaves, strict=True))
    )
    return format_html_join("", "{}", drawn)


def _cell(cell: Cell, *, starts_group: bool, is_total: bool) -> SafeString:
    css = (" gl" if starts_group else "") + (" t" if is_total else "")
    if cell.value is None:
        return format_html(DASH, css, cell.reason, cell.reason)
    if cell.value < 0:
        css += " neg"
    return format_html('<td class="n{}">{}</td>', css, vi.number(cell.value, cell.decimals))
