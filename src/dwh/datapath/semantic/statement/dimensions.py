"""How a level becomes SQL: its key and label expression, and the relation they are read from."""

from __future__ import annotations

from sqlglot import exp

from dwh.datapath.semantic.statement.sql import as_text, column, left_join, named, select, table, text
from dwh.datapath.semantic.words import Dimension, Field, Level


def alias_of(field: Field, org_basis: str) -> str:
    """Return the name under which the field's relation is joined; fields of one dimension share it.

    A level read through another unit has a relation of its own, with its own columns.
    """
    name = field.dimension.name
    return f"{name}_{field.level.name}_now" if _goes_through(field.level, org_basis) else name


def relation(dimension: Dimension, level: Level, org_basis: str, alias: str) -> exp.Expression:
    """Return the dimension's table, or for «as is» over another unit the table joined to itself."""
    assert dimension.table is not None
    assert dimension.key is not None
    if not _goes_through(level, org_basis):
        return table(dimension.table, alias)
    assert level.via_as_is is not None
    columns = [column(dimension.key, "a")] + [column(c, "b") for c in (level.key, level.text) if c]
    joined = select(columns, table(dimension.table, "a"))
    left_join(joined, table(dimension.table, "b"), column(dimension.key, "b"), column(level.via_as_is, "a"))
    return exp.Subquery(this=joined, alias=exp.TableAlias(this=exp.to_identifier(alias)))


def key_of(level: Level, org_basis: str, alias: str) -> exp.Expression:
    """Return the key of a level read from its dimension table, as text; NULL where it has none."""
    name = level.column(org_basis)
    assert name is not None
    return derived(level, column(name, alias))


def derived(level: Level, raw: exp.Expression) -> exp.Expression:
    """Return the key of a level from its column: itself, or its year, quarter or decade."""
    if level.derive == "year":
        return _part(raw, 1, 4)
    if level.derive == "quarter":
        return exp.DPipe(
            this=exp.DPipe(this=_part(raw, 1, 4), expression=text("-Q")), expression=_quarter(raw)
        )
    if level.derive == "decade":
        rest = exp.Mod(this=raw.copy(), expression=exp.Literal.number(10))
        return as_text(exp.Sub(this=raw, expression=rest))
    return as_text(raw) if level.number else raw


def label_query(field: Field, org_basis: str, keys: exp.Select) -> exp.Select:
    """Return key `k` and label `t` of the members in `keys`."""
    dimension, level = field.dimension, field.level
    alias = alias_of(field, org_basis)
    label = level.text_column(org_basis)
    assert label is not None
    key = key_of(level, org_basis, alias)
    query = select(
        [named(key, "k"), named(exp.Max(this=column(label, alias)), "t")],
        relation(dimension, level, org_basis, alias),
    )
    inside = exp.In(this=key.copy(), query=exp.Subquery(this=keys))
    return query.where(inside, copy=False).group_by(key.copy(), copy=False)


def _goes_through(level: Level, org_basis: str) -> bool:
    return org_basis == "as_is" and level.via_as_is is not None


def _part(raw: exp.Expression, start: int, length: int) -> exp.Expression:
    return exp.Substring(this=raw.copy(), start=exp.Literal.number(start), length=exp.Literal.number(length))


def _quarter(raw: exp.Expression) -> exp.Expression:
    month = _part(raw, 6, 2)
    steps = [
        exp.If(this=exp.LTE(this=month.copy(), expression=text(last)), true=text(nth))
        for last, nth in (("03", "1"), ("06", "2"), ("09", "3"))
    ]
    return exp.Case(ifs=steps, default=text("4"))
