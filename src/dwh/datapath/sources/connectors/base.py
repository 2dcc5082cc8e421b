"""What every connector can do. A connector reads, and only reads; it never holds a lock at the source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, Protocol

import pyarrow as pa

from dwh.datapath.sources.contract import Column, TableContract
from dwh.kernel.errors import ContractBroken

READ_ROWS = 131_072  # rows of one Arrow chunk: large enough to be columnar, small enough to bound memory


class Position(NamedTuple):
    """A place in a table ordered by (updated_at, id); naive UTC, as landed."""

    at: datetime
    id: int


class Connector(Protocol):
    """One read-only session at a source. Tables come as their contract, so that types are never guessed."""

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

    def read_keys(self, table: TableContract, keys: list[int]) -> Iterator[pa.RecordBatch]:
        """Return the rows with these keys, as landed columns, in no promised order."""

    def keys(self, table: TableContract) -> Iterator[pa.Array]:
        """Return every key of the table in ascending order, as int64 arrays."""

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


def cursor_column(table: TableContract) -> Column:
    return next(column for column in table.columns if column.name == table.cursor)


def quoted(name: str) -> str:
    """Return a name of the contract as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
