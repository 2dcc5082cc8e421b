"""Turns the checks of a source table into one integer per row, and back into words where a row failed.

Bit i is set when check i failed: an integer costs half of a list of reasons, and only failed rows are decoded
(engine_facts P7). Set-based always, never a loop over rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from dwh.datapath.sources.check import Check
from dwh.datapath.sources.contract import load_contract, source_names


@cache
def all_checks() -> dict[str, tuple[Check, ...]]:
    """Return source table → its checks, in bit order, as the contracts promise them."""
    return {
        table.name: table.checks
        for source in source_names()
        for table in load_contract(source).tables
        if table.checks
    }


def checks_of(table: str) -> tuple[Check, ...]:
    """Return the checks of a source table, in bit order; none is possible."""
    return all_checks().get(table, ())


def check_named(code: str) -> Check:
    """Return the check with this code. Raises KeyError."""
    found = {check.code: check for checks in all_checks().values() for check in checks}
    return found[code]


def passes_sql(check: Check) -> str:
    """Return the condition of a row that passes, or that the check is not for: another month, a list that is empty."""
    unasked = [f"(SELECT count(*) FROM {table}) = 0" for table in check.needs]
    if check.valid_from:
        unasked.append(f"t.landed_month < '{check.valid_from}'")
    if check.valid_until:
        unasked.append(f"t.landed_month >= '{check.valid_until}'")
    return " OR ".join([*unasked, f"({check.sql})"])


def mask_sql(checks: Sequence[Check]) -> str:
    """Return the expression of the failed bits of a row. A check that is not TRUE has failed, NULL included."""
    bits = [f"CASE WHEN {passes_sql(check)} THEN 0 ELSE {1 << i} END" for i, check in enumerate(checks)]
    return f"CAST({' + '.join(bits) or '0'} AS BIGINT)"


def held_sql(checks: Sequence[Check], failed: str = "t.failed") -> str:
    """Return the condition of a row that goes to quarantine."""
    return f"({failed} & {holding_bits(checks)}) <> 0"


def holding_bits(checks: Sequence[Check]) -> int:
    """Return the bits of the checks that hold a row."""
    return sum(1 << i for i, check in enumerate(checks) if check.holds)


def accepted_sql(checks: Sequence[Check], codes: str) -> str:
    """Return the expression of the bits of the checks whose codes are in the list `codes`."""
    bits = [
        f"CASE WHEN list_contains({codes}, '{check.code}') THEN {1 << i} ELSE 0 END"
        for i, check in enumerate(checks)
    ]
    return f"CAST({' + '.join(bits) or '0'} AS BIGINT)"


def words_sql(checks: Sequence[Check], *, of: str, shadow: bool = False, failed: str = "t.failed") -> str:
    """Return the list of `code` or `message` of the failed checks of a row: those at work, or those in shadow."""
    empty = "CAST([] AS VARCHAR[])"
    asked = [(1 << i, check) for i, check in enumerate(checks) if check.is_shadow == shadow]
    if not asked:
        return empty
    words = ", ".join(
        f"CASE WHEN ({failed} & {bit}) <> 0 THEN {_literal(getattr(check, of))} END" for bit, check in asked
    )
    any_failed = f"({failed} & {sum(bit for bit, _ in asked)}) <> 0"
    return f"CASE WHEN {any_failed} THEN list_filter([{words}], lambda x: x IS NOT NULL) ELSE {empty} END"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
