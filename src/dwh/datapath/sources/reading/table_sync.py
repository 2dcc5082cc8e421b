"""Bringing one table of the landing area up to date: repairs, changed rows, deleted and forgotten keys."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa

from dwh.datapath.sources import landing
from dwh.datapath.sources.connectors.base import Position
from dwh.datapath.sources.manifest import Batch
from dwh.datapath.sources.reading.ahead import read_ahead
from dwh.datapath.sources.reading.ending import Ended, not_ahead_of_now
from dwh.datapath.sources.reading.key_pull import follow_keys
from dwh.datapath.sources.reading.landed import KnownRows
from dwh.datapath.sources.reading.table_job import BEGINNING, FIRST_ID, TableJob, rows_of
from dwh.datapath.sources.reading.verified import Verified
from dwh.datapath.sources.reading.whole_read import read_stretch, read_whole
from dwh.datapath.sources.report import TableSync
from dwh.kernel.errors import DamagedFile


def sync_table(job: TableJob) -> TableSync:
    """Land what changed in the table and return what was done."""
    began = time.perf_counter()
    repairs = _prepare(job)
    first = not job.landed
    upto = job.connector.high_water(job.table)
    if upto is not None:
        for _, lost in repairs:
            _repair(job, lost)
        _read_again(job)
        if job.cursor is None and job.connector.by_key:
            read_whole(job, upto, [lost for _, lost in repairs])
        else:
            _read_changes(job, upto)
    if not first:  # of a table just read whole for the first time nothing can have been deleted
        follow_keys(job, upto)
    for manifest, _ in repairs:
        landing.mark_repaired(manifest)
    return _summary(job, round(time.perf_counter() - began, 3))


def _prepare(job: TableJob) -> list[tuple[Path, Batch | None]]:
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


def _repair(job: TableJob, lost: Batch | None) -> None:
    """Read the rows of a damaged batch again; those past the cursor come with the changes anyway."""
    cursor = job.cursor
    if cursor is None:
        return
    job.progress.step(f"Đọc lại lô hỏng: {job.table.label}", unit="dòng")
    if lost and lost.stretch:
        read_stretch(job, lost.stretch, cursor)
        return
    span = lost.span if lost else None
    low = Position(span[0].at, span[0].id - 1) if span else Position(BEGINNING, FIRST_ID)
    _land_range(job, low, min(span[1], cursor) if span else cursor)


def _read_again(job: TableJob) -> None:
    """Read the window somebody asked for again; what is landed as it is does not land twice."""
    cursor = job.cursor
    if job.limits.again is None or cursor is None:  # what was never read comes with the changes
        return
    since, until = job.limits.again
    low, high = Position(since, FIRST_ID), min(Position(until, -FIRST_ID - 1), cursor)
    if low < high:
        job.progress.step(
            f"Đọc lại {job.table.label}", total=job.connector.count(job.table, low, high), unit="dòng"
        )
        _land_range(job, low, high)
        found = sum(batch.rows for batch in job.done if batch.kind == "rows")
        job.notes.append(
            f"Đọc lại {job.table.label} từ {since:%d/%m/%Y} đến {until:%d/%m/%Y}: {found} dòng khác với bản đã nhận."
        )


def _read_changes(job: TableJob, upto: Position) -> None:
    cursor = job.cursor
    after = Position(cursor.at - job.limits.overlap, FIRST_ID) if cursor else None
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
        read, ended = 0, Ended()
        rows = job.connector.read(table, after=place, upto=upto, limit=limit)
        with closing(read_ahead(rows, stop=job.connector.cancel)) as ahead:
            chunks = changed(ended.kept(job.watched(ahead, rows_of)))
            job.write("rows", chunks, lambda: not_ahead_of_now(job, reached))
        ended.raise_again()


def _summary(job: TableJob, seconds: float) -> TableSync:
    rows = [batch for batch in job.done if batch.kind == "rows"]
    return TableSync(
        table=job.table.name, rows=sum(batch.rows for batch in rows),
        deletes=sum(batch.rows for batch in job.done if batch.kind == "deletes"), batches=len(job.done),
        vnd={name: sum(batch.vnd.get(name, 0) for batch in rows) for name in job.table.money},
        cursor=job.cursor, seconds=seconds,
    )  # fmt: skip
