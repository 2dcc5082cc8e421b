"""Turns the measures of one fact into rows of keys, total flags and values: one row per group and set.

Sums: the fact is added up once by its raw columns, then small dimensions are joined and all sets of totals
are made from that. Distinct counts: persons are deduplicated at the grain of each set, coarser sets from
finer ones. Stocks: a distinct count or a sum at the last month with data of each period (or the first, or all of them,
to be divided by their number), the same months for every unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from sqlglot import exp

from dwh.datapath.semantic.execution.rollups import NO_SUPPLY, Part, Route, Stored, Supply, route
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.statement.conditions import FACT, Sight, conditions, own_column
from dwh.datapath.semantic.statement.dimensions import derived, key_of, relation
from dwh.datapath.semantic.statement.sql import (
    Parameters,
    any_of,
    coalesce,
    column,
    is_in,
    is_in_query,
    join,
    named,
    select,
    table,
    text,
    where,
)
from dwh.datapath.semantic.words import MASK, STOCKS, UNKNOWN_KEY, Fact, Field, Measure, Subject
from dwh.kernel.org.scope import NATION

Set = tuple[int, ...]  # places of the fields a set keeps; the others are totals


@dataclass(frozen=True, slots=True)
class Frame:
    """What every block of one statement shares."""

    query: Query
    subject: Subject
    sight: Sight
    parameters: Parameters
    fields: tuple[Field, ...]
    sets: tuple[Set, ...]
    supply: Supply = NO_SUPPLY
    steps: list[Any] = dataclass_field(default_factory=list)  # HeadsStep: what must be counted before
    routes: list[Route] = dataclass_field(default_factory=list)
    ctes: list[tuple[str, exp.Query]] = dataclass_field(default_factory=list)
    known: dict[str, list[exp.Expression]] = dataclass_field(default_factory=dict)

    def add(self, name: str, query: exp.Query) -> str:
        self.ctes.append((name, query))
        return name

    def source(self, fact: Fact, measures: Sequence[Measure]) -> tuple[Fact, Stored | None]:
        """Return the table that answers `measures` of a fact: the fact itself, or a rollup that covers the question."""
        filtered = [self.subject.field(one.field) for one in self.query.filters]
        part = Part(fact, tuple(measures), (*self.fields, *filtered), NATION in self.sight.scope.codes)
        best, told = route(part, self.supply, bitmaps=self.parameters.dialect == "duckdb")
        self.routes.append(told)
        return (best.fact if best else fact), best

    def conditions(self, fact: Fact) -> list[exp.Expression]:
        """Return fresh copies of the conditions on a fact; their parameters are numbered once."""
        if fact.name not in self.known:
            self.known[fact.name] = conditions(self.query, self.subject, fact, self.sight, self.parameters)
        return [condition.copy() for condition in self.known[fact.name]]


@dataclass(frozen=True, slots=True)
class _Join:
    """A dimension reached from `pointer`: a column of the fact, or of the rows after it was added up."""

    relation: exp.Expression
    target: exp.Expression
    pointer: exp.Expression


@dataclass(slots=True)
class Source:
    """The columns of one fact for the fields asked, and the joins each stage needs."""

    frame: Frame
    fact: Fact
    raws: dict[str, exp.Expression] = dataclass_field(default_factory=dict)
    early: dict[str, _Join] = dataclass_field(default_factory=dict)
    late: dict[str, _Join] = dataclass_field(default_factory=dict)

    def key(self, field: Field, *, staged: bool) -> exp.Expression:
        """Return the key of a field as text, NULL as «~»; `staged` reads it after the fact was added up."""
        level = field.level
        if not self.frame.sight.sees(level):
            return text(MASK)  # before grouping: what is hidden is one group
        if level.constant is not None:
            return text(level.constant[0])
        own = own_column(field, self.fact.name)
        if own is not None:
            return _known(derived(level, self._raw(own, column(own, FACT), staged)))
        return _known(self._joined(field, staged))

    def _joined(self, field: Field, staged: bool) -> exp.Expression:
        dimension, basis = field.dimension, self.frame.query.org_basis
        alias, pointer = field.dimension.name, dimension.columns[self.fact.name]
        joined = relation(dimension, basis)
        target, key = column(str(dimension.key), alias), key_of(field.level, basis, alias)
        if staged and self._is_late(field):
            self.late[alias] = _Join(joined, target, self._raw(pointer, column(pointer, FACT), staged))
            return key
        self.early[alias] = _Join(joined, target, column(pointer, FACT))
        return self._raw(f"{alias}_{field.level.name}", key, staged)

    def _is_late(self, field: Field) -> bool:
        """Tell whether the fact is first added up by the pointer: it has few values, or is asked itself."""
        grain = any(f.level.grain and f.dimension is field.dimension for f in self.frame.fields)
        return grain or field.dimension.join == "late"

    def _raw(self, name: str, expression: exp.Expression, staged: bool) -> exp.Expression:
        if not staged:
            return expression
        self.raws.setdefault(name, expression)
        return column(_alias(name))

    def raw(self, name: str) -> exp.Expression:
        return self._raw(name, column(name, FACT), staged=True)

    def legs(
        self,
        columns: Sequence[exp.Expression],
        *,
        extra: Sequence[exp.Expression] = (),
        group: Sequence[exp.Expression] = (),
        distinct: bool = False,
    ) -> exp.Query:
        """Return the rows of the fact under the question's conditions, joined to what is joined early.

        Inner joins are several times faster here and lose no row: the build's `refers` audit proves that a
        pointer is NULL or has its member. Rows whose pointer is NULL are a second leg, the unknown member.
        """
        inner = self._leg(columns, extra, group, "inner")
        if not self.early:
            return inner.distinct(copy=False) if distinct else inner
        missing = [exp.Is(this=one.pointer.copy(), expression=exp.null()) for one in self.early.values()]
        outer = self._leg(columns, [*extra, any_of(missing)], group, "left")
        return exp.Union(this=inner, expression=outer, distinct=distinct)

    def _leg(
        self,
        columns: Sequence[exp.Expression],
        extra: Sequence[exp.Expression],
        group: Sequence[exp.Expression],
        kind: str,
    ) -> exp.Select:
        query = select([c.copy() for c in columns], table(self.fact.table, FACT))
        for one in self.early.values():
            join(query, one.relation.copy(), one.target.copy(), one.pointer.copy(), kind)
        where(query, [*self.frame.conditions(self.fact), *(condition.copy() for condition in extra)])
        return query.group_by(*(g.copy() for g in group), copy=False) if group else query


def _alias(name: str) -> str:
    return f"r_{name}"  # never a column name of the fact: portable GROUP BY


def _known(key: exp.Expression) -> exp.Expression:
    return coalesce(key, text(UNKNOWN_KEY))


def sum_block(frame: Frame, fact: Fact, measures: Sequence[Measure]) -> str:
    """Add the CTEs of the sums and counts of one fact; return the last: k…, g, one column each."""
    source = Source(frame, fact)
    keys = [named(source.key(field, staged=True), f"k{i}") for i, field in enumerate(frame.fields)]
    wheres = {c: source.raw(c) for measure in measures for c, _ in measure.where}
    bases = {(m.agg, m.column): f"a{i}" for i, m in enumerate(_first_of_each(measures))}
    raw_columns = [named(expression, _alias(name)) for name, expression in source.raws.items()]
    totals = [named(_aggregate(fact, agg, name), alias) for (agg, name), alias in bases.items()]
    staged = source.legs([*raw_columns, *totals], group=list(source.raws.values()))
    if not source.raws:  # one group: the engine would give a row even of nothing
        staged = _has_rows(staged)
    raw = frame.add(f"{fact.name}_raw", staged)
    passed = [*(column(_alias(c)) for c in wheres), *(column(alias) for alias in bases.values())]
    named_rows = select([*keys, *passed], table(raw))
    for one in source.late.values():
        join(named_rows, one.relation, one.target, one.pointer, "left")
    level = frame.add(f"{fact.name}_named", named_rows)
    values = [named(_sum(m, bases[m.agg, m.column]), m.name) for m in measures]
    return frame.add(f"{fact.name}_sums", _grouped(frame, level, values))


def _first_of_each(measures: Sequence[Measure]) -> list[Measure]:
    return list({(measure.agg, measure.column): measure for measure in measures}.values())


def _aggregate(fact: Fact, agg: str, name: str | None) -> exp.Expression:
    if agg == "count" and not fact.lines:
        return exp.Count(this=exp.Star())
    return exp.Sum(this=column(fact.lines if agg == "count" else str(name), FACT))


def _sum(measure: Measure, alias: str) -> exp.Expression:
    if not measure.where:
        return exp.Sum(this=column(alias))
    holds = [is_in(column(_alias(c)), [text(v) for v in values]) for c, values in measure.where]
    chosen = exp.Case(ifs=[exp.If(this=exp.and_(*holds), true=column(alias))])
    return coalesce(exp.Sum(this=chosen), exp.Literal.number(0))


def _grouped(frame: Frame, level: str, values: list[exp.Alias]) -> exp.Query:
    """Return every set of the question over rows that carry k0…; an empty input gives no row at all."""
    places = range(len(frame.fields))
    keys = [column(f"k{i}") for i in places]
    every = len(frame.sets) == 1 and frame.sets[0] == tuple(places)
    flags = exp.Literal.number(0) if every else _grouping(len(keys))
    query = select([*keys, named(flags, "g"), *values], table(level))
    if every and keys:
        query.group_by(*(key.copy() for key in keys), copy=False)
    elif keys:
        sets = [exp.Tuple(expressions=[column(f"k{i}") for i in one]) for one in frame.sets]
        query.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=sets)]))
    return _has_rows(query)


def _has_rows(query: exp.Query) -> exp.Query:
    """Drop the row an aggregate makes of no rows at all."""
    some = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(0))
    assert isinstance(query, exp.Select)
    return query.having(some, copy=False)


def total_flags(one: Set, width: int) -> int:
    """Return the flags of a set: bit i is 1 when field i is added up."""
    return sum(1 << i for i in range(width) if i not in one)


def _grouping(width: int) -> exp.Expression:
    """Return the same flags as the engine knows them: GROUPING of one column at a time, for every dialect."""
    flags: exp.Expression = exp.Literal.number(0)
    for i in range(width):
        bit = exp.Mul(this=exp.Grouping(expressions=[column(f"k{i}")]), expression=exp.Literal.number(1 << i))
        flags = bit if i == 0 else exp.Add(this=flags, expression=bit)
    return flags


def stepwise_block(frame: Frame, fact: Fact, measure: Measure) -> str:
    """Add the CTEs of one distinct count or stock; return the last: k…, g, the number (and its month)."""
    return _Stepwise(frame, fact, measure).build()


class _Stepwise:
    """Deduplicates persons, or adds up a stock, from the finest set to the coarsest, each from the smallest finer one.

    A stock carries its month `m` instead of period keys: inside one set each period has one month, and a
    short row is deduplicated faster than one with two texts. An average keeps every month: its heads are counted
    by month, added up, and stand beside the number of months of the period, which is common to all units.
    """

    def __init__(self, frame: Frame, fact: Fact, measure: Measure) -> None:
        self.frame, self.fact, self.measure = frame, fact, measure
        self.stock = measure.additive in STOCKS
        self.average = measure.additive == "average"
        self.sums = measure.agg == "sum"
        self.full: Set = tuple(range(len(frame.fields)))
        self.names: dict[Set, str] = {}

    def build(self) -> str:
        self.names[self.full] = self.frame.add(self._name(self.full), self._finest())
        order = sorted({*self.frame.sets}, key=len, reverse=True)
        for one in order:
            if one not in self.names:
                self.names[one] = self.frame.add(self._name(one), self._coarser(one))
        counts = [self._count(one) for one in order]
        union: exp.Query = counts[0]
        for other in counts[1:]:
            union = exp.Union(this=union, expression=other, distinct=False)
        return self.frame.add(f"{self.measure.name}_counts", union)

    def _name(self, one: Set) -> str:
        return f"{self.measure.name}_{'_'.join(map(str, one)) or 'all'}"

    def _finest(self) -> exp.Query:
        source = Source(self.frame, self.fact)
        fields = self.frame.fields
        keys = [named(source.key(fields[i], staged=False), f"k{i}") for i in self._carried(self.full)]
        counted, month = column(str(self.measure.column), FACT), column(self.fact.month_column, FACT)
        also = [named(month, "m")] if self.stock else []
        extra: list[exp.Expression] = []
        if self.measure.where:  # rows outside stay as a missing person: a group without any counts 0
            holds = [is_in(column(name, FACT), [text(v) for v in vs]) for name, vs in self.measure.where]
            counted = exp.Case(ifs=[exp.If(this=exp.and_(*holds), true=counted)])
        else:
            extra.append(exp.Not(this=exp.Is(this=counted.copy(), expression=exp.null())))
        if self.stock and not self.average and all(fields[i].level.derive for i in self._times(self.full)):
            extra.append(is_in_query(month.copy(), self._last(self.full)))
        if not self.sums:
            return source.legs([*keys, named(counted, "p"), *also], extra=extra, distinct=True)
        group = [*(key.this for key in keys if not isinstance(key.this, exp.Literal)), month]
        return source.legs([*keys, named(exp.Sum(this=counted), "p"), *also], extra=extra, group=group)

    def _coarser(self, one: Set) -> exp.Select:
        parent = min((s for s in self.names if set(one) <= set(s)), key=len)
        also = [column("m")] if self.stock else []
        keys = [column(f"k{i}") for i in self._carried(one)]
        what = named(exp.Sum(this=column("p")), "p") if self.sums else column("p")
        query = select([*keys, what, *also], table(self.names[parent]), distinct=not self.sums)
        if self.sums:
            query.group_by(*(key.copy() for key in (*keys, *also)), copy=False)
        if self.stock and not self.average and self._times(one) != self._times(parent):
            query.where(is_in_query(column("m"), self._last(one)), copy=False)
        return query

    def _count(self, one: Set) -> exp.Query:
        shown = [named(self._shown(i), f"k{i}") if i in one else self._total(i) for i in self.full]
        flags = named(exp.Literal.number(total_flags(one, len(self.full))), "g")
        heads = column("p") if self.measure.where else exp.Star()
        number: exp.Expression = exp.Sum(this=column("p")) if self.sums else exp.Count(this=heads)
        if self.sums and self.measure.where:
            number = coalesce(
                number, exp.Literal.number(0)
            )  # as with heads: none that fits is 0, not nothing
        if self.average:
            return self._average(one, [*shown, flags], number)
        count = named(number, self.measure.name)
        by_month = self.stock and bool(self._times(one))
        month = column("m") if by_month else exp.Max(this=column("m"))
        used = [named(month, f"{self.measure.name}_month")] if self.stock else []
        query = select([*shown, flags, count, *used], table(self.names[one]))
        groups = [column(f"k{i}") for i in self._carried(one)] + ([column("m")] if by_month else [])
        if groups:
            return query.group_by(*groups, copy=False)
        return _has_rows(query)

    def _average(self, one: Set, shown: list[exp.Expression], number: exp.Expression) -> exp.Query:
        """Return the numbers of all months added up, beside how many months with data the period has."""
        keys = [column(f"k{i}") for i in self._carried(one)]
        by_month = select([*keys, column("m"), named(number, "p")], table(self.names[one]))
        by_month.group_by(*(key.copy() for key in keys), column("m"), copy=False)
        monthly = self.frame.add(f"{self._name(one)}_monthly", by_month)
        periods = [derived(self.frame.fields[i].level, column("m")) for i in self._times(one)]
        inside = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[p.copy() for p in periods])
        counted = select([named(column("m"), "n_m"), named(inside, "n")], table(self._months()))
        months = self.frame.add(f"{self._name(one)}_months", counted)
        name = self.measure.name
        values = [named(exp.Sum(this=column("p")), name), named(exp.Max(this=column("n")), f"{name}_month")]
        query = select([*shown, *values], table(monthly))
        join(query, table(months), column("n_m"), column("m"), "inner")
        groups = [*(key.copy() for key in keys), *periods]
        return query.group_by(*groups, copy=False) if groups else _has_rows(query)

    def _shown(self, place: int) -> exp.Expression:
        if place in self._carried(self.full):
            return column(f"k{place}")
        return derived(self.frame.fields[place].level, column("m"))

    def _total(self, place: int) -> exp.Expression:
        return named(exp.cast(exp.null(), "text"), f"k{place}")

    def _times(self, one: Set) -> Set:
        return tuple(i for i in one if self.frame.fields[i].dimension.kind == "period")

    def _carried(self, one: Set) -> Set:
        """Return the fields whose keys the rows carry: of a stock all but the periods."""
        return tuple(i for i in one if not self.stock or i not in self._times(self.full))

    def _last(self, one: Set) -> exp.Select:
        """Return the last (or first) month with data of each period the set keeps; of all when it keeps none."""
        edge = exp.Min if self.measure.additive == "first" else exp.Max
        query = select([edge(this=column("m"))], table(self._months()))
        periods = [derived(self.frame.fields[i].level, column("m")) for i in self._times(one)]
        return query.group_by(*periods, copy=False) if periods else query

    def _months(self) -> str:
        """Add, once, the months with data under the question's conditions."""
        months = f"{self.fact.name}_months"
        if months not in (name for name, _ in self.frame.ctes):
            source = Source(self.frame, self.fact)
            month = column(self.fact.month_column, FACT)
            self.frame.add(months, source.legs([named(month, "m")], distinct=True))
        return months
