"""How one number came to be: its definition, its formula with the numbers in it, its months. Pure but for the asking.

The cell is asked again with the cell's own members as filters, month by month, so the parts are the engine's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dwh.datapath.semantic.answer import Answer, Number
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.words import Indicator, Measure, Subject
from dwh.kernel import vi
from dwh.kernel.errors import Invalid

GONE: Final = "Ô cần giải thích không còn trong bảng. Bấm «Tính lại» rồi chọn lại ô."
NAME: Final = re.compile(r"[a-z_][a-z_0-9]*")


@dataclass(frozen=True, slots=True)
class CellOf:
    """Which cell: the members of its row and its column (None: added up), and its measure."""

    keys: tuple[str | None, ...]
    measure: str
    place: str  # what the person read beside the cell


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month of the parts; the last line is the cell itself."""

    label: str
    texts: tuple[str, ...]


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
    formula: str
    worked: str
    heads: tuple[tuple[str, str], ...]
    months: tuple[MonthLine, ...]
    total: MonthLine


def cell_of(query: Query, text: str) -> CellOf:
    """Return the cell a request names, as JSON.

    Raises:
        Invalid: not as many members as the question has fields, or a measure it does not ask.
    """
    try:
        wanted = json.loads(text)
        keys, measure, place = wanted["keys"], wanted["measure"], wanted["place"]
    except (ValueError, TypeError, KeyError, RecursionError):
        keys, measure, place = None, None, ""
    fits = isinstance(keys, list) and len(keys) == len(query.rows) + len(query.columns)
    if not fits or measure not in query.values or not all(k is None or _is_key(k) for k in keys):
        raise Invalid(GONE)
    return CellOf(tuple(keys), measure, str(place)[:300].encode("utf-8", "replace").decode("utf-8"))


def _is_key(key: object) -> bool:
    return isinstance(key, str) and key.isprintable() and 0 < len(key) <= 200


def explain(answer: Answer, subject: Subject, place: str) -> Explanation:
    """Return what the panel says; `answer` is the answer to `question_about`.

    Raises:
        Invalid: no row makes up the cell, as when its members are not in the table.
    """
    if not answer.rows:
        raise Invalid(GONE)
    value, shown, total = subject.value(answer.query.values[0]), answer.values[0], answer.rows[-1].values
    return Explanation(
        number=vi.number(total[0], shown.decimals),
        unit=shown.unit,
        label=shown.label,
        place=place,
        description=value.description,
        owner=subject.owner,
        source=value.source if isinstance(value, Indicator) else "",
        status=value.status,
        formula=_formula(value, {column.name: column.label for column in answer.values}),
        worked=_formula(value, _numbers(answer, total)),
        heads=tuple((column.label, column.unit) for column in answer.values),
        months=tuple(_line(row.labels[0] or "", row.values, answer) for row in answer.rows[:-1]),
        total=_line("Ô này", total, answer),
    )


def _numbers(answer: Answer, total: tuple[Number, ...]) -> dict[str, str]:
    return {
        column.name: vi.number(value, column.decimals)
        for column, value in zip(answer.values, total, strict=True)
    }


def _line(label: str, values: tuple[Number, ...], answer: Answer) -> MonthLine:
    pairs = zip(values, answer.values, strict=True)
    return MonthLine(label, tuple(vi.number(value, column.decimals) for value, column in pairs))


def _formula(value: Measure | Indicator, words: Mapping[str, str]) -> str:
    """Return a formula as people write it: names or numbers for the measures, × and ÷ for the signs."""
    if not isinstance(value, Indicator):
        return ""
    text = NAME.sub(
        lambda found: words.get(found[0], "tổng" if found[0] == "total" else found[0]), value.formula
    )
    return text.replace("*", "×").replace(" / ", " ÷ ").replace(" - ", " − ")
