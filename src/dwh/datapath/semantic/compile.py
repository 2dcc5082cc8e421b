"""One question to one SELECT: keys, labels, total flags and sums. Ratios are made later, in Decimal.

Identifiers come from the catalogue, values travel as parameters, the scope is part of every fact. Facts never
join facts: each is added up on its own and the results are laid side by side on the fields they share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from sqlglot import exp

from dwh.datapath.semantic import formula
from dwh.datapath.semantic.check import measures_of
from dwh.datapath.semantic.execution.rollups import NO_STOCK, Route, Stock, Supply, with_rollups
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.statement.blocks import Frame, Set, stepwise_block, sum_block, total_flags
from dwh.datapath.semantic.statement.conditions import Sight, refuse_hidden_filters
from dwh.datapath.semantic.statement.dimensions import label_query
from dwh.datapath.semantic.statement.heads import HeadsStep, heads_block
from dwh.datapath.semantic.statement.sql import (
    Parameters,
    Slot,
    column,
    left_join,
    named,
    render,
    select,
    table,
    with_tables,
)
from dwh.datapath.semantic.words import STOCKS, Fact, Field, Indicator, Measure, Subject
from dwh.kernel.org.scope import OrgScope


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement and how to read its rows.

    Shape: per field its key and, where `labelled`, its label; then the total flags (bit i: field i is added
    up); one column per measure; per stock the month used, of an average the number of months; with a limit the
    number of members before the cut.
    """

    query: Query
    subject: Subject
    sql: str
    params: tuple[str | Slot, ...]
    fields: tuple[Field, ...]
    labelled: tuple[bool, ...]
    masked: frozenset[str]
    measures: tuple[str, ...]
    stocks: tuple[str, ...]
    steps: tuple[HeadsStep, ...] = ()  # what is counted before; the statement reads it through its slots
    routes: tuple[Route, ...] = ()


def compile_query(
    query: Query,
    subject: Subject,
    *,
    scope: OrgScope,
    clearance: frozenset[str] = frozenset(),
    dialect: str = "duckdb",
    stock: Stock = NO_STOCK,
) -> Plan:
    """Return the statement that answers `query` inside `scope`, from the cheapest tables of `stock`.

    Raises:
        Denied: a filter on a field that `clearance` does not show.
        UnknownField, Invalid: the question was not checked before.
    """
    return _compiled(query, subject, Sight(scope, clearance), dialect, stock)


@lru_cache(maxsize=512)
def _compiled(query: Query, subject: Subject, sight: Sight, dialect: str, stock: Stock) -> Plan:
    """Compile once for the same question, words, scope and clearance: a board asks the same all day."""
    refuse_hidden_filters(query, subject, sight)
    served, stored = with_rollups(subject)
    fields = tuple(served.field(name) for name in (*query.rows, *query.columns))
    values = [subject.value(name) for name in query.values]
    measures = measures_of(subject, values)
    supply = Supply(stored, stock)
    frame = Frame(query, served, sight, Parameters(dialect), fields, _sets(query, values), supply)
    cube = _cube(frame, measures)
    statement = _statement(frame, cube, measures, values)
    return Plan(
        query=query,
        subject=subject,
        sql=render(statement, dialect),
        params=tuple(frame.parameters.values),
        fields=fields,
        labelled=tuple(_has_label(frame, field) for field in fields),
        masked=frozenset(field.name for field in fields if not sight.sees(field.level)),
        measures=tuple(measure.name for measure in measures),
        stocks=tuple(_stocks(measures)),
        steps=tuple(frame.steps),
        routes=tuple(frame.routes),
    )


def _sets(query: Query, values: Sequence[Measure | Indicator]) -> tuple[Set, ...]:
    """Return the sets to group by: every prefix of the rows × every prefix of the columns.

    Without totals: the full set, and what sorting by a value or a share of the whole needs.
    """
    places = range(len(query.rows) + len(query.columns))
    rows, columns = tuple(places[: len(query.rows)]), tuple(places[len(query.rows) :])
    by_value = any(one.field in query.values for one in query.sort)
    shares = any(isinstance(value, Indicator) and value.needs_grand_total for value in values)
    row_sets = [rows[:n] for n in range(len(rows), -1, -1)]
    wanted = [(*rows, *columns)]
    if query.totals:
        wanted += [(*r, *columns[:n]) for r, n in product(row_sets, range(len(columns), -1, -1))]
    if by_value:
        wanted += row_sets[:-1]
    if query.limit is not None:
        wanted.append(rows)
    if shares:
        wanted.append(())
    return tuple(dict.fromkeys(wanted))


def _stocks(measures: Sequence[Measure]) -> list[str]:
    return [measure.name for measure in measures if measure.additive in STOCKS]


def _cube(frame: Frame, measures: Sequence[Measure]) -> str:
    """Add the blocks of every fact and return the name of the relation that has them side by side."""
    blocks: list[tuple[str, list[str]]] = []
    for fact in frame.subject.facts.values():
        own = [measure for measure in measures if measure.fact == fact.name]
        sums = [measure for measure in own if measure.additive == "all"]
        if sums:
            blocks.append((sum_block(frame, frame.source(fact, sums)[0], sums), [m.name for m in sums]))
        for measure in own:
            if measure.additive != "all":
                used = [f"{measure.name}_month"] if measure.additive in STOCKS else []
                blocks.append((_stepwise(frame, fact, measure), [measure.name, *used]))
    outputs = [name for _, names in blocks for name in names]
    parts = [_padded(frame, name, names, outputs) for name, names in blocks]
    if len(parts) == 1:
        return frame.add("cube", parts[0])
    union: exp.Query = parts[0]
    for other in parts[1:]:
        union = exp.Union(this=union, expression=other, distinct=False)
    keys = _key_columns(frame)
    side = select(
        [*keys, *(named(exp.Max(this=column(name)), name) for name in outputs)],
        table(frame.add("parts", union)),
    )
    if keys:
        side.group_by(*(key.copy() for key in keys), copy=False)
    return frame.add("cube", side)


def _stepwise(frame: Frame, fact: Fact, measure: Measure) -> str:
    table, stored = frame.source(fact, [measure])
    if stored is not None and stored.rollup.distinct:
        return heads_block(frame, stored, measure)
    return stepwise_block(frame, table, measure)


def _padded(frame: Frame, block: str, names: list[str], outputs: list[str]) -> exp.Select:
    values = [column(name) if name in names else named(exp.null(), name) for name in outputs]
    return select([*_key_columns(frame), *values], table(block))


def _key_columns(frame: Frame) -> list[exp.Expression]:
    places = range(len(frame.fields))
    return [*(column(f"k{i}") for i in places), column("g")]


def _statement(
    frame: Frame, cube: str, measures: Sequence[Measure], values: Sequence[Measure | Indicator]
) -> exp.Select:
    shown: list[exp.Expression] = []
    joins: list[tuple[str, int]] = []
    for i, field in enumerate(frame.fields):
        label = _labels(frame, cube, i, field)
        shown.append(column(f"k{i}", "c"))
        if label:
            shown.append(named(column("t", label), f"t{i}"))
            joins.append((label, i))
    shown.append(column("g", "c"))
    shown += [column(measure.name, "c") for measure in measures]
    shown += [column(f"{name}_month", "c") for name in _stocks(measures)]
    query = select(shown, table(cube, "c"))
    for label, i in joins:
        left_join(query, table(label), column("k", label), column(f"k{i}", "c"))
    if frame.query.limit is not None:
        _cut(frame, cube, query, values)
    return with_tables(query, frame.ctes)


def _labels(frame: Frame, cube: str, place: int, field: Field) -> str | None:
    if not _has_label(frame, field):
        return None
    keys = select([column(f"k{place}")], table(cube))
    return frame.add(f"labels_{place}", label_query(field, frame.query.org_basis, keys))


def _has_label(frame: Frame, field: Field) -> bool:
    """Tell whether the engine gives the label: it is in the dimension's table and may be seen."""
    named_there = field.dimension.table is not None and field.level.text is not None
    return named_there and frame.sight.sees(field.level)


def _cut(frame: Frame, cube: str, query: exp.Select, values: Sequence[Measure | Indicator]) -> None:
    """Keep the first `limit` members of the rows, ranked over all columns; totals stay whole."""
    rows = range(len(frame.query.rows))
    is_member = _kept(tuple(rows), len(frame.fields))
    keys: list[exp.Expression] = [column(f"k{i}") for i in rows]
    members = frame.add("members", select([exp.Star()], table(cube)).where(is_member, copy=False))
    by_name = {value.name: value for value in values}
    order = [_ordered(_rank(frame, cube, by_name, one.field), one.desc) for one in frame.query.sort]
    top = select(keys, table(members)).order_by(*order, *(key.copy() for key in keys), copy=False)
    top.limit(exp.Literal.number(int(frame.query.limit or 0)), copy=False)
    top_name = frame.add("top", top)
    inside = exp.In(
        this=exp.Tuple(expressions=[column(f"k{i}", "c") for i in rows]),
        query=exp.Subquery(this=select([key.copy() for key in keys], table(top_name))),
    )
    totals = [exp.Is(this=column(f"k{i}", "c"), expression=exp.null()) for i in rows]
    query.where(exp.or_(*totals, inside), copy=False)
    count = select([exp.Count(this=exp.Star())], table(members))
    query.select(named(exp.Subquery(this=count), "member_count"), copy=False)


def _kept(one: Set, width: int) -> exp.Expression:
    return exp.EQ(this=column("g"), expression=exp.Literal.number(total_flags(one, width)))


def _ordered(expression: exp.Expression, desc: bool) -> exp.Expression:
    return exp.Ordered(this=expression, desc=desc, nulls_first=False)


def _rank(frame: Frame, cube: str, values: dict[str, Measure | Indicator], name: str) -> exp.Expression:
    """Return what a sort item ranks by: a key, a measure, or an indicator's formula over sums."""
    value = values.get(name)
    if value is None:
        return column(f"k{frame.query.rows.index(name)}")
    return _formula(value.tree, frame, cube) if isinstance(value, Indicator) else _number(frame, name)


def _formula(node: formula.Node, frame: Frame, cube: str) -> exp.Expression:
    if isinstance(node, formula.Number):
        return exp.Literal.number(str(node.value))
    if isinstance(node, formula.Name):
        return _input(node.name, frame, cube)
    arguments = [_formula(argument, frame, cube) for argument in node.arguments]
    if node.sign in _FUNCTIONS:
        return _FUNCTIONS[node.sign](arguments)
    left, right = (exp.Paren(this=argument) for argument in arguments)
    if node.sign == "/":
        safe = exp.Nullif(this=exp.cast(right, "double"), expression=exp.Literal.number(0))
        return exp.Div(this=exp.cast(left, "double"), expression=safe)
    return _OPERATORS[node.sign](this=left, expression=right)


def _input(name: str, frame: Frame, cube: str) -> exp.Expression:
    if not name.startswith(formula.TOTAL_PREFIX):
        return _number(frame, name)
    whole = _kept((), len(frame.fields))
    number = _number(frame, name.removeprefix(formula.TOTAL_PREFIX))
    query = select([exp.Max(this=number)], table(cube))
    return exp.Subquery(this=query.where(whole, copy=False))


def _number(frame: Frame, name: str) -> exp.Expression:
    """Return a measure as a number to rank by: an average stands in the cube as its sum and its months."""
    if frame.subject.measures[name].additive != "average":
        return column(name)
    return exp.Div(this=exp.cast(column(name), "double"), expression=column(f"{name}_month"))


_OPERATORS = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}
_FUNCTIONS = {
    "abs": lambda a: exp.Abs(this=a[0]),
    "min": lambda a: exp.Least(this=a[0], expressions=[a[1]]),
    "max": lambda a: exp.Greatest(this=a[0], expressions=[a[1]]),
}
