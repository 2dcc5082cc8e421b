"""Reading a SQLite file: read-only, in short statements, every value checked against its promised type.

SQLite stores whatever it is given, so the type of a column is known only value by value.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc

from dwh.datapath.sources.connectors.base import READ_ROWS, Position
from dwh.datapath.sources.contract import Column, TableContract, arrow_schema
from dwh.kernel.errors import ContractBroken, SourceDown

_WORDS: dict[str, tuple[str, ...]] = {  # promised type -> words its declared SQLite type may begin with
    "text": ("TEXT", "VARCHAR", "CHAR"),
    "integer": ("INT", "BIGINT", "SMALLINT", "NUMERIC"),
    "money": ("INT", "BIGINT", "NUMERIC"),
    "decimal": ("NUMERIC", "DECIMAL", "INT", "REAL", "TEXT"),
    "date": ("TEXT", "DATE"),
    "timestamp": ("TEXT", "DATETIME", "TIMESTAMP"),
    "boolean": ("BOOL", "INT"),
}
_BUSY_SECONDS = 5.0
_KEYS_AT_ONCE = 500
_EXACT_FLOAT = 2**53


class SqliteConnector:
    """One SQLite file opened with mode=ro and query_only; no transaction outlives a call."""

    def __init__(self, url: str) -> None:
        self._path = Path(unquote(url.removeprefix("sqlite://").split("?")[0]))
        if not self._path.is_file():
            raise SourceDown(
                f"Không thấy tệp nguồn «{self._path.name}». Kiểm tra đường dẫn của nguồn rồi đồng bộ lại.",
                path=str(self._path),
            )
        try:
            self._db = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode=ro",
                uri=True,
                timeout=_BUSY_SECONDS,
                check_same_thread=False,
            )
            self._db.execute("PRAGMA query_only = ON")
            self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.Error as error:
            raise self._down(error) from None

    def describe(self, table: str) -> dict[str, str]:
        rows = self._rows(f"PRAGMA table_info({_quoted(table)})")
        return {row[1]: row[2].upper() for row in rows}

    def fits(self, column: Column, found: str) -> bool:
        return found.startswith(_WORDS[column.type])

    def high_water(self, table: TableContract) -> Position | None:
        order = f"ORDER BY {_quoted(table.cursor)} DESC, {_quoted(table.key)} DESC LIMIT 1"
        sql = f"SELECT {_quoted(table.cursor)}, {_quoted(table.key)} FROM {_quoted(table.name)} {order}"  # noqa: S608 - quoted contract names
        rows = self._rows(sql)
        return Position(self._stamp(table, rows[0][0], rows[0][1]), rows[0][1]) if rows else None

    def count(self, table: TableContract, after: Position | None, upto: Position) -> int:
        where, values = _between(table, after, upto)
        return int(self._rows(f"SELECT count(*) FROM {_quoted(table.name)} WHERE {where}", values)[0][0])  # noqa: S608

    def read(
        self, table: TableContract, *, after: Position | None, upto: Position, limit: int
    ) -> Iterator[pa.RecordBatch]:
        """Page by keyset: each page is one short statement, so a writer at the source waits for a page at most."""
        stamp, key = _index(table, table.cursor), _index(table, table.key)
        order = f"ORDER BY {_quoted(table.cursor)}, {_quoted(table.key)} LIMIT ?"
        while limit > 0:
            where, values = _between(table, after, upto)
            size = min(limit, READ_ROWS)
            rows = self._rows(
                f"SELECT {_names(table)} FROM {_quoted(table.name)} WHERE {where} {order}", (*values, size)
            )  # noqa: S608
            if rows:
                yield self._batch(table, rows)
                after = Position(self._stamp(table, rows[-1][stamp], rows[-1][key]), rows[-1][key])
            if len(rows) < size:
                return
            limit -= len(rows)

    def read_keys(self, table: TableContract, keys: list[int]) -> Iterator[pa.RecordBatch]:
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            some = keys[start : start + _KEYS_AT_ONCE]
            marks = ", ".join("?" * len(some))
            sql = f"SELECT {_names(table)} FROM {_quoted(table.name)} WHERE {_quoted(table.key)} IN ({marks})"  # noqa: S608
            if rows := self._rows(sql, some):
                yield self._batch(table, rows)

    def keys(self, table: TableContract) -> Iterator[pa.Array]:
        key, after = _quoted(table.key), -(2**63)
        sql = f"SELECT {key} FROM {_quoted(table.name)} WHERE {key} > ? ORDER BY {key} LIMIT {READ_ROWS}"  # noqa: S608
        while rows := self._rows(sql, (after,)):
            yield pa.array([row[0] for row in rows], pa.int64())
            after = rows[-1][0]

    def cancel(self) -> None:
        self._db.interrupt()

    def close(self) -> None:
        self._db.close()

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._down(error) from None

    def _batch(self, table: TableContract, rows: list[tuple[Any, ...]]) -> pa.RecordBatch:
        schema, key = arrow_schema(table), _index(table, table.key)
        arrays = []
        for column, values in zip(table.landed, zip(*rows, strict=True), strict=True):
            try:
                array = _ARRAYS[column.type](values, column)
            except (pa.ArrowException, ValueError, TypeError, OverflowError):
                raise _misfit(table, column, values, [row[key] for row in rows]) from None
            if array.null_count and not column.nullable:
                raise _misfit(table, column, values, [row[key] for row in rows])
            arrays.append(array)
        return pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _stamp(self, table: TableContract, value: Any, key: int) -> datetime:
        column = next(c for c in table.columns if c.name == table.cursor)
        try:
            return datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise _misfit(table, column, (value,), [key]) from None

    def _down(self, error: sqlite3.Error) -> SourceDown:
        return SourceDown(
            f"Không đọc được tệp nguồn «{self._path.name}» ({error}). Kiểm tra tệp rồi đồng bộ lại; "
            "những lô đã ghi vẫn giữ nguyên.",
            path=str(self._path),
        )


def _text(values: Sequence[Any], _: Column) -> pa.Array:
    return pa.array(values, pa.string())


def _integer(values: Sequence[Any], _: Column) -> pa.Array:
    """Infer first: asked for int64 directly, Arrow would cut 1.5 down to 1 without a word."""
    array = pa.array(values)
    if array.type == pa.float64():
        array = array.cast(pa.int64(), safe=True)
    if array.type not in (pa.int64(), pa.null()):
        raise TypeError(array.type)
    return array.cast(pa.int64())


def _decimal(values: Sequence[Any], column: Column) -> pa.Array:
    """Accept whole numbers, decimal text, and floats that are the nearest to a decimal of the promised scale."""
    scale = column.precision[1] if column.precision else 0
    try:
        array = pa.array(values)
    except pa.ArrowInvalid:  # numbers and text in one column
        array = pa.array([None if value is None else str(value) for value in values])
    if array.type == pa.int64():
        return array.cast(pa.decimal128(19 + scale, scale)).cast(column.arrow)
    if array.type != pa.float64():
        return array.cast(pa.string()).cast(column.arrow)
    units = pc.round(pc.multiply(array, 10.0**scale))
    if pc.any(pc.not_equal(pc.divide(units, 10.0**scale), array)).as_py() or _beyond(units):
        raise ValueError("not a decimal of this scale")
    whole = units.cast(pa.int64()).cast(pa.decimal128(19, 0))
    return whole.view(pa.decimal128(19, scale)).cast(column.arrow)


def _beyond(scaled: pa.Array) -> bool:
    return bool(pc.any(pc.greater(pc.abs(scaled), float(_EXACT_FLOAT))).as_py())


def _dated(values: Sequence[Any], column: Column) -> pa.Array:
    return pa.array(values, pa.string()).cast(column.arrow)


def _boolean(values: Sequence[Any], column: Column) -> pa.Array:
    array = _integer(values, column)
    if pc.any(pc.invert(pc.is_in(array, pa.array([0, 1, None], pa.int64())))).as_py():
        raise ValueError("neither 0 nor 1")
    return array.cast(pa.bool_())


_ARRAYS = {
    "text": _text, "integer": _integer, "money": _integer, "decimal": _decimal,
    "date": _dated, "timestamp": _dated, "boolean": _boolean,
}  # fmt: skip


def _misfit(
    table: TableContract, column: Column, values: Sequence[Any], keys: Sequence[int]
) -> ContractBroken:
    """Name the first row whose value does not fit; the value itself may be personal and is not shown."""
    key = next((k for k, v in zip(keys, values, strict=True) if not _fits_alone(v, column)), keys[0])
    return ContractBroken(
        f"Bảng «{table.name}», cột «{column.name}»: giá trị của dòng id {key} không phải kiểu {column.type} "
        "như hợp đồng dữ liệu. Sửa ở hệ thống nguồn rồi đồng bộ lại.",
        table=table.name, column=column.name, expected=column.type, row_id=key,
    )  # fmt: skip


def _fits_alone(value: Any, column: Column) -> bool:
    try:
        array = _ARRAYS[column.type]((value,), column)
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        return False
    return column.nullable or not array.null_count


def _between(table: TableContract, after: Position | None, upto: Position) -> tuple[str, tuple[Any, ...]]:
    pair = f"({_quoted(table.cursor)}, {_quoted(table.key)})"
    low = (_text_of(after.at), after.id) if after else ()
    where = f"{pair} > (?, ?) AND {pair} <= (?, ?)" if after else f"{pair} <= (?, ?)"
    return where, (*low, _text_of(upto.at), upto.id)


def _text_of(at: datetime) -> str:
    return at.isoformat(sep=" ")


def _names(table: TableContract) -> str:
    return ", ".join(_quoted(c.name) for c in table.landed)


def _index(table: TableContract, name: str) -> int:
    return next(i for i, c in enumerate(table.landed) if c.name == name)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
