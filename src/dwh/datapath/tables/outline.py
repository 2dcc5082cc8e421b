"""Reads a pivot from the top down: each parent before its children, the grand total apart. Pure.

The screen, the workbook, the page and the CSV of one answer all draw these lines, so none can differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.tables.pivot import Cell, PivotRow, PivotTable

ROOT = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: `depth` 0 is the outermost; `cells` is None for a parent whose total was not asked."""

    id: str
    label: str
    depth: int
    has_children: bool
    labels: tuple[str, ...]
    cells: tuple[Cell, ...] | None


@dataclass(frozen=True, slots=True)
class Outline:
    """Lines in reading order, and the grand total if there is one."""

    lines: tuple[Line, ...]
    total: Line | None

    def children_of(self, parent: str) -> tuple[Line, ...]:
        """Return the lines one step under the line `parent`; `ROOT` gives the outermost."""
        depth = parent.count("/") + 1 if parent else 0
        start = f"{parent}/" if parent else ""
        return tuple(line for line in self.lines if line.depth == depth and line.id.startswith(start))


def extent(answer: Answer) -> tuple[int, int]:
    """Return how many rows and columns of cells `answer` would have, without laying it out."""
    split = len(answer.query.rows)
    rows, columns = ({row.keys[:split] for row in answer.rows}, {row.keys[split:] for row in answer.rows})
    return len(rows), len(columns) * len(answer.values)


def outline(table: PivotTable) -> Outline:
    """Return the lines of `table`, parents first."""
    levels = len(table.row_fields)
    rows = {row.keys[: row.depth]: row for row in table.rows}
    total = _line((), rows[()], levels) if levels and () in rows else None
    if not levels:
        return Outline(tuple(_line((), row, 1) for row in table.rows), None)
    return Outline(tuple(_walk(table.rows, rows, levels)), total)


def _walk(
    ordered: Sequence[PivotRow], rows: dict[tuple[str | None, ...], PivotRow], levels: int
) -> Iterator[Line]:
    done: set[tuple[str | None, ...]] = set()
    for row in ordered:
        for depth in range(1, row.depth + 1):
            path = row.keys[:depth]
            if path not in done:
                done.add(path)
                yield _line(path, rows.get(path), levels, row.labels[:depth])


def _line(
    path: tuple[str | None, ...], row: PivotRow | None, levels: int, labels: tuple[str | None, ...] = ()
) -> Line:
    names = tuple(label or "" for label in labels)
    return Line(
        id="/".join(quote(key or "", safe="") for key in path),
        label=names[-1] if names else (row.label if row else ""),
        depth=max(0, len(path) - 1),
        has_children=0 < len(path) < levels,
        labels=names,
        cells=row.cells if row else None,
    )
