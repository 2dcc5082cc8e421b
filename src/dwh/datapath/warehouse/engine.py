"""The only module that opens DuckDB: a cursor per statement, results drained, every setting explicit.

Why so strict (engine_facts, SEEN on 2.0.0): a half-read result leaves its connection busy; an empty CTAS in a
transaction loses rows silently (a test holds the repro), so tables are made from explicit DDL only; a file
opened for writing locks every reader out, so readers open published files read-only and nothing else.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dwh.kernel.errors import Cancelled, DwhError, TooManyRows
from dwh.kernel.law import QD_3582, cites

Params = Sequence[Any] | Mapping[str, Any]

Stopped = Callable[[], bool]  # tells whether the one who asked wants the answer no more

LOOK_S = 0.5  # how often it is asked
STOPPED = "Câu hỏi đã được dừng theo yêu cầu; máy chủ không tính tiếp."
CANCELLED = "Đã dừng theo yêu cầu. Không có gì được công bố; số liệu đang công bố giữ nguyên."


class TooSlow(DwhError):
    """A question took longer than it may; the engine was interrupted and is free again."""

    code, status = "query.too_slow", 503


class EngineFault(Exception):
    """The engine refused a statement: a bug of ours, or a file it cannot read. Not for people's eyes."""


class Unreadable(EngineFault):
    """The bytes of a file are not those that were written, or the file is gone."""


# as DuckDB 2.0 says it: a block's checksum, a header, a file cut short, no file, a folder in its place
_DAMAGE = re.compile(
    r"Corrupt database file|not a valid DuckDB database|Could not read (enough bytes )?from file"
    r"|database does not exist"
)


class Engine:
    """One DuckDB database of this process. Thread-safe: every statement runs on a cursor of its own."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._running: set[Any] = set()
        self._lock = threading.Lock()

    def run(self, sql: str, params: Params = ()) -> int:
        """Run a statement to its end; return the rows it changed (0 when it does not count them)."""
        with self._cursor() as cursor:
            got = cursor.execute(sql, params or None).fetchall()
        counted = len(got) == 1 and len(got[0]) == 1 and isinstance(got[0][0], int)
        return int(got[0][0]) if counted else 0

    def rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Return every row of a query."""
        with self._cursor() as cursor:
            return list(cursor.execute(sql, params or None).fetchall())

    def arrow(self, sql: str) -> pa.Table:
        """Return every row of a query as an Arrow table; the one who asks knows that it fits into memory."""
        with self._cursor() as cursor:
            return cursor.sql(sql).to_arrow_table()

    def insert(self, table: str, rows: pa.Table) -> None:
        """Add Arrow rows to a table that has the same columns."""
        with self._cursor() as cursor:
            cursor.register("given_rows", rows)
            names = ", ".join(rows.column_names)
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM given_rows").fetchall()
            cursor.unregister("given_rows")

    def value(self, sql: str, params: Params = ()) -> Any:
        """Return the single value of a query of one row and one column."""
        return self.rows(sql, params)[0][0]

    def types(self, sql: str) -> dict[str, str]:
        """Return output column → engine type of a query, without running it."""
        return {row[0]: row[1] for row in self.rows(f"DESCRIBE {sql}")}

    def fetch(
        self,
        sql: str,
        params: Params = (),
        *,
        limit: int,
        timeout_s: float | None = None,
        stopped: Stopped | None = None,
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return column names and at most `limit` rows.

        Raises: TooManyRows when there are more (the rest is never read); TooSlow after `timeout_s`; Cancelled soon
        after `stopped` says so, asked from a thread of its own. Only this statement is interrupted.
        """
        with self._cursor() as cursor, _watched(cursor, timeout_s, stopped):
            cursor.execute(sql, params or None)
            columns = [column[0] for column in cursor.description]
            rows = cursor.fetchmany(limit + 1)
        if len(rows) > limit:
            raise TooManyRows(
                f"Kết quả có hơn {limit:,} dòng.".replace(",", ".")
                + " Hãy lọc bớt hoặc chọn cấp tổng hợp cao hơn rồi hỏi lại.",
                limit=limit,
            )
        return columns, rows

    def interrupt(self) -> None:
        """Stop whatever runs now, from any thread: it raises Cancelled, the engine stays usable."""
        with self._lock:
            for cursor in self._running:
                cursor.interrupt()

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        cursor = self._connection.cursor()
        with self._lock:
            self._running.add(cursor)
        try:
            yield cursor
        except (duckdb.Error, RuntimeError) as fault:
            raise (Cancelled(CANCELLED) if _was_interrupted(fault) else _said(fault)) from fault
        finally:
            with self._lock:
                self._running.discard(cursor)
            cursor.close()


def _was_interrupted(error: Exception) -> bool:
    """Tell whether a statement was stopped: fetching rows, DuckDB 2.0 says it in a bare RuntimeError."""
    return isinstance(error, duckdb.InterruptException) or "interrupted" in str(error).lower()


def _said(error: Exception) -> EngineFault:
    return (Unreadable if _DAMAGE.search(str(error)) else EngineFault)(str(error))


@contextmanager
def _watched(cursor: Any, timeout_s: float | None, stopped: Stopped | None) -> Iterator[None]:
    """Interrupt the cursor when the time is over or nobody waits any more, and say which it was."""
    if timeout_s is None and stopped is None:
        yield
        return
    watch = _Watch(cursor, timeout_s, stopped)
    watch.thread.start()
    try:
        yield
    except (duckdb.InterruptException, RuntimeError) as interrupted:
        if watch.refusal is None or not _was_interrupted(interrupted):
            raise
        raise watch.refusal from interrupted
    finally:
        watch.done.set()
        watch.thread.join()


class _Watch:
    """Looks at the clock and at the wish to stop until `done`; `refusal` is why it interrupted, if it did."""

    def __init__(self, cursor: Any, timeout_s: float | None, stopped: Stopped | None) -> None:
        self.done = threading.Event()
        self.refusal: DwhError | None = None
        self.thread = threading.Thread(target=self._look, name="watch", daemon=True)
        self._cursor, self._timeout_s, self._stopped = cursor, timeout_s, stopped

    def _look(self) -> None:
        begun = time.monotonic()
        while not self.done.wait(self._pause(time.monotonic() - begun)):
            if self._timeout_s is not None and time.monotonic() - begun >= self._timeout_s:
                self.refusal = self.refusal or too_slow(self._timeout_s)
            elif self._stopped is not None and self.refusal is None and self._stopped():
                self.refusal = Cancelled(STOPPED)
            if self.refusal is not None:
                self._cursor.interrupt()  # again, for one that came between two statements stops nothing

    def _pause(self, passed: float) -> float:
        left = LOOK_S if self._timeout_s is None else max(self._timeout_s - passed, 0.01)
        return left if self._stopped is None else min(LOOK_S, left)


def too_slow(timeout_s: float) -> TooSlow:
    """Return the refusal of a question that ran too long."""
    return TooSlow(
        f"Câu hỏi chạy quá {timeout_s:g} giây nên đã được dừng."
        " Hãy thu hẹp thời gian hoặc đơn vị rồi hỏi lại.",
        timeout_s=timeout_s,
    )


@cites(QD_3582.art("II.4.3¶2"))
def connect(
    path: Path | None,
    *,
    read_only: bool = False,
    memory_limit: str = "2GB",
    threads: int = 2,
    spill: Path | None = None,
) -> Engine:
    """Open a database file, or an in-memory one for `None`.

    A read-only engine serves people: it can touch no other file and its settings are locked.
    A writing engine belongs to a builder: it reads and writes Parquet and spills to `spill`.
    Raises: Unreadable when the file is damaged or missing, EngineFault when it cannot be opened.
    """
    config: dict[str, Any] = {
        "memory_limit": memory_limit,
        "threads": threads,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,  # the bytes of a part follow from its ORDER BY
    }
    if spill is not None:
        spill.mkdir(parents=True, exist_ok=True)
        config["temp_directory"] = str(spill)
    if read_only:
        config |= {"enable_external_access": False, "lock_configuration": True}
    try:
        return Engine(duckdb.connect(str(path) if path else ":memory:", read_only=read_only, config=config))
    except duckdb.Error as fault:
        raise _said(fault) from fault
