"""A source system of a few rows, made from its contract, and an independent reading of what has landed of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pyarrow.parquet as pq
import pymysql

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.contract import Column, load_contract
from dwh.datapath.sources.landing import batches
from dwh.datapath.sources.reading.table_job import Limits
from dwh.datapath.sources.report import SyncReport, TableSync
from dwh.datapath.sources.sync import sync_source

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
START = datetime(2026, 10, 1, 8)  # noqa: DTZ001 - naive UTC, as landed
LINES = "tst_dong_ca_nhan"
Runner = Callable[..., list[tuple]]
_SQLITE = {"text": "TEXT", "date": "TEXT", "timestamp": "TEXT", "decimal": "NUMERIC"}
_SERVER = {"text": "varchar(30)", "integer": "integer", "money": "numeric(18,0)", "date": "date",
           "timestamp": "timestamptz", "boolean": "boolean"}  # fmt: skip
_LATER = {  # so many seconds after the start, as each product says it
    "sqlite": "datetime('{start}', ({n}) || ' seconds')",
    "postgresql": "timestamptz '{start}' + ({n}) * interval '1 second'",
    "mysql": "TIMESTAMP'{start}' + INTERVAL ({n}) SECOND",
}


def at(seconds: int) -> str:
    """Return the moment so many seconds after the start, as SQLite writes it; PostgreSQL reads it as UTC."""
    return (START + timedelta(seconds=seconds)).isoformat(sep=" ")


@dataclass
class Miniature:
    """One source system with the tables its contract promises, empty at first."""

    name: str
    url: str
    run: Runner
    made: int = field(default=0)

    def __post_init__(self) -> None:
        if self.product == "postgresql":
            self.run("SET TimeZone = 'UTC'")
        for table in load_contract(self.name).tables:
            words = ", ".join(f"{c.name} {self.type_of(c)}" for c in table.columns)
            self.run(f"CREATE TABLE {table.name} ({words}, PRIMARY KEY (id))")
            self.run(f"CREATE INDEX {table.name}_changes ON {table.name} (updated_at, id)")

    @property
    def product(self) -> str:
        return self.url.partition(":")[0]

    @property
    def is_sqlite(self) -> bool:
        return self.product == "sqlite"

    def type_of(self, column: Column) -> str:
        if self.is_sqlite:
            return _SQLITE.get(column.type, "INTEGER")
        if column.name == "id":
            return "bigint"
        if column.name == "ky":
            return "char(6)"
        if column.type == "timestamp" and self.product == "mysql":
            return "timestamp(6) NULL"
        return f"numeric{column.precision}" if column.precision else _SERVER[column.type]

    def later(self, seconds: str) -> str:
        """Return the SQL for the moment so many seconds (an expression) after the start."""
        return _LATER[self.product].format(start=START, n=seconds)

    def add_line(self, key: int, seconds: int, amount: int = 1_000, **other: Any) -> None:
        """Insert a contribution line changed so many seconds after the start."""
        values: dict[str, Any] = {
            "id": key, "ky": "202610", "ma_so_bhxh": f"{key:010d}", "ma_don_vi": "TA0001A", "quy": "HTTT",
            "can_cu_dong": 5_000_000, "so_tien_ld": 400_000, "so_tien_sd": 850_000, "so_tien_nsnn": 0,
            "so_tien_da_dong": amount, "ma_cq_bhxh": "01501", "created_at": at(0), "updated_at": at(seconds),
            "updated_by": "demo", "is_deleted": 0 if self.is_sqlite else False,
        } | other  # fmt: skip
        marks = ", ".join("?" * len(values))
        self.run(f"INSERT INTO {LINES} ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))

    def fill(self, rows: int) -> None:
        """Insert so many lines at once, a second apart."""
        names = "id, ky, quy, can_cu_dong, so_tien_ld, so_tien_sd, so_tien_nsnn, so_tien_da_dong, is_deleted"
        count = f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {rows})"
        numbers = {
            "sqlite": f"{count} SELECT n FROM c",
            "postgresql": f"SELECT n FROM generate_series(1, {rows}) AS c (n)",
            "mysql": f"SELECT seq AS n FROM seq_1_to_{rows}",
        }[self.product]
        values = f"n, '202610', 'BHYT', 1, 1, 1, 0, n, {0 if self.is_sqlite else 'false'}, {self.later('n')}"
        self.run(f"INSERT INTO {LINES} ({names}, updated_at) SELECT {values} FROM ({numbers}) AS numbers")

    def pay(self, key: int, seconds: int, amount: int) -> None:
        sql = f"UPDATE {LINES} SET so_tien_da_dong = ?, updated_at = ? WHERE id = ?"
        self.run(sql, (amount, at(seconds), key))

    def touch_all(self, since: int) -> None:
        """Change every line, a second apart, so many seconds after the start."""
        moment = self.later(f"id + {since}")
        self.run(f"UPDATE {LINES} SET so_tien_da_dong = so_tien_da_dong + 1, updated_at = {moment}")

    def remove(self, key: int) -> None:
        self.run(f"DELETE FROM {LINES} WHERE id = ?", (key,))

    def lines(self) -> dict[int, int]:
        """Return what the source holds now: amount by key."""
        return {key: int(amount) for key, amount in self.run(f"SELECT id, so_tien_da_dong FROM {LINES}")}


def sync(source: Miniature, settings: DataPathSettings, **limits: Any) -> TableSync:
    """Sync the miniature and return what was done to the contribution lines."""
    return next(table for table in report_of(source, settings, **limits).tables if table.table == LINES)


def report_of(source: Miniature, settings: DataPathSettings, **limits: Any) -> SyncReport:
    return sync_source(source.name, settings=settings, now=NOW, limits=Limits(**limits))


def landed_rows(
    settings: DataPathSettings, source: str, table: str, *, orphans: bool = False
) -> dict[int, dict[str, Any]]:
    """Return the newest landed version of every live row, worked out row by row in plain Python.

    `orphans`: a row may have been deleted whose own batch was damaged.
    """
    live: dict[int, dict[str, Any]] = {}
    for batch in batches(settings, source, table):
        rows = pq.read_table(batch.path).to_pylist()
        assert len(rows) == batch.rows
        for row in rows:
            if batch.kind == "deletes":
                assert orphans or row["id"] in live
                live.pop(row["id"], None)
            else:
                live[row["id"]] = row
    return live


def landed_lines(settings: DataPathSettings, *, orphans: bool = False) -> dict[int, int]:
    rows = landed_rows(settings, "collection", LINES, orphans=orphans)
    return {key: row["so_tien_da_dong"] for key, row in rows.items()}


def of_sqlite(db: sqlite3.Connection) -> Runner:
    return lambda sql, values=(): db.execute(sql, values).fetchall()


def of_postgres(db: psycopg.Connection) -> Runner:
    def run(sql: str, values: tuple = ()) -> list[tuple]:
        cursor = db.execute(sql.replace("?", "%s"), values or None)
        return cursor.fetchall() if cursor.description else []

    return run


def of_mariadb(db: pymysql.Connection) -> Runner:
    def run(sql: str, values: tuple = ()) -> list[tuple]:
        with db.cursor() as cursor:
            cursor.execute(sql.replace("?", "%s"), values or None)
            return list(cursor.fetchall())

    return run
