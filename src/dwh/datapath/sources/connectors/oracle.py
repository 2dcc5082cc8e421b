"""Reading Oracle through python-oracledb in thin mode: Arrow batches, decimals exact. Never run on a real server.

Each statement is a READ ONLY transaction of its own, so nothing can be written and no old snapshot is held longer
than one batch. Names of the contract are the unquoted ones of Oracle, in capitals there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import oracledb
import pyarrow as pa

from dwh.datapath.sources.connectors.base import READ_ROWS, quoted
from dwh.datapath.sources.connectors.columnar import ColumnarConnector
from dwh.datapath.sources.connectors.dialect import Dialect, text_literal
from dwh.datapath.sources.connectors.refusals import SILENCE, down, may_write, unfit
from dwh.datapath.sources.contract import Column, TableContract
from dwh.kernel.errors import DwhError, Invalid, SourceDown

_SESSION = ("ALTER SESSION SET TIME_ZONE = 'UTC'", "ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,'")
_READ_ONLY = "SET TRANSACTION READ ONLY"
_RIGHTS = ("CREATE SESSION", "ALTER SESSION", "SELECT ANY TABLE", "READ ANY TABLE", "SELECT ANY DICTIONARY")
_STATEMENT_MS = 30 * 60 * 1000
_DEFAULT_PORT = 1521
_WHOLE_DIGITS = 18  # of NUMBER that always fit 64 bits
_NUMBER = re.compile(r"NUMBER\((\d+),(-?\d+)\)")
_NAMES: dict[str, str] = {
    "text": r"N?VARCHAR2\(\d+\)|N?CHAR\(\d+\)|N?CLOB",
    "date": r"DATE",
    "timestamp": r"DATE|TIMESTAMP\([0-6]\)(?: WITH(?: LOCAL)? TIME ZONE)?",  # finer would be cut, and cursors with it
    "boolean": r"NUMBER\(1,0\)",
}
_CODE = re.compile(r"(?:ORA|DPY)-\d+")
_CAUSES: dict[str, tuple[str, ...]] = {  # cause -> error codes
    "identity": ("ORA-01017", "ORA-28000", "ORA-28001"),
    "rights": ("ORA-01031", "ORA-41900"),
    "time": ("ORA-01013", "DPY-4024"),
    "name": ("ORA-00942", "ORA-00904", "ORA-12514", "DPY-6001"),
    "value": ("ORA-01438", "ORA-01722", "ORA-01858", "ORA-01426"),
}
_WHY = {
    "rights": "tài khoản thiếu quyền đọc",
    "identity": "tài khoản hoặc mật khẩu không đúng",
    "time": "câu đọc bị dừng vì quá thời gian cho phép",
    "name": "không có cơ sở dữ liệu hoặc đối tượng này",
}
_FAILURES = (oracledb.Error, pa.ArrowException, OSError)


def _quoted(name: str) -> str:
    return quoted(name.upper())


def _utc(name: str) -> str:
    """Return a moment of any type as UTC; one without a zone takes that of the session, which is UTC."""
    return f"SYS_EXTRACT_UTC(CAST({name} AS TIMESTAMP(6) WITH TIME ZONE))"


def _expression(column: Column, name: str) -> str:
    if column.type in ("integer", "money"):
        return f"CAST({name} AS NUMBER({_WHOLE_DIGITS},0))"
    if column.type == "decimal" and column.precision:
        return f"CAST({name} * {10 ** column.precision[1]} AS NUMBER({_WHOLE_DIGITS},0))"
    return _utc(name) if column.type == "timestamp" else name


def _month(column: Column, name: str) -> str:
    if column.type == "text":
        return f"SUBSTR({name}, 1, 6)"
    return f"TO_CHAR({_utc(name) if column.type == 'timestamp' else name}, 'YYYYMM')"


def _micros(name: str) -> str:
    seconds = f"ROUND((CAST({_utc(name)} AS DATE) - DATE '1970-01-01') * 86400)"
    return f"({seconds} * 1000000 + TO_NUMBER(TO_CHAR({_utc(name)}, 'FF6')))"


def _moment(at: datetime) -> str:
    return f"TIMESTAMP '{at.isoformat(sep=' ', timespec='microseconds')} +00:00'"


class OracleConnector(ColumnarConnector):
    """One read-only session at an Oracle server. Units: a DATE or TIMESTAMP without a zone is read as UTC."""

    dialect = Dialect(
        quoted=_quoted, landed=_expression, moment=_moment, whole=lambda name: f"CAST({name} AS NUMBER(19,0))",
        month=_month, unit=lambda name: name, total=lambda _, name: f"TO_CHAR(SUM({name}), 'TM9')", micros=_micros,
        summed=lambda what: f"TO_CHAR(SUM({what}), 'TM9')", mod=lambda number, by: f"MOD({number}, {by})",
        alive="COALESCE({}, 0) = 0", top="FETCH FIRST {} ROWS ONLY", most_in=1_000,
    )  # fmt: skip

    def __init__(self, url: str) -> None:
        user, password, self._dsn, schema = _parts_of(url)
        self._owner = schema or user.upper()
        try:
            self._db = oracledb.connect(user=user, password=password, dsn=self._dsn)
            self._db.call_timeout = _STATEMENT_MS
            with self._db.cursor() as cursor:
                for statement in (*_SESSION, f"ALTER SESSION SET CURRENT_SCHEMA = {quoted(self._owner)}"):
                    cursor.execute(statement)
        except oracledb.Error as error:
            raise self._down(error) from None
        self._refuse_a_writer()

    def describe(self, table: str) -> dict[str, str]:
        rows = self._small(
            "SELECT column_name AS name, data_type AS type, data_precision AS digits, data_scale AS scale, "
            "char_length AS length FROM all_tab_columns "
            f"WHERE owner = {text_literal(self._owner)} AND table_name = {text_literal(table.upper())} "
            "ORDER BY column_id"
        )
        return {row["name"].lower(): _type_of(row) for row in rows}

    def fits(self, column: Column, found: str) -> bool:
        if column.type in _NAMES:
            return re.fullmatch(_NAMES[column.type], found) is not None
        sizes = _NUMBER.fullmatch(found)
        digits, scale = column.precision or (_WHOLE_DIGITS, 0)
        whole = min(digits, _WHOLE_DIGITS) - scale
        return sizes is not None and 0 <= int(sizes[2]) <= scale and int(sizes[1]) - int(sizes[2]) <= whole

    def cancel(self) -> None:
        with suppress(oracledb.Error):
            self._db.cancel()

    def close(self) -> None:
        with suppress(oracledb.Error):
            self._db.close()

    def _estimate(self, table: TableContract) -> int:
        sql = (
            f"SELECT COALESCE(num_rows, 0) AS n FROM all_tables WHERE owner = {text_literal(self._owner)} "
            f"AND table_name = {text_literal(table.name.upper())}"
        )
        rows = self._small(sql)
        return int(rows[0]["n"]) if rows else 0

    def _stream(self, sql: str, table: TableContract) -> Iterator[pa.RecordBatch]:
        finished = False
        try:
            self._begin()
            for frame in self._db.fetch_df_batches(sql, size=READ_ROWS, fetch_decimals=True):
                yield from (batch for batch in pa.table(frame).to_batches() if batch.num_rows)
            finished = True
            self._db.rollback()
        except _FAILURES as error:
            finished = True
            raise self._failed(error, table) from None
        finally:
            if not finished:
                self.cancel()

    def _small(self, sql: str) -> list[dict[str, Any]]:
        try:
            self._begin()
            rows = pa.table(self._db.fetch_df_all(sql, fetch_decimals=True)).to_pylist()
            self._db.rollback()
        except _FAILURES as error:
            raise self._down(error) from None
        return [{name.lower(): value for name, value in row.items()} for row in rows]

    def _begin(self) -> None:
        self._db.rollback()
        with self._db.cursor() as cursor:
            cursor.execute(_READ_ONLY)

    def _refuse_a_writer(self) -> None:
        listed = ", ".join(text_literal(right) for right in _RIGHTS)
        found = self._small(
            f"SELECT privilege FROM session_privs WHERE privilege NOT IN ({listed}) "
            "UNION SELECT privilege || ' ' || table_name FROM all_tab_privs_recd WHERE privilege NOT IN "
            "('SELECT', 'READ') UNION SELECT 'OWNER ' || table_name FROM user_tables"
        )
        if found:
            self.close()
            enough = "CREATE SESSION và quyền SELECT"
            raise may_write("Oracle", self._dsn, found[0]["privilege"], enough=enough)

    def _failed(self, error: Exception, table: TableContract) -> DwhError:
        if _cause_of(error) != "value":
            return self._down(error)
        return unfit(table, "Oracle không đổi được số")

    def _down(self, error: Exception) -> SourceDown:
        cause = _cause_of(error)
        return down("Oracle", self._dsn, cause, _WHY.get(cause, SILENCE))


def _parts_of(url: str) -> tuple[str, str, str, str]:
    """Return user, password, where it points, and the schema its tables lie in, if it is another's."""
    try:
        parts = urlsplit(url)
        service, asked = unquote(parts.path.lstrip("/")), dict(parse_qsl(parts.query))
        if not (parts.hostname and parts.username and service) or asked.keys() - {"schema"}:
            raise ValueError("parts")
        place = f"{parts.hostname}:{parts.port or _DEFAULT_PORT}/{service}"
    except ValueError:
        raise Invalid(
            "Địa chỉ nguồn Oracle không đúng dạng oracle://tài-khoản:mật-khẩu@máy-chủ:cổng/dịch-vụ?schema=CHỦ_BẢNG. "
            "Kiểm tra cấu hình nguồn rồi đồng bộ lại."
        ) from None
    return unquote(parts.username), unquote(parts.password or ""), place, asked.get("schema", "").upper()


def _type_of(row: dict[str, Any]) -> str:
    kind, digits = str(row["type"]), row["digits"]
    if kind == "NUMBER" and digits is not None:
        return f"NUMBER({int(digits)},{int(row['scale'] or 0)})"
    return f"{kind}({int(row['length'])})" if "CHAR" in kind else kind


def _cause_of(error: Exception) -> str:
    found = _CODE.search(str(error))
    return next((cause for cause, codes in _CAUSES.items() if found and found[0] in codes), "silence")
