"""Writing tables into SQLite, fast and the same bytes every time."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np

from demo.sources.schema import Column, columns_of

Array = Any
Columns = Mapping[str, Any]  # column name -> array, list, or one value for every row
CHUNK = 100_000


class Database:
    """One source system's SQLite file, made anew: no journal while it is filled, indexes at the end."""

    def __init__(self, system: str, path: Path) -> None:
        self.system, self.path = system, path
        path.unlink(missing_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in (
            "page_size = 8192",
            "journal_mode = OFF",
            "synchronous = OFF",
            "locking_mode = EXCLUSIVE",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("PRAGMA cache_size = -65536")
        self._made: list[str] = []

    def table(self, name: str) -> None:
        """Create a table of the system's layout."""
        columns = ", ".join(_declared(c) for c in columns_of(self.system, name))
        self._db.execute(f"CREATE TABLE {name} ({columns})")
        self._made.append(name)

    def add(self, name: str, rows: int, columns: Columns) -> None:
        """Append rows; columns left out are NULL, is_deleted is false."""
        fields = columns_of(self.system, name)
        unknown = set(columns) - {c.name for c in fields}
        if unknown:
            raise KeyError(f"{name} has no column {sorted(unknown)}")
        given = {"is_deleted": 0, **columns}
        used = [c.name for c in fields if c.name in given]
        marks = ", ".join("?" * len(used))
        insert = f"INSERT INTO {name} ({', '.join(used)}) VALUES ({marks})"
        self._db.execute("BEGIN")
        for start in range(0, rows, CHUNK):
            part = slice(start, min(start + CHUNK, rows))
            self._db.executemany(insert, zip(*(_values(given[c], part) for c in used), strict=False))
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Index every table by (updated_at, id) and close the file."""
        for name in self._made:
            self._db.execute(f"CREATE INDEX ix_{name}_updated ON {name} (updated_at, id)")
        self._db.execute("PRAGMA journal_mode = DELETE")
        self._db.close()


def maybe(values: Array, present: Array) -> Array:
    """Return the values where present, None elsewhere."""
    out = np.asarray(values, dtype=object).copy()
    out[~np.asarray(present)] = None
    return out


def money(cents: Array) -> Array:
    """Return amounts given in hundredths as the nearest float, which SQLite keeps exactly to the hundredth."""
    return np.asarray(cents, dtype=np.float64) / 100.0


def _values(value: Any, part: slice) -> Any:
    if isinstance(value, np.ndarray):
        return value[part].tolist()
    if isinstance(value, list):
        return value[part]
    return repeat(value, part.stop - part.start)


def _declared(column: Column) -> str:
    return f"{column.name} INTEGER PRIMARY KEY" if column.name == "id" else f"{column.name} {column.sqlite}"
