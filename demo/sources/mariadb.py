"""The same source tables in MariaDB, with real types: for the connector's tests and the landing bench."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pymysql

from demo.sources.schema import FILES, columns_of, tables_of

READ_ROWS = 5_000
SYNTHETIC = "tst_dong_ca_nhan"

# The lines of demo/sources/postgres.py: 5 funds, 24 months, bases between 3.5 and 23.5 million.
GENERATE = """
INSERT INTO tst_dong_ca_nhan
SELECT n, DATE_FORMAT(DATE'2024-11-01' + INTERVAL (n % 24) MONTH, '%Y%m'),
       LPAD((n * 48271) % 99999989, 10, '0'), CONCAT(LPAD(n % 650, 10, '0'), 'DNA03'),
       ELT(1 + n % 5, 'HTTT', 'ODTS', 'TNLD', 'BHTN', 'BHYT'), base,
       base * ELT(1 + n % 5, 80, 0, 0, 10, 15) DIV 1000, base * ELT(1 + n % 5, 140, 30, 5, 10, 30) DIV 1000, 0,
       base * ELT(1 + n % 5, 220, 30, 5, 20, 45) DIV 1000, CONCAT(LPAD(n % 97, 2, '0'), '501'), at, at, 'tst.thu', 0
FROM (SELECT seq AS n, 3500000 + ((seq * 7919) % 20000) * 1000 AS base,
             TIMESTAMP'2024-11-01 00:00:00' + INTERVAL ((seq DIV 200) * 30) SECOND AS at
      FROM seq_1_to_{rows}) AS numbers
"""


def load(sqlite_path: Path, target: pymysql.Connection) -> dict[str, int]:
    """Create the tables of a demonstration source in MariaDB and copy its rows; return the rows per table."""
    system = next(name for name, file in FILES.items() if file == sqlite_path.name)
    counts = {}
    with closing(sqlite3.connect(sqlite_path)) as source:
        for table in tables_of(system):
            create(target, system, table)
            counts[table] = _copy(source, target, system, table)
            index(target, table)
    return counts


def create(target: pymysql.Connection, system: str, table: str) -> None:
    """Create one table anew, empty."""
    columns = ", ".join(f"`{c.name}` {c.mariadb}" for c in columns_of(system, table))
    _run(target, f"DROP TABLE IF EXISTS {table}")
    _run(target, f"CREATE TABLE {table} ({columns}, PRIMARY KEY (id))")


def index(target: pymysql.Connection, table: str) -> None:
    """Add the index a source has on its moment of change."""
    _run(target, f"CREATE INDEX {table}_changes ON {table} (updated_at, id)")
    _run(target, f"ANALYZE TABLE {table}")


def synthetic_contributions(target: pymysql.Connection, rows: int) -> None:
    """Fill the table of contribution lines with `rows` lines made by the server itself."""
    create(target, "TST", SYNTHETIC)
    _run(target, GENERATE.format(rows=rows))
    index(target, SYNTHETIC)


def _copy(source: sqlite3.Connection, target: pymysql.Connection, system: str, table: str) -> int:
    names = [c.name for c in columns_of(system, table)]
    rows = source.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY id")
    statement = f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(names))})"
    written = 0
    with target.cursor() as cursor:
        _run(target, "START TRANSACTION")
        while part := rows.fetchmany(READ_ROWS):
            cursor.executemany(statement, part)
            written += len(part)
        target.commit()
    return written


def _run(target: pymysql.Connection, statement: str) -> None:
    with target.cursor() as cursor:
        cursor.execute(statement)
