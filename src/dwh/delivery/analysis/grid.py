"""The table of the screen: what `_table.html` draws of an arranged answer, window by window. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from dwh.datapath.semantic.answer import Answer, Column
from dwh.datapath.tables.caption import footnotes_of
from dwh.datapath.tables.marks import Marks, marks_of, notes_of
from dwh.datapath.tables.outline import ROOT, Line, Outline, extent, outline
from dwh.datapath.tables.pivot import Cell, Header, PivotTable, arrange
from dwh.datapath.tables.view import Format
from dwh.kernel import vi
from dwh.kernel.errors import NotFound, TooManyRows

WINDOW_CELLS: Final = 5_000  # over this the rows come in windows
MAX_CELLS: Final = 200_000  # over this nobody reads a table; the question is refused
OPEN_ROWS: Final = 60  # groups stand open as long as the table has no more rows than this
DASH: Final = '<td class="n na{}" title="{}">–<span class="vh"> {}</span></td>'


@dataclass(frozen=True, slots=True)
class MoneyUnit:
    """In what the screen shows amounts of money. Files are always in đồng."""

    name: str
    label: str
    size: int
    decimals: int


DONG: Final = MoneyUnit("dong", "đồng", 1, 0)
MONEY_UNITS: Final = {
    one.name: one
    for one in (DONG, MoneyUnit("trieu", "triệu đồng", 10**6, 1), MoneyUnit("ty", "tỷ đồng", 10**9, 2))
}


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
    next_from: int | None
    has_groups: bool
    is_windowed: bool
    footnotes: tuple[str, ...]
    format_notes: tuple[str, ...] = ()

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


def grid_of(
    table: PivotTable, *, start: int = 0, money: MoneyUnit = DONG, formats: Sequence[Format] = ()
) -> Grid:
    """Return the window of `table` that begins at outermost row `start` (0: the whole table when it is small)."""
    lines, cells = outline(table), len(table.rows) * len(table.leaves)
    pen = _Pen(table, money, marks_of(table, formats))
    in_windows = cells > WINDOW_CELLS
    shown, next_from = _window(lines, len(table.leaves), start) if in_windows else (lines.lines, None)
    is_open = not in_windows and len(lines.lines) <= OPEN_ROWS
    return Grid(
        corner=" › ".join(field.label for field in table.row_fields),
        head_rows=tuple(tuple(pen.heads(line)) for line in table.headers),
        rows=tuple(
            pen.row(line, is_open=is_open, is_lazy=in_windows, is_hidden=line.depth > 0 and not is_open)
            for line in shown
        ),
        total=pen.row(lines.total) if lines.total else None,
        width=len(table.leaves) + 1,
        cells=cells,
        next_from=next_from,
        has_groups=any(line.has_children for line in lines.lines),
        is_windowed=in_windows,
        footnotes=tuple(footnotes_of(table).values()),
        format_notes=tuple(notes_of(table, formats)),
    )


def children_of(
    table: PivotTable, parent: str, *, money: MoneyUnit = DONG, formats: Sequence[Format] = ()
) -> tuple[GridRow, ...]:
    """Return the rows under the group `parent`, for a table too large to hold them all at once.

    Raises:
        NotFound: the answer has no such group any more.
    """
    found = outline(table).children_of(parent)
    if not found:
        raise NotFound("Nhóm dòng này không còn trong kết quả. Bấm «Tính lại».")
    pen = _Pen(table, money, marks_of(table, formats))
    return tuple(pen.row(line, is_lazy=True) for line in found)


def _window(lines: Outline, width: int, start: int) -> tuple[Sequence[Line], int | None]:
    outermost = lines.children_of(ROOT)
    stop = start + max(20, WINDOW_CELLS // max(1, width))
    return outermost[start:stop], stop if stop < len(outermost) else None


class _Pen:
    """Draws headings, rows and cells of one table."""

    def __init__(self, table: PivotTable, money: MoneyUnit, marks: Marks) -> None:
        self._leaves, self._money, self._marks = table.leaves, money, marks
        self._noted = list(footnotes_of(table))
        # several measures under each column member: a heavier line begins each member
        self._group = len(table.measures) if table.column_fields and len(table.measures) > 1 else 0
        self._css = [
            (" gl" if self._begins(at) else "") + (" t" if leaf.is_total else "")
            for at, leaf in enumerate(table.leaves)
        ]

    def heads(self, line: Iterable[Header]) -> Iterator[HeadCell]:
        at = 0
        for head in line:
            measure = head.measure
            marks = {
                "g": measure is None,
                "gl": measure is None or self._begins(at),
                "t": head.is_total,
                "p": measure is not None and measure.unit == "%",
            }
            yield HeadCell(
                label=head.label,
                unit=self._unit(measure) if measure else "",
                span=head.span,
                rows=head.depth,
                css=" ".join(name for name, holds in marks.items() if holds),
                help=measure.description if measure else "",
                mark=str(self._noted.index(measure.name) + 1)
                if measure and measure.name in self._noted
                else "",
            )
            at += head.span

    def row(
        self, line: Line, *, is_open: bool = False, is_lazy: bool = False, is_hidden: bool = False
    ) -> GridRow:
        cells = self._cells(line.cells)
        grouped = line.has_children
        return GridRow(
            line.id,
            line.label,
            line.depth,
            grouped,
            is_open and grouped,
            is_lazy and grouped,
            is_hidden,
            cells,
        )

    def _cells(self, cells: tuple[Cell, ...] | None) -> SafeString:
        if cells is None:
            return format_html('<td colspan="{}"></td>', len(self._leaves))
        return SafeString(
            "".join(
                [
                    self._cell(at, css, cell)
                    for at, (css, cell) in enumerate(zip(self._css, cells, strict=True))
                ]
            )
        )

    def _cell(self, at: int, css: str, cell: Cell) -> str:
        """Return one cell. Numbers and names of classes are ours: only what people wrote is escaped."""
        if cell.value is None:
            return format_html(DASH, css, cell.reason, cell.reason)
        if cell.value < 0:
            css += " neg"
        mark = self._marks.of(at, cell)
        css += f" {mark.css}" if mark.css else ""
        said = format_html('<span class="vh"> ({})</span>', mark.words) if mark.words else ""
        text = vi.number(cell.value, cell.decimals)
        if cell.unit != DONG.label or self._money is DONG:
            return f'<td class="n{css}">{text}{said}</td>'
        shown = vi.number(Decimal(cell.value) / self._money.size, self._money.decimals)
        return f'<td class="n{css}" title="{text} đồng">{shown}{said}</td>'

    def _begins(self, at: int) -> bool:
        return bool(self._group) and at % self._group == 0

    def _unit(self, measure: Column) -> str:
        return self._money.label if measure.unit == DONG.label else measure.unit
