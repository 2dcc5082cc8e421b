"""The question that takes one cell of a table apart: its members as filters, its measure and the parts, by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.query import Filter, Query
from dwh.datapath.semantic.words import Indicator, Measure, Subject

MONTH: Final = "month.month"


def question_about(query: Query, keys: Sequence[str | None], measure: str, subject: Subject) -> Query:
    """Return the question about a cell; `keys` are the members of its row and column, None where added up."""
    named = zip((*query.rows, *query.columns), keys, strict=True)
    filters = tuple(Filter(field, "eq", (key,)) for field, key in named if key is not None)
    parts = tuple(name for name in parts_of(subject.value(measure)) if name != measure)
    return replace(
        query, rows=(MONTH,), columns=(), values=(measure, *parts), filters=(*query.filters, *filters),
        totals=True, sort=(), limit=None, others=False, calculations=(),
    )  # fmt: skip


def parts_of(value: Measure | Indicator) -> tuple[str, ...]:
    """Return the measures a value is made of; a measure is made of itself."""
    return value.measures if isinstance(value, Indicator) else (value.name,)


def months_of(answer: Answer) -> tuple[str, ...]:
    """Return the months an answer to `question_about` has rows of."""
    return tuple(row.keys[0] for row in answer.rows if row.keys[0])
