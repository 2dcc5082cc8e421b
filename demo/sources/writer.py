"""Writing tables into SQLite, fast and the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import adbc_driver_sqlite.dbapi as adbc
import numpy as np
import pyarrow as pa

from demo.sources.schema import Column, columns_of

Array = Any
Columns = Mapping[str, Any]  # column name -> array, list, or one value for every row
CHUNK = 100_000


class Database:
    """One source system's SQLite file, made anew: no journal while it is filled, indexes at the end.

    Filled by column: a row of tuples costs Python more than SQLite needs to store it.
    """

    def __init__(self, system: str, path: Path) -> None:
        self.system, self.path = system, path
        path.unlink(missing_ok=True)
        self._connection = adbc.connect(str(path), autocommit=True)
        self._cursor = self._connection.cursor()
        for pragma in (
            "page_size = 8192",
            "journal_mode = OFF",
            "synchronous = OFF",
            "locking_mode = EXCLUSIVE",
        ):
            self._run(f"PRAGMA {pragma}")
        self._run("PRAGMA cache_size = -65536")
        self._made: list[str] = []

    def table(self, name: str) -> None:
        """Create a table of the system's layout."""
        columns = ", ".join(_declared(c) for c in columns_of(self.system, name))
        self._run(f"CREATE TABLE {name} ({columns})")
        self._made.append(name)

    def add(self, name: str, rows: int, columns: Columns) -> None:
        """Append rows; columns left out are NULL, is_deleted is false."""
        fields = columns_of(self.system, name)
        unknown = set(columns) - {c.name for c in fields}
        if unknown:
            raise KeyError(f"{name} has no column {sorted(unknown)}")
        given = {"is_deleted": 0, **columns}
        used = [c.name for c in fields if c.name in given]
        self._run("BEGIN")
        for start in range(0, rows, CHUNK):
            part = slice(start, min(start + CHUNK, rows))
            columns_of_part = {name: _arrow(given[name], part) for name in used}
            self._cursor.adbc_ingest(name, pa.table(columns_of_part), mode="append")
        self._run("COMMIT")

    def close(self) -> None:
        """Index every table by (updated_at, id) and close the file."""
        for name in self._made:
            self._run(f"CREATE INDEX ix_{name}_updated ON {name} (updated_at, id)")
        self._run("PRAGMA journal_mode = DELETE")
        self._cursor.close()
        self._connection.close()

    def _run(self, sql: str) -> None:
        self._cursor.execute(sql)
        self._cursor.fetchall()


def maybe(values: Array, present: Array) -> Array:
    """Return the values where present, None elsewhere."""
    out = np.asarray(values, dtype=object).copy()
    out[~np.asarray(present)] = None
    return out


def money(cents: Array) -> Array:
    """Return amounts given in hundredths as the nearest float, which SQLite keeps exactly to the hundredth."""
    return np.asarray(cents, dtype=np.float64) / 100.0


def _arrow(value: Any, part: slice) -> pa.Array:
    """Return a column as Arrow; one of several kinds as text, of which SQLite makes what the column declares."""
    try:
        made = (
            pa.array(value[part])
            if isinstance(value, np.ndarray | list)
            else pa.repeat(pa.scalar(value), part.stop - part.start)
        )
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if one is None else str(_whole(one)) for one in value[part]])
    return made.cast(pa.int8()) if made.type == pa.bool_() else made


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, bool | np.bool_) else value


def _declared(column: Column) -> str:
    return f"{column.name} INTEGER PRIMARY KEY" if column.name == "id" else f"{column.name} {column.sqlite}"
