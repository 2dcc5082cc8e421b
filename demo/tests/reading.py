"""Reading a demonstration database into Polars, away from the project's own connectors."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl

from demo.sources.schema import FILES, columns_of

TYPES = {"i8": pl.Int64, "i": pl.Int64, "b": pl.Int64, "n18": pl.Int64}


def read(home: Path, system: str, table: str, columns: str = "*") -> pl.DataFrame:
    """Return the living rows of a table: those not marked as deleted."""
    kinds = {c.name: c.kind for c in columns_of(system, table)}
    names = list(kinds) if columns == "*" else ["id", *columns.split()]
    with closing(sqlite3.connect(home / "sources" / FILES[system])) as db:
        rows = db.execute(f"SELECT {', '.join(names)} FROM {table} WHERE is_deleted = 0").fetchall()
    schema = {n: TYPES.get(kinds[n], pl.Float64 if kinds[n].startswith("n") else pl.String) for n in names}
    return pl.DataFrame(rows, schema=schema, orient="row")


def scalar(home: Path, system: str, sql: str) -> object:
    """Return the first value of a query."""
    with closing(sqlite3.connect(home / "sources" / FILES[system])) as db:
        return db.execute(sql).fetchone()[0]
