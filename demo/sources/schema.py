"""The columns of every demonstration table; every writer (SQLite, PostgreSQL, MariaDB) reads them here."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
COMMON_TAIL = "ma_cq_bhxh:v5 created_at:ts updated_at:ts updated_by:v50 is_deleted:b"
FILES = {
    "TST": "tst.sqlite", "TCS": "tcs.sqlite", "GIAMDINH": "giamdinh.sqlite", "KTTT": "kttt.sqlite",
    "HGD": "hgd.sqlite", "QLNS": "qlns.sqlite", "GDDT": "gddt.sqlite", "IAM": "iam.sqlite",
}  # fmt: skip
PLAIN = {"i8": "bigint", "i": "integer", "d": "date", "ts": "timestamptz", "b": "boolean", "t": "text"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name and its type in the short notation of `data/layouts.toml`."""

    name: str
    kind: str

    @property
    def sqlite(self) -> str:
        """Return the SQLite type: whole numbers INTEGER, decimals NUMERIC, dates and codes TEXT."""
        if self.kind in ("i", "b", "i8", "n18"):
            return "INTEGER"
        return "NUMERIC" if self.kind.startswith("n") else "TEXT"

    @property
    def postgres(self) -> str:
        """Return the PostgreSQL type."""
        if self.kind in PLAIN:
            return PLAIN[self.kind]
        letter, size = self.kind[0], self.kind[1:]
        if letter == "n":
            precision, _, decimals = size.partition(".")
            return f"numeric({precision},{decimals or 0})"
        return f"{'varchar' if letter == 'v' else 'char'}({size})"

    @property
    def mariadb(self) -> str:
        """Return the MariaDB type: as PostgreSQL's, a moment to the microsecond and kept in UTC."""
        return "timestamp(6) NULL" if self.kind == "ts" else self.postgres


@cache
def layouts() -> dict[str, dict[str, str]]:
    """Return the column text of every table, by system."""
    return tomllib.loads((DATA / "layouts.toml").read_text(encoding="utf-8"))


def columns_of(system: str, table: str) -> tuple[Column, ...]:
    """Return the columns of a table in order: id, its own, then the five every table carries."""
    text = f"id:i8 {layouts()[system][table]} {COMMON_TAIL}"
    return tuple(Column(*part.split(":")) for part in text.split())


def tables_of(system: str) -> tuple[str, ...]:
    """Return the tables of a system, in the order they are made."""
    return tuple(layouts()[system])
