"""Writes an answer as CSV: one column per level, plain numbers, the lines of the screen in their order. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from dwh.datapath.semantic.answer import TOTAL_LABEL, Answer, plain
from dwh.datapath.tables.outline import Line, outline
from dwh.datapath.tables.pivot import Leaf, PivotTable, arrange

BOM = "\ufeff"  # without it a spreadsheet reads UTF-8 as something else
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_of(answer: Answer) -> bytes:
    """Return the CSV of `answer`: a head of names with units, `TOTAL_LABEL` where a level is added up.

    Units: in the head; numbers as `1234.5` (no thousands mark), no data is empty.
    """
    table = arrange(answer)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(
        [*(field.label for field in table.row_fields), *(_heading(leaf) for leaf in table.leaves)]
    )
    writer.writerows(_lines(table))
    return (BOM + text.getvalue()).encode("utf-8")


def _lines(table: PivotTable) -> Iterator[list[str]]:
    read, levels = outline(table), len(table.row_fields)
    for line in (*read.lines, *([read.total] if read.total else [])):
        if line.cells is not None:
            yield [*_names(line, levels), *("" if c.value is None else plain(c.value) for c in line.cells)]


def _names(line: Line, levels: int) -> list[str]:
    return [*map(_safe, line.labels), *([TOTAL_LABEL] * (levels - len(line.labels)))]


def _heading(leaf: Leaf) -> str:
    path = [label if label is not None else TOTAL_LABEL for label in leaf.labels]
    measure = f"{leaf.measure.label} ({leaf.measure.unit})" if leaf.measure.unit else leaf.measure.label
    return _safe(" | ".join([*path, measure]))


def _safe(label: str) -> str:
    """Keep a spreadsheet from running a name that looks like a formula."""
    return f"'{label}" if label.startswith(FORMULA_STARTS) else label
