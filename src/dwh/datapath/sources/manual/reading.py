"""Reading one export whole: report, period, columns, and every row typed, scaled and checked, or held with a reason.

Nothing is written here. The same file read on the same day against the same last load gives the same result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path

from dwh.datapath.sources.files.archive import form_of
from dwh.datapath.sources.files.csv_table import read_csv
from dwh.datapath.sources.files.grid import Cell, Grid, NoValue, address, text_of
from dwh.datapath.sources.files.limits import Limits
from dwh.datapath.sources.files.problem import FileRefused, Place, Problem, shown
from dwh.datapath.sources.files.workbook import read_workbook
from dwh.datapath.sources.manual.checking import hold_broken
from dwh.datapath.sources.manual.headers import FoundColumn, Heading, find_heading
from dwh.datapath.sources.manual.layout import MONEY, RATIO, Layout, Level, layout_named, load_layouts
from dwh.datapath.sources.manual.numbers import Style, decimal_of, style_of
from dwh.datapath.sources.manual.parameters import Parameters, read_parameters
from dwh.datapath.sources.manual.rows import Held, ReadRow
from dwh.datapath.sources.manual.scales import Scale, find_scales
from dwh.datapath.sources.manual.unit_codes import (
    ListName,
    Unclear,
    list_of_codes,
    lists_of,
    padded,
    unit_of,
)

_CALC = b"\xd0\xcf\x11\xe0"  # the old Office format, also that of workbooks with a password
EXPORT_XLSX = "mở tệp, lưu lại thành .xlsx không mật khẩu rồi xem trước lại"


@dataclass(frozen=True, slots=True)
class Export:
    """One export as read. `held` rows land nowhere; `notes` are sentences for whoever approves."""

    heading: Heading
    parameters: Parameters
    scales: Mapping[str, Scale]
    rows: Sequence[ReadRow]
    held: Sequence[Held]
    level: Level
    list_name: ListName
    left_out: int  # rows below the table without any figure: signatures, notes
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def layout(self) -> Layout:
        return self.heading.layout


def read_export(
    path: Path, *, limits: Limits, today: date, report: str = "", last: Mapping[str, float] | None = None
) -> Export:
    """Return the export in a file. `last` is the size of each money group in the last load, per month.

    Raises:
        FileRefused: it cannot be read, is no known report, or leaves open what its figures mean.
        NotFound: there is no report of the name asked for.
    """
    layouts = [layout_named(report)] if report else list(load_layouts().values())
    try:
        heading = find_heading(_grids(path, limits), layouts)
        return _interpreted(heading, read_parameters(heading, today), last or {})
    except FileRefused as refusal:
        raise refusal.within(file=path.name) from None


def _grids(path: Path, limits: Limits) -> list[Grid]:
    if form_of(path, limits) == "zip":
        return read_workbook(path, limits)
    with path.open("rb") as file:
        if file.read(4) == _CALC:
            raise FileRefused(Problem("XLS-01", "là bảng tính .xls cũ hoặc đặt mật khẩu", EXPORT_XLSX))
    return [read_csv(path, limits)]


def _interpreted(heading: Heading, parameters: Parameters, last: Mapping[str, float]) -> Export:
    raw, left_out = _table_rows(heading)
    if not raw:
        raise FileRefused(
            Problem("XLS-14", "bảng không có dòng số liệu nào", "xuất lại biểu rồi xem trước lại")
        )
    style = style_of(_figures(heading, raw))
    lists = _lists(heading, raw, parameters)
    rows, held = _read_rows(heading, raw, style, parameters, lists)
    level: Level = "nation" if parameters.province == "00" and not parameters.of_facilities else "province"
    scales = find_scales(
        heading.layout, [row.values for row in _whole(rows)], heading.known, level=level, last=last
    )
    scaled = [row.scaled(_rounded(heading.layout, row.values, scales)) for row in rows]
    good, broken = hold_broken(heading.layout, scaled)
    notes = [scale.note for scale in scales.values() if scale.note]
    return Export(
        heading, parameters, scales, good, [*held, *broken], level, lists[-1], left_out, tuple(notes)
    )


def _table_rows(heading: Heading) -> tuple[list[int], int]:
    """Return the rows of the table, and how many rows below it hold no figure (signatures, notes, labels)."""
    grid, known = heading.grid, heading.known
    code = known["ma"].place
    figures = [found.place for found in known.values() if found.column and found.column.is_figure]
    rows, left_out = [], 0
    for row in range(heading.bottom + 1, len(grid.rows)):
        cells = grid.rows[row]
        if not any(cell is not None for cell in cells):
            continue
        has_figure = any(isinstance(grid.at(row, place), Decimal | NoValue | str) for place in figures)
        if not has_figure or (row == heading.bottom + 1 and _is_numbering(cells)):
            left_out += 1
        elif text_of(grid.at(row, code)) or any(
            isinstance(grid.at(row, place), Decimal) for place in figures
        ):
            rows.append(row)
        else:
            left_out += 1
    return rows, left_out


def _is_numbering(cells: Sequence[Cell]) -> bool:
    """Tell whether the row under the headers only numbers or letters the columns: (1) (2) …, A B 1 2=3+4."""
    texts = [text_of(cell) for cell in cells if text_of(cell)]
    bare = [text.strip("()[] ") for text in texts]
    counted = sum(1 for before, after in pairwise(bare) if _follows(before, after))
    return len(bare) > 2 and counted >= (len(bare) - 1) * 0.8


def _follows(before: str, after: str) -> bool:
    first, second = before.partition("=")[0], after.partition("=")[0]
    if first.isdigit() and second.isdigit():
        return int(second) == int(first) + 1
    both_letters = len(first) == len(second) == 1 and first.isalpha() and second.isalpha()
    return both_letters or (len(first) == 1 and first.isalpha() and second == "1")


def _figures(heading: Heading, rows: Sequence[int]) -> list[Cell]:
    places = [found.place for found in heading.known.values() if found.column and found.column.is_figure]
    return [heading.grid.at(row, place) for row in rows for place in places]


def _lists(heading: Heading, rows: Sequence[int], parameters: Parameters) -> tuple[ListName, ...]:
    """Return the list of provinces of the file: of its period, or the one all its codes are of."""
    possible = lists_of(parameters.first, parameters.last)
    place = heading.known["ma"].place
    codes = {padded(heading.grid.at(row, place)) for row in rows}
    codes = {code for code in codes if code.isdigit() and len(code) == 2 and code != "00"}
    decided = list_of_codes(codes, possible) if codes else None
    return (decided,) if decided else possible


def _read_rows(
    heading: Heading, rows: Sequence[int], style: Style, parameters: Parameters, lists: tuple[ListName, ...]
) -> tuple[list[ReadRow], list[Held]]:
    good: list[ReadRow] = []
    held: list[Held] = []
    for row in rows:
        try:
            good.append(_row(heading, row, style, parameters, lists))
        except _BadRow as bad:
            held.append(Held(bad.problem, row + 1))
    times = Counter(row.unit for row in good)
    for row_read in [one for one in good if times[one.unit] > 1]:
        problem = Problem("XLS-42", f"mã {row_read.unit.code} có ở nhiều dòng", _SAME_UNIT, row_read.place)
        held.append(Held(problem, row_read.number))
    return [one for one in good if times[one.unit] == 1], held


class _BadRow(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


def _row(
    heading: Heading, row: int, style: Style, parameters: Parameters, lists: tuple[ListName, ...]
) -> ReadRow:
    grid, known = heading.grid, heading.known
    place = Place(table=f"trang «{shown(grid.name)}»", row=row + 1)
    name = text_of(grid.at(row, known["ten"].place)) if "ten" in known else ""
    try:
        unit = unit_of(
            grid.at(row, known["ma"].place), name, lists=lists, province=parameters.province,
            of_facilities=parameters.of_facilities,
        )  # fmt: skip
    except Unclear as why:
        raise _BadRow(Problem("XLS-40", str(why), _FIX_ROW, place)) from None
    values = {
        found.column.name: _figure(grid.at(row, found.place), found, style, place, row)
        for found in known.values()
        if found.column and found.column.is_figure
    }
    words = {
        found.column.name: text_of(grid.at(row, found.place)) for found in known.values() if found.column
    }
    return ReadRow(row + 1, place, unit, name, _area(words, place), _region(words, place), values)


def _figure(cell: Cell, found: FoundColumn, style: Style, place: Place, row: int) -> Decimal | None:
    value = decimal_of(cell, style)
    what = value.why if isinstance(value, NoValue) else ""
    assert found.column is not None  # only known columns are read
    if isinstance(value, Decimal) and found.column.kind == "count" and value != value.to_integral_value():
        what = "phải là số nguyên"
    if isinstance(value, Decimal) and value < 0 and found.column.kind == "count":
        what = "là số âm"
    if what:
        at = Place(
            table=place.table, row=place.row, field=f"«{found.column.label}» (ô {address(row, found.place)})"
        )
        raise _BadRow(Problem("XLS-41", what, _FIX_ROW, at))
    return value if isinstance(value, Decimal) else None


def _area(words: Mapping[str, str], place: Place) -> int | None:
    text = words.get("ma_khu_vuc", "")
    if not text:
        return None
    if not text.isdigit() or not 1 <= int(text) <= 35:
        raise _BadRow(Problem("XLS-40", "mã khu vực không phải số từ 1 đến 35", _FIX_ROW, place))
    return int(text)


def _region(words: Mapping[str, str], place: Place) -> str | None:
    text = words.get("ma_vung", "").upper()
    if not text:
        return None
    code = f"V0{text[-1]}"
    if text not in (code, text[-1], f"V{text[-1]}") or text[-1] not in "123456":
        raise _BadRow(Problem("XLS-40", "mã vùng không phải V01 đến V06", _FIX_ROW, place))
    return code


_FIX_ROW = "sửa dòng này ở nơi xuất rồi xem trước lại"
_SAME_UNIT = "để lại một dòng đúng cho mỗi đơn vị rồi xem trước lại"


def _whole(rows: Sequence[ReadRow]) -> list[ReadRow]:
    """Return rows that together are the whole: the country's, or all of the lowest level there is."""
    for levels in (("nation",), ("province",), ("facility",), ("region",)):
        found = [row for row in rows if row.unit.level in levels]
        if found:
            return found
    return []


def _rounded(
    layout: Layout, values: Mapping[str, Decimal | None], scales: Mapping[str, Scale]
) -> dict[str, Decimal | None]:
    """Return the values in đồng, rounded half up to what is kept: averages come with a dozen decimals."""
    kept: dict[str, Decimal | None] = {}
    for column in layout.figures:
        value = values.get(column.name)
        if value is not None and column.kind != "count":
            places = MONEY[1] if column.kind == "money" else RATIO[1]
            factor = scales[column.unit].factor if column.unit in scales else Decimal(1)
            value = (value * factor).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
        kept[column.name] = value
    return kept
