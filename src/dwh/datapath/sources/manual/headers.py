"""Finding the columns of an export by their header texts, over several rows with merged cells; never by position."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dwh.datapath.sources.files.grid import Grid, column_name, text_of
from dwh.datapath.sources.files.problem import FileRefused, Place, Problem, shown
from dwh.datapath.sources.manual.layout import Column, Layout, Path, plain
from dwh.kernel.vi import strip_marks

_FIRST_ROWS, _DEEPEST = 30, 4
_SCALE = re.compile(r"\((?:đvt|dvt|don vi)?[:\s]*(ty|trieu|nghin|ngan)?\s*(?:d|dong|vnd)\s*\)")
_WORDS = {"ty": 9, "trieu": 6, "nghin": 3, "ngan": 3, None: 0}  # powers of ten
ADD_HEADER = (
    "chọn đúng tệp xuất, hoặc đề nghị Trung tâm CNTT bổ sung tiêu đề mới vào bố cục biểu rồi xem trước lại"
)
EXPORT_AGAIN = "xuất lại biểu với đủ cột rồi xem trước lại"


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """One column of the file with a header. `column` is what it is, None when the layout does not know it."""

    place: int
    header: str
    column: Column | None
    power: int | None  # of ten, that the header says: 9 for «tỷ đ», 0 for «đ», None when it says nothing

    @property
    def letter(self) -> str:
        return column_name(self.place)


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the headers of one layout stand in a grid, and what they are."""

    layout: Layout
    grid: Grid
    top: int
    bottom: int
    columns: tuple[FoundColumn, ...]

    @property
    def known(self) -> dict[str, FoundColumn]:
        return {found.column.name: found for found in self.columns if found.column}

    @property
    def unknown(self) -> list[FoundColumn]:
        return [found for found in self.columns if found.column is None]

    @property
    def missing(self) -> list[Column]:
        return [column for column in self.layout.columns if column.name not in self.known]


def find_heading(grids: Iterable[Grid], layouts: Iterable[Layout]) -> Heading:
    """Return the heading of the one report the file holds.

    Raises:
        FileRefused: no report fits, two fit, a needed column is missing, or a column is there twice.
    """
    found = [heading for grid in grids for layout in layouts if (heading := _best(grid, layout))]
    most = max((len(heading.known) for heading in found), default=0)
    best = [heading for heading in found if len(heading.known) == most]
    if not best or most < 3 or most * 2 < len(best[0].layout.columns):
        raise FileRefused(Problem("XLS-10", "không tìm thấy hàng tiêu đề của biểu nào đã biết", ADD_HEADER))
    if len(best) > 1:
        where = ", ".join(f"{one.layout.id.upper()} ở trang «{shown(one.grid.name)}»" for one in best[:4])
        remedy = "chỉ để một trang số liệu trong tệp, hoặc nêu tên biểu khi nạp"
        raise FileRefused(Problem("XLS-11", f"không rõ là biểu nào: {where}", remedy))
    _check(best[0])
    return best[0]


def _check(heading: Heading) -> None:
    sheet = Place(table=f"trang «{shown(heading.grid.name)}»")
    needed = [column.label for column in heading.missing if not column.is_optional]
    if needed:
        names = ", ".join(f"«{name}»" for name in needed[:6]) + ("…" if len(needed) > 6 else "")
        what = f"biểu {heading.layout.id.upper()} thiếu cột {names}"
        raise FileRefused(Problem("XLS-12", what, EXPORT_AGAIN, sheet))
    seen: dict[str, FoundColumn] = {}
    for found in heading.columns:
        if found.column and (other := seen.setdefault(found.column.name, found)) is not found:
            what = f"cột {other.letter} và cột {found.letter} cùng là «{found.column.label}»"
            raise FileRefused(Problem("XLS-13", what, "bỏ cột thừa rồi xem trước lại", sheet))


def _best(grid: Grid, layout: Layout) -> Heading | None:
    """Return the block of rows whose headers fit the layout best; of equal ones the lowest, then the smallest."""
    known = {path: column for column in layout.columns for path in column.headers}
    best: tuple[int, int, int] = (0, 0, 0)
    for top in range(min(_FIRST_ROWS, len(grid.rows))):
        for bottom in range(top, min(top + _DEEPEST, len(grid.rows))):
            fits = {known[path].name for path in _paths(grid, top, bottom).values() if path in known}
            best = max(best, (len(fits), top, -bottom))
    count, top, bottom = best[0], best[1], -best[2]
    if not count:
        return None
    paths = _paths(grid, top, bottom)
    columns = tuple(
        FoundColumn(
            place, _words(grid, top, bottom, place), known.get(path), _power(grid, top, bottom, place)
        )
        for place, path in paths.items()
    )
    return Heading(layout, grid, top, bottom, columns)


def _paths(grid: Grid, top: int, bottom: int) -> dict[int, Path]:
    """Return column → its header from the top row down, of columns that have one."""
    width = max((len(grid.rows[row]) for row in range(top, bottom + 1)), default=0)
    paths = {place: tuple(map(plain, _texts(grid, top, bottom, place))) for place in range(width)}
    return {place: path for place, path in paths.items() if path}


def _texts(grid: Grid, top: int, bottom: int, place: int) -> list[str]:
    """Return the texts over a column, repeats of a merged cell once; in a CSV a text holds on to the right."""
    texts: list[str] = []
    for row in range(top, bottom + 1):
        text = text_of(grid.spread(row, place)) or _held_on(grid, row, bottom, place)
        if text and (not texts or texts[-1] != text):
            texts.append(text)
    return texts


def _held_on(grid: Grid, row: int, bottom: int, place: int) -> str:
    """Return the text to the left that spreads over this column where merged cells were lost (CSV)."""
    if grid.merged or row == bottom or not text_of(grid.at(row + 1, place)):
        return ""
    left = next((at for at in range(place - 1, -1, -1) if text_of(grid.at(row, at))), None)
    if left is None or not text_of(grid.at(row + 1, left)):
        return ""
    return text_of(grid.at(row, left))


def _words(grid: Grid, top: int, bottom: int, place: int) -> str:
    return " / ".join(_texts(grid, top, bottom, place))


def _power(grid: Grid, top: int, bottom: int, place: int) -> int | None:
    """Return the power of ten the header gives đồng in, the lowest text first."""
    for text in reversed(_texts(grid, top, bottom, place)):
        found = _SCALE.search(strip_marks(text))
        if found:
            return _WORDS[found[1]]
    return None
