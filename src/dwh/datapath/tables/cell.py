"""The questions that take one cell of a table apart: its members as filters, its measure and the parts, by month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from dwh.datapath.semantic.answer import Answer, Row
from dwh.datapath.semantic.check import measures_of
from dwh.datapath.semantic.periods import parse_period
from dwh.datapath.semantic.query import Filter, Query
from dwh.datapath.semantic.words import MASK, OTHERS_KEY, STOCKS, Indicator, Measure, Subject
from dwh.kernel.errors import Invalid

MONTH: Final = "month.month"
Keys = Sequence[str | None]


def question_about(query: Query, keys: Keys, measure: str, subject: Subject) -> Query:
    """Return the question about a cell; `keys` are the members of its row and column, None where added up."""
    must_be_one_member(keys)
    parts = tuple(name for name in parts_of(subject.value(measure)) if name != measure)
    return replace(
        query, rows=(MONTH,), columns=(), values=(measure, *parts),
        filters=(*query.filters, *cell_filters(query, keys, subject)), totals=True, sort=(), limit=None,
        others=False, calculations=(),
    )  # fmt: skip


def must_be_one_member(keys: Keys) -> None:
    """Refuse «Khác»: the rows a limit left out are no member that could be asked about.

    Raises:
        Invalid: the sentence says how to see them.
    """
    if OTHERS_KEY in keys:
        raise Invalid(
            "«Khác» gộp các dòng ngoài nhóm đầu nên không tách riêng được. Bỏ «Chỉ lấy bao nhiêu dòng đầu» trong"
            " hộp Sắp xếp để thấy từng dòng, rồi chọn dòng cần xem."
        )


def cell_filters(query: Query, keys: Keys, subject: Subject) -> tuple[Filter, ...]:
    """Return the members of a cell as filters. A hidden member is every row of the question: it filters nothing."""
    named = zip((*query.rows, *query.columns), keys, strict=True)
    return tuple(
        Filter(field, "eq", (key,))
        for field, key in named
        if key is not None and not (key == MASK and subject.field(field).level.personal)
    )


def needs_whole_table(query: Query, measure: str, subject: Subject) -> bool:
    """Tell whether the members of the cell as filters would give another figure than the table shows.

    A stock is taken at the same months for every unit of the table; a share is of the whole the table covers.
    """
    value = subject.value(measure)
    shares = isinstance(value, Indicator) and value.needs_grand_total
    return shares or any(one.additive in STOCKS for one in measures_of(subject, [value]))


def table_of_cell(query: Query, measure: str, subject: Subject) -> Query:
    """Return the question of the same table with this measure and its parts alone: it has the cell and all totals."""
    parts = tuple(name for name in parts_of(subject.value(measure)) if name != measure)
    return replace(
        query, values=(measure, *parts), totals=True, sort=(), limit=None, others=False, calculations=()
    )  # fmt: skip


def row_of_cell(answer: Answer, keys: Keys) -> Row | None:
    """Return the group of an answer to `table_of_cell` that holds the cell; None when no row makes it up."""
    return next((row for row in answer.rows if row.keys == tuple(keys)), None)


def parts_of(value: Measure | Indicator) -> tuple[str, ...]:
    """Return the measures a value is made of; a measure is made of itself."""
    return value.measures if isinstance(value, Indicator) else (value.name,)


def period_of_cell(question: Query, subject: Subject) -> Callable[[str], bool]:
    """Return what tells whether a month lies in the period a question names; without one every month does."""
    named = [one for one in question.filters if subject.field(one.field).dimension.kind == "period"]
    return lambda month: all(_holds(one, month) for one in named)


def _holds(one: Filter, month: str) -> bool:
    runs = [parse_period(value) for value in one.values]
    if one.op == "gte":
        return month >= runs[0].first
    if one.op == "lte":
        return month <= runs[0].last
    if one.op == "between":
        return runs[0].first <= month <= runs[1].last
    return any(run.first <= month <= run.last for run in runs) != (one.op == "not_in")


def months_of(answer: Answer) -> tuple[str, ...]:
    """Return the months an answer to `question_about` has rows of."""
    return tuple(row.keys[0] for row in answer.rows if row.keys[0])
