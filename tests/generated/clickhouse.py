"""ClickHouse in the process (chDB) with the tables of the generated release, so that the portable SQL is run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq
import pytest

from dwh.datapath.semantic.execution.rollups import Stock
from dwh.datapath.warehouse.release import current_release
from dwh.datapath.warehouse.rollups.definition import load_rollups
from tests.generated.load import generated_settings, named_tables, rolled_stock

# NULL as DuckDB has it: of a join without a partner, of a total; a column before an alias of the same name
SETTINGS = "join_use_nulls=1, group_by_use_nulls=1, prefer_column_name_to_alias=1, max_threads=1"
SPAN = "GREATEST(LEAST({0}, DATE '2299-12-31'), DATE '1900-01-01')"  # what its Date32 can hold


class ClickHouse:
    """The one session a process may have."""

    def __init__(self, tables: Sequence[str]) -> None:
        from chdb.session import Session  # noqa: PLC0415  (an optional group: a process without it skips)

        self._session = Session()
        with TemporaryDirectory() as folder:
            written = _parquet(tables, Path(folder))
            for schema in {table.partition(".")[0] for table in written}:
                self._session.query(f"CREATE DATABASE {schema}")
            for table, path in written.items():
                made = f"CREATE TABLE {table} ENGINE = Memory AS SELECT * FROM file('{path}', Parquet)"
                self._session.query(made)

    def rows(self, sql: str, params: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the rows of a statement: whole numbers as int, money as Decimal."""
        given = {f"p{n}": value for n, value in enumerate(params, 1)}
        told = "output_format_json_quote_decimals=1, output_format_json_quote_64bit_integers=1"
        text = f"{sql}\nSETTINGS {SETTINGS}, {told}"
        answer = json.loads(self._session.query(text, "JSONCompact", params=given).bytes())
        readers = [_reader(column["type"]) for column in answer["meta"]]
        return [
            tuple(None if v is None else read(v) for read, v in zip(readers, row, strict=True))
            for row in answer["data"]
        ]


def _reader(kind: str) -> Any:
    inner = kind.removeprefix("Nullable(")
    return int if inner.startswith(("Int", "UInt")) else Decimal if inner.startswith("Decimal") else str


def _parquet(tables: Sequence[str], folder: Path) -> dict[str, Path]:
    """Write each table of the generated release as Parquet; return table → file."""
    engine = current_release(generated_settings()).engine()
    written = {}
    for table in tables:
        types = engine.types(f"SELECT * FROM {table}")
        shown = [f"{SPAN.format(c)} AS {c}" if kind == "DATE" else c for c, kind in types.items()]
        written[table] = folder / f"{table}.parquet"
        pq.write_table(engine.arrow(f"SELECT {', '.join(shown)} FROM {table}"), written[table])
    return written


@cache
def clickhouse() -> ClickHouse:
    """Return the session with every table the subjects name and every rollup that holds sums; skip without chDB."""
    pytest.importorskip("chdb", reason="chDB không có trong môi trường: nhóm phụ thuộc «clickhouse»")
    return ClickHouse([*named_tables(), *(one.table for one in load_rollups() if not one.distinct)])


@cache
def stock() -> Stock:
    """Return the tables of the session, as if the facts were large."""
    bitmaps = {one.table for one in load_rollups() if one.distinct}
    return Stock(frozenset(one for one in rolled_stock().rows if one[0] not in bitmaps))
