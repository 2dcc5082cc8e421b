"""The same source tables in PostgreSQL, with real types: for the connector's tests and the landing bench."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql

from demo.sources.schema import FILES, columns_of, tables_of

READ_ROWS = 20_000
SYNTHETIC = "tst_dong_ca_nhan"
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})

# One line per number n: 5 funds, 24 months, bases between 3.5 and 23.5 million, every 200 lines one moment.
GENERATE = """
INSERT INTO tst_dong_ca_nhan
SELECT n, to_char(date '2024-11-01' + make_interval(months => (n % 24)::int), 'YYYYMM'),
       lpad(((n * 48271) % 99999989)::text, 10, '0'), lpad((n % 650)::text, 10, '0') || 'DNA03',
       (array['HTTT','ODTS','TNLD','BHTN','BHYT'])[1 + n % 5], base,
       base * (array[8, 0, 0, 1, 1.5])[1 + n % 5] / 100, base * (array[14, 3, 0.5, 1, 3])[1 + n % 5] / 100, 0,
       base * (array[22, 3, 0.5, 2, 4.5])[1 + n % 5] / 100, lpad((n % 97)::text, 2, '0') || '501',
       timestamptz '2024-11-01 00:00+00' + (n / 200) * interval '30 seconds',
       timestamptz '2024-11-01 00:00+00' + (n / 200) * interval '30 seconds', 'tst.thu', false
FROM (SELECT n, 3500000 + ((n * 7919) % 20000) * 1000 AS base
      FROM generate_series({first}::bigint, {last}::bigint) AS n) AS numbers
"""


def load(sqlite_path: Path, dsn: str) -> dict[str, int]:
    """Create the tables of a demonstration source in PostgreSQL and copy its rows; return the rows per table."""
    system = next(name for name, file in FILES.items() if file == sqlite_path.name)
    counts = {}
    with psycopg.connect(dsn) as target, closing(sqlite3.connect(sqlite_path)) as source:
        target.execute("SET TIME ZONE 'UTC'")
        for table in tables_of(system):
            create(target, system, table)
            counts[table] = _copy(source, target, system, table)
            index(target, table)
    return counts


def create(target: psycopg.Connection, system: str, table: str) -> None:
    """Create one table anew, empty."""
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(c.name), sql.SQL(c.postgres))
        for c in columns_of(system, table)
    )
    target.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(table)))
    target.execute(sql.SQL("CREATE TABLE {} ({})").format(sql.Identifier(table), columns))


def index(target: psycopg.Connection, table: str) -> None:
    """Add the key and the index a source has on its moment of change."""
    name = sql.Identifier(table)
    target.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (id)").format(name))
    target.execute(sql.SQL("CREATE INDEX ON {} (updated_at, id)").format(name))
    target.execute(sql.SQL("ANALYZE {}").format(name))


def synthetic_contributions(dsn: str, rows: int) -> None:
    """Fill the table of contribution lines with `rows` lines made by the server itself."""
    with psycopg.connect(dsn) as target:
        create(target, "TST", SYNTHETIC)
        target.execute(sql.SQL(GENERATE).format(first=1, last=rows))
        index(target, SYNTHETIC)


def _copy(source: sqlite3.Connection, target: psycopg.Connection, system: str, table: str) -> int:
    names = [c.name for c in columns_of(system, table)]
    rows = source.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY id")
    statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
    written = 0
    with target.cursor() as cursor, cursor.copy(statement) as copy:
        while part := rows.fetchmany(READ_ROWS):
            copy.write("".join(map(_line, part)))
            written += len(part)
    return written


def _line(row: tuple[object, ...]) -> str:
    """Return one row in the server's text format."""
    return "\t".join("\\N" if value is None else str(value).translate(ESCAPES) for value in row) + "\n"
