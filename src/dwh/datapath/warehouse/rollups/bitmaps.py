"""Sets of members as compressed bitmaps: packed when a release is made, united when heads are counted.

A member is a 64-bit key of the warehouse; one below zero (a number the register does not have) stands for itself as
its two's complement. Nothing is estimated: a union has each member once, whichever months and units are taken.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

import pyarrow as pa
from pyroaring import BitMap64

IDS: Final = "ids"


def packed(table: pa.Table) -> pa.Table:
    """Return the rows of `table` with the list of keys in its last column, IDS, as one serialised bitmap each."""
    ids = table.column(IDS).combine_chunks()
    if len(ids) == 0:
        bits = pa.array([], type=pa.binary())
    else:
        keys = memoryview(ids.values.buffers()[1]).cast("B").cast("q")
        start, ends = ids.values.offset, ids.offsets.to_pylist()
        bits = pa.array(
            [
                BitMap64(array("Q", keys[start + first : start + last].tobytes())).serialize()
                for first, last in pairwise(ends)
            ],
            type=pa.binary(),
        )
    place = table.schema.get_field_index(IDS)
    return table.set_column(place, "bits", bits)


def united(sets: Iterable[bytes | BitMap64]) -> BitMap64:
    """Return the union of bitmaps, serialised or not."""
    read = [BitMap64.deserialize(one) if isinstance(one, bytes) else one for one in sets]
    return BitMap64.union(*read) if len(read) > 1 else read[0] if read else BitMap64()
