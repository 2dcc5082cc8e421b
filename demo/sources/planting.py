"""How many rows each kind of defect gets, and the note every planted row leaves."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from demo.ledger import Planted

FEWEST, USUAL, USUAL_SCALE = 3, 20, 0.001


def how_many(scale: float) -> int:
    """Return the number of rows per defect: 20 at a thousandth of the nation, growing with the root, at least 3."""
    return max(FEWEST, round(USUAL * math.sqrt(scale / USUAL_SCALE)))


@dataclass(slots=True)
class Notebook:
    """Collects what was planted in one system."""

    system: str
    rows: list[Planted] = field(default_factory=list)

    def write(self, table: str, ids: Iterable[int], *, check: str, defect: str, note: str) -> None:
        """Note that these rows of a table carry a defect."""
        self.rows += [Planted(self.system, table, int(i), check, defect, note) for i in ids]
