"""What a build did, as values: steps with rows and seconds, the equations, what is held back and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

_OF_STEP = ("table", "months", "carried", "rows", "seconds")  # what a report keeps of a step


@dataclass(frozen=True, slots=True)
class Step:
    """One table brought up to date. `carried` months were taken over unchanged."""

    name: str
    table: str
    months: int
    carried: int
    rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Total:
    """Rows and đồng of one side of an equation."""

    rows: int = 0
    vnd: Decimal = Decimal(0)

    def __add__(self, other: Total) -> Total:
        return Total(self.rows + other.rows, self.vnd + other.vnd)

    def __sub__(self, other: Total) -> Total:
        return Total(self.rows - other.rows, self.vnd - other.vnd)

    def to_json(self) -> dict[str, Any]:
        return {"rows": self.rows, "vnd": str(self.vnd)}


@dataclass(frozen=True, slots=True)
class Equation:
    """`left` = Σ `right`, whose parts are named: staging, quarantine, rejected, superseded, late."""

    name: str
    about: str
    left: Total
    right: dict[str, Total]
    counts_rows: bool = True

    @property
    def difference(self) -> Total:
        return self.left - sum(self.right.values(), Total())

    @property
    def holds(self) -> bool:
        off = self.difference
        return off.vnd == 0 and (off.rows == 0 or not self.counts_rows)

    def to_json(self) -> dict[str, Any]:
        right = {name: total.to_json() for name, total in self.right.items()}
        return {"about": self.about, "left": self.left.to_json(), "right": right, "holds": self.holds}


@dataclass(slots=True)
class BuildReport:
    """The outcome of a build. `release_id` is None when nothing had changed since the current release."""

    release_id: str | None = None
    candidate_dir: Path | None = None
    base: str | None = None
    new_batches: int = 0
    steps: list[Step] = field(default_factory=list)
    equations: list[Equation] = field(default_factory=list)
    landed: int = 0
    staged: int = 0
    quarantined: int = 0
    held_vnd: Decimal = Decimal(0)
    decided: dict[str, dict[str, Any]] = field(default_factory=dict)  # verdict, or waiting → rows, vnd
    held: dict[str, dict[str, Any]] = field(default_factory=dict)  # check → rows, vnd
    flagged: dict[str, int] = field(default_factory=dict)  # check → rows
    shadow: dict[str, dict[str, Any]] = field(default_factory=dict)  # check in trial → rows, vnd
    stopped_checks: list[str] = field(default_factory=list)  # not asked: their code list is empty
    stale_months: list[str] = field(default_factory=list)  # locked months that would have changed
    notes: list[str] = field(default_factory=list)  # what people must know of this build, in sentences
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return {
            "release": self.release_id,
            "base": self.base,
            "new_batches": self.new_batches,
            "landed": self.landed,
            "staged": self.staged,
            "quarantined": self.quarantined,
            "held_vnd": str(self.held_vnd),
            "decided": self.decided,
            "held": self.held,
            "flagged": self.flagged,
            "shadow": self.shadow,
            "stopped_checks": self.stopped_checks,
            "stale_months": self.stale_months,
            "notes": self.notes,
            "seconds": round(self.seconds, 3),
            "equations": {equation.name: equation.to_json() for equation in self.equations},
            "steps": [{name: getattr(step, name) for name in _OF_STEP} for step in self.steps],
        }
