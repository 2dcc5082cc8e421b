"""The block of a distinct count or a stock of heads that a rollup answers with bitmaps.

SQL only chooses the bitmaps (one statement, the step); they are united outside the engine (heads.py), and what was
counted comes back into the question's statement as lists, one per column.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from dwh.datapath.semantic.execution.rollups import Stored
from dwh.datapath.semantic.statement.blocks import Frame, Set, Source
from dwh.datapath.semantic.statement.conditions import FACT
from dwh.datapath.semantic.statement.dimensions import derived
from dwh.datapath.semantic.statement.sql import (
    Parameters,
    Slot,
    column,
    is_in,
    is_in_query,
    named,
    render,
    select,
    table,
    text,
    with_tables,
)
from dwh.datapath.semantic.words import Field, Measure
from dwh.datapath.warehouse.rollups.definition import BITS

FLAGS, NUMBER, MONTH = "g", "n", "m"


@dataclass(frozen=True, slots=True)
class HeadsStep:
    """A statement that chooses bitmaps: Shape: the key of each field, the month, the bitmap (None: none that fits).

    `sets` are the sets of fields to count by; `times` the fields that are periods. `is_stock`: only the last month
    with data of each period counts. `keeps_empty`: a group without heads is 0, not absent.
    """

    sql: str
    params: tuple[str, ...]
    fields: tuple[Field, ...]
    sets: tuple[Set, ...]
    times: Set
    is_stock: bool
    keeps_empty: bool


def heads_block(frame: Frame, stored: Stored, measure: Measure) -> str:
    """Add the step of one count, and the block that reads what it counted: k…, g, the number (and its month)."""
    step = len(frame.steps)
    frame.steps.append(_step(frame, stored, measure))
    names = [f"k{i}" for i in range(len(frame.fields))]
    columns = [_list(frame, step, name, "TEXT") for name in names]
    columns += [_list(frame, step, FLAGS, "INT"), named(_unnest(frame, step, NUMBER, "BIGINT"), measure.name)]
    if measure.additive == "last":
        columns.append(named(_unnest(frame, step, MONTH, "TEXT"), f"{measure.name}_month"))
    return frame.add(f"{measure.name}_counts", select(columns, None))


def _list(frame: Frame, step: int, name: str, kind: str) -> exp.Expression:
    return named(_unnest(frame, step, name, kind), name)


def _unnest(frame: Frame, step: int, name: str, kind: str) -> exp.Expression:
    given = exp.cast(frame.parameters.add(Slot(step, name)), f"{kind}[]", dialect="duckdb")
    return exp.Anonymous(this="UNNEST", expressions=[given])


def _step(frame: Frame, stored: Stored, measure: Measure) -> HeadsStep:
    """Return the statement with parameters of its own: it runs before the question's."""
    own = Frame(frame.query, frame.subject, frame.sight, Parameters("duckdb"), frame.fields, frame.sets)
    source = Source(own, stored.fact)
    keys = [named(source.key(field, staged=False), f"k{i}") for i, field in enumerate(own.fields)]
    month, bits = column(stored.fact.month_column, FACT), column(BITS, FACT)
    chosen: exp.Expression = bits
    if measure.where:
        holds = [is_in(column(name, FACT), [text(v) for v in values]) for name, values in measure.where]
        chosen = exp.Case(ifs=[exp.If(this=exp.and_(*holds), true=bits)])
    times = tuple(i for i, field in enumerate(own.fields) if field.dimension.kind == "period")
    is_stock = measure.additive == "last"
    extra = [is_in_query(month.copy(), _last(own, stored, times))] if is_stock else []
    query = source.legs([*keys, named(month, MONTH), named(chosen, BITS)], extra=extra)
    if own.ctes:  # a union carries its tables in front of itself
        query = with_tables(select([exp.Star()], table(own.add("chosen", query))), own.ctes)
    sql = render(query, "duckdb")
    return HeadsStep(sql, own.parameters.texts, own.fields, own.sets, times, is_stock, bool(measure.where))


def _last(own: Frame, stored: Stored, times: Set) -> exp.Select:
    """Return the last month with data of each period of the finest set."""
    source = Source(own, stored.fact)
    months = own.add(
        "months", source.legs([named(column(stored.fact.month_column, FACT), MONTH)], distinct=True)
    )
    query = select([exp.Max(this=column(MONTH))], table(months))
    periods = [derived(own.fields[i].level, column(MONTH)) for i in times]
    return query.group_by(*periods, copy=False) if periods else query
