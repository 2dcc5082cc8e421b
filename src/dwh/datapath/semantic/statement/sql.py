"""Small pieces of a SQLGlot tree. Names come from the catalogue, values only through `Parameters`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp

Dialect = str


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter that is filled when the statement runs: a column of what `step` counted."""

    step: int
    column: str


class Parameters:
    """The values of one statement, in the order of their numbers. Units: every value is text, or a Slot."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.values: list[str | Slot] = []

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the values of a statement without slots."""
        assert not any(isinstance(value, Slot) for value in self.values)
        return tuple(value for value in self.values if isinstance(value, str))

    def add(self, value: str | Slot) -> exp.Expression:
        """Return the placeholder of a value: `$1` for DuckDB, `{p1: String}` for ClickHouse."""
        self.values.append(value)
        number = len(self.values)
        if self.dialect == "clickhouse":
            return exp.Placeholder(this=f"p{number}", kind=exp.Var(this="String"))
        return exp.Parameter(this=exp.Literal.number(number))


def column(name: str, table: str | None = None) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True), exp.to_identifier(table) if table else None)


def table(name: str, alias: str | None = None) -> exp.Table:
    """Return `schema.name [AS alias]` of a table the catalogue names."""
    schema, _, relation = name.rpartition(".")
    found = exp.Table(
        this=exp.to_identifier(relation, quoted=True),
        db=exp.to_identifier(schema, quoted=True) if schema else None,
    )
    return exp.alias_(found, alias, table=True) if alias else found


def text(value: str) -> exp.Literal:
    """Return a literal of the catalogue (never of a person: those are Parameters)."""
    return exp.Literal.string(value)


def named(expression: exp.Expression, alias: str) -> exp.Alias:
    return exp.Alias(this=expression, alias=exp.to_identifier(alias))


def select(
    columns: Iterable[exp.Expression], source: exp.Expression | None, *, distinct: bool = False
) -> exp.Select:
    found = exp.Select(expressions=list(columns))
    if distinct:
        found.set("distinct", exp.Distinct())
    return found.from_(source, copy=False) if source is not None else found


def join(
    query: exp.Select, source: exp.Expression, left: exp.Expression, right: exp.Expression, kind: str
) -> None:
    on = exp.EQ(this=left, expression=right)
    made = exp.Join(this=source, on=on, **({"side": "LEFT"} if kind == "left" else {"kind": "INNER"}))
    query.append("joins", made)  # built, not parsed: Select.join reads its kind from text, at a cost


def left_join(query: exp.Select, source: exp.Expression, left: exp.Expression, right: exp.Expression) -> None:
    join(query, source, left, right, "left")


def where(query: exp.Select, conditions: Sequence[exp.Expression]) -> exp.Select:
    return query.where(*conditions, copy=False) if conditions else query


def any_of(conditions: Sequence[exp.Expression]) -> exp.Expression:
    return conditions[0] if len(conditions) == 1 else exp.Paren(this=exp.or_(*conditions, copy=False))


def is_in(subject: exp.Expression, values: Sequence[exp.Expression]) -> exp.Expression:
    if len(values) == 1:
        return exp.EQ(this=subject, expression=values[0])
    return exp.In(this=subject, expressions=list(values))


def is_in_query(subject: exp.Expression, query: exp.Select) -> exp.Expression:
    return exp.In(this=subject, query=exp.Subquery(this=query))


def with_tables(query: exp.Select, tables: Sequence[tuple[str, exp.Query]]) -> exp.Select:
    """Put the named queries before `query`, in their order."""
    made = [exp.CTE(this=cte, alias=exp.TableAlias(this=exp.to_identifier(name))) for name, cte in tables]
    query.set("with_", exp.With(expressions=made))
    return query


def as_text(expression: exp.Expression) -> exp.Expression:
    return exp.Cast(this=expression, to=exp.DataType.build("text"))


def coalesce(expression: exp.Expression, otherwise: exp.Expression) -> exp.Expression:
    return exp.Coalesce(this=expression, expressions=[otherwise])


def render(query: exp.Expression, dialect: Dialect) -> str:
    return str(query.sql(dialect=dialect, pretty=True, copy=False))
