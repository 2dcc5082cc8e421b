"""How a read of a table ends: before its time, and where its cursor may stand."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from dwh.datapath.sources.connectors.base import Position
from dwh.datapath.sources.pace import WindowClosed
from dwh.datapath.sources.reading.table_job import FIRST_ID, TableJob
from dwh.kernel.errors import DwhError, SourceDown


class Ended:
    """The end of a read before its time, told after what came before it was committed.

    Rows come in an order, so what was read is whole up to where it ends: when the hours of the source are over, or
    the source is cut off, it need not be read again.
    """

    def __init__(self) -> None:
        self._by: DwhError | None = None

    @property
    def whole(self) -> bool:
        """Tell whether nothing ended the read early so far."""
        return self._by is None

    def kept(self, chunks: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the chunks; what ends them early is kept for `raise_again`."""
        try:
            yield from chunks
        except (SourceDown, WindowClosed) as early:
            self._by = early

    def raise_again(self) -> None:
        if self._by is not None:
            raise self._by


def not_ahead_of_now(job: TableJob, reached: Position | None) -> Position | None:
    """Keep the cursor at or before now: a row dated in the future must not hide what changes until then."""
    now = Position(job.now.replace(tzinfo=None), FIRST_ID)
    if reached is None or reached <= now:
        return reached
    note = (
        f"Bảng {job.table.name} có updated_at ở tương lai ({reached.at:%d/%m/%Y}); con trỏ dừng ở hiện tại."
    )
    if note not in job.notes:
        job.notes.append(note)
    return max(now, job.cursor or now)
