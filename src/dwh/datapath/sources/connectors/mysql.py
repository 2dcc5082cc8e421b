"""Reading MariaDB and MySQL: connectorx streams Arrow, pymysql asks the small questions.

That a session cannot write is held twice: the account must hold no right but reading, or the source is refused;
and each session is read-only, in UTC, with a time limit of its own. Every statement is its own consistent read:
InnoDB takes no lock for it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import connectorx
import pyarrow as pa
import pymysql
from pymysql.cursors import DictCursor

from dwh.datapath.sources.connectors.base import READ_ROWS, Position, misfit
from dwh.datapath.sources.connectors.columnar import ColumnarConnector
from dwh.datapath.sources.connectors.dialect import Dialect
from dwh.datapath.sources.connectors.refusals import SILENCE, down, may_write, unfit
from dwh.datapath.sources.contract import Column, TableContract
from dwh.kernel.errors import DwhError, Invalid, SourceDown

_SESSION = (
    "SET SESSION TRANSACTION READ ONLY",
    "SET SESSION time_zone = '+00:00'",
    "SET SESSION net_write_timeout = 600",  # while a batch is compressed nothing is taken off the wire
)
_LIMIT = {True: "SET SESSION max_statement_time = 1800", False: "SET SESSION max_execution_time = 1800000"}
_RIGHT = r"(?:USAGE|SELECT(?: \([^)]*\))?|SHOW VIEW|SHOW DATABASES|PROCESS)"
_READING = re.compile(
    rf"GRANT {_RIGHT}(?:, {_RIGHT})* ON (?:\*|`[^`]+`)\.(?:\*|`[^`]+`) TO \S+"
    r"(?: IDENTIFIED (?:BY PASSWORD '[^']*'|VIA .*))?(?: REQUIRE .*)?"
)
_PRODUCT = "MySQL/MariaDB"
_CONNECT_SECONDS = 10
_DEFAULT_PORT = 3306
_WHOLE_DIGITS = 18  # of decimal that always fit bigint; beyond, CAST would stop at the largest one
_DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)")
_WHOLE = re.compile(r"(?:tiny|small|medium)?int(?:\(\d+\))?(?: unsigned)?|bigint(?:\(\d+\))?")
_NAMES: dict[str, tuple[str, ...]] = {
    "text": ("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum"),
    "date": ("date",),
    "timestamp": ("timestamp", "datetime"),
    "boolean": ("tinyint(1)",),
}
_CODE = re.compile(r"ERROR (\d{4})|^\((\d{4}),")
_CAUSES: dict[str, tuple[str, ...]] = {  # cause -> error codes of the server
    "identity": ("1045", "1698", "1862"),
    "rights": ("1044", "1142", "1143", "1227", "1370"),
    "time": ("1317", "1969", "3024"),
    "name": ("1049", "1146", "1054"),
}
_WHY = {
    "rights": "tài khoản thiếu quyền đọc",
    "identity": "tài khoản hoặc mật khẩu không đúng",
    "time": "câu đọc bị dừng vì quá thời gian cho phép",
    "name": "không có cơ sở dữ liệu hoặc đối tượng này",
}
_UNREADABLE = ("Could not retrieve", "Couldn't convert")  # connectorx of a value that is none, as 0000-00-00


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _expression(column: Column, name: str) -> str:
    if column.type == "text":
        return f"CAST({name} AS CHAR)"
    if column.type in ("integer", "money"):
        return f"CAST({name} AS SIGNED)"
    if column.type == "decimal" and column.precision:
        return f"CAST({name} * {10 ** column.precision[1]} AS SIGNED)"
    return name


def _month(column: Column, name: str) -> str:
    return _bytes(f"LEFT({name}, 6)") if column.type == "text" else f"DATE_FORMAT({name}, '%Y%m')"


def _bytes(text: str) -> str:
    """Return the text byte for byte: a collation would hold 'a', 'A' and 'a ' for one."""
    return f"CAST(CAST({text} AS CHAR) AS BINARY)"


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _moment(at: datetime) -> str:
    return f"TIMESTAMP'{at.isoformat(sep=' ')}'"


class MysqlConnector(ColumnarConnector):
    """One read-only session at a MariaDB or MySQL server.

    Units: a DATETIME has no zone of its own; it is read as UTC, as a TIMESTAMP is.
    """

    dialect = Dialect(
        quoted=_quoted, landed=_expression, moment=_moment, whole=lambda name: f"CAST({name} AS SIGNED)",
        month=_month, unit=_bytes, total=lambda _, name: f"SUM({name})", summed=lambda what: f"SUM({what})",
        micros=lambda name: f"TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', {name})", literal=_literal,
    )  # fmt: skip

    by_key = True  # InnoDB keeps a table in the order of its primary key

    def __init__(self, url: str) -> None:
        self._address = _Address(url)
        self._tag = f"dwh-{uuid.uuid4().hex}"  # in every streamed statement, to find and kill it by
        self._session: tuple[str, ...] = _SESSION
        try:
            self._db = self._connect()
            version = str(self._small("SELECT VERSION() AS v")[0]["v"])
            self._session = (*_SESSION, _LIMIT["MariaDB" in version])
            self._db.close()
            self._db = self._connect()
        except pymysql.Error as error:
            raise self._down(error) from None
        self._refuse_a_writer()

    def describe(self, table: str) -> dict[str, str]:
        rows = self._small(
            "SELECT column_name AS name, column_type AS type FROM information_schema.columns "
            f"WHERE table_schema = DATABASE() AND table_name = {_literal(table)} ORDER BY ordinal_position"
        )
        return {row["name"]: str(row["type"]).lower() for row in rows}

    def fits(self, column: Column, found: str) -> bool:
        if column.type in _NAMES:
            return found == "tinyint(1)" if column.type == "boolean" else _plain(found) in _NAMES[column.type]
        if _WHOLE.fullmatch(found):
            return True
        sizes = _DECIMAL.fullmatch(found)
        digits, scale = column.precision or (_WHOLE_DIGITS, 0)
        whole = min(digits, _WHOLE_DIGITS) - scale
        return sizes is not None and int(sizes[2]) <= scale and int(sizes[1]) - int(sizes[2]) <= whole

    def read(
        self, table: TableContract, *, after: Position | None, upto: Position, limit: int
    ) -> Iterator[pa.RecordBatch]:
        along = self._along(
            table, table.cursor, f"{table.cursor},{table.key}"
        )  # InnoDB ends every index with the key
        return self._landed(table, self.dialect.page(table, after, upto, limit, along))

    def read_along_key(
        self, table: TableContract, *, after: int | None, upto: Position, limit: int
    ) -> Iterator[pa.RecordBatch]:
        along = self._along(table, table.key)
        return self._landed(table, self.dialect.page_along_key(table, after, upto, limit, along))

    def cancel(self) -> None:
        with suppress(pymysql.Error), self._connect() as other, other.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND info LIKE %s",
                (f"%{self._tag}%",),
            )
            for row in cursor.fetchall():
                cursor.execute(f"KILL QUERY {int(row['id'])}")

    def close(self) -> None:
        with suppress(pymysql.Error):
            self._db.close()

    def _along(self, table: TableContract, *orders: str) -> str:
        """Return the hint that names an index of one of these lists of columns; '' if there is none.

        Left alone the server may well sort the whole rest of the table for every page.
        """
        found = self._small(
            "SELECT index_name AS name, GROUP_CONCAT(column_name ORDER BY seq_in_index) AS names "
            "FROM information_schema.statistics "
            f"WHERE table_schema = DATABASE() AND table_name = {_literal(table.name)} GROUP BY index_name"
        )
        names = sorted(row["name"] for row in found if row["names"].lower() in orders)
        return f" FORCE INDEX ({_quoted(names[0])})" if names else ""

    def _estimate(self, table: TableContract) -> int:
        sql = (
            "SELECT table_rows AS n FROM information_schema.tables "
            f"WHERE table_schema = DATABASE() AND table_name = {_literal(table.name)}"
        )
        return int(self._small(sql)[0]["n"] or 0)

    def _stream(self, sql: str, table: TableContract) -> Iterator[pa.RecordBatch]:
        """Stream through connectorx, whose errors after the first row are panics, outside Exception."""
        tagged, finished = sql.replace("SELECT ", f"SELECT /* {self._tag} */ ", 1), False
        try:
            reader = connectorx.read_sql(
                self._address.url, tagged, return_type="arrow_stream", batch_size=READ_ROWS,
                pre_execution_query=list(self._session),
            )  # fmt: skip
            yield from (batch for batch in reader if batch.num_rows)
            finished = True
        except GeneratorExit:
            raise
        except BaseException as error:
            if not isinstance(error, (RuntimeError, pa.ArrowException, OSError)) and not _is_panic(error):
                raise
            finished = True
            raise self._failed(error, table) from None
        finally:
            if not finished:
                self.cancel()

    def _small(self, sql: str) -> list[dict[str, Any]]:
        try:
            self._alive()
            with self._db.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())
        except pymysql.Error as error:
            raise self._down(error) from None

    def _alive(self) -> None:
        """Open the session anew when the server has ended the idle one."""
        try:
            self._db.ping(reconnect=False)
        except pymysql.Error:
            self._db = self._connect()

    def _connect(self) -> pymysql.Connection[DictCursor]:
        place = self._address
        db = pymysql.connect(
            host=place.host, port=place.port, user=place.user, password=place.password.encode(),
            database=place.database, charset="utf8mb4", connect_timeout=_CONNECT_SECONDS, autocommit=True,
            program_name="dwh-bhxh", cursorclass=DictCursor,
        )  # fmt: skip
        with db.cursor() as cursor:
            for statement in self._session:
                cursor.execute(statement)
        return db

    def _refuse_a_writer(self) -> None:
        """Refuse the source unless every line of its account's grants is one of reading."""
        for row in self._small("SHOW GRANTS"):
            line = str(next(iter(row.values())))
            if not _READING.fullmatch(line):
                self.close()
                found = line.removeprefix("GRANT ").partition(" TO ")[0].partition(" ON ")[0]
                enough = "quyền SELECT, cấp trực tiếp không qua vai trò"
                raise may_write(_PRODUCT, self._address.place, found, enough=enough)

    def _failed(self, error: BaseException, table: TableContract) -> DwhError:
        if not any(word in str(error) for word in _UNREADABLE):
            return self._down(error)
        for column in table.landed:
            if column.type in ("date", "timestamp"):
                name = _quoted(column.name)
                zero = (
                    f"SELECT {_quoted(table.key)} AS id FROM {_quoted(table.name)} WHERE {name} = 0 LIMIT 1"
                )
                if rows := self._small(zero):
                    return misfit(table, column, int(rows[0]["id"]), "có ngày 0000-00-00")
        return unfit(table)

    def _down(self, error: BaseException) -> SourceDown:
        cause = _cause_of(error)
        return down(_PRODUCT, self._address.place, cause, _WHY.get(cause, SILENCE))


class _Address:
    """Where a URL points, in parts; `place` is what may be shown."""

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            self.host, self.port = parts.hostname or "localhost", parts.port or _DEFAULT_PORT
            self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
            self.database = unquote(parts.path.lstrip("/"))
            if parts.query or not self.database:
                raise ValueError("query")
        except ValueError:
            raise Invalid(
                "Địa chỉ nguồn MySQL/MariaDB không đúng dạng mysql://tài-khoản:mật-khẩu@máy-chủ:cổng/cơ-sở-dữ-liệu. "
                "Kiểm tra cấu hình nguồn rồi đồng bộ lại."
            ) from None
        self.place = f"{self.host}:{self.port}/{self.database}"

    @property
    def url(self) -> str:
        """Return the address as connectorx reads it."""
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"mysql://{who}@{host}:{self.port}/{quote(self.database, safe='')}"


def _plain(found: str) -> str:
    return found.partition("(")[0]


def _is_panic(error: BaseException) -> bool:
    """Tell a panic of Rust, which Python sees as a BaseException of a class nobody can import."""
    return type(error).__name__ == "PanicException"


def _cause_of(error: BaseException) -> str:
    found = _CODE.search(str(error))
    code = (found[1] or found[2]) if found else ""
    return next((cause for cause, codes in _CAUSES.items() if code in codes), "silence")
