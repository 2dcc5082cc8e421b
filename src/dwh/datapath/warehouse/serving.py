"""serving.duckdb of a release: native tables loaded from the parts, the only thing people's questions read.

Native tables answer 2.6 to 3 times faster than views on Parquet, one province up to 20 times: rows are loaded in
the order (month, org), so that DuckDB skips what a question does not need.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.engine import Engine, connect
from dwh.datapath.warehouse.model import ModelColumn, ddl
from dwh.datapath.warehouse.parts import sync


@dataclass(frozen=True, slots=True)
class ServingTable:
    """A table to load with the rows of `select`, which come in the order to store them."""

    name: str
    columns: tuple[ModelColumn, ...]
    select: str


def make_serving(path: Path, tables: Iterable[ServingTable], *, settings: DataPathSettings) -> dict[str, int]:
    """Write the serving database and return its rows per table."""
    engine = connect(
        path, memory_limit=settings.memory_limit, threads=settings.threads, spill=settings.work / "spill"
    )
    try:
        rows = {table.name: _load(engine, table) for table in tables}
        engine.run("CHECKPOINT")
    finally:
        engine.close()
    sync(path)
    return rows


def open_serving(path: Path, settings: DataPathSettings) -> Engine:
    """Return a reader's engine. Every reader of a process opens a file with the same settings: DuckDB demands it.

    Raises: Unreadable when the file is damaged or missing.
    """
    return connect(path, read_only=True, memory_limit=settings.memory_limit, threads=settings.threads)


def count_rows(path: Path, tables: Iterable[str], *, settings: DataPathSettings) -> dict[str, int]:
    """Return the rows a serving database holds, read as a reader would."""
    engine = open_serving(path, settings)
    try:
        return {table: engine.value(f"SELECT count(*) FROM {table}") for table in tables}
    finally:
        engine.close()


def _load(engine: Engine, table: ServingTable) -> int:
    engine.run(f"CREATE SCHEMA IF NOT EXISTS {table.name.partition('.')[0]}")
    engine.run(ddl(table.name, table.columns))
    names = ", ".join(column.name for column in table.columns)
    return engine.run(f"INSERT INTO {table.name} ({names}) {table.select}")
