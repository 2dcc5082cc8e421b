"""Write a `Table` as PDF with Typst: fonts of the repository only, so the page is the same on every machine.

Text travels to the template as JSON data, never as Typst source: nothing a person typed can become markup.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

from dwh.kernel.documents.table import Table

TEMPLATE = Path(__file__).with_name("table.typ")
FONTS = (
    Path(__file__).resolve().parents[2] / "site" / "fonts"
)  # Liberation Serif, metric-equal to Times New Roman

PAPER_MM = {True: 297 - 45, False: 210 - 45}  # width between the margins of NĐ 30/2020, landscape or upright
MM_PER_PT = 0.3528
LARGEST_PT, SMALLEST_PT = 10.0, 5.0


def render_pdf(table: Table) -> bytes:
    """Return `table` on A4 (landscape over 7 columns), head repeated, every page numbered x/y.

    Source: NĐ 30/2020 (paper, margins, heading); QC-DWH has no layout of its own.
    """
    return compile_typst(TEMPLATE.read_bytes(), page_data(table))


def compile_typst(template: bytes, data: dict[str, Any]) -> bytes:
    """Return the PDF of `template` with `data` readable as `json(bytes(sys.inputs.data))`."""
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    return typst.compile(template, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def page_data(table: Table) -> dict[str, Any]:
    """Return what the template places: texts, column widths, and the size of type that fits the paper."""
    landscape = table.width > 7
    needed = column_widths(table)
    fitting = PAPER_MM[landscape] / MM_PER_PT / sum(needed)
    return {
        "landscape": landscape,
        "size": max(SMALLEST_PT, min(LARGEST_PT, fitting)),
        "widths": needed,
        "agency": table.agency,
        "title": table.title,
        "subtitles": table.subtitles,
        "parameters": [f"{name}: {value}" for name, value in table.parameters],
        "unit_note": table.unit_note,
        "heads": [
            {"y": row, "x": column, "span": head.span, "rows": head.rows, "text": head.lines}
            for row, column, head in table.placed_heads()
        ],
        "rows": [
            {"style": row.style, "cells": [{"text": c.text, "n": c.is_number} for c in row.cells]}
            for row in table.rows
        ],
        "name_column": table.name_column,
        "footnotes": table.footnotes,
        "meta": table.meta.sentence,
        "stamp": table.meta.stamp,
        "signers": table.signers,
    }


def column_widths(table: Table) -> list[float]:
    """Return the width each column needs, in em: its longest number, longest head word, names up to 16 em."""
    widths = []
    for column in range(table.width):
        heads = [head for _, at, head in table.placed_heads() if at == column and head.span == 1]
        words = [word for head in heads for word in head.lines.split()]
        cells = [row.cells[column] for row in table.rows]
        numbers = max((_em(c.text) for c in cells if c.is_number), default=0.0)
        names = min(max((_em(c.text) for c in cells if not c.is_number), default=0.0), 16.0)
        widths.append(max(numbers, names, max(map(_em, words), default=0.0), 1.5) + 0.9)
    return widths


def _em(text: str) -> float:
    """Return about how many em `text` takes in Liberation Serif: digit 0.5, dot 0.25, letter under 0.55."""
    return sum(0.25 if c in ".,: -/()" else 0.5 if c.isdigit() else 0.55 for c in text)
