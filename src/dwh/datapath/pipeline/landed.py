"""The current state of a source table, kept by month: the newest version of every living row.

Newest is the version in the batch with the greatest seq, for the source was read again later. A deleted or
soft-deleted row is absent here and stays in its batches. A version read twice unchanged keeps the batch that
first brought it, so an overlapping sync changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC

from dwh.datapath.pipeline.plan import LandedTable
from dwh.datapath.sources.landing import Batch
from dwh.datapath.standardise.batches import landed_words, quoted
from dwh.datapath.warehouse.engine import Engine
from dwh.datapath.warehouse.model import ALL, NO_MONTH
from dwh.datapath.warehouse.part_writing import Shape, Writing, write_parts
from dwh.datapath.warehouse.parts import Part, PartStore

_EVENTS, _NEWEST = "work.events", "work.newest"


@dataclass(slots=True)
class LandedState:
    """Parts by month after the new batches, and the months that were looked at."""

    parts: dict[str, Part] = field(default_factory=dict)
    touched: frozenset[str] = frozenset()


def bring_up_to_date(
    engine: Engine, store: PartStore, table: LandedTable, *, base: dict[str, Part], new: Sequence[Batch]
) -> LandedState:
    """Apply new batches to the parts of the last release; only months that gain or lose a row are written."""
    if not new:
        return LandedState(parts=dict(base))
    _make_tables(engine, table)
    for batch in new:
        engine.run(_insert_batch(table, batch))
    left = _months_left(engine, store, table, base)
    newest = _find_newest(engine, table)
    counted = dict(engine.rows(f"SELECT landed_month, count(*) FROM {newest} GROUP BY 1"))
    state = LandedState(parts=dict(base), touched=frozenset(left | counted.keys()))
    job = Writing(
        table.name, lambda months: _rows(table, store, newest, months, base),
        Shape(tuple(column.name for column in table.columns), ("id",)), "landed_month", dict(table.sums),
    )  # fmt: skip
    most = {
        month: counted.get(month, 0) + (base[month].rows if month in base else 0)
        for month in sorted(state.touched)
    }
    for month, part in write_parts(store, engine, job, most).items():
        state.parts.pop(month, None)
        if part.rows:
            state.parts[month] = part
    for name in (_EVENTS, _NEWEST):
        engine.run(f"DROP TABLE {name}")
    return state


def _make_tables(engine: Engine, table: LandedTable) -> None:
    columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
    engine.run(f"CREATE OR REPLACE TABLE {_EVENTS} ({columns}, gone BOOLEAN, seq BIGINT, pos BIGINT)")
    engine.run(f"CREATE OR REPLACE TABLE {_NEWEST} ({columns})")


def _insert_batch(table: LandedTable, batch: Batch) -> str:
    at = batch.finished_at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    who = f"'{batch.batch_id}', TIMESTAMP '{at}'"
    file = quoted(batch)
    if batch.kind == "deletes":
        return (
            f"INSERT INTO {_EVENTS} (id, batch_id, landed_at, gone, seq, pos) "
            f"SELECT id, {who}, TRUE, {batch.seq}, file_row_number "
            f"FROM read_parquet({file}, file_row_number=true)"
        )
    names = ", ".join(column.name for column in table.contract.landed)
    return (
        f"INSERT INTO {_EVENTS} ({names}, landed_month, batch_id, landed_at, gone, seq, pos) "
        f"SELECT {landed_words(batch, table.contract)}, {_partition(table)}, {who}, COALESCE(is_deleted, FALSE), "
        f"{batch.seq}, file_row_number FROM read_parquet({file}, file_row_number=true)"
    )


def _partition(table: LandedTable) -> str:
    return f"COALESCE({table.partition}, '{NO_MONTH}')" if table.partition else f"'{ALL}'"


def _months_left(engine: Engine, store: PartStore, table: LandedTable, base: dict[str, Part]) -> set[str]:
    """Take the old versions of touched rows among the events; return the months they lie in."""
    if not base:
        return set()
    names = ", ".join(column.name for column in table.columns)
    engine.run(
        f"INSERT INTO {_EVENTS} ({names}, gone, seq, pos) "
        f"SELECT {names}, FALSE, -1, 0 FROM {store.relation(base.values())} "
        f"WHERE id IN (SELECT id FROM {_EVENTS})"
    )
    return {row[0] for row in engine.rows(f"SELECT DISTINCT landed_month FROM {_EVENTS} WHERE seq = -1")}


def _find_newest(engine: Engine, table: LandedTable) -> str:
    """Return the table of the newest living versions: the events themselves when no row came twice or went."""
    [(again, gone)] = engine.rows(
        f"SELECT count(*) - count(DISTINCT id), count(*) FILTER (WHERE gone) FROM {_EVENTS}"
    )
    if not again and not gone:
        return _EVENTS
    engine.run(_insert_newest(table))
    return _NEWEST


def _insert_newest(table: LandedTable) -> str:
    """Newest living version per id. Where a version repeats the one before it, the first batch keeps it."""
    content = ", ".join(f"e.{column.name}" for column in table.contract.landed)
    names = ", ".join(column.name for column in table.columns)
    kept = ", ".join(
        f"first_{column.name} AS {column.name}" if column.name in ("batch_id", "landed_at") else column.name
        for column in table.columns
    )
    firsts = ", ".join(
        f"last_value(CASE WHEN fresh THEN {name} END IGNORE NULLS) OVER w AS first_{name}"
        for name in ("batch_id", "landed_at")
    )
    return f"""
        INSERT INTO {_NEWEST} ({names})
        WITH repeated AS (SELECT id FROM {_EVENTS} GROUP BY id HAVING count(*) > 1),
        fresh AS (
          SELECT {", ".join(f"e.{column.name}" for column in table.columns)}, e.gone, e.seq, e.pos,
            ROW({content}, e.gone) IS DISTINCT FROM LAG(ROW({content}, e.gone)) OVER v AS fresh
          FROM {_EVENTS} AS e JOIN repeated ON repeated.id = e.id
          WINDOW v AS (PARTITION BY e.id ORDER BY e.seq, e.pos)
        ),
        ranked AS (
          SELECT {names}, gone, {firsts},
            row_number() OVER (PARTITION BY id ORDER BY seq DESC, pos DESC) AS age
          FROM fresh WINDOW w AS (PARTITION BY id ORDER BY seq, pos ROWS UNBOUNDED PRECEDING)
        )
        SELECT {names} FROM {_EVENTS} WHERE NOT gone AND id NOT IN (SELECT id FROM repeated)
        UNION ALL
        SELECT {kept} FROM ranked WHERE age = 1 AND NOT gone"""


def _rows(
    table: LandedTable, store: PartStore, newest: str, months: Sequence[str], base: dict[str, Part]
) -> str:
    """Return the SELECT of the living rows of some months: the newest versions, and what no event touched."""
    names = ", ".join(column.name for column in table.columns)
    listed = ", ".join(f"'{month}'" for month in months)
    rows = f"SELECT {names} FROM {newest} WHERE landed_month IN ({listed})"
    kept = [base[month] for month in months if month in base]
    if kept:
        rows += f" UNION ALL SELECT {names} FROM {store.relation(kept)} WHERE id NOT IN (SELECT id FROM {_EVENTS})"
    return rows
