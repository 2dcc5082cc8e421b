"""What a sync tells about itself when it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dwh.datapath.sources.connectors.base import Amount, Position
from dwh.datapath.sources.drift import Drift, plain_drifts
from dwh.datapath.sources.manifest import plain_amounts, plain_position


@dataclass(frozen=True, slots=True)
class TableSync:
    """What one sync did to one table.

    Units: `vnd` are đồng per control column, summed over the rows landed now; `seconds` are wall time.
    """

    table: str
    rows: int
    deletes: int
    batches: int
    vnd: dict[str, Amount]
    cursor: Position | None
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return the table's part of the report as plain values."""
        return {
            "table": self.table, "rows": self.rows, "deletes": self.deletes, "batches": self.batches,
            "vnd": plain_amounts(self.vnd),
            "cursor": plain_position(self.cursor),
            "seconds": self.seconds,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one sync of one source did; `notes` are sentences for people: new columns, repairs, late rows.

    `outside_window`: it read outside the hours of its source, because somebody lifted them by hand.
    `drifts`: how the source differs from its contract without breaking it.
    """

    source: str
    tables: tuple[TableSync, ...]
    started_at: datetime
    finished_at: datetime
    notes: tuple[str, ...] = ()
    outside_window: bool = False
    drifts: tuple[Drift, ...] = ()

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def deletes(self) -> int:
        return sum(table.deletes for table in self.tables)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "source": self.source, "rows": self.rows, "deletes": self.deletes, "notes": list(self.notes),
            "outside_window": self.outside_window, "drifts": plain_drifts(self.drifts),
            "started_at": self.started_at.isoformat(), "finished_at": self.finished_at.isoformat(),
            "tables": [table.to_json() for table in self.tables],
        }  # fmt: skip
