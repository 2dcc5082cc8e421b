"""A figure of a calculated column, taken apart: what kind it is, its base, the numbers it was worked out from. Pure.

The numbers are asked with the table itself, in columns of their own beside it, so that they are those of the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from dwh.datapath.semantic.answer import Answer, Column, Row
from dwh.datapath.semantic.calculations.document import Calculation
from dwh.datapath.semantic.calculations.kinds import SHARES
from dwh.datapath.semantic.calculations.workings import reads
from dwh.datapath.semantic.formula import TOTAL_PREFIX, inputs, parse
from dwh.datapath.semantic.query import Query
from dwh.datapath.tables.cell import Keys, row_of_cell
from dwh.datapath.tables.pivot import NO_ROWS
from dwh.kernel import vi

_BESIDE: Final = "beside_base"  # a column asked for this panel alone; a person's are c1, c2…
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*(?::[a-z][a-z0-9_]*)?")
_WHOLE: Final = re.compile(r"total\(\s*([a-z][a-z0-9_:]*)\s*\)")


@dataclass(frozen=True, slots=True)
class Step:
    """One number of the working. `name`: the value whose cell it is; `of_whole`: whose total it is; else ""."""

    label: str
    text: str
    unit: str
    name: str = ""
    of_whole: str = ""


@dataclass(frozen=True, slots=True)
class Working:
    """What the panel says of a figure of a calculated column. `reason`: why there is none."""

    number: str
    unit: str
    label: str
    kind: str
    description: str
    worked: str
    reason: str
    steps: tuple[Step, ...]


def calculation_in(query: Query, name: str) -> Calculation | None:
    """Return the calculation of a question that is called `name`."""
    return next((one for one in query.calculations if one.name == name), None)


def question_beside(query: Query, one: Calculation) -> Query:
    """Return the question of the table with the numbers a calculation needs in columns beside it."""
    return replace(query, totals=True, calculations=(*query.calculations, *_companions(one)))


def working_of(answer: Answer, one: Calculation, keys: Keys) -> Working | None:
    """Return how a cell of `one` came about, from an answer to `question_beside`; None when there is no such cell."""
    row = row_of_cell(answer, keys)
    if row is None:
        return None
    column, text = _said(answer, row, one.name)
    reasons = dict(zip((c.name for c in answer.values), row.reasons, strict=False))
    steps = tuple(_steps(answer, row, one, len(answer.query.rows)))
    return Working(
        text, column.unit, column.label, one.is_of.label, one.is_of.description, _worked(one, steps),
        (reasons.get(one.name) or NO_ROWS) if text == vi.NO_DATA else "", steps,
    )  # fmt: skip


def _companions(one: Calculation) -> tuple[Calculation, ...]:
    return (Calculation(_BESIDE, one.base, of=one.of),) if one.base else ()


def _steps(answer: Answer, row: Row, one: Calculation, split: int) -> Iterator[Step]:
    asked = inputs(parse(one.formula)) if one.formula else reads(one)
    for name in (n for n in asked if not n.startswith(TOTAL_PREFIX)):
        yield _step(answer, row, name)
    for companion in _companions(one):
        column, text = _said(answer, row, companion.name)
        yield Step(column.label, text, column.unit)
    if one.kind in SHARES:
        yield from _whole(answer, row, one, split)
    if one.kind == "rank":
        yield _sisters(answer, row, one, split)
    for name in (n.removeprefix(TOTAL_PREFIX) for n in asked if n.startswith(TOTAL_PREFIX)):
        yield from _of_row(answer, (None,) * len(row.keys), name, "cả bảng")


def _whole(answer: Answer, row: Row, one: Calculation, split: int) -> Iterator[Step]:
    rows, columns = row.keys[:split], row.keys[split:]
    depth = max(0, sum(key is not None for key in rows) - 1)
    keys = {
        "share_of_total": (None,) * len(row.keys),
        "share_of_column": (*(None,) * split, *columns),
        "share_of_parent": (*rows[:depth], *(None,) * (split - depth), *columns),
    }[one.kind]
    return _of_row(answer, keys, one.of, "của tổng")


def _of_row(answer: Answer, keys: Keys, name: str, words: str) -> Iterator[Step]:
    found = row_of_cell(answer, keys)
    if found is not None:
        column, text = _said(answer, found, name)
        yield Step(f"{column.label}, {words}", text, column.unit, of_whole=name)


def _sisters(answer: Answer, row: Row, one: Calculation, split: int) -> Step:
    depth = sum(key is not None for key in row.keys[:split])
    place = [column.name for column in answer.values].index(one.name)
    together = [
        other
        for other in answer.rows
        if other.keys[split:] == row.keys[split:]
        and other.keys[: depth - 1] == row.keys[: depth - 1]
        and sum(key is not None for key in other.keys[:split]) == depth
        and other.values[place] is not None
    ]
    return Step("Số dòng được xếp hạng trong bảng này", vi.number(len(together)), "dòng")


def _step(answer: Answer, row: Row, name: str) -> Step:
    column, text = _said(answer, row, name)
    return Step(f"{column.label}, ô này", text, column.unit, name)


def _said(answer: Answer, row: Row, name: str) -> tuple[Column, str]:
    columns = {column.name: place for place, column in enumerate(answer.values)}
    column, value = answer.values[columns[name]], row.values[columns[name]]
    return column, vi.number(value, column.decimals)


def _worked(one: Calculation, steps: tuple[Step, ...]) -> str:
    """Return the sum with its numbers in it, where there are enough of them: 100 × (now − base) ÷ base."""
    numbers = [step.text for step in steps]
    if vi.NO_DATA in numbers or (len(numbers) < 2 and not one.formula):
        return ""
    if one.kind == "difference":
        return f"{numbers[0]} − {numbers[1]}"
    if one.kind == "growth":
        return f"100 × ({numbers[0]} − {numbers[1]}) ÷ {numbers[1]}"
    if one.kind in SHARES:
        return f"100 × {numbers[0]} ÷ {numbers[1]}"
    return _formula(one, steps) if one.formula else ""


def _formula(one: Calculation, steps: tuple[Step, ...]) -> str:
    """Return a formula with the numbers of the cell, and of the whole table, in place of its names."""
    own = {step.name: step.text for step in steps if step.name}
    wholes = {step.of_whole: step.text for step in steps if step.of_whole}
    text = _WHOLE.sub(lambda found: wholes.get(found[1], found[0]), one.formula)
    text = _NAME.sub(lambda found: own.get(found[0], found[0]), text)
    return text.replace("*", "×").replace("/", "÷").replace("-", "−")
