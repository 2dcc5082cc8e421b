"""Which rows of a table are alive in what has landed, by key and moment of change, beside those of its source.

The landed side is worked out in slices of the key space, so that memory does not grow with the table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dwh.datapath.sources.connectors.base import KEYS, SUM_P, SUM_Q, KeySum
from dwh.datapath.sources.contract import TableContract
from dwh.datapath.sources.manifest import Batch

SLICE_ROWS = 4_000_000  # landed rows looked at together, about
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_NO_IDS = pa.array([], pa.int64())
_NO_KEYS = pa.RecordBatch.from_arrays([_NO_IDS, pa.array([], pa.timestamp("us"))], schema=KEYS)


@dataclass(frozen=True, slots=True)
class _Group:
    """One row group of a landed file and the keys it may hold."""

    batch: Batch
    number: int
    rows: int
    low: int
    high: int


def live_keys(
    landed: Sequence[Batch],
    table: TableContract,
    *,
    periods: Collection[str | None] | None = None,
    slice_rows: int = SLICE_ROWS,
) -> Iterator[pa.RecordBatch]:
    """Yield (id, updated_at) of the newest version of every living row, ascending by id, of some periods if given."""
    for rows in _slices(landed, table, slice_rows, with_period=periods is not None):
        if periods is not None:
            rows = rows.filter(pc.is_in(rows["period"], pa.array(list(periods), pa.string())))
        if rows.num_rows:
            yield rows.select(["id", "at"]).cast(KEYS).combine_chunks().to_batches()[0]


def landed_key_sums(
    landed: Sequence[Batch], table: TableContract, *, slice_rows: int = SLICE_ROWS
) -> dict[str | None, KeySum]:
    """Return the checksums a source gives of its keys, over what has landed of it."""
    sums: dict[str | None, KeySum] = {}
    for rows in _slices(landed, table, slice_rows, with_period=True):
        key, at = rows["id"], rows["at"].cast(pa.int64())
        parts = pa.table({
            "period": rows["period"], "ids": _mod(key, SUM_P), "times": _mod(at, SUM_P),
            "pairs": pc.multiply(_mod(key, SUM_Q), _mod(at, SUM_Q)),
        })  # fmt: skip
        grouped = parts.group_by("period").aggregate([
            ([], "count_all"), ("ids", "sum"), ("times", "sum"), ("pairs", "sum"),
        ])  # fmt: skip
        for row in grouped.to_pylist():
            more = KeySum(row["count_all"], row["ids_sum"], row["times_sum"], row["pairs_sum"])
            known = sums.get(row["period"])
            sums[row["period"]] = (
                KeySum(*(a + b for a, b in zip(known, more, strict=True))) if known else more
            )
    return sums


def compare_keys(
    live: Iterator[pa.RecordBatch], source: Iterable[pa.RecordBatch], upto: datetime
) -> tuple[pa.Array, pa.Array]:
    """Return (landed ids gone from the source, source ids never landed or landed with another time).

    Both sides ascend by id; a source row that changed after `upto` is left to the next sync. Little of either
    side is in memory at a time, and nothing is hashed.
    """
    gone, stale, waiting = [_NO_IDS], [_NO_IDS], _NO_KEYS
    for keys in source:
        last = keys.column("id")[-1].as_py()
        while not waiting.num_rows or waiting.column("id")[-1].as_py() <= last:
            more = next(live, None)
            if more is None:
                break
            waiting = pa.concat_batches([waiting, more])
        end = pc.search_sorted(waiting.column("id"), last, side="right").as_py() if waiting.num_rows else 0
        part, waiting = waiting.slice(0, end), waiting.slice(end)
        gone.append(without(part.column("id"), keys.column("id")))
        stale.append(_changed(keys, part, upto))
    gone += [waiting.column("id"), *(more.column("id") for more in live)]
    return pa.concat_arrays(gone), pa.concat_arrays(stale)


def without(keys: pa.Array, others: pa.Array) -> pa.Array:
    """Return the keys that are not among the others; both ascending."""
    if keys.equals(others) or not len(keys):
        return _NO_IDS
    return keys.filter(pc.invert(_found(keys, others)[1])) if len(others) else keys


def _changed(keys: pa.RecordBatch, part: pa.RecordBatch, upto: datetime) -> pa.Array:
    """Return the ids of the source's keys that the landed part lacks or holds with another time."""
    ids, times = keys.columns
    if ids.equals(part.column("id")) and times.equals(part.column("at")):
        return _NO_IDS
    other = pc.less_equal(times, pa.scalar(upto, pa.timestamp("us")))
    if part.num_rows:
        place, found = _found(ids, part.column("id"))
        same = pc.equal(part.column("at").take(place), times)
        other = pc.and_(other, pc.invert(pc.and_(found, same)))
    return ids.filter(other)


def _found(keys: pa.Array, others: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return where each key would stand among the others (not empty, ascending) and whether it stands there."""
    place = pc.min_element_wise(pc.search_sorted(others, keys), pa.scalar(len(others) - 1, pa.uint64()))
    return place, pc.equal(others.take(place), keys)


def _slices(
    landed: Sequence[Batch], table: TableContract, slice_rows: int, *, with_period: bool
) -> Iterator[pa.Table]:
    """Yield the living rows slice by slice, ascending by id: id, at and, if asked for, period."""
    groups = [group for batch in landed for group in _groups(batch, table)]
    low = _LOWEST
    for high in _bounds(groups, slice_rows):
        some = [group for group in groups if group.high > low and group.low <= high]
        rows = _newest(some, table, (low, high), with_period=with_period)
        low = high
        if rows.num_rows:
            yield rows


def _bounds(groups: Sequence[_Group], slice_rows: int) -> Iterator[int]:
    """Yield the upper ends of slices that hold about so many landed rows each; the last end is the highest."""
    held = 0
    for group in sorted(groups, key=lambda group: group.high):
        held += group.rows
        if held >= slice_rows:
            held = 0
            yield group.high
    yield _HIGHEST


def _groups(batch: Batch, table: TableContract) -> Iterator[_Group]:
    with pq.ParquetFile(batch.path) as file:
        number_of_key = file.schema_arrow.names.index("id" if batch.kind == "deletes" else table.key)
        for number in range(file.metadata.num_row_groups):
            group = file.metadata.row_group(number)
            known = group.column(number_of_key).statistics
            ends = (known.min, known.max) if known and known.has_min_max else (_LOWEST + 1, _HIGHEST)
            yield _Group(batch, number, group.num_rows, *ends)


def _newest(
    groups: Sequence[_Group], table: TableContract, within: tuple[int, int], *, with_period: bool
) -> pa.Table:
    """Return the newest version of every living row of one slice, ascending by id."""
    deleted, parts = _NO_IDS, []
    batches = {group.batch.seq: group.batch for group in groups}
    for seq in sorted(batches, reverse=True):
        numbers = [group.number for group in groups if group.batch.seq == seq]
        rows = _read(batches[seq], numbers, table, with_period=with_period)
        rows = rows.filter(pc.and_(pc.greater(rows["id"], within[0]), pc.less_equal(rows["id"], within[1])))
        if batches[seq].kind == "deletes":
            deleted = pa.concat_arrays([deleted, rows["id"].combine_chunks()])
        else:
            parts.append(rows.filter(pc.invert(pc.is_in(rows["id"], deleted))) if len(deleted) else rows)
    if not parts:
        return pa.table({"id": _NO_IDS})
    rows = pa.concat_tables(reversed(parts))  # the newest comes last, and the order of equals is kept
    if not rows.num_rows:
        return rows
    rows = rows.take(pc.sort_indices(rows, sort_keys=[("id", "ascending")])).combine_chunks()
    keys = rows["id"].combine_chunks()
    last_of_its_kind = pc.not_equal(keys.slice(1), keys.slice(0, len(keys) - 1))
    return rows.filter(pa.concat_arrays([last_of_its_kind, pa.array([True])]))


def _read(batch: Batch, numbers: list[int], table: TableContract, *, with_period: bool) -> pa.Table:
    """Return some row groups of a landed file as id, at and, if asked for, period; of deletes, the id."""
    with pq.ParquetFile(batch.path) as file:
        if batch.kind == "deletes":
            return file.read_row_groups(numbers, ["id"])
        names = [table.key, table.cursor, *([table.month_column] if with_period else [])]
        rows = file.read_row_groups(numbers, names)
    found = {"id": rows[table.key], "at": rows[table.cursor]}
    if with_period:
        found["period"] = _period(rows[table.month_column])
    return pa.table(found)


def _period(months: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return 'YYYYMM' as the sources give it: the head of a text, the UTC month of a date or moment."""
    if pa.types.is_string(months.type):
        return pc.utf8_slice_codeunits(months, 0, 6)
    return pc.strftime(months, format="%Y%m")


def _mod(number: pa.ChunkedArray, by: int) -> pa.ChunkedArray:
    """Return the remainder, of the sign of the number as SQL has it."""
    return pc.subtract(number, pc.multiply(pc.divide(number, by), by))
