"""Reading PostgreSQL through ADBC: COPY on the wire, Arrow in memory, no Python object per value.

Money is cast to bigint at the source and decimals are multiplied up to whole units, because ADBC hands numeric over
as text. A session is read-only, every statement its own snapshot with a time limit, so that it never holds the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import adbc_driver_manager
import pyarrow as pa
from adbc_driver_postgresql import dbapi

from dwh.datapath.sources.connectors.base import Position
from dwh.datapath.sources.contract import Column, TableContract, arrow_schema
from dwh.kernel.errors import ContractBroken, SourceDown

_SESSION = {
    "default_transaction_read_only": "on",
    "default_transaction_isolation": "repeatable\\ read",
    "statement_timeout": "30min",
    "idle_in_transaction_session_timeout": "5min",
    "TimeZone": "UTC",
}
_CONNECT_SECONDS = 10
_DEFAULT_PORT = 5432
_WHOLE_DIGITS = 18  # of numeric that always fit bigint
_CHUNK_BYTES = 16 * 1024 * 1024
_NUMERIC = re.compile(r"numeric\((\d+),(-?\d+)\)")
_NAMES: dict[str, tuple[str, ...]] = {
    "text": ("character varying", "character", "text"),
    "date": ("date",),
    "timestamp": ("timestamp",),
    "boolean": ("boolean",),
}
_WHY = {"28": "tài khoản hoặc mật khẩu không đúng", "42": "thiếu quyền đọc", "57": "quá thời gian cho phép"}


class PostgresConnector:
    """One read-only session at a PostgreSQL server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._place = f"{parts.hostname or 'localhost'}:{parts.port or _DEFAULT_PORT}{parts.path}"
        self._running: Any = None
        try:
            self._db = dbapi.connect(_with_session(url), autocommit=True)
        except adbc_driver_manager.Error as error:
            raise self._down(error) from None

    def describe(self, table: str) -> dict[str, str]:
        rows = self._table(
            "SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute a "
            f"WHERE a.attrelid = to_regclass({_text(_quoted(table))}) AND a.attnum > 0 AND NOT a.attisdropped "
            "ORDER BY a.attnum"
        ).to_pylist()
        return {row["name"]: row["type"] for row in rows}

    def fits(self, column: Column, found: str) -> bool:
        if column.type in _NAMES:
            return found.startswith(_NAMES[column.type])
        if found in ("smallint", "integer", "bigint"):
            return True
        sizes = _NUMERIC.fullmatch(found)
        digits, scale = column.precision or (_WHOLE_DIGITS, 0)
        return (
            sizes is not None and int(sizes[2]) <= scale and int(sizes[1]) - int(sizes[2]) <= digits - scale
        )

    def high_water(self, table: TableContract) -> Position | None:
        stamp, key = _quoted(table.cursor), _quoted(table.key)
        rows = self._table(
            f"SELECT {stamp}::timestamptz AS at, {key}::bigint AS id FROM {_quoted(table.name)} "  # noqa: S608
            f"WHERE {stamp} IS NOT NULL ORDER BY {stamp} DESC, {key} DESC LIMIT 1"
        ).to_pylist()
        return Position(rows[0]["at"].replace(tzinfo=None), rows[0]["id"]) if rows else None

    def count(self, table: TableContract, after: Position | None, upto: Position) -> int:
        """Ask the planner for a first full read, which needs no exact total, and count otherwise."""
        if after is None:
            name = _text(_quoted(table.name))
            sql = f"SELECT greatest(reltuples, 0)::bigint AS n FROM pg_class WHERE oid = to_regclass({name})"  # noqa: S608
        else:
            sql = f"SELECT count(*) AS n FROM {_quoted(table.name)} WHERE {_between(table, after, upto)}"  # noqa: S608
        return int(self._table(sql).column("n")[0].as_py())

    def read(
        self, table: TableContract, *, after: Position | None, upto: Position, limit: int
    ) -> Iterator[pa.RecordBatch]:
        order = f"ORDER BY {_quoted(table.cursor)}, {_quoted(table.key)} LIMIT {limit}"
        sql = f"SELECT {_expressions(table)} FROM {_quoted(table.name)} WHERE {_between(table, after, upto)} {order}"  # noqa: S608
        return self._landed(table, sql)

    def read_keys(self, table: TableContract, keys: list[int]) -> Iterator[pa.RecordBatch]:
        some = ", ".join(str(int(key)) for key in keys)
        sql = (
            f"SELECT {_expressions(table)} FROM {_quoted(table.name)} WHERE {_quoted(table.key)} IN ({some})"  # noqa: S608
        )
        return self._landed(table, sql)

    def keys(self, table: TableContract) -> Iterator[pa.Array]:
        key = _quoted(table.key)
        for batch in self._stream(
            f"SELECT {key}::bigint AS id FROM {_quoted(table.name)} ORDER BY {key}", table
        ):  # noqa: S608
            yield batch.column(0)

    def cancel(self) -> None:
        if self._running is not None:
            with suppress(adbc_driver_manager.Error):
                self._running.adbc_cancel()

    def close(self) -> None:
        with suppress(adbc_driver_manager.Error):
            self._db.close()

    def _landed(self, table: TableContract, sql: str) -> Iterator[pa.RecordBatch]:
        schema = arrow_schema(table)
        for batch in self._stream(sql, table):
            columns = zip(table.landed, batch.columns, strict=True)
            arrays = [_as_landed(table, column, array, batch) for column, array in columns]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _stream(self, sql: str, table: TableContract) -> Iterator[pa.RecordBatch]:
        with self._db.cursor(
            adbc_stmt_kwargs={"adbc.postgresql.batch_size_hint_bytes": str(_CHUNK_BYTES)}
        ) as cursor:
            self._running = cursor
            try:
                cursor.execute(sql)
                for batch in cursor.fetch_record_batch():
                    if batch.num_rows:
                        yield batch
            except (adbc_driver_manager.Error, pa.ArrowException, OSError) as error:
                raise self._failed(error, table) from None
            finally:
                self._running = None

    def _table(self, sql: str) -> pa.Table:
        try:
            with self._db.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetch_arrow_table()
        except (adbc_driver_manager.Error, pa.ArrowException, OSError) as error:
            raise self._down(error) from None

    def _failed(self, error: Exception, table: TableContract) -> ContractBroken | SourceDown:
        state = str(getattr(error, "sqlstate", None) or "")
        if not state.startswith(("22", "0A")):
            return self._down(error)
        return ContractBroken(
            f"Bảng «{table.name}» có giá trị không đúng kiểu như hợp đồng dữ liệu (mã lỗi {state} của PostgreSQL). "
            "Sửa ở hệ thống nguồn rồi đồng bộ lại.",
            table=table.name, sqlstate=state,
        )  # fmt: skip

    def _down(self, error: Exception) -> SourceDown:
        """Say where, never how: the driver's own words may hold the address with its password."""
        state = str(getattr(error, "sqlstate", None) or "")
        why = _WHY.get(state[:2], "máy chủ không trả lời")
        return SourceDown(
            f"Không đọc được nguồn PostgreSQL {self._place}: {why}. Kiểm tra máy chủ, tài khoản và mạng rồi đồng bộ "
            "lại; những lô đã ghi vẫn giữ nguyên.",
            place=self._place, sqlstate=state,
        )  # fmt: skip


def _with_session(url: str) -> str:
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    session = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    asked["options"] = f"{asked.get('options', '')} {session}".strip()
    asked.setdefault("application_name", "dwh-bhxh")
    asked.setdefault("connect_timeout", str(_CONNECT_SECONDS))
    return urlunsplit(parts._replace(query=urlencode(asked, quote_via=quote)))


def _expressions(table: TableContract) -> str:
    return ", ".join(f"{_expression(column)} AS {_quoted(column.name)}" for column in table.landed)


def _expression(column: Column) -> str:
    name = _quoted(column.name)
    if column.type == "text":
        return f"{name}::text"  # char(n) comes padded otherwise
    if column.type in ("integer", "money"):
        return f"{name}::bigint"
    if column.type == "decimal" and column.precision:
        return f"({name} * {10 ** column.precision[1]})::bigint"
    return name


def _as_landed(table: TableContract, column: Column, array: pa.Array, batch: pa.RecordBatch) -> pa.Array:
    if array.null_count and not column.nullable:
        key = batch.column(0)[array.is_null().index(True).as_py()].as_py()
        raise ContractBroken(
            f"Bảng «{table.name}», cột «{column.name}»: dòng id {key} bỏ trống, hợp đồng dữ liệu yêu cầu có giá trị. "
            "Sửa ở hệ thống nguồn rồi đồng bộ lại.",
            table=table.name, column=column.name, row_id=key,
        )  # fmt: skip
    if column.type == "decimal" and column.precision:
        scaled = array.cast(pa.decimal128(19, 0)).view(pa.decimal128(19, column.precision[1]))
        return scaled.cast(column.arrow)
    return array.cast(column.arrow)


def _between(table: TableContract, after: Position | None, upto: Position) -> str:
    pair = f"({_quoted(table.cursor)}, {_quoted(table.key)})"
    below = f"{pair} <= ({_moment(upto.at)}, {upto.id})"
    return f"{pair} > ({_moment(after.at)}, {after.id}) AND {below}" if after else below


def _moment(at: datetime) -> str:
    return f"timestamptz '{at.isoformat(sep=' ')}+00'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
