"""Reading SQL Server through connectorx. Never run on a real server.

SQL Server has no read-only session, so the account must be unable to write; and it locks what it reads unless the
database keeps row versions or is a readable replica, so a database that does neither is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import connectorx
import pyarrow as pa

from dwh.datapath.sources.connectors.base import READ_ROWS
from dwh.datapath.sources.connectors.columnar import ColumnarConnector
from dwh.datapath.sources.connectors.dialect import Dialect, text_literal
from dwh.datapath.sources.connectors.refusals import SILENCE, down, may_write
from dwh.datapath.sources.contract import Column, TableContract
from dwh.kernel.errors import Invalid, SourceDown

_DEFAULT_PORT = 1433
_WHOLE_DIGITS = 18
_DECIMAL = re.compile(r"(?:decimal|numeric)\((\d+),(\d+)\)")
_NAMES: dict[str, str] = {
    "text": r"n?(?:var)?char\(-?\d+\)",
    "date": r"date",
    "timestamp": r"(?:datetime2|datetimeoffset)\([0-6]\)",  # finer ones, and datetime's thirds, would move the cursor
    "boolean": r"bit",
}
_CAUSES: dict[str, tuple[str, ...]] = {
    "identity": ("Login failed",),
    "rights": ("permission was denied",),
    "name": ("Invalid object name", "Invalid column name", "Cannot open database"),
}
_WHY = {
    "rights": "tài khoản thiếu quyền đọc",
    "identity": "tài khoản hoặc mật khẩu không đúng",
    "name": "không có cơ sở dữ liệu hoặc đối tượng này",
}
_READING = ("CONNECT", "SELECT", "VIEW DEFINITION", "VIEW DATABASE STATE", "SHOWPLAN")
_QUIET = (
    "SELECT CAST(CASE WHEN is_read_committed_snapshot_on = 1 OR is_read_only = 1 OR "
    "DATABASEPROPERTYEX(DB_NAME(), 'Updateability') = 'READ_ONLY' THEN 1 ELSE 0 END AS int) AS quiet "
    "FROM sys.databases WHERE name = DB_NAME()"
)


def _quoted(name: str) -> str:
    return "[" + name.replace("]", "]]") + "]"


def _utc(name: str) -> str:
    return f"CAST(SWITCHOFFSET(CAST({name} AS datetimeoffset(6)), '+00:00') AS datetime2(6))"


def _expression(column: Column, name: str) -> str:
    if column.type == "text":
        return f"CAST({name} AS nvarchar(max))"
    if column.type in ("integer", "money"):
        return f"CAST({name} AS bigint)"
    if column.type == "decimal" and column.precision:
        return f"CAST({name} * {10 ** column.precision[1]} AS bigint)"
    return _utc(name) if column.type == "timestamp" else name


def _month(column: Column, name: str) -> str:
    if column.type == "text":
        return _code(f"SUBSTRING({name}, 1, 6)")
    return f"CONVERT(char(6), {_utc(name) if column.type == 'timestamp' else name}, 112)"


def _code(text: str) -> str:
    return f"CAST({text} AS nvarchar(4000)) COLLATE Latin1_General_100_BIN2"


def _total(column: Column, name: str) -> str:
    scale = column.precision[1] if column.precision else 0
    return f"CAST(SUM(CAST({name} AS decimal(38,{scale}))) AS varchar(50))"


def _moment(at: datetime) -> str:
    return f"CAST('{at.isoformat(timespec='microseconds')}+00:00' AS datetimeoffset(6))"


class SqlServerConnector(ColumnarConnector):
    """One source at a SQL Server; every statement is a connection of its own."""

    dialect = Dialect(
        quoted=_quoted, landed=_expression, moment=_moment, whole=lambda name: f"CAST({name} AS bigint)", month=_month,
        unit=_code, total=_total, micros=lambda name: f"DATEDIFF_BIG(microsecond, '1970-01-01', {_utc(name)})",
        summed=lambda what: f"CAST(SUM(CAST({what} AS decimal(38,0))) AS varchar(50))", alive="COALESCE({}, 0) = 0",
        literal=lambda text: "N" + text_literal(text), top="OFFSET 0 ROWS FETCH NEXT {} ROWS ONLY",
        counted_rows="COUNT_BIG(*)", most_in=1_000,
    )  # fmt: skip

    def __init__(self, url: str) -> None:
        self._url, self._place = url, _place_of(url)
        if not self._small(_QUIET)[0]["quiet"]:
            raise SourceDown(
                f"Nguồn SQL Server {self._place} khóa dòng khi bị đọc. Đề nghị hệ thống nguồn bật "
                "READ_COMMITTED_SNAPSHOT hoặc cho DWH đọc bản sao chỉ đọc, rồi đồng bộ lại.",
                place=self._place,
                cause="locks",
            )
        listed = ", ".join(text_literal(right) for right in _READING)
        rights = "SELECT permission_name AS name FROM fn_my_permissions(NULL, 'DATABASE') "
        self._refuse_a_writer(f"{rights}WHERE permission_name NOT IN ({listed})")

    def describe(self, table: str) -> dict[str, str]:
        name = text_literal(_quoted(table))
        self._refuse_a_writer(
            f"SELECT permission_name AS name FROM fn_my_permissions({name}, 'OBJECT') "
            "WHERE permission_name IN ('INSERT', 'UPDATE', 'DELETE', 'ALTER', 'CONTROL', 'TAKE OWNERSHIP')"
        )
        rows = self._small(
            "SELECT c.name AS name, t.name AS type, CAST(c.max_length AS int) AS length, "
            "CAST(c.precision AS int) AS digits, CAST(c.scale AS int) AS scale "
            "FROM sys.columns AS c JOIN sys.types AS t ON t.user_type_id = c.user_type_id "
            f"WHERE c.object_id = OBJECT_ID({name}) ORDER BY c.column_id OFFSET 0 ROWS"
        )
        return {row["name"]: _type_of(row) for row in rows}

    def fits(self, column: Column, found: str) -> bool:
        if column.type in _NAMES:
            return re.fullmatch(_NAMES[column.type], found) is not None
        if found in ("tinyint", "smallint", "int", "bigint"):
            return True
        sizes = _DECIMAL.fullmatch(found)
        digits, scale = column.precision or (_WHOLE_DIGITS, 0)
        whole = min(digits, _WHOLE_DIGITS) - scale
        return sizes is not None and int(sizes[2]) <= scale and int(sizes[1]) - int(sizes[2]) <= whole

    def cancel(self) -> None:
        """Do nothing: the driver cannot be told; the statement ends with its page."""

    def close(self) -> None:
        """Do nothing: no connection outlives its statement."""

    def _estimate(self, table: TableContract) -> int:
        name = text_literal(_quoted(table.name))
        sql = (
            "SELECT COALESCE(SUM(row_count), 0) AS n FROM sys.dm_db_partition_stats "
            f"WHERE object_id = OBJECT_ID({name}) AND index_id IN (0, 1)"
        )
        return int(self._small(sql)[0]["n"])

    def _stream(self, sql: str, table: TableContract) -> Iterator[pa.RecordBatch]:
        yield from (batch for batch in self._ask(sql) if batch.num_rows)

    def _small(self, sql: str) -> list[dict[str, Any]]:
        return [row for batch in self._ask(sql) for row in batch.to_pylist()]

    def _ask(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Stream through connectorx, whose errors after the first row are panics, outside Exception."""
        try:
            reader = connectorx.read_sql(self._url, sql, return_type="arrow_stream", batch_size=READ_ROWS)
            yield from reader
        except GeneratorExit:
            raise
        except BaseException as error:
            known = isinstance(error, (RuntimeError, pa.ArrowException, OSError))
            if not known and type(error).__name__ != "PanicException":
                raise
            raise self._down(error) from None

    def _refuse_a_writer(self, sql: str) -> None:
        if found := self._small(sql):
            raise may_write("SQL Server", self._place, found[0]["name"], enough="quyền SELECT")

    def _down(self, error: BaseException) -> SourceDown:
        text = str(error)
        cause = next((cause for cause, words in _CAUSES.items() if any(w in text for w in words)), "silence")
        return down("SQL Server", self._place, cause, _WHY.get(cause, SILENCE))


def _place_of(url: str) -> str:
    """Return where the address points, without who asks or with what password."""
    try:
        parts = urlsplit(url)
        if not (parts.hostname and parts.path.lstrip("/")):
            raise ValueError("parts")
        return f"{parts.hostname}:{parts.port or _DEFAULT_PORT}{parts.path}"
    except ValueError:
        raise Invalid(
            "Địa chỉ nguồn SQL Server không đúng dạng mssql://tài-khoản:mật-khẩu@máy-chủ:cổng/cơ-sở-dữ-liệu. "
            "Kiểm tra cấu hình nguồn rồi đồng bộ lại."
        ) from None


def _type_of(row: dict[str, Any]) -> str:
    kind = str(row["type"])
    if kind in ("decimal", "numeric"):
        return f"{kind}({row['digits']},{row['scale']})"
    if kind in ("datetime2", "datetimeoffset"):
        return f"{kind}({row['scale']})"
    return f"{kind}({row['length']})" if kind.endswith("char") else kind
