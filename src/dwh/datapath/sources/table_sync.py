"""Bringing one table of the landing area up to date: repairs, changed rows, deleted and forgotten keys."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources import landing
from dwh.datapath.sources.ahead import read_ahead
from dwh.datapath.sources.connectors.base import Connector, Position
from dwh.datapath.sources.contract import Contract, TableContract
from dwh.datapath.sources.landed import KnownRows, compare_keys, live_keys
from dwh.datapath.sources.manifest import Batch, Kind
from dwh.datapath.sources.report import TableSync
from dwh.datapath.sources.verified import Verified
from dwh.kernel.errors import DamagedFile
from dwh.kernel.progress import Progress

Item = TypeVar("Item")
_BEGINNING = datetime(1, 1, 1)  # noqa: DTZ001 - cursors are naive UTC, as landed
_FIRST_ID = -(2**63)
_KEYS_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Rows of one batch, and how far before the cursor is read again for rows committed late."""

    batch_rows: int = 1_000_000
    overlap: timedelta = timedelta(minutes=10)


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
    def folder(self) -> Path:
        return landing.folder_of(self.settings, self.contract.name, self.table.name)

    def write(
        self,
        kind: Kind,
        chunks: Iterator[pa.RecordBatch],
        cursor_to: Callable[[], Position | None] | None = None,
    ) -> None:
        """Commit the chunks as one batch, unless they hold nothing; by default the cursor stays."""
        cursor = self.cursor
        draft = landing.Draft(self.settings, self.contract.name, self.table, kind, cursor, self.now)
        batch = landing.write_batch(draft, chunks, cursor_to=cursor_to or (lambda: cursor))
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


def sync_table(job: TableJob) -> TableSync:
    """Land what changed in the table and return what was done."""
    began = time.perf_counter()
    repairs = _prepare(job)
    first = not job.landed
    upto = job.connector.high_water(job.table)
    if upto is not None:
        for _, span in repairs:
            _repair(job, span)
        _read_changes(job, upto)
    if not first:  # of a table just read whole for the first time nothing can have been deleted
        _follow_keys(job)
    for manifest, _ in repairs:
        landing.mark_repaired(manifest)
    return _summary(job, round(time.perf_counter() - began, 3))


def _prepare(job: TableJob) -> list[tuple[Path, tuple[Position, Position] | None]]:
    """Clear what a killed run left, set damaged batches aside, and return the repairs that wait."""
    job.progress.step(f"Kiểm tra lô đã có: {job.table.label}", unit="lô")
    landing.clean_up(job.folder)
    verified = Verified(job.folder)
    for done, path in enumerate(landing.manifests(job.folder)):
        job.progress.check()
        job.progress.advance(done)
        try:
            verified.verify(path)
        except DamagedFile as damage:
            landing.set_aside_files(path)
            job.notes.append(damage.message_vi)
    if job.folder.is_dir():
        verified.save()
    job.landed = landing.batches(job.settings, job.contract.name, job.table.name)
    return landing.waiting_repairs(job.folder)


def _repair(job: TableJob, span: tuple[Position, Position] | None) -> None:
    """Read the rows of a damaged batch again; those past the cursor come with the changes anyway."""
    cursor = job.cursor
    if cursor is None:
        return
    low = Position(span[0].at, span[0].id - 1) if span else Position(_BEGINNING, _FIRST_ID)
    high = min(span[1], cursor) if span else cursor
    job.progress.step(f"Đọc lại lô hỏng: {job.table.label}", unit="dòng")
    _land_range(job, low, high)


def _read_changes(job: TableJob, upto: Position) -> None:
    cursor = job.cursor
    after = Position(cursor.at - job.limits.overlap, _FIRST_ID) if cursor else None
    job.progress.step(
        f"Đọc {job.table.label}", total=job.connector.count(job.table, after, upto), unit="dòng"
    )
    _land_range(job, after, upto)


def _land_range(job: TableJob, after: Position | None, upto: Position) -> None:
    """Land the rows of (after, upto] that are not landed as they are, one committed batch after the other."""
    table, limit, job.rows_read = job.table, job.limits.batch_rows, 0
    known = KnownRows(table, job.landed, after.at, upto.at) if after else None
    place, reached, read = after, job.cursor, limit

    def changed(chunks: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        nonlocal place, reached, read
        for chunk in chunks:
            place = Position(chunk.column(table.cursor)[-1].as_py(), chunk.column(table.key)[-1].as_py())
            reached = max(reached, place) if reached else place
            read += chunk.num_rows
            yield known.unknown(chunk) if known else chunk

    while read == limit:
        read = 0
        rows = job.connector.read(table, after=place, upto=upto, limit=limit)
        with closing(read_ahead(rows, stop=job.connector.cancel)) as ahead:
            job.write("rows", changed(job.watched(ahead, _rows)), lambda: _not_ahead_of_now(job, reached))


def _not_ahead_of_now(job: TableJob, reached: Position | None) -> Position | None:
    """Keep the cursor at or before now: a row dated in the future must not hide what changes until then."""
    now = Position(job.now.replace(tzinfo=None), _FIRST_ID)
    if reached is None or reached <= now:
        return reached
    note = (
        f"Bảng {job.table.name} có updated_at ở tương lai ({reached.at:%d/%m/%Y}); con trỏ dừng ở hiện tại."
    )
    if note not in job.notes:
        job.notes.append(note)
    return max(now, job.cursor or now)


def _follow_keys(job: TableJob) -> None:
    """Compare all keys: land deletes for those gone, and rows whose time is older than the window re-read."""
    job.progress.step(f"Đối chiếu khóa: {job.table.label}", unit="khóa")
    job.rows_read = 0
    gone, missing = compare_keys(live_keys(job.landed), job.watched(job.connector.keys(job.table), len))
    if len(gone):
        moment = pa.array([job.now.replace(tzinfo=None)] * len(gone), pa.timestamp("us"))
        job.write("deletes", iter([pa.RecordBatch.from_arrays([gone, moment], schema=landing.DELETES)]))
    for start in range(0, len(missing), _KEYS_AT_ONCE):
        keys = missing.slice(start, _KEYS_AT_ONCE).to_pylist()
        job.write("rows", job.watched(job.connector.read_keys(job.table, keys), _rows))
    if len(missing):
        job.notes.append(
            f"Bảng {job.table.name}: {len(missing)} dòng đến với updated_at đã qua, được đọc theo khóa."
        )


def _rows(chunk: pa.RecordBatch) -> int:
    return int(chunk.num_rows)


def _summary(job: TableJob, seconds: float) -> TableSync:
    rows = [batch for batch in job.done if batch.kind == "rows"]
    return TableSync(
        table=job.table.name, rows=sum(batch.rows for batch in rows),
        deletes=sum(batch.rows for batch in job.done if batch.kind == "deletes"), batches=len(job.done),
        vnd={name: sum(batch.vnd.get(name, 0) for batch in rows) for name in job.table.money},
        cursor=job.cursor, seconds=seconds,
    )  # fmt: skip
