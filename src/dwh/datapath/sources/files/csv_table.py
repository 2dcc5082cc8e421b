"""CSV read as a file of a stranger: UTF-8, one delimiter throughout, bounded. Nothing is guessed."""

from __future__ import annotations

import csv
from collections import Counter
from io import StringIO
from pathlib import Path

from dwh.datapath.sources.files.archive import text_chunks
from dwh.datapath.sources.files.grid import Grid
from dwh.datapath.sources.files.limits import MIB, Limits
from dwh.datapath.sources.files.problem import FileRefused, Place, Problem

SAVE_AS_CSV = "lưu lại thành «CSV UTF-8» hoặc .xlsx rồi nạp lại"
_DELIMITERS = ",;\t|"
_LOOKED_AT = 50  # lines, to find the delimiter


def read_csv(path: Path, limits: Limits) -> Grid:
    """Return the table of a CSV; merged cells do not exist there, so header texts to the right stay empty.

    Raises:
        FileRefused: another code page, no delimiter that fits, quotes that do not close, or too large.
    """
    text = _text_of(path, limits)
    delimiter = _delimiter_of(text)
    grid = Grid("CSV")
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if len(grid.rows) >= limits.sheet_rows:
                raise _refused("CSV-04", f"có quá {limits.sheet_rows} dòng", line=reader.line_num)
            if len(row) > limits.sheet_columns:
                raise _refused("CSV-04", f"có quá {limits.sheet_columns} cột", line=reader.line_num)
            grid.rows.append([cell.strip() or None for cell in row])
    except csv.Error:
        raise _refused("CSV-03", "dấu nháy hoặc ô không đóng đúng", line=reader.line_num) from None
    return grid


def _text_of(path: Path, limits: Limits) -> str:
    data = b"".join(_bounded(path, limits))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data:
        raise _refused("CSV-01", "viết bằng UTF-16 hoặc là tệp nhị phân")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused("CSV-01", "chữ không theo bảng mã UTF-8", line=line) from None


def _bounded(path: Path, limits: Limits) -> list[bytes]:
    pieces: list[bytes] = []
    size = 0
    for piece in text_chunks(path):
        size += len(piece)
        if size > limits.strings:
            raise _refused("CSV-04", f"lớn quá {limits.strings // MIB} MiB")
        pieces.append(piece)
    return pieces


def _delimiter_of(text: str) -> str:
    """Return the delimiter that splits most lines into equally many cells, more than one.

    Raises:
        FileRefused: none does, or two do it equally well.
    """
    lines = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    scores: dict[str, tuple[int, int]] = {}
    for delimiter in _DELIMITERS:
        counts = Counter(line.count(delimiter) for line in lines if delimiter in line)
        if counts:
            cells, times = max(counts.items(), key=lambda item: (item[1], item[0]))
            scores[delimiter] = times, cells
    if not scores:
        raise _refused("CSV-02", "không tìm thấy dấu phân cách cột")
    best = max(scores.values())
    fitting = [delimiter for delimiter, score in scores.items() if score == best]
    if len(fitting) > 1:
        raise _refused("CSV-02", "không rõ cột phân cách bằng dấu nào")
    return fitting[0]


def _refused(code: str, what: str, *, line: int = 0) -> FileRefused:
    return FileRefused(Problem(code, f"tệp CSV {what}", SAVE_AS_CSV, Place(line=line)))
