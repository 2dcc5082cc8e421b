"""Reading PostgreSQL through ADBC: COPY on the wire, Arrow in memory, no Python object per value.

Money is cast to bigint at the source and decimals are multiplied up to whole units, because ADBC hands numeric
over as text. A session is read-only; every statement is its own snapshot with a time limit, so that no lock and no
old snapshot is held at the source for longer than one batch.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import adbc_driver_manager
import pyarrow as pa
from adbc_driver_postgresql import dbapi

from dwh.datapath.sources.connectors.base import quoted
from dwh.datapath.sources.connectors.columnar import ColumnarConnector
from dwh.datapath.sources.connectors.dialect import Dialect
from dwh.datapath.sources.connectors.refusals import SILENCE, down, unfit
from dwh.datapath.sources.contract import Column, TableContract
from dwh.kernel.errors import DwhError, Invalid, SourceDown

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
_CHUNKS = {"adbc.postgresql.batch_size_hint_bytes": str(16 * 1024 * 1024)}
_FAILURES = (adbc_driver_manager.Error, pa.ArrowException, OSError)
_NUMERIC = re.compile(r"numeric\((\d+),(-?\d+)\)")
_NAMES: dict[str, tuple[str, ...]] = {
    "text": ("character varying", "character", "text"),
    "date": ("date",),
    "timestamp": ("timestamp",),
    "boolean": ("boolean",),
}
_CAUSES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # cause -> SQLSTATE classes, words
    "value": (("22", "0A"), ("out of range", "cannot convert", "invalid input", "overflow")),
    "rights": (("42501",), ("permission denied",)),
    "identity": (("28",), ("authentication failed",)),
    "time": (("57014",), ("statement timeout", "user request")),
    "name": (("3D", "42"), ("does not exist",)),
}
_WHY = {
    "rights": "tài khoản thiếu quyền đọc",
    "identity": "tài khoản hoặc mật khẩu không đúng",
    "time": "câu đọc bị dừng vì quá thời gian cho phép",
    "name": "không có cơ sở dữ liệu hoặc đối tượng này",
}


def _expression(column: Column, name: str) -> str:
    if column.type == "text":
        return f"{name}::text"  # char(n) comes padded otherwise
    if column.type in ("integer", "money"):
        return f"{name}::bigint"
    if column.type == "decimal" and column.precision:
        return f"({name} * {10 ** column.precision[1]})::bigint"
    return name


def _month(column: Column, name: str) -> str:
    return f"left({name}::text, 6)" if column.type == "text" else f"to_char({name}, 'YYYYMM')"


def _moment(at: datetime) -> str:
    return f"timestamptz '{at.isoformat(sep=' ')}+00'"


class PostgresConnector(ColumnarConnector):
    """One read-only session at a PostgreSQL server."""

    dialect = Dialect(
        quoted=quoted, landed=_expression, moment=_moment, whole=lambda name: f"{name}::bigint", month=_month,
        unit=lambda name: f"{name}::text", total=lambda _, name: f"sum({name})::text",
        micros=lambda name: f"(extract(epoch from {name}) * 1000000)::bigint", summed=lambda what: f"sum({what})::text",
        pairs=True,
    )  # fmt: skip

    def __init__(self, url: str) -> None:
        self._place = _place_of(url)
        self._running: Any = None
        try:
            self._db = dbapi.connect(_with_session(url), autocommit=True)
        except adbc_driver_manager.Error as error:
            raise self._down(error) from None

    def describe(self, table: str) -> dict[str, str]:
        rows = self._small(
            "SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute "
            f"WHERE attrelid = {_class(table)} AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        )
        return {row["name"]: row["type"] for row in rows}

    def fits(self, column: Column, found: str) -> bool:
        if column.type in _NAMES:
            return found.startswith(_NAMES[column.type])
        if found in ("smallint", "integer", "bigint"):
            return True
        sizes = _NUMERIC.fullmatch(found)
        digits, scale = column.precision or (_WHOLE_DIGITS, 0)
        return (
            sizes is not None and int(sizes[2]) <= scale and int(sizes[1]) <= digits - scale + int(sizes[2])
        )

    def _estimate(self, table: TableContract) -> int:
        sql = f"SELECT greatest(reltuples, 0)::bigint AS n FROM pg_class WHERE oid = {_class(table.name)}"
        return int(self._small(sql)[0]["n"])

    def cancel(self) -> None:
        if self._running is not None:
            with suppress(adbc_driver_manager.Error):
                self._running.adbc_cancel()

    def close(self) -> None:
        with suppress(adbc_driver_manager.Error):
            self._db.close()

    def _stream(self, sql: str, table: TableContract) -> Iterator[pa.RecordBatch]:
        with self._db.cursor(adbc_stmt_kwargs=_CHUNKS) as cursor:
            self._running = cursor
            try:
                cursor.execute(sql)
                reader = cursor.fetch_record_batch()
                try:
                    yield from (batch for batch in reader if batch.num_rows)
                except GeneratorExit:  # left early: the server must not go on for nobody
                    self.cancel()
                    with suppress(*_FAILURES):
                        deque(
                            reader, maxlen=0
                        )  # what is under way; before it is taken the server cannot hear us
                    raise
            except _FAILURES as error:
                raise self._failed(error, table) from None
            finally:
                self._running = None

    def _small(self, sql: str) -> list[dict[str, Any]]:
        try:
            with self._db.cursor() as cursor:
                cursor.execute(sql)
                rows: list[dict[str, Any]] = cursor.fetch_arrow_table().to_pylist()
                return rows
        except _FAILURES as error:
            raise self._down(error) from None

    def _failed(self, error: Exception, table: TableContract) -> DwhError:
        if _cause_of(error) != "value":
            return self._down(error)
        return unfit(table, "PostgreSQL không đổi được số")

    def _down(self, error: Exception) -> SourceDown:
        cause = _cause_of(error)
        return down("PostgreSQL", self._place, cause, _WHY.get(cause, SILENCE))


def _cause_of(error: Exception) -> str:
    """Name the kind of failure, by SQLSTATE before the first row and by the server's words after it.

    Once rows flow, ADBC hands over plain text without a SQLSTATE.
    """
    state, text = str(getattr(error, "sqlstate", None) or ""), str(error)
    for cause, (states, words) in _CAUSES.items():
        if state.startswith(states) if state else any(word in text for word in words):
            return cause
    return "silence"


def _place_of(url: str) -> str:
    """Return where the address points, without who asks or with what password."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname or 'localhost'}:{parts.port or _DEFAULT_PORT}{parts.path}"
    except ValueError:
        raise Invalid(
            "Địa chỉ nguồn PostgreSQL không đúng dạng postgresql://tài-khoản:mật-khẩu@máy-chủ:cổng/cơ-sở-dữ-liệu. "
            "Kiểm tra cấu hình nguồn rồi đồng bộ lại."
        ) from None


def _with_session(url: str) -> str:
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    session = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    asked["options"] = f"{asked.get('options', '')} {session}".strip()
    asked.setdefault("application_name", "dwh-bhxh")
    asked.setdefault("connect_timeout", str(_CONNECT_SECONDS))
    return urlunsplit(parts._replace(query=urlencode(asked, quote_via=quote)))


def _class(table: str) -> str:
    name = quoted(table).replace("'", "''")
    return f"to_regclass('{name}')"
