"""What every connector can do. A connector reads, and only reads; it never holds a lock at the source."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Context, Decimal
from typing import Any, NamedTuple, Protocol

import pyarrow as pa

from dwh.datapath.sources.contract import Column, TableContract
from dwh.kernel.errors import ContractBroken

KEYS = pa.schema(
    [pa.field("id", pa.int64(), nullable=False), pa.field("at", pa.timestamp("us"), nullable=False)]
)
READ_ROWS = 131_072  # rows of one Arrow chunk: large enough to be columnar, small enough to bound memory
Amount = int | Decimal  # whole đồng of a money column, exact decimal of a decimal one
_WIDE = Context(prec=60)  # sums may have more digits than the usual 28
SOFT_DELETED = "is_deleted"  # a row so marked stays at the source and is absent from the landed state


class Position(NamedTuple):
    """A place in a table ordered by (updated_at, id); naive UTC, as landed."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Grouping:
    """What control totals are split by: a month column and a column of the unit in charge; None: not split."""

    period: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """What one period and one unit of a table hold.

    Grain: one period and unit that have a living row. Units: `sums` in the control column's own, exact.
    `period` is 'YYYYMM': the first six characters of a text, the UTC month of a date or moment; it and `unit` are
    None where the column is empty, or was not asked for.
    """

    period: str | None
    unit: str | None
    rows: int
    sums: Mapping[str, Amount]


class KeySum(NamedTuple):
    """How many rows, and three sums over their id and updated_at (in microseconds), by which two sets are told apart.

    They are Σ id mod P, Σ time mod P and Σ (id mod Q)(time mod Q): small numbers that every product adds up exactly,
    of which the last binds each time to its id.
    """

    rows: int
    ids: int
    times: int
    pairs: int


SUM_P, SUM_Q = 2**31 - 1, 65_521  # two primes


class Connector(Protocol):
    """One read-only session at a source. Tables come as their contract, so that types are never guessed."""

    @property
    def by_key(self) -> bool:
        """Tell whether rows lie in the order of their key: a whole table is then read along it in one scan.

        The index of changes would fetch every row from another place.
        """

    def describe(self, table: str) -> dict[str, str]:
        """Return the columns the source really has and its own names of their types; empty: no table."""

    def fits(self, column: Column, found: str) -> bool:
        """Tell whether the source's type can carry the promised one without loss."""

    def high_water(self, table: TableContract) -> Position | None:
        """Return the last position of the table, None when it is empty.

        Raises:
            ContractBroken: a row has no updated_at, so no cursor would ever reach it.
        """

    def count(self, table: TableContract, after: Position | None, upto: Position) -> int:
        """Return how many rows lie in (after, upto]; may be an estimate, used for progress only."""

    def read(
        self, table: TableContract, *, after: Position | None, upto: Position, limit: int
    ) -> Iterator[pa.RecordBatch]:
        """Return at most `limit` rows of (after, upto] in the order of (updated_at, id), as landed columns.

        Raises:
            ContractBroken: a value does not fit its promised type.
            SourceDown: the source stopped answering.
        """

    def read_along_key(
        self, table: TableContract, *, after: int | None, upto: Position, limit: int
    ) -> Iterator[pa.RecordBatch]:
        """Return at most `limit` rows at or before `upto` with keys greater than `after`, ascending by key."""

    def read_keys(self, table: TableContract, keys: list[int]) -> Iterator[pa.RecordBatch]:
        """Return the rows with these keys, as landed columns, in no promised order."""

    def keys(
        self,
        table: TableContract,
        *,
        after: int | None = None,
        limit: int | None = None,
        periods: Collection[str | None] | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Return (id, updated_at) of every row, ascending by id; of the periods' rows only, if some are given.

        `after` and `limit` give a page of them: the first `limit` keys greater than `after`.
        """

    def key_sums(self, table: TableContract) -> dict[str | None, KeySum]:
        """Return the checksums of (id, updated_at) of every period of the month column, by one statement."""

    def totals(
        self,
        table: TableContract,
        by: Grouping,
        *,
        after: Position | None = None,
        upto: Position | None = None,
    ) -> list[ControlTotal]:
        """Return rows and sums of the control columns, worked out at the source by one statement.

        Rows marked as deleted are left out, as the landed state leaves them out; None is an open end. In no order.

        Source: QC-DWH Điều 4 (what is held equals the sources), C-14 (reconciliation).
        """

    def cancel(self) -> None:
        """Stop the statement under way; safe to call from another thread."""

    def close(self) -> None:
        """End the session."""


def misfit(table: TableContract, column: Column, key: int, what: str) -> ContractBroken:
    """Return the refusal that names the row; its value may be personal and is not shown."""
    return ContractBroken(
        f"Bảng «{table.name}», cột «{column.name}»: dòng id {key} {what}, hợp đồng dữ liệu ghi kiểu {column.type}. "
        "Đề nghị hệ thống nguồn sửa dòng này rồi đồng bộ lại.",
        table=table.name,
        column=column.name,
        expected=column.type,
        found=what,
        row_id=key,
    )


def control_totals(
    table: TableContract, by: Grouping, rows: Sequence[Mapping[str, Any]]
) -> list[ControlTotal]:
    """Return the rows of a statement of totals as values; numbers may come as text, which is exact."""
    columns = {column.name: column for column in table.columns}
    return [
        ControlTotal(
            period=_text(row["period"]) if by.period else None,
            unit=_text(row["unit"]) if by.unit else None,
            rows=int(row["n"]),
            sums={name: _amount(columns[name], row[name]) for name in table.money},
        )
        for row in rows
        if row["n"]
    ]


def key_sums(rows: Sequence[Mapping[str, Any]]) -> dict[str | None, KeySum]:
    """Return the rows of a statement of key sums as values."""
    return {
        _text(row["period"]): KeySum(int(row["n"]), int(row["ids"]), int(row["times"]), int(row["pairs"]))
        for row in rows
    }


def _amount(column: Column, value: Any) -> Amount:
    exact = Decimal(str(value or 0))
    if column.type == "decimal" and column.precision:
        return exact.quantize(Decimal(1).scaleb(-column.precision[1]), context=_WIDE)
    return int(exact)


def _text(value: str | bytes | None) -> str | None:
    return value.decode() if isinstance(value, bytes) else value


def cursor_column(table: TableContract) -> Column:
    return next(column for column in table.columns if column.name == table.cursor)


def quoted(name: str) -> str:
    """Return a name of the contract as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
