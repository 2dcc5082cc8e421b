"""Lays an answer out as a table: header tree, rows with depth, cells. Pure; every medium draws this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from dwh.datapath.semantic.answer import TOTAL_LABEL, Answer, Column, Number, Row

NO_ROWS: Final = "Không có dữ liệu"
NO_QUOTIENT: Final = "Không tính được: mẫu số bằng 0 hoặc thiếu số liệu"

Keys = tuple[str | None, ...]


class Cell(NamedTuple):
    """One number. `reason` says why it is «–»; empty when there is a value."""

    value: Number
    unit: str
    decimals: int
    is_total: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Header:
    """One heading over `span` leaf columns and down `depth` heading rows."""

    label: str
    span: int
    depth: int
    is_total: bool
    key: str | None = None
    measure: Column | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """One column of cells: a member of the column axis and a measure."""

    keys: Keys
    labels: tuple[str | None, ...]
    measure: Column
    is_total: bool


@dataclass(frozen=True, slots=True)
class PivotRow:
    """One line: `depth` fields are named, the rest is added up; `label` is its own name."""

    keys: Keys
    labels: tuple[str | None, ...]
    label: str
    depth: int
    is_total: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class PivotTable:
    """Headings (outermost row first, measures innermost), leaf columns and rows of one answer."""

    row_fields: tuple[Column, ...]
    column_fields: tuple[Column, ...]
    measures: tuple[Column, ...]
    headers: tuple[tuple[Header, ...], ...]
    leaves: tuple[Leaf, ...]
    rows: tuple[PivotRow, ...]


class _Member(NamedTuple):
    keys: Keys
    labels: tuple[str | None, ...]
    depth: int


def arrange(answer: Answer) -> PivotTable:
    """Return the table of an answer: order and numbers are the answer's own, nothing is added up here."""
    split = len(answer.query.rows)
    fields, measures = answer.fields, answer.values
    row_members, column_members = _members(answer.rows, 0, split), _members(answer.rows, split, len(fields))
    found = {row.keys: row for row in answer.rows}
    leaves = tuple(
        Leaf(member.keys, member.labels, measure, member.depth < len(member.keys))
        for member in column_members
        for measure in measures
    )
    return PivotTable(
        row_fields=fields[:split],
        column_fields=fields[split:],
        measures=measures,
        headers=_headers(column_members, measures, len(fields) - split),
        leaves=leaves,
        rows=tuple(_row(member, column_members, measures, found) for member in row_members),
    )


def _members(rows: Sequence[Row], start: int, stop: int) -> list[_Member]:
    """Return the members of one axis in the order of the answer; a total is one with its last keys None."""
    seen: dict[Keys, _Member] = {}
    for row in rows:
        keys = row.keys[start:stop]
        if keys not in seen:
            depth = sum(key is not None for key in keys)
            seen[keys] = _Member(keys, row.labels[start:stop], depth)
    if start == 0:
        return list(seen.values())
    return _in_tree_order(seen)


def _in_tree_order(seen: dict[Keys, _Member]) -> list[_Member]:
    """Put column members seen in several rows into one order: parents together, totals after their parts."""
    places = {keys: place for place, keys in enumerate(seen)}
    firsts: dict[Keys, int] = {}
    for keys, place in places.items():
        for depth in range(1, len(keys) + 1):
            firsts.setdefault(keys[:depth], place)

    def order(keys: Keys) -> tuple[tuple[bool, int], ...]:
        return tuple((keys[d] is None, firsts[keys[: d + 1]]) for d in range(len(keys)))

    return [seen[keys] for keys in sorted(seen, key=order)]


def _row(
    member: _Member, columns: list[_Member], measures: tuple[Column, ...], found: dict[Keys, Row]
) -> PivotRow:
    cells: list[Cell] = []
    row_total = member.depth < len(member.keys)
    for column in columns:
        row = found.get((*member.keys, *column.keys))
        is_total = row_total or column.depth < len(column.keys)
        for place, measure in enumerate(measures):
            value = row.values[place] if row else None
            reason = "" if value is not None else _reason(row, place, measure)
            cells.append(Cell(value, measure.unit, measure.decimals, is_total, reason))
    label = _label(member)
    return PivotRow(member.keys, member.labels, label, member.depth, row_total, tuple(cells))


def _reason(row: Row | None, place: int, measure: Column) -> str:
    """Return why there is no number: what the answer says of it, or what can be seen from outside."""
    if row is None:
        return NO_ROWS
    said = row.reasons[place] if row.reasons else ""
    return said or (NO_QUOTIENT if measure.status else NO_ROWS)


def _label(member: _Member) -> str:
    if member.depth == len(member.keys):
        return (member.labels[-1] or "") if member.labels else TOTAL_LABEL
    return f"Cộng {member.labels[member.depth - 1]}" if member.depth else TOTAL_LABEL


def _headers(
    members: list[_Member], measures: tuple[Column, ...], levels: int
) -> tuple[tuple[Header, ...], ...]:
    lines: list[tuple[Header, ...]] = []
    for level in range(levels):
        line = []
        for keys, group in groupby(members, key=lambda member: member.keys[: level + 1]):
            together = list(group)
            first = together[0]
            if first.depth < level:
                continue  # its total already hangs down from above
            is_total = keys[level] is None
            label = _label(first) if is_total else first.labels[level] or ""
            depth = levels - level if is_total else 1
            line.append(Header(label, len(together) * len(measures), depth, is_total, keys[level]))
        lines.append(tuple(line))
    leaf_line = tuple(
        Header(measure.label, 1, 1, member.depth < len(member.keys), None, measure)
        for member in members
        for measure in measures
    )
    return (*lines, leaf_line)
