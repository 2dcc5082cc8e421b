"""What the cursor cannot see: rows deleted without a trace, and rows whose moment of change lies in the past.

All keys are compared with their moments of change; of a table whose contract says `deletes: periods`, first
counts and checksums of every period, and then the keys of those periods alone that differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from dwh.datapath.sources import landing
from dwh.datapath.sources.connectors.base import Position
from dwh.datapath.sources.reading.live_keys import compare_keys, landed_key_sums, live_keys, without
from dwh.datapath.sources.reading.table_job import BEGINNING, TableJob, rows_of

_KEYS_AT_ONCE = 20_000
_MANY_PERIODS = 100  # that differ: one statement for all keys is then the shorter way


def follow_keys(job: TableJob, upto: Position | None) -> None:
    """Land deletes for keys that are gone, and rows that changed with a time the cursor had passed."""
    periods: Collection[str | None] | None = None
    if job.table.deletes == "periods":
        periods = _periods_that_differ(job)
        if not periods:
            return
        periods = periods if len(periods) <= _MANY_PERIODS else None
    job.progress.step(f"Đối chiếu khóa: {job.table.label}", unit="khóa")
    job.rows_read = 0
    source = job.watched(job.connector.keys(job.table, periods=periods), rows_of)
    live = live_keys(job.landed, job.table, periods=periods)
    gone, stale = compare_keys(live, source, upto.at if upto else BEGINNING)
    _land_deletes(job, gone)
    _read_again(job, stale)
    if len(stale):
        job.notes.append(
            f"Bảng {job.table.name}: {len(stale)} dòng có updated_at đã qua, được đọc theo khóa."
        )


def _periods_that_differ(job: TableJob) -> list[str | None]:
    job.progress.step(f"So số dòng từng kỳ: {job.table.label}", unit="kỳ")
    source = job.connector.key_sums(job.table)
    job.progress.check()
    landed = landed_key_sums(job.landed, job.table)
    every = source.keys() | landed.keys()
    job.progress.advance(len(every))
    return [period for period in every if source.get(period) != landed.get(period)]


def _land_deletes(job: TableJob, gone: pa.Array) -> None:
    """Ask for each key once more before it is called deleted: its row may only have moved to another period."""
    found = _read_again(job, gone)
    gone = without(gone, found.take(pc.sort_indices(found)))
    if len(gone):
        moment = pa.array([job.now.replace(tzinfo=None)] * len(gone), pa.timestamp("us"))
        job.write("deletes", iter([pa.RecordBatch.from_arrays([gone, moment], schema=landing.DELETES)]))


def _read_again(job: TableJob, keys: pa.Array) -> pa.Array:
    """Land the rows of these keys as one batch and return the keys that were found."""
    found = [pa.array([], pa.int64())]

    def chunks() -> Iterator[pa.RecordBatch]:
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            some = keys.slice(start, _KEYS_AT_ONCE).to_pylist()
            for chunk in job.watched(job.connector.read_keys(job.table, some), rows_of):
                found.append(chunk.column(job.table.key))
                yield chunk

    job.write("rows", chunks())
    return pa.concat_arrays(found)
