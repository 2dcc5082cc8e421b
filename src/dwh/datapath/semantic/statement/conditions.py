"""WHERE of a fact: the scope of the person first, then the filters of the question.

Both are pushed down to the fact's own columns: an office list for the organisation, a month range for time,
so that the engine skips blocks. An empty scope is FALSE; nothing here can widen a scope.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from dwh.datapath.semantic.periods import Months, parse_period
from dwh.datapath.semantic.query import Filter, Query
from dwh.datapath.semantic.statement.dimensions import derived, key_of, relation
from dwh.datapath.semantic.statement.sql import (
    Parameters,
    any_of,
    coalesce,
    column,
    is_in,
    is_in_query,
    select,
    table,
    text,
    where,
)
from dwh.datapath.semantic.words import UNKNOWN_KEY, Fact, Field, Level, Subject
from dwh.kernel.errors import Denied
from dwh.kernel.org.scope import NATION, OrgScope

FACT = "f"  # alias of the fact in every stage


@dataclass(frozen=True, slots=True)
class Sight:
    """Who asks: the scope and the clearances that hold for this question."""

    scope: OrgScope
    clearance: frozenset[str]

    def sees(self, level: Level) -> bool:
        return not level.personal or level.personal in self.clearance


def refuse_hidden_filters(query: Query, subject: Subject, sight: Sight) -> None:
    """Raise Denied when a filter names a field the person may not see: a filter is an oracle."""
    for one in query.filters:
        field = subject.field(one.field)
        if not sight.sees(field.level):
            raise Denied(
                f"Tài khoản không có quyền xem dữ liệu cá nhân nên không lọc được theo «{field.label}»."
                " Hãy bỏ bộ lọc này hoặc đề nghị cấp quyền.",
                field=one.field,
            )


def conditions(
    query: Query, subject: Subject, fact: Fact, sight: Sight, parameters: Parameters
) -> list[exp.Expression]:
    """Return the conditions on one fact, to be joined by AND."""
    if sight.scope.is_empty:
        return [exp.false()]
    found = scope_condition(subject, fact, sight.scope, parameters)
    for one in query.filters:
        field = subject.field(one.field)
        if field.dimension.kind == "period":
            found.append(_period(one, fact, parameters))
        else:
            found.append(_member(one, field, fact, query.org_basis, parameters))
    return found


def scope_condition(
    subject: Subject, fact: Fact, scope: OrgScope, parameters: Parameters
) -> list[exp.Expression]:
    """Return the condition of a scope that is not empty; the nation needs none."""
    if NATION in scope.codes:
        return []
    org = next(dimension for dimension in subject.dimensions.values() if dimension.kind == "org")
    assert org.table is not None
    assert org.key is not None
    assert org.scope_key is not None
    owner = column(org.scope_key)
    subtrees: list[exp.Expression] = []
    for code in sorted(scope.codes):
        subtrees.append(exp.EQ(this=owner.copy(), expression=parameters.add(code)))
        subtrees.append(exp.StartsWith(this=owner.copy(), expression=parameters.add(f"{code}.")))
    offices = where(select([column(org.key)], table(org.table)), [any_of(subtrees)])
    return [is_in_query(column(fact.scope_column, FACT), offices)]


def _period(one: Filter, fact: Fact, parameters: Parameters) -> exp.Expression:
    month = column(fact.month_column, FACT)
    runs = [parse_period(value) for value in one.values]
    if one.op == "gte":
        return exp.GTE(this=month, expression=parameters.add(runs[0].first))
    if one.op == "lte":
        return exp.LTE(this=month, expression=parameters.add(runs[0].last))
    if one.op == "between":
        runs = [Months(runs[0].first, runs[1].last)]
    inside = any_of([_run(month, run, parameters) for run in runs])
    return exp.Not(this=exp.Paren(this=inside)) if one.op == "not_in" else inside


def _run(month: exp.Expression, run: Months, parameters: Parameters) -> exp.Expression:
    first = parameters.add(run.first)
    if run.first == run.last:
        return exp.EQ(this=month.copy(), expression=first)
    return exp.Between(this=month.copy(), low=first, high=parameters.add(run.last))


def _member(one: Filter, field: Field, fact: Fact, org_basis: str, parameters: Parameters) -> exp.Expression:
    level = field.level
    if level.constant is not None:
        return _holds(one, text(level.constant[0]), parameters)
    own = own_column(field, fact.name)
    if own is not None:
        key = derived(level, column(own, FACT))
        return _holds(one, key if _excludes_unknown(one) else _or_unknown(key), parameters)
    return _through_table(one, field, fact, org_basis, parameters)


def _through_table(
    one: Filter, field: Field, fact: Fact, org_basis: str, parameters: Parameters
) -> exp.Expression:
    """Return `pointer IN (keys of the members that pass)`; a row without a member is the unknown member."""
    dimension, level = field.dimension, field.level
    assert dimension.key is not None
    alias = field.dimension.name
    pointer = column(dimension.columns[fact.name], FACT)

    def keys(condition: Callable[[exp.Expression], exp.Expression] | None) -> exp.Expression:
        query = select([column(str(dimension.key), alias)], relation(dimension, org_basis))
        if condition is not None:
            query = where(query, [condition(key_of(level, org_basis, alias))])
        return is_in_query(pointer.copy(), query)

    if _excludes_unknown(one):
        return keys(lambda key: _holds(one, key, parameters))
    inside = keys(lambda key: _holds(one, _or_unknown(key), parameters))
    if (UNKNOWN_KEY in one.values) == (one.op == "not_in"):
        return inside
    missing = exp.Is(this=pointer.copy(), expression=exp.null())
    return any_of([inside, missing, exp.Not(this=keys(None))])


def own_column(field: Field, fact: str) -> str | None:
    """Return the column in which `fact` carries this level itself, if it does."""
    own = field.level.columns.get(fact)
    return own or (field.dimension.columns.get(fact) if field.dimension.table is None else None)


def _excludes_unknown(one: Filter) -> bool:
    """Tell whether NULL fails this filter as it should: then the bare column can be compared, and is fast."""
    return one.op != "not_in" and UNKNOWN_KEY not in one.values


def _or_unknown(key: exp.Expression) -> exp.Expression:
    return coalesce(key, text(UNKNOWN_KEY))


def _holds(one: Filter, key: exp.Expression, parameters: Parameters) -> exp.Expression:
    values = [parameters.add(value) for value in one.values]
    if one.op == "gte":
        return exp.GTE(this=key, expression=values[0])
    if one.op == "lte":
        return exp.LTE(this=key, expression=values[0])
    if one.op == "between":
        return exp.Between(this=key, low=values[0], high=values[1])
    inside = is_in(key, values)
    return exp.Not(this=exp.Paren(this=inside)) if one.op == "not_in" else inside
