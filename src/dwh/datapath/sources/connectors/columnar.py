"""A server that hands over Arrow: what the columnar connectors have in common.

A product's module says how its session is opened, how one statement is streamed, and what its errors mean.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from dwh.datapath.sources.connectors.base import (
    KEYS,
    READ_ROWS,
    ControlTotal,
    Grouping,
    KeySum,
    Position,
    control_totals,
    cursor_column,
    key_sums,
    misfit,
)
from dwh.datapath.sources.connectors.dialect import Dialect
from dwh.datapath.sources.contract import Column, TableContract, arrow_schema

_UNITS = 19  # digits of whole units of a decimal, as 64 bits can hold them


class ColumnarConnector(ABC):
    """One read-only session at a server that speaks Arrow."""

    dialect: ClassVar[Dialect]
    by_key = False

    def high_water(self, table: TableContract) -> Position | None:
        if timeless := self._small(self.dialect.timeless(table)):
            raise misfit(table, cursor_column(table), int(timeless[0]["id"]), "bỏ trống")
        rows = self._small(self.dialect.last(table))
        return Position(rows[0]["at"].replace(tzinfo=None), int(rows[0]["id"])) if rows else None

    def count(self, table: TableContract, after: Position | None, upto: Position) -> int:
        """Ask for an estimate of a first full read, which needs no exact total, and count otherwise."""
        if after is None:
            return self._estimate(table)
        return int(self._small(self.dialect.counted(table, after, upto))[0]["n"])

    def read(
        self, table: TableContract, *, after: Position | None, upto: Position, limit: int
    ) -> Iterator[pa.RecordBatch]:
        return self._landed(table, self.dialect.page(table, after, upto, limit))

    def read_along_key(
        self, table: TableContract, *, after: int | None, upto: Position, limit: int
    ) -> Iterator[pa.RecordBatch]:
        return self._landed(table, self.dialect.page_along_key(table, after, upto, limit))

    def read_keys(self, table: TableContract, keys: list[int]) -> Iterator[pa.RecordBatch]:
        return self._landed(table, self.dialect.some(table, keys))

    def keys(
        self, table: TableContract, *, after: int | None = None, limit: int | None = None,
        periods: Collection[str | None] | None = None,
    ) -> Iterator[pa.RecordBatch]:  # fmt: skip
        for batch in self._stream(self.dialect.keys(table, after, limit, periods), table):
            arrays = [array.cast(field.type) for array, field in zip(batch.columns, KEYS, strict=True)]
            whole = pa.RecordBatch.from_arrays(arrays, schema=KEYS)
            for start in range(0, batch.num_rows, READ_ROWS):
                yield whole.slice(start, READ_ROWS)

    def key_sums(self, table: TableContract) -> dict[str | None, KeySum]:
        return key_sums(self._small(self.dialect.key_sums(table)))

    def totals(
        self,
        table: TableContract,
        by: Grouping,
        *,
        after: Position | None = None,
        upto: Position | None = None,
    ) -> list[ControlTotal]:
        return control_totals(table, by, self._small(self.dialect.totals(table, by, after, upto)))

    @abstractmethod
    def _estimate(self, table: TableContract) -> int:
        """Return about how many rows the table holds, without counting them."""

    @abstractmethod
    def _stream(self, sql: str, table: TableContract) -> Iterator[pa.RecordBatch]:
        """Yield what one statement returns, as it comes; the table is for the words of a refusal."""

    @abstractmethod
    def _small(self, sql: str) -> list[dict[str, Any]]:
        """Return the few rows of one statement."""

    def _landed(self, table: TableContract, sql: str) -> Iterator[pa.RecordBatch]:
        schema = arrow_schema(table)
        for batch in self._stream(sql, table):
            columns = zip(table.landed, batch.columns, strict=True)
            arrays = [_as_landed(table, column, array, batch) for column, array in columns]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _as_landed(table: TableContract, column: Column, array: pa.Array, batch: pa.RecordBatch) -> pa.Array:
    if array.null_count and not column.nullable:
        raise misfit(table, column, _key_at(table, batch, array.is_null()), "bỏ trống")
    if column.type == "decimal" and column.precision:
        units = array.cast(pa.decimal128(_UNITS, 0)).view(pa.decimal128(_UNITS, column.precision[1]))
        return units.cast(column.arrow)
    if column.type == "boolean" and not pa.types.is_boolean(array.type):
        neither = pc.invert(pc.is_in(array, pa.array([0, 1, None], array.type)))
        if pc.any(neither).as_py():
            raise misfit(table, column, _key_at(table, batch, neither), "không đúng kiểu")
    return array.cast(column.arrow)


def _key_at(table: TableContract, batch: pa.RecordBatch, where: pa.Array) -> int:
    """Return the key of the first row of the mask."""
    names = [column.name for column in table.landed]
    return int(batch.column(names.index(table.key))[where.index(True).as_py()].as_py())
