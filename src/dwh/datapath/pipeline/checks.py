"""Turns the checks of a source table into one integer per row, and back into words where a row failed.

Bit i is set when check i failed: an integer costs half of a list of reasons, and only failed rows are decoded
(engine_facts P7). Set-based always, never a loop over rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from dwh.datapath.sources.check import Check
from dwh.datapath.sources.claims.checks import CHECKS as CLAIMS
from dwh.datapath.sources.collection.checks import CHECKS as COLLECTION
from dwh.datapath.sources.iam.checks import CHECKS as IAM
from dwh.datapath.sources.personnel.checks import CHECKS as PERSONNEL

CHECKS: dict[str, tuple[Check, ...]] = {**COLLECTION, **CLAIMS, **PERSONNEL, **IAM}


def checks_of(table: str) -> tuple[Check, ...]:
    """Return the checks of a source table, in bit order; none is possible."""
    return CHECKS.get(table, ())


def check_named(code: str) -> Check:
    """Return the check with this code. Raises KeyError."""
    return next(check for checks in CHECKS.values() for check in checks if check.code == code)


def mask_sql(checks: Sequence[Check]) -> str:
    """Return the expression of the failed bits of a row. A check that is not TRUE has failed, NULL included."""
    bits = [f"CASE WHEN ({check.sql}) THEN 0 ELSE {1 << i} END" for i, check in enumerate(checks)]
    return f"CAST({' + '.join(bits) or '0'} AS INTEGER)"


def held_sql(checks: Sequence[Check], failed: str = "t.failed") -> str:
    """Return the condition of a row that goes to quarantine."""
    holding = sum(1 << i for i, check in enumerate(checks) if check.severity == "hold")
    return f"({failed} & {holding}) <> 0"


def words_sql(checks: Sequence[Check], *, of: str, failed: str = "t.failed") -> str:
    """Return the list of `code` or `message` of the failed checks of a row."""
    empty = "CAST([] AS VARCHAR[])"
    if not checks:
        return empty
    words = ", ".join(
        f"CASE WHEN ({failed} & {1 << i}) <> 0 THEN {_literal(getattr(check, of))} END"
        for i, check in enumerate(checks)
    )
    return f"CASE WHEN {failed} = 0 THEN {empty} ELSE list_filter([{words}], lambda x: x IS NOT NULL) END"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
