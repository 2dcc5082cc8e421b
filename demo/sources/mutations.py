"""One more day at the source systems: what the warehouse must notice at the next sync.

New rows, corrected rows (some now belong to another month), late payments, rows marked as deleted, rows removed for
good (no updated_at moves: D-30), claims sent again. Rows of the ledger of planted defects are never touched, and
nothing done here breaks a check, but for the older sending of a claim sent again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from demo.ledger import Ledger, read_ledger
from demo.sources.changes import Change, Day
from demo.sources.changes_accounting import change_accounting
from demo.sources.changes_benefits import change_benefits
from demo.sources.changes_by_system import (
    change_claims,
    change_collection,
    change_efiling,
    change_identities,
    change_personnel,
)
from demo.sources.changes_registration import change_registration
from demo.sources.make import FOLDER
from demo.sources.nation.seeds import stream
from demo.sources.planting import how_many
from demo.sources.schema import FILES, tables_of

HOUR = "02:30:00"
CHANGES: dict[str, Callable[[Day], None]] = {
    "TST": change_collection, "TCS": change_benefits, "GIAMDINH": change_claims, "KTTT": change_accounting,
    "HGD": change_registration, "QLNS": change_personnel, "GDDT": change_efiling, "IAM": change_identities,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayTwo:
    """What one more day did; `moment` is the updated_at of everything that has one."""

    moment: str
    changes: tuple[Change, ...]

    def ids(self, system: str, table: str, action: str) -> frozenset[int]:
        """Return the rows of a table this was done to."""
        return frozenset(
            c.id for c in self.changes if (c.system, c.table, c.action) == (system, table, action)
        )


def day_two(home: Path, seed: int, *, systems: Collection[str] = tuple(CHANGES)) -> DayTwo:
    """Change the SQLite sources under `home` as the next day would; again for one more day after that.

    Only `systems` change: the others are empty, or rest that day.
    """
    ledger = read_ledger(home)
    moment = f"{_day_after(home)} {HOUR}"
    changes: list[Change] = []
    for system in systems:
        with closing(_open(home, system)) as db, db:
            day = Day(
                system,
                db,
                stream(seed, f"{system} {moment}"),
                moment,
                how_many(ledger.scale),
                _planted(ledger, system),
            )
            CHANGES[system](day)
            changes += day.changes
    return DayTwo(moment, tuple(changes))


def _planted(ledger: Ledger, system: str) -> dict[str, frozenset[int]]:
    tables = {row.table for row in ledger.rows if row.system == system}
    return {t: frozenset(r.id for r in ledger.rows if (r.system, r.table) == (system, t)) for t in tables}


def _day_after(home: Path) -> date:
    """Return the day after the newest change of any source."""
    newest = "2026-10-31"
    for system in FILES:
        with closing(_open(home, system)) as db:
            for table in tables_of(system):
                last = db.execute(f"SELECT max(updated_at) FROM {table}").fetchone()[0]
                newest = max(newest, (last or "")[:10])
    return date.fromisoformat(newest) + timedelta(days=1)


def _open(home: Path, system: str) -> sqlite3.Connection:
    return sqlite3.connect(home / FOLDER / FILES[system])
