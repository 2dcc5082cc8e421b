"""What a check of a source row is. Codes appear in letters to the owner of the data: they never change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one source table.

    `sql` is true for a good row, over the columns of the standardise file's `t`; NULL counts as failed.
    `hold` keeps the row in quarantine; `flag` lets it through with its code in `flags`.
    """

    code: str
    severity: Literal["hold", "flag"]
    sql: str
    message: str  # Vietnamese, to the owner of the data
    defect: str  # the class of sources.md §11 it finds
