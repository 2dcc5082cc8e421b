"""The SELECT of the rows behind a cell, one measure at a time: the same conditions as the figure itself.

Identifiers come from the catalogue and the lineage, values travel as parameters, the scope is part of every fact read.
What the rows show is what the catalogue's dimensions show; a personal one that may not be seen is never read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from dwh.datapath.origin.records import Records, records_of
from dwh.datapath.semantic.query import Filter, Query
from dwh.datapath.semantic.statement.conditions import (
    FACT,
    Sight,
    conditions,
    own_column,
    refuse_hidden_filters,
)
from dwh.datapath.semantic.statement.dimensions import derived, key_of, label_query, relation
from dwh.datapath.semantic.statement.sql import (
    Parameters,
    as_text,
    column,
    is_in,
    join,
    named,
    render,
    select,
    table,
    text,
    where,
    with_tables,
)
from dwh.datapath.semantic.words import Fact, Field, Measure, Subject
from dwh.datapath.tables.cell import cell_filters

PICKED, ROW = "picked", "p"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose rows: a cell of the table that answers `query`, one measure of it. `keys`: its members, None: added up."""

    query: Query
    keys: tuple[str | None, ...]
    measure: str


@dataclass(frozen=True, slots=True)
class RowsPlan:
    """`total` gives rows, their sum (or persons), first and last month; `page` one row each.

    A row of `page`: key and text of every field of `fields`, then value, rows added up in it, first and last month,
    batch, record; all but the value and the count are text or NULL. Each statement takes its own parameters.
    """

    asked: Asked
    measure: Measure
    fact: Fact
    fields: tuple[Field, ...]
    hidden: frozenset[str]
    records: Records
    total: str
    page: str
    params: tuple[str, ...]
    total_params: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Which of the rows: `count` of them after the first `start`."""

    start: int = 0
    count: int = 100


def compile_rows(
    asked: Asked, subject: Subject, sight: Sight, window: Window, dialect: str = "duckdb"
) -> RowsPlan:
    """Return the statements of the rows behind a cell.

    Raises: Denied for a filter on a field these eyes may not see. UnknownField: the measure is none of the subject.
    """
    measure = subject.measures[asked.measure]
    fact = subject.facts[measure.fact]
    made = _Rows(asked, subject, sight, measure, fact, Parameters(dialect))
    page, params = made.page(window), made.parameters.texts
    total = made.total()  # last: of an average it names the period once more
    return RowsPlan(
        asked, measure, fact, made.fields, made.hidden, made.records, render(total, dialect),
        render(page, dialect), params, made.parameters.texts,
    )  # fmt: skip


class _Rows:
    """One fact under the conditions of one cell."""

    def __init__(
        self,
        asked: Asked,
        subject: Subject,
        sight: Sight,
        measure: Measure,
        fact: Fact,
        parameters: Parameters,
    ) -> None:
        self.asked, self.subject, self.sight, self.fact = asked, subject, sight, fact
        self.measure, self.parameters, self.basis = measure, parameters, asked.query.org_basis
        self.records = records_of(fact)
        self.distinct, self.is_average = measure.agg == "count_distinct", measure.additive == "average"
        self.fields = _fields(subject, fact, measure)
        self.hidden = frozenset(one.name for one in self.fields if not sight.sees(one.level))
        self.inside = self._inside()

    def total(self) -> exp.Select:
        """Return rows (of a distinct count: heads), their sum, first and last month, of an average how many months."""
        month = column(self.fact.month_column, FACT)
        count: exp.Expression = exp.Count(this=exp.Star())
        if self.distinct:
            count = exp.Count(this=exp.Distinct(expressions=[column(str(self.measure.column), FACT)]))
        added = exp.Sum(this=self._value()) if self.measure.agg == "sum" else count.copy()
        if (
            self.distinct and self.is_average
        ):  # each head once in each month: the average is their sum over the months
            heads = [column(str(self.measure.column), FACT), month.copy()]
            added = exp.Count(this=exp.Distinct(expressions=heads))
        shown = [named(count, "n"), named(added, "v"), named(exp.Min(this=month), "m1")]
        shown.append(named(exp.Max(this=month.copy()), "m2"))
        if self.is_average:
            shown.append(named(self._months_with(), "m"))
        return where(select(shown, table(self.fact.table, FACT)), self._conditions())

    def page(self, window: Window) -> exp.Select:
        """Return one page: few rows are picked by their raw columns, then named."""
        order = self._order()
        picked = self._picked([*self._raws(), *order.values()])
        picked.order_by(*(_down(column(name), desc=name == "v") for name in order), copy=False)
        picked.limit(exp.Literal.number(int(window.count)), copy=False)
        picked.offset(exp.Literal.number(int(window.start)), copy=False)
        ctes: list[tuple[str, exp.Query]] = [(PICKED, picked)]
        shown: list[exp.Expression] = []
        query = select([], table(PICKED, ROW))
        for place, field in enumerate(self.fields):
            shown += self._named(query, ctes, place, field)
        ends = ("v", "n", "m1", "m2", "b", "s")
        query.set("expressions", [*shown, *(column(name, ROW) for name in ends)])
        query.order_by(*(_down(column(name, ROW), desc=name == "v") for name in order), copy=False)
        return with_tables(query, ctes)

    def _inside(self) -> list[exp.Expression]:
        found = replace(self.asked.query, filters=self._filters(periods_only=False))
        refuse_hidden_filters(found, self.subject, self.sight)
        inside = conditions(found, self.subject, self.fact, self.sight, self.parameters)
        if self.measure.column:
            empty = exp.Is(this=column(self.measure.column, FACT), expression=exp.null())
            inside.append(exp.Not(this=empty))
        for name, values in self.measure.where:
            inside.append(is_in(column(name, FACT), [text(value) for value in values]))
        if self.measure.additive in ("last", "first"):
            inside.append(exp.EQ(this=column(self.fact.month_column, FACT), expression=self._own_month()))
        return inside

    def _own_month(self) -> exp.Subquery:
        """Return the month of a stock: the last (or first) with data of the period, for every unit."""
        edge = exp.Max if self.measure.additive == "last" else exp.Min
        return self._of_period(edge(this=column(self.fact.month_column, FACT)))

    def _months_with(self) -> exp.Subquery:
        """Return how many months of the period have data, for every unit of the table: what an average divides by."""
        months = exp.Distinct(expressions=[column(self.fact.month_column, FACT)])
        return self._of_period(exp.Count(this=months))

    def _of_period(self, number: exp.Expression) -> exp.Subquery:
        whole = replace(self.asked.query, filters=self._filters(periods_only=True))
        inside = conditions(whole, self.subject, self.fact, self.sight, self.parameters)
        return exp.Subquery(this=where(select([number], table(self.fact.table, FACT)), inside))

    def _filters(self, *, periods_only: bool) -> tuple[Filter, ...]:
        own = cell_filters(self.asked.query, self.asked.keys, self.subject)
        if periods_only:
            own = tuple(one for one in own if self.subject.field(one.field).dimension.kind == "period")
        return (*self.asked.query.filters, *own)

    def _conditions(self) -> list[exp.Expression]:
        return [condition.copy() for condition in self.inside]

    def _value(self) -> exp.Expression:
        return column(str(self.measure.column), FACT)

    def _raws(self) -> list[exp.Alias]:
        """Return the pointers and own columns of the fields that may be seen."""
        seen = [(i, one) for i, one in enumerate(self.fields) if one.name not in self.hidden]
        return [named(column(_raw_of(one, self.fact.name), FACT), f"r{i}") for i, one in seen]

    def _order(self) -> dict[str, exp.Alias]:
        """Return what the rows are ordered by: the largest value first, then what tells rows apart."""
        if self.distinct:
            return {"o0": named(self._value(), "o0")}
        names = dict.fromkeys([self.fact.month_column, self.fact.scope_column, *self.fact.grain])
        apart = {f"o{i}": named(column(name, FACT), f"o{i}") for i, name in enumerate(names)}
        return ({"v": named(self._value(), "v")} if self.measure.agg == "sum" else {}) | apart

    def _picked(self, columns: Sequence[exp.Expression]) -> exp.Select:
        month, one = column(self.fact.month_column, FACT), exp.Literal.number(1)
        batch, record = (
            named(as_text(column(name, FACT)) if name else exp.cast(exp.null(), "text"), alias)
            for name, alias in ((self.records.batch, "b"), (self.records.record, "s"))
        )
        ends = [named(one, "n"), named(month, "m1"), named(month.copy(), "m2"), batch, record]
        if self.distinct:
            groups = [one.this.copy() for one in columns]
            in_months = exp.Count(this=exp.Distinct(expressions=[month.copy()]))
            ends = [
                named(in_months if self.is_average else one, "v"), named(exp.Count(this=exp.Star()), "n"),
                named(exp.Min(this=month), "m1"), named(exp.Max(this=month.copy()), "m2"),
                named(exp.Max(this=batch.this), "b"),
                named(exp.cast(exp.null(), "text"), "s"),
            ]  # fmt: skip
            query = where(select([*columns, *ends], table(self.fact.table, FACT)), self._conditions())
            return query.group_by(*dict.fromkeys(groups), copy=False)
        ends += [] if self.measure.agg == "sum" else [named(one.copy(), "v")]
        return where(select([*columns, *ends], table(self.fact.table, FACT)), self._conditions())

    def _named(
        self, query: exp.Select, ctes: list[tuple[str, exp.Query]], place: int, field: Field
    ) -> list[exp.Expression]:
        """Return key and text of a field; its dimension is joined to `query`."""
        key, label = f"k{place}", f"t{place}"
        nothing = named(exp.cast(exp.null(), "text"), label)
        if field.name in self.hidden:
            return [named(exp.cast(exp.null(), "text"), key), nothing]
        raw, dimension, level = column(f"r{place}", ROW), field.dimension, field.level
        pointed = own_column(field, self.fact.name) is None
        if dimension.table is None or (not pointed and level.text is None):
            return [named(as_text(derived(level, raw)), key), nothing]
        if pointed:
            alias = dimension.name
            target = column(str(dimension.key), alias)
            join(query, relation(dimension, self.basis), target, raw, "left")
            words = level.text_column(self.basis)
            told = named(column(words, alias), label) if words else nothing
            return [named(as_text(key_of(level, self.basis, alias)), key), told]
        labels, own = f"labels_{place}", derived(level, column(f"r{place}"))
        ctes.append((labels, label_query(field, self.basis, select([own], table(PICKED)))))
        join(query, table(labels), column("k", labels), derived(level, raw), "left")
        return [named(as_text(derived(level, raw.copy())), key), named(column("t", labels), label)]


def _raw_of(field: Field, fact: str) -> str:
    return own_column(field, fact) or field.dimension.columns[fact]


def _fields(subject: Subject, fact: Fact, measure: Measure) -> tuple[Field, ...]:
    """Return the finest level of every dimension the fact has; of a distinct count, of what is counted alone."""
    found = []
    for dimension in subject.dimensions.values():
        if measure.agg == "count_distinct" and dimension.columns.get(fact.name) != measure.column:
            continue
        for name, level in reversed(list(dimension.levels.items())):
            field = Field(f"{dimension.name}.{name}", dimension, level)
            if level.constant is None and field.reaches(fact.name):
                found.append(field)
                break
    return tuple(found)


def _down(expression: exp.Expression, *, desc: bool) -> exp.Ordered:
    return exp.Ordered(this=expression, desc=desc, nulls_first=False)
