"""Reading a table in quarantine mode: columns that changed their type come as text, each value is told from it.

A value that is not of the promised type is left empty in its column and kept, as it came, in `dwh_misfits`; the row
lands and is held (docs/adr/0020).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dwh.datapath.sources.connectors.base import (
    SOFT_DELETED,
    Connector,
    ControlTotal,
    Grouping,
    KeySum,
    Position,
)
from dwh.datapath.sources.contract import MISFITS, Column, Contract, TableContract, arrow_schema

_WIDE = Context(prec=60)
_WHOLE = re.compile(r"[+-]?\d{1,18}(\.0+)?")
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d+)?")
_YES_NO = {"1": True, "true": True, "t": True, "0": False, "false": False, "f": False}


def is_told(connector: Connector, table: TableContract, column: Column, found: Mapping[str, str]) -> bool:
    """Tell whether a retyped column can be read as text and each value told from it.

    Not the columns a table is read, split, summed or emptied by: where those are not what they were, no row is told.
    """
    fixed = {table.key, table.cursor, table.month_column, SOFT_DELETED, *table.money}
    as_text = replace(column, type="text", precision=None)
    is_text = column.name in found and connector.fits(as_text, found[column.name])
    return is_text and column.type != "text" and column.name not in fixed


class LenientConnector:
    """A connector that tells values of retyped columns; tables that keep no misfits pass through it as they are."""

    def __init__(self, inner: Connector, contract: Contract, retyped: Collection[tuple[str, str]]) -> None:
        self._inner, self._contract, self._retyped = inner, contract, retyped
        self._held: Counter[str] = Counter()

    @property
    def notes(self) -> list[str]:
        """Return what people should know of the rows that were read and will be held."""
        return [
            f"Bảng {self._contract.table(name).label}: {count} dòng có giá trị không đúng kiểu, sẽ giữ lại."
            for name, count in self._held.items()
        ]

    @property
    def by_key(self) -> bool:
        return self._inner.by_key

    def read(
        self, table: TableContract, *, after: Position | None, upto: Position, limit: int
    ) -> Iterator[pa.RecordBatch]:
        rows = self._inner.read(self._asked(table), after=after, upto=upto, limit=limit)
        return (self._told(table, batch) for batch in rows)

    def read_along_key(
        self, table: TableContract, *, after: int | None, upto: Position, limit: int
    ) -> Iterator[pa.RecordBatch]:
        rows = self._inner.read_along_key(self._asked(table), after=after, upto=upto, limit=limit)
        return (self._told(table, batch) for batch in rows)

    def read_keys(self, table: TableContract, keys: list[int]) -> Iterator[pa.RecordBatch]:
        return (self._told(table, batch) for batch in self._inner.read_keys(self._asked(table), keys))

    def describe(self, table: str) -> dict[str, str]:
        return self._inner.describe(table)

    def fits(self, column: Column, found: str) -> bool:
        return self._inner.fits(column, found)

    def high_water(self, table: TableContract) -> Position | None:
        return self._inner.high_water(table)

    def count(self, table: TableContract, after: Position | None, upto: Position) -> int:
        return self._inner.count(table, after, upto)

    def keys(
        self, table: TableContract, *, after: int | None = None, limit: int | None = None,
        periods: Collection[str | None] | None = None,
    ) -> Iterator[pa.RecordBatch]:  # fmt: skip
        return self._inner.keys(table, after=after, limit=limit, periods=periods)

    def key_sums(self, table: TableContract) -> dict[str | None, KeySum]:
        return self._inner.key_sums(table)

    def totals(
        self, table: TableContract, by: Grouping, *, after: Position | None = None, upto: Position | None = None
    ) -> list[ControlTotal]:  # fmt: skip
        return self._inner.totals(table, by, after=after, upto=upto)

    def cancel(self) -> None:
        self._inner.cancel()

    def close(self) -> None:
        self._inner.close()

    def _asked(self, table: TableContract) -> TableContract:
        """Return the table as the source can give it: without our column, its retyped ones as text."""
        if not table.keeps_misfits:
            return table
        columns = (
            replace(column, type="text", precision=None, nullable=True)
            if (table.name, column.name) in self._retyped
            else column
            for column in table.columns
            if column.name != MISFITS
        )
        return replace(table, columns=tuple(columns))

    def _told(self, table: TableContract, batch: pa.RecordBatch) -> pa.RecordBatch:
        if not table.keeps_misfits:
            return batch
        if not any(name == table.name for name, _ in self._retyped):
            nothing = pa.nulls(batch.num_rows, pa.string())
            return pa.RecordBatch.from_arrays([*batch.columns, nothing], schema=arrow_schema(table))
        misfits: list[dict[str, str | None]] = [{} for _ in range(batch.num_rows)]
        arrays = [
            _told_column(column, batch.column(column.name), misfits)
            if (table.name, column.name) in self._retyped
            else batch.column(column.name)
            for column in table.landed
            if column.name != MISFITS
        ]
        kept = [json.dumps(one, ensure_ascii=False, sort_keys=True) if one else None for one in misfits]
        if found := sum(one is not None for one in kept):
            self._held[table.name] += found
        return pa.RecordBatch.from_arrays([*arrays, pa.array(kept, pa.string())], schema=arrow_schema(table))


def _told_column(column: Column, texts: pa.Array, misfits: list[dict[str, str | None]]) -> pa.Array:
    """Return the values of one column; what is none of its type is noted in `misfits`, row by row.

    Each text is told once, however many rows have it; no row is looked at but those that do not fit.
    """
    encoded = texts.dictionary_encode(null_encoding="encode")
    known, values, wrong = encoded.dictionary.to_pylist(), [], []
    for place, text in enumerate(known):
        try:
            values.append(told(column, text))
        except ValueError:
            values.append(None)
            wrong.append(place)
    if wrong:
        at = pc.indices_nonzero(pc.is_in(encoded.indices, pa.array(wrong, encoded.indices.type)))
        for row in at.to_pylist():
            misfits[row][column.name] = known[encoded.indices[row].as_py()]
    return pa.array(values, column.arrow).take(encoded.indices)


def told(column: Column, text: str | None) -> Any:
    """Return the value a text stands for, exactly.

    Raises:
        ValueError: it is not written as a value of the column's type, or is missing where one is promised.
    """
    if text is None:
        if not column.nullable:
            raise ValueError("missing")
        return None
    return _TELLERS[column.type](column, text.strip())


def _whole(_: Column, text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError("not a whole number")
    return int(text.partition(".")[0])


def _decimal(column: Column, text: str) -> Decimal:
    digits, scale = column.precision or (18, 0)
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a number")
    exact = Decimal(text)
    rounded = exact.quantize(Decimal(1).scaleb(-scale), context=_WIDE)
    if rounded != exact or len(rounded.as_tuple().digits) > digits:
        raise ValueError("more digits than promised")
    return rounded


def _date(_: Column, text: str) -> date:
    return date.fromisoformat(text)


def _moment(_: Column, text: str) -> datetime:
    """Return naive UTC, as landed; a moment that names no zone is UTC already."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _boolean(_: Column, text: str) -> bool:
    if text.lower() not in _YES_NO:
        raise ValueError("neither yes nor no")
    return _YES_NO[text.lower()]


_TELLERS: dict[str, Callable[[Column, str], Any]] = {
    "integer": _whole, "money": _whole, "decimal": _decimal, "date": _date, "timestamp": _moment, "boolean": _boolean,
    "text": lambda _, text: text,
}  # fmt: skip
