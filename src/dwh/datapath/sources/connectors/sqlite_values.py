"""Python values of a SQLite column as an Arrow array of the promised type, or an error: nothing is bent to fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dwh.datapath.sources.contract import Column

MISFITS = (pa.ArrowException, ValueError, TypeError, OverflowError)  # what `as_arrow` raises on a bad value
_EXACT = float(2**53)  # beyond, a float no longer holds every whole number


def as_arrow(values: Sequence[Any], column: Column) -> pa.Array:
    """Return the values as the column's Arrow type.

    Raises:
        MISFITS: a value is of another type, or missing where one is promised.
    """
    array = _READERS[column.type](values, column)
    if array.null_count and not column.nullable:
        raise ValueError("missing")
    return array


def _text(values: Sequence[Any], _: Column) -> pa.Array:
    return pa.array(values, pa.string())


def _integer(values: Sequence[Any], _: Column) -> pa.Array:
    """Infer first: asked for int64 directly, Arrow would cut 1.5 down to 1 without a word."""
    array = pa.array(values)
    if array.type == pa.float64():
        array = array.cast(pa.int64())  # a checked cast: 2.0 passes, 1.5 does not
    if array.type not in (pa.int64(), pa.null()):
        raise TypeError(array.type)
    return array.cast(pa.int64())


def _decimal(values: Sequence[Any], column: Column) -> pa.Array:
    """Accept whole numbers, and floats that are the nearest to a decimal of the promised scale."""
    scale = column.precision[1] if column.precision else 0
    array = pa.array(values)
    if array.type == pa.float64():
        units = pc.round(pc.multiply(array, 10.0**scale))
        if _any(pc.not_equal(pc.divide(units, 10.0**scale), array)) or _any(
            pc.greater(pc.abs(units), _EXACT)
        ):
            raise ValueError("not a decimal of this scale")
        whole = units.cast(pa.int64()).cast(pa.decimal128(19, 0))
        return whole.view(pa.decimal128(19, scale)).cast(column.arrow)
    if array.type not in (pa.int64(), pa.null()):
        raise TypeError(array.type)
    return array.cast(pa.decimal128(19 + scale, scale)).cast(column.arrow)


def _dated(values: Sequence[Any], column: Column) -> pa.Array:
    return pa.array(values, pa.string()).cast(column.arrow)


def _boolean(values: Sequence[Any], column: Column) -> pa.Array:
    array = _integer(values, column)
    if _any(pc.invert(pc.is_in(array, pa.array([0, 1, None], pa.int64())))):
        raise ValueError("neither 0 nor 1")
    return array.cast(pa.bool_())


def _any(mask: pa.Array) -> bool:
    return bool(pc.any(mask).as_py())


_READERS: dict[str, Callable[[Sequence[Any], Column], pa.Array]] = {
    "text": _text,
    "integer": _integer,
    "money": _integer,
    "decimal": _decimal,
    "date": _dated,
    "timestamp": _dated,
    "boolean": _boolean,
}
