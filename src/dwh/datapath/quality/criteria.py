"""The three criteria of data quality, and which checks of the contracts speak for each. The only place that says so.

A check speaks for one criterion, so that an objection is never counted under two:

- completeness: the check's dimension is `completeness` or `coverage`, or what the row refers to has not come (`lacks`);
- timeliness: its dimension is `timeliness`;
- accuracy: every other check, of whatever dimension and severity.

A check in trial speaks for none: it objects to nothing yet.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from dwh.datapath.sources.check import Check
from dwh.datapath.standardise.checks import all_checks
from dwh.kernel.law import QD_2366, cites

REJECTED = "rejected"  # stands for the reason of a row that a person rejected although no check objects to it
_MISSING = frozenset({"completeness", "coverage"})


class Criterion(StrEnum):
    """What people judge the data of a unit by (QĐ-2366 Điều 10.2.2, 10.4.2)."""

    ACCURACY = "accuracy"
    COMPLETENESS = "completeness"
    TIMELINESS = "timeliness"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a criterion asks in one release: the codes of its checks, and the source tables they are asked of."""

    criterion: Criterion
    codes: tuple[str, ...]
    tables: tuple[str, ...]


@cites(QD_2366.art("10.2.2"), QD_2366.art("10.4.2"))
def criterion_of(check: Check) -> Criterion:
    """Return the one criterion a check speaks for.

    Source: QĐ-2366 Điều 10.2.2, 10.4.2 (provinces, districts and staff answer for the data they enter); which check
    belongs where is our rule, written in the contracts.
    """
    if check.dimension == Criterion.TIMELINESS:
        return Criterion.TIMELINESS
    if check.dimension in _MISSING or check.lacks:
        return Criterion.COMPLETENESS
    return Criterion.ACCURACY


def rules(stopped: Collection[str] = ()) -> tuple[Rule, ...]:
    """Return what each criterion asks; `stopped` are the checks a release did not ask, for want of a code list."""
    return tuple(_rule(criterion, frozenset(stopped)) for criterion in Criterion)


def _rule(criterion: Criterion, stopped: frozenset[str]) -> Rule:
    asked = [
        (table, check.code)
        for table, checks in all_checks().items()
        for check in checks
        if (check.holds or check.flags) and check.code not in stopped and criterion_of(check) == criterion
    ]
    codes = [code for _, code in asked] + ([REJECTED] if criterion == Criterion.ACCURACY else [])
    return Rule(criterion, tuple(codes), tuple(dict.fromkeys(table for table, _ in asked)))
