"""XLSX read as a file of a stranger: the zip judged first, every part through guarded_xml, values exact.

Own, because of what it must refuse: openpyxl and calamine believe the file. Only values are read; macros, links,
styles and formulas are not. Measured on B02 of 3,000 facilities, see docs/adr/0016.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from dwh.datapath.sources.files.archive import Archive, Member, opened
from dwh.datapath.sources.files.grid import Cell, Grid, NoValue, number_of
from dwh.datapath.sources.files.guarded_xml import GuardedXml, Listener
from dwh.datapath.sources.files.limits import Limits
from dwh.datapath.sources.files.problem import FileRefused, Place, Problem

SAVE_AGAIN = "mở bằng Excel, lưu lại thành tệp .xlsx thường rồi nạp lại"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MOST_MERGED = 10_000


def read_workbook(path: Path, limits: Limits) -> list[Grid]:
    """Return the visible sheets, in their order.

    Raises:
        FileRefused: not a workbook, damaged, dangerous, with macros, or larger than is believed.
    """
    with opened(path, limits) as archive:
        parts = {member.name.lstrip("/"): member for member in archive.members}
        if any(name.endswith("vbaProject.bin") for name in parts):
            raise _refused("XLS-02", "bảng tính có macro")
        sheets = _sheets(archive, parts, limits)
        strings = _Strings(limits)
        if "xl/sharedStrings.xml" in parts:
            _tell(strings, parts["xl/sharedStrings.xml"], limits)
        return [_grid(name, parts[target], strings.found, limits) for name, target in sheets]


def _sheets(archive: Archive, parts: dict[str, Member], limits: Limits) -> list[tuple[str, str]]:
    """Return (name, part) of the visible sheets."""
    try:
        book, links = parts["xl/workbook.xml"], parts["xl/_rels/workbook.xml.rels"]
    except KeyError:
        raise _refused("XLS-01", "zip này không phải bảng tính .xlsx") from None
    names, targets = _Attributes("sheet"), _Attributes("Relationship")
    _tell(names, book, limits)
    _tell(targets, links, limits)
    where = {link.get("Id", ""): _part(link.get("Target", "")) for link in targets.found}
    found = [
        (sheet.get("name", ""), where.get(sheet.get("id", ""), ""))
        for sheet in names.found
        if sheet.get("state", "visible") == "visible"
    ]
    sheets = [(name, target) for name, target in found if target.startswith("xl/worksheets/")]
    if not sheets or any(target not in parts for _, target in sheets):
        raise _refused("XLS-01", "bảng tính không có trang nào đọc được")
    return sheets


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _grid(name: str, part: Member, strings: list[str], limits: Limits) -> Grid:
    reader = _Cells(name, strings, limits)
    _tell(reader, part, limits)
    return reader.grid


def _tell(listener: Listener, part: Member, limits: Limits) -> None:
    try:
        with closing(part.chunks()) as chunks:  # an open member would keep the whole zip open
            for _ in GuardedXml(listener, limits).read(chunks):
                pass
    except FileRefused as refusal:
        raise refusal.within(member=part.name) from None


def _refused(code: str, what: str, *, sheet: str = "", cell: str = "") -> FileRefused:
    return FileRefused(
        Problem(code, what, SAVE_AGAIN, Place(table=f"trang «{sheet}»" if sheet else "", field=cell))
    )


class _Attributes:
    """The attributes of every element of one name."""

    def __init__(self, name: str) -> None:
        self.found: list[dict[str, str]] = []
        self._name = name

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == self._name:
            self.found.append({key.rpartition(":")[2]: value for key, value in attributes.items()})

    def end(self, tag: str) -> None:
        return None

    def text(self, data: str) -> None:
        return None


class _Strings:
    """The shared texts: of each `si`, its `t` in and out of runs, without the phonetic ones."""

    def __init__(self, limits: Limits) -> None:
        self.found: list[str] = []
        self._limits, self._length = limits, 0
        self._pieces: list[str] = []
        self._reads = self._is_phonetic = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "si":
            self._pieces = []
        self._is_phonetic |= name == "rPh"
        self._reads = name == "t" and not self._is_phonetic

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        self._reads = False
        if name == "rPh":
            self._is_phonetic = False
        elif name == "si":
            self.found.append("".join(self._pieces))

    def text(self, data: str) -> None:
        if self._reads:
            self._length += len(data)
            if self._length > self._limits.strings:
                raise _refused("XLS-03", "bảng tính có quá nhiều chữ")
            self._pieces.append(data)


class _Cells:
    """The cells of one sheet, and its merged ones."""

    def __init__(self, name: str, strings: list[str], limits: Limits) -> None:
        self.grid = Grid(name)
        self._strings, self._limits = strings, limits
        self._row, self._column = -1, -1
        self._kind = ""
        self._text: list[str] = []
        self._length = 0
        self._reads = self._has_formula = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self._row = self._index(attributes.get("r"), self._row + 1, self._limits.sheet_rows, "hàng")
            self._column = -1
        elif name == "c":
            self._begin_cell(attributes)
        elif name == "f":
            self._has_formula = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        self._reads = name in ("v", "t")

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        self._reads = False
        if name == "c" and self._row >= 0:
            value = self._value("".join(self._text))
            if value is not None:
                self.grid.put(self._row, self._column, value)

    def text(self, data: str) -> None:
        if self._reads:
            self._length += len(data)
            if self._length > self._limits.cell:
                raise self._refuse("ô có quá nhiều chữ")
            self._text.append(data)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        found = _REFERENCE.fullmatch(attributes.get("r", ""))
        column = _column_index(found[1]) if found else self._column + 1
        if column >= self._limits.sheet_columns:
            raise self._refuse(f"có ô ở cột thứ {column + 1}, mức nhận là {self._limits.sheet_columns} cột")
        if found and self._row < 0:
            raise self._refuse("có ô nằm ngoài hàng")
        self._column, self._kind = column, attributes.get("t", "n")
        self._text, self._length, self._has_formula = [], 0, False

    def _value(self, text: str) -> Cell:
        kind = _KINDS.get(self._kind)
        if kind is None:
            return NoValue("kiểu ô lạ")
        if not text:
            return NoValue("công thức chưa có giá trị lưu sẵn") if self._has_formula else None
        return kind(text, self._strings)

    def _merge(self, reference: str) -> None:
        corners = [_REFERENCE.fullmatch(corner) for corner in reference.split(":")]
        if len(corners) != 2 or len(self.grid.merged) >= _MOST_MERGED:
            return
        first, last = corners
        if first and last:
            box = (int(first[2]) - 1, _column_index(first[1]), int(last[2]) - 1, _column_index(last[1]))
            self.grid.merged.append(box)

    def _index(self, said: str | None, next_one: int, most: int, what: str) -> int:
        index = int(said) - 1 if said and said.isascii() and said.isdigit() else next_one
        if not 0 <= index < most:
            raise self._refuse(f"có {what} số {index + 1}, mức nhận là {most} {what}")
        return index

    def _refuse(self, what: str) -> FileRefused:
        return _refused("XLS-03", what, sheet=self.grid.name)


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _shared(text: str, strings: list[str]) -> Cell:
    known = text.isascii() and text.isdigit() and int(text) < len(strings)
    return (strings[int(text)].strip() or None) if known else NoValue("trỏ tới chữ không có trong tệp")


def _own(text: str, strings: list[str]) -> Cell:
    return text.strip() or None


_KINDS: dict[str, Callable[[str, list[str]], Cell]] = {
    "n": lambda text, _: number_of(text), "s": _shared, "str": _own, "inlineStr": _own, "d": _own,
    "b": lambda text, _: text == "1", "e": lambda text, _: NoValue(f"lỗi {text[:20]}"),
}  # fmt: skip
