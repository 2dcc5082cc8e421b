"""How a level becomes SQL: its key and label expression, and the relation they are read from."""

from __future__ import annotations

from sqlglot import exp

from dwh.datapath.semantic.statement.sql import as_text, column, named, select, table, text, where
from dwh.datapath.semantic.words import AS_OF, Dimension, Field, Level


def relation(dimension: Dimension, org_basis: str) -> exp.Expression:
    """Return the dimension's table under its own name; as of a day, who stood for each unit on it.

    The day is no parameter: `query` made it of a date, so that its text is digits and dashes.
    """
    assert dimension.table is not None
    if not org_basis.startswith(AS_OF) or dimension.table_as_of is None:
        return table(dimension.table, dimension.name)
    day = exp.cast(text(org_basis.removeprefix(AS_OF)), "date")
    begun = exp.LTE(this=column("valid_from"), expression=day)
    stands = exp.GT(this=column("valid_until"), expression=day.copy())
    query = where(select([exp.Star()], table(dimension.table_as_of)), [begun, stands])
    return exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(dimension.name)))


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
    alias = dimension.name
    label = level.text_column(org_basis)
    assert label is not None
    key = key_of(level, org_basis, alias)
    query = select(
        [named(key, "k"), named(exp.Max(this=column(label, alias)), "t")],
        relation(dimension, org_basis),
    )
    inside = exp.In(this=key.copy(), query=exp.Subquery(this=keys))
    return query.where(inside, copy=False).group_by(key.copy(), copy=False)


def _part(raw: exp.Expression, start: int, length: int) -> exp.Expression:
    return exp.Substring(this=raw.copy(), start=exp.Literal.number(start), length=exp.Literal.number(length))


def _quarter(raw: exp.Expression) -> exp.Expression:
    month = _part(raw, 6, 2)
    steps = [
        exp.If(this=exp.LTE(this=month.copy(), expression=text(last)), true=text(nth))
        for last, nth in (("03", "1"), ("06", "2"), ("09", "3"))
    ]
    return exp.Case(ifs=steps, default=text("4"))
