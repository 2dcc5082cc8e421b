"""The ledger of planted defects: which row carries which defect, and which check must find it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

LEDGER_FILE = "demo-ledger.json"
SOURCE_OF = {
    "TST": "collection", "TCS": "benefits", "GIAMDINH": "claims", "KTTT": "accounting", "HGD": "registration",
    "QLNS": "personnel", "GDDT": "efiling", "IAM": "iam",
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Planted:
    """One row made wrong on purpose; `id` is the row's id in its source table."""

    system: str
    table: str
    id: int
    check: str
    defect: str
    note: str

    @property
    def source(self) -> str:
        """Return the warehouse's name of the source system."""
        return SOURCE_OF[self.system]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything planted in one demonstration."""

    scale: float
    seed: int
    rows: tuple[Planted, ...]

    def by_check(self) -> dict[str, frozenset[int]]:
        """Return the planted row ids per check code."""
        return {code: self.ids(code) for code in sorted({row.check for row in self.rows})}

    def ids(self, check: str) -> frozenset[int]:
        """Return the ids of the rows this check must find."""
        return frozenset(row.id for row in self.rows if row.check == check)

    def counts(self) -> dict[str, int]:
        """Return the number of planted rows per check code."""
        return dict(sorted(Counter(row.check for row in self.rows).items()))

    def save(self, home: Path) -> Path:
        """Write the ledger into the demonstration's folder and return its path."""
        path = home / LEDGER_FILE
        body = {"scale": self.scale, "seed": self.seed, "rows": [asdict(row) for row in self.rows]}
        path.write_text(json.dumps(body, ensure_ascii=False, indent=1), encoding="utf-8")
        return path


def read_ledger(home: Path) -> Ledger:
    """Return the ledger of the demonstration in this folder."""
    body = json.loads((home / LEDGER_FILE).read_text(encoding="utf-8"))
    return Ledger(body["scale"], body["seed"], tuple(Planted(**row) for row in body["rows"]))
