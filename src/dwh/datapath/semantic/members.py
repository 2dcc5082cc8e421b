"""The members of a field a person may choose from: within the scope, found without marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from dwh.datapath.semantic.results import member_label
from dwh.datapath.semantic.statement.conditions import FACT, Sight, own_column, scope_condition
from dwh.datapath.semantic.statement.dimensions import derived, key_of, relation
from dwh.datapath.semantic.statement.sql import (
    Parameters,
    column,
    left_join,
    named,
    render,
    select,
    table,
    where,
)
from dwh.datapath.semantic.words import AS_WAS, UNKNOWN_KEY, Field, Subject
from dwh.kernel.errors import Denied
from dwh.kernel.org.scope import OrgScope
from dwh.kernel.vi import sort_key, strip_marks


@dataclass(frozen=True, slots=True)
class Member:
    """One choice: `key` goes into a filter, `label` is shown."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chooses from: members of a field on a tree of units, found by `search`, at most `limit`."""

    subject: str
    field: str
    search: str = ""
    org_basis: str = AS_WAS
    limit: int = 50


@dataclass(frozen=True, slots=True)
class MembersPlan:
    """A statement whose rows are (key, label text) of the members that occur inside the scope."""

    field: Field
    sql: str
    params: tuple[str, ...]


def compile_members(
    subject: Subject,
    name: str,
    *,
    scope: OrgScope,
    clearance: frozenset[str] = frozenset(),
    org_basis: str = AS_WAS,
    dialect: str = "duckdb",
) -> MembersPlan:
    """Return the statement that lists the members of a field with data inside `scope`.

    Raises:
        UnknownField: no such field. Denied: the field is personal and `clearance` does not show it.
    """
    field = subject.field(name)
    sight = Sight(scope, clearance)
    if not sight.sees(field.level):
        raise Denied(
            f"Tài khoản không có quyền xem danh sách «{field.label}» vì là dữ liệu cá nhân."
            " Hãy đề nghị cấp quyền nếu cần cho công việc.",
            field=name,
        )
    parameters = Parameters(dialect)
    query = _members(subject, field, sight, org_basis, parameters)
    return MembersPlan(field, render(query, dialect), parameters.texts)


def _members(
    subject: Subject, field: Field, sight: Sight, org_basis: str, parameters: Parameters
) -> exp.Select:
    fact = next(fact for fact in subject.facts.values() if field.reaches(fact.name))
    level, dimension = field.level, field.dimension
    if level.constant is not None:
        query = select([named(exp.Literal.string(level.constant[0]), "k"), named(exp.null(), "t")], None)
        return where(query, [exp.false()] if sight.scope.is_empty else [])
    inside = (
        [exp.false()] if sight.scope.is_empty else scope_condition(subject, fact, sight.scope, parameters)
    )
    own = own_column(field, fact.name)
    if dimension.table is None or level.text is None:
        source = table(fact.table, FACT)
        if own is None:
            return _through(field, org_basis, fact.table, dimension.columns[fact.name], inside)
        key = named(derived(level, column(own, FACT)), "k")
        return where(select([key, named(exp.null(), "t")], source, distinct=True), inside)
    alias = field.dimension.name
    pointer = own if own is not None else dimension.columns[fact.name]
    target = key_of(level, org_basis, alias) if own is not None else column(str(dimension.key), alias)
    present = where(select([column(pointer, FACT)], table(fact.table, FACT), distinct=True), inside)
    label = column(str(level.text_column(org_basis)), alias)
    query = select(
        [named(key_of(level, org_basis, alias), "k"), named(exp.Max(this=label), "t")],
        relation(dimension, org_basis),
    )
    query.where(exp.In(this=target, query=exp.Subquery(this=present)), copy=False)
    return query.group_by(key_of(level, org_basis, alias), copy=False)


def _through(
    field: Field, org_basis: str, fact_table: str, pointer: str, inside: list[exp.Expression]
) -> exp.Select:
    alias = field.dimension.name
    key = key_of(field.level, org_basis, alias)
    query = select([named(key, "k"), named(exp.null(), "t")], table(fact_table, FACT), distinct=True)
    joined = relation(field.dimension, org_basis)
    left_join(query, joined, column(str(field.dimension.key), alias), column(pointer, FACT))
    return where(query, inside)


def read_members(
    field: Field, rows: Sequence[tuple[Any, ...]], *, search: str = "", limit: int = 50
) -> list[Member]:
    """Return at most `limit` members whose key or label contains `search` (case and marks do not count)."""
    wanted = strip_marks(search.strip())
    found = []
    for key, text in rows:
        shown = UNKNOWN_KEY if key is None else str(key)
        label = member_label(field, shown, text) or shown
        if not wanted or wanted in strip_marks(label) or wanted in shown.casefold():
            found.append(Member(shown, label))
    by_key = field.dimension.kind in ("period", "org")
    found.sort(key=lambda member: (member.key,) if by_key else (sort_key(member.label), member.key))
    return found[:limit]
