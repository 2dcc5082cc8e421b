"""Which months must be added up again because an attribute of their rows changed, though the rows did not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from dwh.datapath.warehouse.engine import Engine
from dwh.datapath.warehouse.manifest import Parts
from dwh.datapath.warehouse.parts import Part, PartStore
from dwh.datapath.warehouse.rollups.definition import Joined, Rollup


def changed_months(
    rollups: Sequence[Rollup], engine: Engine, store: PartStore, old: Parts, new: Parts
) -> dict[str, frozenset[str]]:
    """Return rollup → months whose part stayed while a joined attribute of one of its rows became another one."""
    return {one.name: frozenset(_changed(one, engine, store, old, new)) for one in rollups if one.joined}


def _changed(one: Rollup, engine: Engine, store: PartStore, old: Parts, new: Parts) -> set[str]:
    same = [part for month, part in new.get(one.of, {}).items() if old.get(one.of, {}).get(month) == part]
    found: set[str] = set()
    for table, ways in groupby(one.joined, key=lambda way: way.table):
        if same and old.get(table) and old[table] != new.get(table):
            found |= _months(
                one, engine, store, tuple(ways), (old[table].values(), new[table].values(), same)
            )
    return found


def _months(
    one: Rollup,
    engine: Engine,
    store: PartStore,
    ways: tuple[Joined, ...],
    parts: tuple[Iterable[Part], Iterable[Part], Sequence[Part]],
) -> set[str]:
    was, now, rows = (store.relation(some) for some in parts)
    by, columns = ways[0].by, [way.column for way in ways]
    differ = " OR ".join(f"was.{name} IS DISTINCT FROM now.{name}" for name in columns)
    moved = (
        f"SELECT COALESCE(was.{by}, now.{by}) FROM {was} AS was FULL JOIN {now} AS now ON was.{by} = now.{by}"
        f" WHERE was.{by} IS NULL OR now.{by} IS NULL OR {differ}"
    )
    sql = f"SELECT DISTINCT {one.month} FROM {rows} WHERE {by} IN ({moved})"
    return {month for (month,) in engine.rows(sql)}
