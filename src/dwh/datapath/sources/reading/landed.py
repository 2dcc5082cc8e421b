"""Whether a row that was read again has already landed as it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dwh.datapath.sources.contract import TableContract, arrow_schema
from dwh.datapath.sources.manifest import Batch

_NO_KEYS = pa.array([], pa.int64())


class KnownRows:
    """The newest landed version of every live row changed within [since, until]."""

    def __init__(
        self, table: TableContract, landed: Sequence[Batch], since: datetime, until: datetime
    ) -> None:
        self._table = table
        parts: list[pa.Table] = []
        deleted = _NO_KEYS
        for batch in _newest_first(landed):  # so that the first hit of a key is its newest version
            if batch.kind == "deletes":
                deleted = pa.concat_arrays([deleted, _keys_of(batch)])
            elif _may_hold(batch, table, since, until):
                part = _rows_within(batch, table, since, until)
                parts.append(part.filter(pc.invert(pc.is_in(part[table.key], deleted))))
        self._rows = pa.concat_tables([arrow_schema(table).empty_table(), *parts]).combine_chunks()

    def unknown(self, chunk: pa.RecordBatch) -> pa.RecordBatch:
        """Return the rows of the chunk that differ from their newest landed version, or have none."""
        if not self._rows.num_rows or not chunk.num_rows:
            return chunk
        found = pc.index_in(chunk.column(self._table.key), self._rows[self._table.key])
        known = self._rows.take(found)  # a row of nulls where nothing was found
        same = pc.is_valid(found)
        for name in chunk.schema.names:
            same = pc.and_(same, _equal(chunk.column(name), known[name].combine_chunks()))
        return chunk.filter(pc.invert(same))


def _newest_first(landed: Sequence[Batch]) -> list[Batch]:
    return sorted(landed, key=lambda batch: batch.seq, reverse=True)


def _keys_of(batch: Batch) -> pa.Array:
    return pq.read_table(batch.path, columns=["id"])["id"].combine_chunks()


def _may_hold(batch: Batch, table: TableContract, since: datetime, until: datetime) -> bool:
    same_shape = batch.contract_hash == table.fingerprint
    return same_shape and batch.span is not None and batch.span[0].at <= until and batch.span[1].at >= since


def _rows_within(batch: Batch, table: TableContract, since: datetime, until: datetime) -> pa.Table:
    bounds = (pc.field(table.cursor) >= since) & (pc.field(table.cursor) <= until)
    return pq.read_table(batch.path, filters=bounds, schema=arrow_schema(table))


def _equal(left: pa.Array, right: pa.Array) -> pa.Array:
    both_null = pc.and_(pc.is_null(left), pc.is_null(right))
    return pc.or_(pc.fill_null(pc.equal(left, right), False), both_null)
