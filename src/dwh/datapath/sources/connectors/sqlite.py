"""Reading a SQLite file: read-only, in short statements, every value checked against its promised type.

SQLite stores whatever it is given, so the type of a column is known only value by value.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from decimal import Context, Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa

from dwh.datapath.sources.connectors.base import (
    KEYS,
    READ_ROWS,
    ControlTotal,
    Grouping,
    KeySum,
    Position,
    control_totals,
    cursor_column,
    key_sums,
    misfit,
    quoted,
)
from dwh.datapath.sources.connectors.dialect import Dialect
from dwh.datapath.sources.connectors.sqlite_columns import ColumnReader
from dwh.datapath.sources.connectors.sqlite_values import MISFITS, as_arrow
from dwh.datapath.sources.contract import Column, TableContract, arrow_schema
from dwh.kernel.errors import ContractBroken, SourceDown

_DECLARED: dict[str, tuple[str, ...]] = {  # promised type -> how its declared SQLite type may begin
    "text": ("TEXT", "VARCHAR", "CHAR"),
    "integer": ("INT", "BIGINT", "SMALLINT", "NUMERIC"),
    "money": ("INT", "BIGINT", "NUMERIC"),
    "decimal": ("NUMERIC", "DECIMAL", "INT", "REAL"),
    "date": ("TEXT", "DATE"),
    "timestamp": ("TEXT", "DATETIME", "TIMESTAMP"),
    "boolean": ("BOOL", "INT"),
}
_BUSY_SECONDS = 5.0
_KEYS_AT_ONCE = 500


def _month(column: Column, name: str) -> str:
    return (
        f"substr({name}, 1, 6)" if column.type == "text" else f"substr({name}, 1, 4) || substr({name}, 6, 2)"
    )


def _total(column: Column, name: str) -> str:
    """Return the sum of whole units in two parts, because SQLite adds up in 64 bits and no further."""
    units = f"CAST(round({name} * {10 ** column.precision[1]}) AS INTEGER)" if column.precision else name
    return f"sum({units} / {_PART}) || ' ' || sum({units} % {_PART})"


def _joined(column: Column, parts: str | None) -> Decimal:
    """Return the sum whose two parts these are."""
    high, low = (int(part) for part in (parts or "0 0").split())
    return Decimal(high * _PART + low).scaleb(-column.precision[1] if column.precision else 0, _WIDE)


def _micros(name: str) -> str:
    """Return microseconds by whole seconds and the digits after them: SQLite's own time stops at milliseconds."""
    seconds = f"CAST(strftime('%s', substr({name}, 1, 19)) AS INTEGER)"
    return f"({seconds} * 1000000 + CAST(substr(substr({name}, 21) || '000000', 1, 6) AS INTEGER))"


_PART = 10**9
_WIDE = Context(prec=60)
_DIALECT = Dialect(
    quoted=quoted, landed=lambda _, name: name, moment=lambda at: f"'{at.isoformat(sep=' ')}'",
    whole=lambda name: name, month=_month, unit=lambda name: name, total=_total,
    micros=_micros, summed=lambda what: f"sum({what})", pairs=True,
)  # fmt: skip


class SqliteConnector:
    """One SQLite file opened with mode=ro and query_only; no transaction outlives a call."""

    by_key = True  # of a table whose INTEGER PRIMARY KEY is its rowid

    def __init__(self, url: str) -> None:
        self._path = Path(unquote(url.removeprefix("sqlite://").partition("?")[0]))
        if not self._path.is_file():
            raise SourceDown(
                f"Không thấy tệp nguồn «{self._path.name}». Kiểm tra đường dẫn của nguồn rồi đồng bộ lại.",
                path=str(self._path),
            )
        address = f"{self._path.absolute().as_uri()}?mode=ro"
        try:
            self._db = sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS, check_same_thread=False)
            self._db.execute("PRAGMA query_only = ON")
        except sqlite3.Error as error:
            raise self._down(error) from None
        self._rows("SELECT count(*) FROM sqlite_schema")
        self._columns = ColumnReader(self._path)

    def describe(self, table: str) -> dict[str, str]:
        return {row[1]: row[2].upper() for row in self._rows(f"PRAGMA table_info({quoted(table)})")}

    def fits(self, column: Column, found: str) -> bool:
        return found.startswith(_DECLARED[column.type])

    def high_water(self, table: TableContract) -> Position | None:
        stamp, key = quoted(table.cursor), quoted(table.key)
        some = f"SELECT {stamp}, {key} FROM {quoted(table.name)}"
        if timeless := self._rows(f"{some} WHERE {stamp} IS NULL LIMIT 1"):
            raise misfit(table, cursor_column(table), timeless[0][1], "bỏ trống")
        rows = self._rows(f"{some} ORDER BY {stamp} DESC, {key} DESC LIMIT 1")
        return self._position(table, *rows[0]) if rows else None

    def count(self, table: TableContract, after: Position | None, upto: Position) -> int:
        where, values = _between(table, after, upto)
        return int(self._rows(f"SELECT count(*) FROM {quoted(table.name)} WHERE {where}", values)[0][0])

    def read(
        self, table: TableContract, *, after: Position | None, upto: Position, limit: int
    ) -> Iterator[pa.RecordBatch]:
        """Page by keyset: each page is one short statement, a writer at the source waits for one at most."""
        while limit > 0:
            size = min(limit, READ_ROWS)
            page = self._page(table, _DIALECT.page(table, after, upto, size))
            if page.num_rows:
                yield page
                after = Position(page.column(table.cursor)[-1].as_py(), page.column(table.key)[-1].as_py())
            if page.num_rows < size:
                return
            limit -= page.num_rows

    def read_along_key(
        self, table: TableContract, *, after: int | None, upto: Position, limit: int
    ) -> Iterator[pa.RecordBatch]:
        while limit > 0:
            size = min(limit, READ_ROWS)
            page = self._page(table, _DIALECT.page_along_key(table, after, upto, size, " NOT INDEXED"))
            if page.num_rows:
                yield page
                after = page.column(table.key)[-1].as_py()
            if page.num_rows < size:
                return
            limit -= page.num_rows

    def read_keys(self, table: TableContract, keys: list[int]) -> Iterator[pa.RecordBatch]:
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            some = keys[start : start + _KEYS_AT_ONCE]
            marks = ", ".join("?" * len(some))
            if rows := self._rows(f"{_select(table)} WHERE {quoted(table.key)} IN ({marks})", some):
                yield self._batch(table, rows)

    def keys(
        self, table: TableContract, *, after: int | None = None, limit: int | None = None,
        periods: Collection[str | None] | None = None,
    ) -> Iterator[pa.RecordBatch]:  # fmt: skip
        stamp, left = cursor_column(table), limit
        while left is None or left > 0:
            size = READ_ROWS if left is None else min(left, READ_ROWS)
            rows = self._rows(_DIALECT.keys(table, after, size, periods))
            if rows:
                ids, moments = zip(*rows, strict=True)
                yield pa.RecordBatch.from_arrays(
                    [pa.array(ids, pa.int64()), _as_promised(table, stamp, moments, ids)], schema=KEYS
                )
                after = ids[-1]
            if len(rows) < size:
                return
            left = None if left is None else left - size

    def key_sums(self, table: TableContract) -> dict[str | None, KeySum]:
        return key_sums(self._named(_DIALECT.key_sums(table)))

    def totals(
        self,
        table: TableContract,
        by: Grouping,
        *,
        after: Position | None = None,
        upto: Position | None = None,
    ) -> list[ControlTotal]:
        rows = self._named(_DIALECT.totals(table, by, after, upto))
        for row in rows:
            for name in table.money:
                row[name] = _joined(next(c for c in table.columns if c.name == name), row[name])
        return control_totals(table, by, rows)

    def cancel(self) -> None:
        self._db.interrupt()

    def close(self) -> None:
        self._columns.close()
        self._db.close()

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._down(error) from None

    def _page(self, table: TableContract, sql: str) -> pa.RecordBatch:
        """Return the rows of a query, by columns, or value by value when one of them is not what was promised."""
        page = self._columns.page(table, sql)
        if page is None:
            rows = self._rows(sql)
            return self._batch(table, rows) if rows else pa.RecordBatch.from_pylist([], arrow_schema(table))
        return page

    def _named(self, sql: str) -> list[dict[str, Any]]:
        try:
            cursor = self._db.execute(sql)
            return [dict(zip([d[0] for d in cursor.description], row, strict=True)) for row in cursor]
        except sqlite3.Error as error:
            raise self._down(error) from None

    def _batch(self, table: TableContract, rows: list[tuple[Any, ...]]) -> pa.RecordBatch:
        values_by_column = zip(table.landed, zip(*rows, strict=True), strict=True)
        key = [column.name for column in table.landed].index(table.key)
        keys = [row[key] for row in rows]
        arrays = [_as_promised(table, column, values, keys) for column, values in values_by_column]
        return pa.RecordBatch.from_arrays(arrays, schema=arrow_schema(table))

    def _position(self, table: TableContract, stamp: Any, key: int) -> Position:
        try:
            return Position(datetime.fromisoformat(stamp), key)
        except (TypeError, ValueError):
            raise misfit(table, cursor_column(table), key, "không đúng kiểu") from None

    def _down(self, error: sqlite3.Error) -> SourceDown:
        return SourceDown(
            f"Không đọc được tệp nguồn «{self._path.name}» ({error}). Kiểm tra tệp rồi đồng bộ lại; "
            "những lô đã ghi vẫn giữ nguyên.",
            path=str(self._path),
        )


def _as_promised(
    table: TableContract, column: Column, values: Sequence[Any], keys: Sequence[int]
) -> pa.Array:
    try:
        return as_arrow(values, column)
    except MISFITS:
        raise _first_misfit(table, column, values, keys) from None


def _first_misfit(
    table: TableContract, column: Column, values: Sequence[Any], keys: Sequence[int]
) -> ContractBroken:
    for key, value in zip(keys, values, strict=True):
        try:
            as_arrow((value,), column)
        except MISFITS:
            return misfit(table, column, key, "bỏ trống" if value is None else "không đúng kiểu")
    return misfit(table, column, keys[0], "lẫn lộn nhiều kiểu")


def _between(table: TableContract, after: Position | None, upto: Position) -> tuple[str, tuple[Any, ...]]:
    pair = f"({quoted(table.cursor)}, {quoted(table.key)})"
    top = (upto.at.isoformat(sep=" "), upto.id)
    if after is None:
        return f"{pair} <= (?, ?)", top
    return f"{pair} > (?, ?) AND {pair} <= (?, ?)", (after.at.isoformat(sep=" "), after.id, *top)


def _select(table: TableContract) -> str:
    return f"SELECT {', '.join(quoted(c.name) for c in table.landed)} FROM {quoted(table.name)}"
