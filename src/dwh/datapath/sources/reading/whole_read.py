"""The first read of a whole table along its key, and the reading again of a stretch of it that was damaged.

Where rows lie in the order of their key, such a read is one scan of the table; along (updated_at, id) the server
would fetch every row from another place, or sort what is left of the table for every page. The cursor is set by
the last batch; until then each batch tells the next sync how far along the key it came, and what moment of change
the read is of: rows changed later come with the changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from dwh.datapath.sources.connectors.base import Position
from dwh.datapath.sources.manifest import Batch, Stretch
from dwh.datapath.sources.reading.ahead import read_ahead
from dwh.datapath.sources.reading.ending import Ended, not_ahead_of_now
from dwh.datapath.sources.reading.table_job import FIRST_ID, TableJob, rows_of


def read_whole(job: TableJob, upto: Position, lost: Sequence[Batch | None]) -> None:
    """Land the table up to `upto`, going on where a read that was broken off came to.

    `lost`: batches set aside, which are read again on the way; None: nobody knows which rows it held.
    """
    stretch, more = _begun(job, lost) or Stretch(None, None, upto), True
    job.progress.step(f"Đọc {job.table.label}", total=job.connector.count(job.table, None, upto), unit="dòng")
    job.rows_read = 0
    while more:
        page = _Page(job, Stretch(stretch.through, stretch.through, stretch.upto))
        page.land()
        page.ended.raise_again()
        stretch, more = page.stretch, page.more


def _begun(job: TableJob, lost: Sequence[Batch | None]) -> Stretch | None:
    """Return the stretch up to which everything of a read broken off is there, None: begin at the first key."""
    known = [batch.stretch for batch in lost if batch and batch.contract_hash == job.table.fingerprint]
    last = job.unfinished
    found = [stretch for stretch in (*known, last) if stretch]
    if len(known) < len(lost) or None in known or not found:
        return None
    places = [stretch.after for stretch in known if stretch] + ([last.through] if last else [])
    ends = [place for place in places if place is not None]
    through = min(ends) if len(ends) == len(places) else None
    return Stretch(None, through, min(stretch.upto for stretch in found))


def read_stretch(job: TableJob, stretch: Stretch, cursor: Position) -> None:
    """Land the rows of a stretch as they are now, as one batch; what changed after `cursor` comes with the changes."""
    job.rows_read, limit = 0, job.limits.batch_rows
    last = FIRST_ID if stretch.through is None else stretch.through

    def chunks() -> Iterator[pa.RecordBatch]:
        after, reached, read = stretch.after, FIRST_ID, limit
        while read == limit and reached < last:
            read, rows = 0, job.connector.read_along_key(job.table, after=after, upto=cursor, limit=limit)
            for chunk in job.watched(rows, rows_of):
                keys = chunk.column(job.table.key)
                read, reached = read + chunk.num_rows, keys[-1].as_py()
                yield chunk.filter(pc.less_equal(keys, last))
            after = reached

    job.write("rows", chunks())


@dataclass(slots=True)
class _Page:
    """One batch of a whole read."""

    job: TableJob
    stretch: Stretch
    read: int = 0
    more: bool = False
    ended: Ended = field(default_factory=Ended)

    def land(self) -> None:
        job, asked = self.job, self.stretch
        rows = job.connector.read_along_key(
            job.table, after=asked.after, upto=asked.upto, limit=job.limits.batch_rows
        )
        with closing(read_ahead(rows, stop=job.connector.cancel)) as ahead:
            chunks = self._seen(self.ended.kept(job.watched(ahead, rows_of)))
            job.write("rows", chunks, self._cursor, stretch=lambda: self.stretch)

    def _seen(self, chunks: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for chunk in chunks:
            self.read += chunk.num_rows
            last = chunk.column(self.job.table.key)[-1].as_py()
            self.stretch = Stretch(self.stretch.after, last, self.stretch.upto)
            yield chunk

    def _cursor(self) -> Position | None:
        """Return the cursor of a table read to its end, None while more of it follows."""
        self.more = not self.ended.whole or (self.read == self.job.limits.batch_rows and self._follows())
        return None if self.more else not_ahead_of_now(self.job, self.stretch.upto)

    def _follows(self) -> bool:
        """Ask before the batch is committed: an empty page after it would leave the table without a cursor."""
        after, upto = self.stretch.through, self.stretch.upto
        next_row = self.job.connector.read_along_key(self.job.table, after=after, upto=upto, limit=1)
        return any(chunk.num_rows for chunk in next_row)
