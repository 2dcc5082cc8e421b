"""One table being brought up to date: what is known of it, what was done to it, and how its batches are committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources import landing
from dwh.datapath.sources.connectors.base import Connector, Position
from dwh.datapath.sources.contract import Contract, TableContract
from dwh.datapath.sources.manifest import Batch, Kind, Stretch
from dwh.datapath.sources.pace import REAL_TIME, Clock
from dwh.kernel.progress import Progress

Item = TypeVar("Item")
FIRST_ID = -(2**63)
BEGINNING = datetime(1, 1, 1)  # noqa: DTZ001 - cursors are naive UTC, as landed


@dataclass(frozen=True, slots=True)
class Limits:
    """Rows of one batch, how far before the cursor is read again for rows committed late, and whose clock it is.

    `again`: a window of updated_at, naive UTC, both ends in it, that is read again whatever was landed of it.
    """

    batch_rows: int = 1_000_000
    again: tuple[datetime, datetime] | None = None
    overlap: timedelta = timedelta(minutes=10)
    clock: Clock = REAL_TIME


@dataclass(slots=True)
class TableJob:
    """One table being brought up to date, and what was done to it so far."""

    settings: DataPathSettings
    contract: Contract
    table: TableContract
    connector: Connector
    progress: Progress
    now: datetime
    limits: Limits
    landed: list[Batch] = field(default_factory=list)
    done: list[Batch] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows_read: int = 0

    @property
    def cursor(self) -> Position | None:
        """Return how far the table has landed under today's contract; None: read from the beginning."""
        ends = [b.cursor_to for b in self.landed if b.contract_hash == self.table.fingerprint and b.cursor_to]
        return max(ends, default=None)

    @property
    def unfinished(self) -> Stretch | None:
        """Return how far a first read along the key came that was broken off; None: no read waits to go on."""
        mine = [b for b in self.landed if b.contract_hash == self.table.fingerprint and b.stretch]
        return max(mine, key=lambda b: b.seq).stretch if mine and self.cursor is None else None

    @property
    def folder(self) -> Path:
        return landing.folder_of(self.settings, self.contract.name, self.table.name)

    def write(
        self,
        kind: Kind,
        chunks: Iterator[pa.RecordBatch],
        cursor_to: Callable[[], Position | None] | None = None,
        stretch: Callable[[], Stretch | None] = lambda: None,
    ) -> None:
        """Commit the chunks as one batch, unless they hold nothing; by default the cursor stays."""
        cursor = self.cursor
        draft = landing.Draft(self.settings, self.contract.name, self.table, kind, cursor, self.now)
        batch = landing.write_batch(draft, chunks, cursor_to=cursor_to or (lambda: cursor), stretch=stretch)
        if batch is not None:
            self.landed.append(batch)
            self.done.append(batch)

    def watched(self, items: Iterator[Item], size: Callable[[Item], int]) -> Iterator[Item]:
        """Pass the items on, telling progress, and stop between two of them when asked to."""
        for item in items:
            self.progress.check()
            self.rows_read += size(item)
            self.progress.advance(self.rows_read, rows=sum(b.rows for b in self.done if b.kind == "rows"))
            yield item


def rows_of(chunk: pa.RecordBatch) -> int:
    return int(chunk.num_rows)
