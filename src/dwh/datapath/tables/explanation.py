"""What one number says of itself: its definition, its formula with the numbers in it, its months. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dwh.datapath.semantic.answer import Answer, Column, Number, Row
from dwh.datapath.semantic.words import Indicator, Measure, Subject
from dwh.kernel import vi

NAME: Final = re.compile(r"[a-z_][a-z_0-9]*")
WHOLE: Final = re.compile(r"total\(([a-z_][a-z_0-9]*)\)")


@dataclass(frozen=True, slots=True)
class Part:
    """A measure the number is made of: itself, or one of its formula. `of_whole`: of the whole table, not the cell."""

    name: str
    label: str
    unit: str
    text: str
    of_whole: bool = False


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month of the parts; the last line is the cell itself. `month` is "" there."""

    label: str
    texts: tuple[str, ...]
    month: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the panel says of one number."""

    number: str
    unit: str
    label: str
    place: str
    description: str
    owner: str
    source: str
    status: str
    additive: str
    formula: str
    worked: str
    parts: tuple[Part, ...]
    heads: tuple[tuple[str, str], ...]
    months: tuple[MonthLine, ...]
    total: MonthLine


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a cell: its own, those of the whole table (for a share), and one group per month."""

    columns: tuple[Column, ...]
    cell: tuple[Number, ...]
    whole: tuple[Number, ...]
    months: tuple[tuple[str, str, tuple[Number, ...]], ...]  # key, label, values


def numbers_of(
    answer: Answer, cell: Row, whole: Row | None, months: Sequence[tuple[str, str, Row]]
) -> Numbers:
    """Return the numbers of a cell; every row has a value per column of `answer`."""
    rows = tuple((key, label, row.values) for key, label, row in months)
    return Numbers(answer.values, cell.values, whole.values if whole else (), rows)


def explain(numbers: Numbers, subject: Subject, place: str) -> Explanation:
    """Return what the panel says of the first column of `numbers`."""
    shown = numbers.columns[0]
    value, texts = subject.value(shown.name), _texts(numbers.columns, numbers.cell)
    is_share = isinstance(value, Indicator) and value.needs_grand_total
    return Explanation(
        number=texts[shown.name],
        unit=shown.unit,
        label=shown.label,
        place=place,
        description=value.description,
        owner=subject.owner,
        source=value.source if isinstance(value, Indicator) else "",
        status=value.status,
        additive=value.additive,
        formula=_formula(value, {column.name: column.label for column in numbers.columns}, {}),
        worked=_formula(value, texts, _texts(numbers.columns, numbers.whole)),
        parts=_parts(value, numbers, texts),
        heads=tuple((column.label, column.unit) for column in numbers.columns),
        months=tuple(
            _line(label, values, numbers.columns, key, own=not is_share)
            for key, label, values in numbers.months
        ),
        total=_line("Ô này", numbers.cell, numbers.columns),
    )


def _texts(columns: Sequence[Column], values: Sequence[Number]) -> dict[str, str]:
    pairs = zip(columns, values, strict=False)  # no whole: no texts
    return {column.name: vi.number(value, column.decimals) for column, value in pairs}


def _parts(value: Measure | Indicator, numbers: Numbers, texts: Mapping[str, str]) -> tuple[Part, ...]:
    wholes = _texts(numbers.columns, numbers.whole)
    shared = set(WHOLE.findall(value.formula)) if isinstance(value, Indicator) else set()
    parts = []
    for column in numbers.columns:
        if column.name == value.name and isinstance(value, Indicator):
            continue
        parts.append(Part(column.name, column.label, column.unit, texts[column.name]))
        if column.name in shared:
            parts.append(
                Part(column.name, f"{column.label}, cả bảng", column.unit, wholes[column.name], of_whole=True)
            )
    return tuple(parts)


def _line(
    label: str, values: Sequence[Number], columns: Sequence[Column], month: str = "", *, own: bool = True
) -> MonthLine:
    """Return a line of the months; a share of one month would be of another whole than the cell's."""
    texts = [vi.number(value, column.decimals) for value, column in zip(values, columns, strict=True)]
    return MonthLine(label, tuple(texts if own else [vi.NO_DATA, *texts[1:]]), month)


def _formula(value: Measure | Indicator, words: Mapping[str, str], wholes: Mapping[str, str]) -> str:
    """Return a formula as people write it: names or numbers for the measures, × and ÷ for the signs."""
    if not isinstance(value, Indicator):
        return ""
    text = value.formula
    if wholes:
        text = WHOLE.sub(lambda found: wholes.get(found[1], found[0]), text)
    text = NAME.sub(lambda found: words.get(found[0], "tổng" if found[0] == "total" else found[0]), text)
    return text.replace("*", "×").replace(" / ", " ÷ ").replace(" - ", " − ")
