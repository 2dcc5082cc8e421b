"""What every connector can do. A connector reads, and only reads; it never holds a lock at the source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, Protocol

import pyarrow as pa

from dwh.datapath.sources.contract import Column, TableContract

READ_ROWS = 131_072  # rows of one Arrow chunk: large enough to be columnar, small enough to bound memory


class Position(NamedTuple):
    """A place in a table ordered by (updated_at, id); naive UTC, as landed."""

    at: datetime
    id: int


class Connector(Protocol):
    """One read-only session at a source. Tables come as their contract, so that types are never guessed."""

    def describe(self, table: str) -> dict[str, str]:
        """Return the columns the source really has, with its own names of their types; empty: no such table."""

    def fits(self, column: Column, found: str) -> bool:
        """Tell whether the source's type can carry the promised one without loss."""

    def high_water(self, table: TableContract) -> Position | None:
        """Return the last position of the table, None when it is empty."""

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
