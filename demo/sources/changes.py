"""What a day of changes is made of: choosing rows, changing them, remembering what was done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

TRIED_PER_WANTED, TRIED_AT_LEAST = 60, 3_000


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One row that was touched. Actions: new, corrected, moved, paid, soft_deleted, hard_deleted, resent."""

    system: str
    table: str
    action: str
    id: int
    note: str


@dataclass(slots=True)
class Day:
    """One day at one source system: its database, its clock, its chance."""

    system: str
    db: sqlite3.Connection
    rng: Any
    now: str  # the moment of every change of this day: ties are real
    count: int
    planted: dict[str, frozenset[int]]  # table -> ids that must stay as they are
    changes: list[Change] = field(default_factory=list)
    _used: dict[str, set[int]] = field(default_factory=dict)

    def choose(self, table: str, where: str, wanted: int) -> list[int]:
        """Return up to `wanted` living rows that fit, none planted, none touched before on this day."""
        low, high = self.db.execute(f"SELECT min(id), max(id) FROM {table}").fetchone()
        if high is None:
            return []
        tries = min(high - low + 1, max(TRIED_AT_LEAST, wanted * TRIED_PER_WANTED))
        some = (self.rng.choice(high - low + 1, size=tries, replace=False) + low).tolist()
        marks = ", ".join("?" * len(some))
        rows = self.db.execute(
            f"SELECT id FROM {table} WHERE id IN ({marks}) AND is_deleted = 0 AND ({where})", some
        )
        fit = {row[0] for row in rows}
        return self.take(table, [i for i in some if i in fit], wanted)

    def take(self, table: str, ids: Sequence[int], wanted: int) -> list[int]:
        """Return the first `wanted` of these that are neither planted nor touched on this day."""
        used = self._used.setdefault(table, set())
        barred = self.planted.get(table, frozenset()) | used
        out = sorted([i for i in ids if i not in barred][:wanted])
        used.update(out)
        return out

    def update(self, table: str, ids: Sequence[int], assignment: str, *, action: str, note: str) -> None:
        """Change rows as an application does: with updated_at."""
        sql = f"UPDATE {table} SET {assignment}, updated_at = ?, updated_by = 'ngay-hai' WHERE id = ?"
        self.db.executemany(sql, [(self.now, i) for i in ids])
        self.note(table, ids, action, note)

    def soft_delete(self, table: str, ids: Sequence[int]) -> None:
        """Mark rows as deleted."""
        self.update(table, ids, "is_deleted = 1", action="soft_deleted", note="đánh dấu xóa")

    def hard_delete(self, table: str, ids: Sequence[int]) -> None:
        """Remove rows; nothing else tells."""
        self.db.executemany(f"DELETE FROM {table} WHERE id = ?", [(i,) for i in ids])
        self.note(table, ids, "hard_deleted", "xóa hẳn, updated_at không đổi")

    def copy(self, table: str, ids: Sequence[int], changed: dict[str, str], *, note: str) -> list[int]:
        """Insert copies of rows under new ids; `changed` maps columns to SQL expressions."""
        names = [row[1] for row in self.db.execute(f"PRAGMA table_info({table})")]
        first = self.db.execute(f"SELECT max(id) + 1 FROM {table}").fetchone()[0]
        given = {"created_at": "?1", "updated_at": "?1", "updated_by": "'ngay-hai'", **changed, "id": "?2"}
        source = ", ".join(given.get(n, n) for n in names)
        sql = f"INSERT INTO {table} ({', '.join(names)}) SELECT {source} FROM {table} WHERE id = ?3"
        new = list(range(first, first + len(ids)))
        self.db.executemany(sql, [(self.now, n, i) for n, i in zip(new, ids, strict=True)])
        self._used.setdefault(table, set()).update(new)
        self.note(table, new, "new", note)
        return new

    def note(self, table: str, ids: Iterable[int], action: str, note: str) -> None:
        """Remember what was done."""
        self.changes += [Change(self.system, table, action, i, note) for i in ids]
