"""Landing rows from a server beside the rawest way to get the same rows from it.

PostgreSQL beside psycopg's COPY to a file; MariaDB beside connectorx alone, whose Arrow batches are thrown away.
Both sides read the same landed columns of tst_dong_ca_nhan from the same server, interleaved, each in a
process of its own so that its peak memory is its own. Ours orders the rows by the cursor, checks types, sums
đồng, hashes and compresses; COPY only writes bytes down, connectorx does not even order.

BENCH_LANDING_ROWS sets the rows (10000000 is the goal's size), BENCH_LANDING_PRODUCTS picks postgresql, mariadb.

Measured while building (2 M rows, two cores shared with other work, load 7 and 18): ratio 0.76 and 0.83, peak
197 MB. What mattered: no dictionary for columns that hardly repeat and delta encoding for key and times (Parquet
2.05 -> 0.6 s, 70 -> 16 MB); Parquet written in one thread while the next chunk is read in another; no key
comparison of a table just read whole. What did not: ADBC chunks of 1, 4, 16 or 64 MB (2.4-2.5 s each), ordering
by the (updated_at, id) index (2.4 s against 2.2 s unordered), casting text (0.95 s against 0.76 s).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import connectorx
import psycopg

from demo.sources import mariadb
from demo.sources.schema import columns_of, tables_of
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.connectors.base import READ_ROWS
from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.sync import sync_source
from tests.mariadb import mariadb_server
from tests.postgres import postgres_server

TABLE = "tst_dong_ca_nhan"
ROUNDS = 3
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def run(rows: int = 2_000_000, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return, per product, medians of both sides: rows per second, their ratio, peak memory in MB.

    Source: goals PostgreSQL ≥ 0.55 of COPY and peak ≤ 400 MB, MariaDB ≥ 0.8 of connectorx.
    """
    chosen = os.environ.get("BENCH_LANDING_PRODUCTS", ",".join(PRODUCTS)).split(",")
    return {name: _beside(name, rows, rounds) for name in chosen}


def _beside(product: str, rows: int, rounds: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="dwh-bench-") as folder, PRODUCTS[product].serve(rows) as dsn:
        sides = (PRODUCTS[product].raw, "landing")
        took: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
        for _ in range(rounds):
            for side in sides:
                took[side].append(_in_own_process(side, dsn, folder))
    result = {side: _median(measured, rows) for side, measured in took.items()}
    ratio = result["landing"]["rows_per_s"] / result[sides[0]]["rows_per_s"]
    outcome = {"rows": rows, "rounds": rounds, **result, "ratio": round(ratio, 3), "load": os.getloadavg()}
    _tell(product, outcome)
    return outcome


@contextmanager
def _postgres(rows: int) -> Iterator[str]:
    with postgres_server() as server:
        dsn = server.create_database()
        _fill(dsn, rows)
        yield dsn


@contextmanager
def _mariadb(rows: int) -> Iterator[str]:
    with mariadb_server(innodb_buffer_pool_size="1G") as server:
        url = server.create_database()
        with server.admin(url.rpartition("/")[2]) as db:
            for table in tables_of("TST"):
                mariadb.create(db, "TST", table)
                mariadb.index(db, table)
            mariadb.synthetic_contributions(db, rows)
        yield url


@dataclass(frozen=True, slots=True)
class _Product:
    """How a server full of rows is started, what we are held against, and how much of it is the goal."""

    serve: Callable[[int], AbstractContextManager[str]]
    raw: str
    goal: float


PRODUCTS = {
    "postgresql": _Product(_postgres, "copy", 0.55),
    "mariadb": _Product(_mariadb, "connectorx", 0.8),
}


def _fill(dsn: str, rows: int) -> None:
    """Make the rows at the server: two years of months, five funds, a moving updated_at."""
    with psycopg.connect(dsn, autocommit=True) as db:
        for table in tables_of("TST"):
            words = [
                f"{c.name} {c.postgres}{' PRIMARY KEY' if c.name == 'id' else ''}"
                for c in columns_of("TST", table)
            ]
            db.execute(f"CREATE TABLE {table} ({', '.join(words)})")
        db.execute(
            f"""INSERT INTO {TABLE} SELECT i,
            to_char(date '2024-11-01' + ((i * 24 / {rows + 1}) || ' month')::interval, 'YYYYMM'),
            lpad((i::bigint * 7919 % 9999999999)::text, 10, '0'), 'TA' || lpad((i * 31 % 9999)::text, 5, '0') || 'A',
            (ARRAY['HTTT', 'ODTS', 'TNLD', 'BHTN', 'BHYT'])[1 + i % 5],
            4000000 + i * 37 % 20000000, (4000000 + i * 37 % 20000000) * 8 / 100,
            (4000000 + i * 37 % 20000000) * 14 / 100, 0, (4000000 + i * 37 % 20000000) * 22 / 100,
            lpad((1 + i % 63)::text, 2, '0') || lpad((i % 20)::text, 3, '0'), at, at, 'demo', false
            FROM generate_series(1::bigint, {rows}) AS i,
            LATERAL (SELECT timestamptz '2024-11-05 00:00:00Z' + i * interval '31 second' AS at) AS t"""
        )
        for table in tables_of("TST"):
            db.execute(f"CREATE INDEX ON {table} (updated_at, id)")
            db.execute(f"VACUUM (ANALYZE, FREEZE) {table}")


def _in_own_process(side: str, dsn: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.landing", side, folder]
    answer = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "BENCH_DSN": dsn}
    )
    measured: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return measured


def copy(dsn: str, folder: Path) -> None:
    names = ", ".join(column.name for column in load_contract("collection").table(TABLE).landed)
    sql = f"COPY (SELECT {names} FROM {TABLE}) TO STDOUT (FORMAT csv)"
    with (
        psycopg.connect(dsn) as db,
        (folder / "copy.csv").open("wb") as file,
        db.cursor().copy(sql) as stream,
    ):
        for block in stream:
            file.write(block)


def bare_connectorx(dsn: str, folder: Path) -> None:
    names = ", ".join(column.name for column in load_contract("collection").table(TABLE).landed)
    sql = f"SELECT {names} FROM {TABLE}"
    reader = connectorx.read_sql(dsn, sql, return_type="arrow_stream", batch_size=READ_ROWS)
    deque(reader, maxlen=0)


def landing(dsn: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as home:
        settings = DataPathSettings(home=Path(home), sources={"collection": dsn})
        sync_source("collection", settings=settings, now=NOW)


SIDES = {"copy": copy, "connectorx": bare_connectorx, "landing": landing}


def _measure(side: str, folder: Path) -> None:
    """Time one side in this process and print what it took."""
    dsn, work = os.environ["BENCH_DSN"], SIDES[side]
    wall, cpu = time.perf_counter(), time.process_time()
    work(dsn, folder)
    took = {"seconds": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu, "peak_mb": _peak_mb()}
    print(json.dumps(took))


def _peak_mb() -> float:
    """Return the peak resident memory of this process alone; getrusage would also count the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) / 1024, 1)


def _median(measured: list[dict[str, float]], rows: int) -> dict[str, float]:
    middle = {name: round(statistics.median(m[name] for m in measured), 3) for name in measured[0]}
    return {**middle, "rows_per_s": round(rows / middle["seconds"])}


def _tell(product: str, outcome: dict[str, Any]) -> None:
    chosen = PRODUCTS[product]
    for side in (chosen.raw, "landing"):
        m = outcome[side]
        speed = f"{m['rows_per_s']:>10,} rows/s  {m['seconds']:.2f} s  cpu {m['cpu_s']:.2f} s"
        print(f"{product:10} {side:10} {speed}  peak {m['peak_mb']:.0f} MB")
    print(f"{product:10} ratio {outcome['ratio']} (goal >= {chosen.goal}), load {outcome['load'][0]:.1f}")


if __name__ == "__main__":
    _measure(sys.argv[1], Path(sys.argv[2]))
