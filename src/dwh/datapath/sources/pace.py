"""Reading a source gently: no more rows a second than it allows, and in its hours only."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Protocol

import pyarrow as pa

from dwh.datapath.settings import SourceSettings
from dwh.datapath.sources.connectors.base import Connector, ControlTotal, Grouping, KeySum, Position
from dwh.datapath.sources.contract import Column, TableContract
from dwh.kernel.errors import Cancelled, Conflict
from dwh.kernel.progress import Progress
from dwh.kernel.vi import VIETNAM_TIME


class WindowClosed(Conflict):
    """The hours in which the source may be read have not begun, or are over."""


class Clock(Protocol):
    """How time passes."""

    def seconds(self) -> float:
        """Return the seconds since some moment; they never go back."""

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Wait so long, or until `stop` is set; tell whether it is."""


class _RealTime:
    def seconds(self) -> float:
        return time.monotonic()

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        return stop.wait(seconds)


REAL_TIME: Clock = _RealTime()


class Pace:
    """What the settings of one source ask of one sync of it that began at `now`."""

    def __init__(self, source: str, settings: SourceSettings, now: datetime, clock: Clock) -> None:
        self._source, self._settings, self._now, self._clock = source, settings, now, clock
        self._began = clock.seconds()
        self.outside_window = settings.outside_window and not self._is_open()

    def check(self) -> None:
        """Refuse to go on outside the hours of the source, unless they were lifted.

        Raises: WindowClosed.
        """
        if self._settings.outside_window or self._is_open():
            return
        raise WindowClosed(
            f"Nguồn «{self._source}» chỉ được đọc trong khung giờ {self._settings.window}, bây giờ là "
            f"{self._moment().astimezone(VIETNAM_TIME):%H:%M}; những lô đã ghi vẫn giữ nguyên. Chờ đến khung giờ đó, "
            f"hoặc chạy «dwh sync {self._source} --outside-window» khi đã được đơn vị quản lý nguồn đồng ý.",
            source=self._source,
            window=str(self._settings.window),
        )

    @property
    def notes(self) -> list[str]:
        """Return what people should know of the pace of this sync."""
        lifted = f"Đọc ngoài khung giờ {self._settings.window} theo lệnh của người vận hành."
        return [lifted] if self.outside_window else []

    def watched(self, progress: Progress) -> Progress:
        """Return progress that also stops when the hours are over."""
        return _Watched(progress, self) if self._settings.window else progress

    def slowed(self, connector: Connector) -> Connector:
        """Return the connector, held to the rows a second of its source if there is such a limit."""
        rate = self._settings.max_rows_s
        return SlowConnector(connector, rate, self._clock) if rate else connector

    def _is_open(self) -> bool:
        return self._settings.window is None or self._settings.window.holds(self._moment())

    def _moment(self) -> datetime:
        return self._now + timedelta(seconds=self._clock.seconds() - self._began)


class _Watched:
    """Progress that asks the pace whenever it is asked whether to stop."""

    def __init__(self, inner: Progress, pace: Pace) -> None:
        self._inner, self._pace = inner, pace

    def step(self, name: str, *, total: int | None = None, unit: str = "") -> None:
        self._inner.step(name, total=total, unit=unit)

    def advance(self, done: int, **counts: int) -> None:
        self._inner.advance(done, **counts)

    def check(self) -> None:
        self._inner.check()
        self._pace.check()


class SlowConnector:
    """A connector that reads pages of one second's rows, each a short statement, and waits between two of them.

    Nothing is held at the source while it waits; `cancel` ends the waiting.
    """

    def __init__(self, inner: Connector, rows_s: int, clock: Clock) -> None:
        self._inner, self._rate, self._clock = inner, rows_s, clock
        self._began = self._free_at = clock.seconds()
        self._stop = threading.Event()
        self._read = 0  # rows of the page under way

    @property
    def by_key(self) -> bool:
        return self._inner.by_key

    def read(
        self, table: TableContract, *, after: Position | None, upto: Position, limit: int
    ) -> Iterator[pa.RecordBatch]:
        place = after
        for size in self._pages(limit):
            for chunk in self._inner.read(table, after=place, upto=upto, limit=size):
                self._read += chunk.num_rows
                place = Position(chunk.column(table.cursor)[-1].as_py(), chunk.column(table.key)[-1].as_py())
                yield chunk

    def read_along_key(
        self, table: TableContract, *, after: int | None, upto: Position, limit: int
    ) -> Iterator[pa.RecordBatch]:
        for size in self._pages(limit):
            for chunk in self._inner.read_along_key(table, after=after, upto=upto, limit=size):
                self._read += chunk.num_rows
                after = chunk.column(table.key)[-1].as_py()
                yield chunk

    def _pages(self, limit: int) -> Iterator[int]:
        """Yield how many rows the next page may have, each in its turn, until one comes back with fewer."""
        while limit > 0:
            size, self._read = min(limit, self._rate), 0
            self._turn()
            yield size
            self._spend(self._read)
            limit = limit - self._read if self._read == size else 0

    def read_keys(self, table: TableContract, keys: list[int]) -> Iterator[pa.RecordBatch]:
        for start in range(0, len(keys), self._rate):
            self._turn()
            yield from self._inner.read_keys(table, keys[start : start + self._rate])
            self._spend(len(keys[start : start + self._rate]))

    def keys(
        self, table: TableContract, *, after: int | None = None, limit: int | None = None,
        periods: Collection[str | None] | None = None,
    ) -> Iterator[pa.RecordBatch]:  # fmt: skip
        while limit is None or limit > 0:
            size, rows = min(limit or self._rate, self._rate), 0
            self._turn()
            for chunk in self._inner.keys(table, after=after, limit=size, periods=periods):
                rows, after = rows + chunk.num_rows, chunk.column("id")[-1].as_py()
                yield chunk
            self._spend(rows)
            if rows < size:
                return
            limit = None if limit is None else limit - rows

    def cancel(self) -> None:
        self._stop.set()
        self._inner.cancel()

    def describe(self, table: str) -> dict[str, str]:
        return self._inner.describe(table)

    def fits(self, column: Column, found: str) -> bool:
        return self._inner.fits(column, found)

    def high_water(self, table: TableContract) -> Position | None:
        return self._inner.high_water(table)

    def count(self, table: TableContract, after: Position | None, upto: Position) -> int:
        return self._inner.count(table, after, upto)

    def key_sums(self, table: TableContract) -> dict[str | None, KeySum]:
        return self._inner.key_sums(table)

    def totals(
        self, table: TableContract, by: Grouping, *, after: Position | None = None, upto: Position | None = None
    ) -> list[ControlTotal]:  # fmt: skip
        return self._inner.totals(table, by, after=after, upto=upto)

    def close(self) -> None:
        self._inner.close()

    def _turn(self) -> None:
        """Wait until the page before has taken its time."""
        left = self._free_at - self._clock.seconds()
        if left > 0 and self._clock.wait(self._stop, left):
            raise Cancelled("Lượt đọc đã dừng theo yêu cầu. Số liệu đang dùng giữ nguyên.")
        self._began = self._clock.seconds()

    def _spend(self, rows: int) -> None:
        self._free_at = self._began + rows / self._rate
