"""Reads one answer back from the screen, JSON, CSV, XLSX and PDF, and says where two of them differ.

Nothing here knows the program's own formatters: numbers are read as a person reads them.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pypdfium2

TOTAL = "Tổng cộng"
Number = Decimal | None
Key = tuple[tuple[str, ...], tuple[str, ...], str]  # row path, column path, measure label


@dataclass
class Line:
    """One row as read: its label, its depth, its cells."""

    label: str
    depth: int
    cells: list[str]
    is_total: bool = False


@dataclass
class Screen:
    """The table of the screen: one heading path per column, one line per row."""

    heads: list[tuple[str, ...]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def number(text: str) -> Number:
    """Read `1.234.567,89`, `−5` or `–` as a person does."""
    text = text.replace("\u00a0", " ").strip()
    if text in ("–", ""):
        return None
    return Decimal(text.replace("−", "-").replace(".", "").replace(",", "."))


# --- the screen ---------------------------------------------------------------------------------------------


class _Table(HTMLParser):
    """Collects the cells of the first table: tag, attributes, visible text, section."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, dict[str, str], list[dict[str, Any]]]] = []
        self.section = ""
        self._cell: dict[str, Any] | None = None
        self._skip: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("thead", "tbody", "tfoot"):
            self.section = tag
        elif tag == "tr":
            self.rows.append((self.section, given, []))
        elif tag in ("th", "td") and self.rows:
            self._cell = {"text": "", "attrs": given}
            self.rows[-1][2].append(self._cell)
        elif self._cell is not None and (
            tag in ("sup", "button", "small")
            or "vh" in given.get("class", "")
            or "pv-alls" in given.get("class", "")
        ):
            self._skip.append(tag)
            if tag == "small":
                self._cell["text"] += "\t"  # the unit stands after the name

    def handle_endtag(self, tag: str) -> None:
        if self._skip and tag == self._skip[-1]:
            self._skip.pop()
        elif tag in ("th", "td"):
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._skip:
            self._cell["text"] += data


def read_screen(html: str) -> Screen:
    """Return the table of an answer part."""
    parser = _Table()
    parser.feed(html)
    head_rows = [cells for section, _, cells in parser.rows if section == "thead"]
    screen = Screen(heads=_head_paths(head_rows)[1:])
    for section, attrs, cells in parser.rows:
        if section == "thead" or (cells and "more" in cells[0]["attrs"].get("class", "")):
            continue
        label, *values = [" ".join(cell["text"].split()) for cell in cells]
        screen.lines.append(Line(label, int(attrs.get("data-depth", 0)), values, section == "tfoot"))
    return screen


def _head_paths(rows: list[list[dict[str, Any]]]) -> list[tuple[str, ...]]:
    """Expand colspan and rowspan: the texts above each column, each once."""
    grid: dict[tuple[int, int], tuple[int, str]] = {}
    for at, cells in enumerate(rows):
        column = 0
        for serial, cell in enumerate(cells):
            while (at, column) in grid:
                column += 1
            span, down = int(cell["attrs"].get("colspan", 1)), int(cell["attrs"].get("rowspan", 1))
            text = " ".join(cell["text"].split())
            for r in range(down):
                for c in range(span):
                    grid[at + r, column + c] = (at * 10_000 + serial, text)
            column += span
    width = max((column for _, column in grid), default=-1) + 1  # no table at all: the page says why
    paths = []
    for column in range(width):
        found = [grid[row, column] for row in range(len(rows)) if (row, column) in grid]
        paths.append(
            tuple(
                text
                for place, (serial, text) in enumerate(found)
                if place == 0 or found[place - 1][0] != serial
            )
        )
    return paths


def screen_values(screen: Screen) -> dict[Key, Number]:
    """Return every number of the screen by row path, column path and measure."""
    values: dict[Key, Number] = {}
    path: list[str] = []
    for line in screen.lines:
        path = [] if line.is_total else [*path[: line.depth], line.label]
        if len(line.cells) != len(screen.heads):  # a parent whose own total was not asked
            continue
        for head, text in zip(screen.heads, line.cells, strict=True):
            values[tuple(path), head[:-1], head[-1]] = number(text)
    return values


# --- JSON ---------------------------------------------------------------------------------------------------


def answer_values(document: dict[str, Any]) -> dict[Key, Number]:
    """Return every number of an answer document under the keys of the screen."""
    rows, columns = document["query"]["rows"], document["query"]["columns"]
    measures = [column for column in document["columns"] if column["kind"] == "measure"]
    values: dict[Key, Number] = {}
    for row in document["rows"]:
        over = set(row["_total"])
        row_path = tuple(row[name] for name in rows if name not in over)
        column_path = _column_path([(row[name], name in over) for name in columns])
        for measure in measures:
            value = row[measure["name"]]
            # without a dimension on rows the one line is called by its label
            path = row_path if rows else (TOTAL,)
            values[path, column_path, measure["label"]] = _at(value, measure["decimals"])
    return values


def _at(value: Any, decimals: int) -> Number:
    """Return a number as the answer itself says it is shown: rounded half up to `decimals`."""
    if value is None or value == "":
        return None
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _column_path(members: list[tuple[str | None, bool]]) -> tuple[str, ...]:
    path: list[str] = []
    for label, is_total in members:
        if is_total:
            path.append(TOTAL if not path else f"Cộng {path[-1]}")
            break
        path.append(label or "")
    return tuple(path)


# --- files --------------------------------------------------------------------------------------------------


def read_csv(content: bytes, levels: int, decimals: dict[str, int]) -> dict[Key, Number]:
    """Return every number of a CSV; `levels` is how many columns name the row."""
    assert content.startswith(b"\xef\xbb\xbf"), "CSV phải có BOM"
    head, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    values: dict[Key, Number] = {}
    for row in rows:
        path = tuple(name for name in row[:levels] if name != TOTAL) if levels else (TOTAL,)
        for title, text in zip(head[levels:], row[levels:], strict=True):
            *columns, measure = title.split(" | ")
            path_of_column = _column_path([(c, c == TOTAL) for c in columns])
            label = re.sub(r" \([^()]*\)$", "", measure)
            values[path, path_of_column, label] = _at(text, decimals[label])
    return values


def read_xlsx(content: bytes) -> list[tuple[str, list[Number]]]:
    """Return the rows of the figures sheet in order: label and numbers, as the cells hold them."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Số liệu"]
    first = int(str(sheet.freeze_panes).lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    rows: list[tuple[str, list[Number]]] = []
    for cells in sheet.iter_rows(min_row=first, values_only=True):
        if cells[0] is None:
            break
        rows.append((str(cells[0]), [_xlsx_number(value) for value in cells[1:]]))
    return rows


def _xlsx_number(value: Any) -> Number:
    if value is None or value == "":
        return None
    return number(value) if isinstance(value, str) else Decimal(str(value))


def pdf_text(content: bytes) -> str:
    """Return the text of all pages without any gap, so that wrapped names read as one."""
    document = pypdfium2.PdfDocument(content)
    try:
        pages = [document[at].get_textpage() for at in range(len(document))]
        return _tight("".join(page.get_text_bounded() for page in pages))
    finally:
        document.close()


def _tight(text: str) -> str:
    return re.sub(r"[\s\ufffe\u00ad\u00a0]+", "", text)


# --- differences --------------------------------------------------------------------------------------------


def differences(
    document: dict[str, Any],
    html: str,
    *,
    csv_file: bytes | None = None,
    xlsx_file: bytes | None = None,
    pdf_file: bytes | None = None,
) -> list[str]:
    """Return one sentence per place where two outputs of the same question do not say the same."""
    screen, answered = read_screen(html), answer_values(document)
    found = _differ("màn hình", screen_values(screen), "JSON", answered)
    if csv_file is not None:
        measures = [column for column in document["columns"] if column["kind"] == "measure"]
        decimals = {column["label"]: column["decimals"] for column in measures}
        found += _differ(
            "CSV", read_csv(csv_file, len(document["query"]["rows"]), decimals), "JSON", answered
        )
    if xlsx_file is not None:
        found += _rows_differ(screen, read_xlsx(xlsx_file))
    if pdf_file is not None:
        found += _missing_on_paper(screen, pdf_text(pdf_file))
    return found


def _differ(left: str, a: dict[Key, Number], right: str, b: dict[Key, Number]) -> list[str]:
    """A group the engine never met is a dash on one side and nothing on the other: both say no data."""
    keys = {key for key in a.keys() | b.keys() if a.get(key) is not None or b.get(key) is not None}
    return [
        f"{key}: {left} {a.get(key)} ≠ {right} {b.get(key)}"
        for key in sorted(keys)
        if a.get(key) != b.get(key)
    ]


def _rows_differ(screen: Screen, rows: list[tuple[str, list[Number]]]) -> list[str]:
    width = len(screen.heads)  # a parent whose own total was not asked is one wide empty cell
    expected = [
        (line.label, [number(text) for text in [*line.cells, *[""] * (width - len(line.cells))]])
        for line in screen.lines
    ]
    found = [] if len(expected) == len(rows) else [f"XLSX có {len(rows)} dòng, màn hình {len(expected)}"]
    for (label, numbers), (written, values) in zip(expected, rows, strict=False):
        beside = [
            value for value in values[width:] if value is not None
        ]  # a title may be wider than the table
        if label != written or numbers != values[:width] or beside:
            found.append(f"màn hình {label} {numbers} ≠ XLSX {written} {values}")
    return found


def _missing_on_paper(screen: Screen, text: str) -> list[str]:
    at, found = 0, []
    for line in screen.lines:
        wanted = _tight(line.label + "".join(line.cells))
        place = text.find(wanted, at)
        if place < 0:
            found.append(f"PDF thiếu dòng {line.label} {line.cells}")
        else:
            at = place + len(wanted)
    return found
