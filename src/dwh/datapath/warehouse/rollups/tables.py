"""The rollups of a release as serving tables: one piece per month, made in the serving database from the fact there.

A month is added up again when its part of the fact is another one, or when a joined attribute of one of its rows
changed; the definition is part of the stamp, so another definition is another table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dwh.datapath.warehouse.engine import Engine
from dwh.datapath.warehouse.manifest import Parts
from dwh.datapath.warehouse.model import Model, read_models
from dwh.datapath.warehouse.rollups.bitmaps import IDS, packed
from dwh.datapath.warehouse.rollups.definition import LINES, Rollup
from dwh.datapath.warehouse.serving import MONTHS, Piece, ServingTable, bring_up_to_date

FACT = "f"
CORE = Path(__file__).parents[1] / "models" / "core"
Months = Mapping[str, frozenset[str]]  # rollup → months to add up again though the fact did not change


def rollup_tables(
    rollups: Sequence[Rollup], models: Mapping[str, Model], parts: Parts, changed: Months
) -> list[ServingTable]:
    """Return the serving tables of the rollups whose tables the release has, in their order.

    Raises: BrokenRollup for a definition that names what no table has.
    """
    return [
        ServingTable(
            one.table,
            one.columns(models),
            tuple(_pieces(one, parts, changed.get(one.name, frozenset()))),
            packed if one.distinct else None,
        )
        for one in rollups
        if {one.of, *(way.table for way in one.joined)} <= models.keys()
    ]


def core_models() -> dict[str, Model]:
    """Return the tables of the star by name, as their files declare them."""
    return {model.table: model for model in read_models(CORE)}


def fill(engine: Engine, rollups: Sequence[Rollup], models: Mapping[str, Model]) -> dict[str, int]:
    """Add up every month of the facts an open serving database has; return rollup table → rows.

    For a database that no build makes: a generated warehouse.
    """
    rows = {}
    for one in rollups:
        months = [month for (month,) in engine.rows(f"SELECT DISTINCT {one.month} FROM {one.of} ORDER BY 1")]
        pieces = tuple(Piece(f"{one.month} = '{month}'", "", select_of(one), month=month) for month in months)
        table = ServingTable(one.table, one.columns(models), pieces, packed if one.distinct else None)
        rows[one.table] = bring_up_to_date(engine, table, None)
    return rows


def _pieces(one: Rollup, parts: Parts, changed: frozenset[str]) -> Iterator[Piece]:
    for month, part in sorted(parts.get(one.of, {}).items()):
        where = f"{one.month} = '{month}'"
        again = ":" + ",".join(_joined_stamps(one, parts)) if month in changed else ""
        yield Piece(where, f"{one.version}:{part.sha256}{again}", select_of(one), month=month)


def _joined_stamps(one: Rollup, parts: Parts) -> list[str]:
    tables = dict.fromkeys(way.table for way in one.joined)
    return [part.sha256 for table in tables for part in parts.get(table, {}).values()]


def select_of(one: Rollup) -> str:
    """Return the SELECT that adds up MONTHS: rows in the order (month, keys), so that readers skip blocks."""
    kept = [f"{FACT}.{name}" for name in one.keys]
    places = {table: f"j{n}" for n, table in enumerate(dict.fromkeys(way.table for way in one.joined))}
    kept += [f"{places[way.table]}.{way.column}" for way in one.joined]
    ways = {way.table: way.by for way in one.joined}
    joins = "".join(
        f" LEFT JOIN {table} AS {name} ON {name}.{ways[table]} = {FACT}.{ways[table]}"
        for table, name in places.items()
    )
    order = ", ".join(str(n + 1) for n in range(len(kept)))
    source = f"FROM {one.of} AS {FACT}{joins} WHERE {FACT}.{one.month} IN ({MONTHS})"
    if one.distinct:
        counted = f"{FACT}.{one.distinct}"
        values = f"list({counted} ORDER BY {counted}) FILTER (WHERE {counted} IS NOT NULL) AS {IDS}"
        return f"SELECT {', '.join(kept)}, {values} {source} GROUP BY {order} ORDER BY {order}"
    sums = "".join(f", SUM({FACT}.{name})" for name in one.sums)
    return f"SELECT {', '.join(kept)}{sums}, COUNT(*) AS {LINES} {source} GROUP BY {order} ORDER BY {order}"
