"""What the quarantine page shows: the equation of the whole, held rows by check, the rows of one check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dwh.datapath.pipeline.checks import check_named
from dwh.datapath.sources.contract import load_contract
from dwh.governance.protection.quarantine import HeldLine, QuarantinePage
from dwh.governance.protection.releases import ReleaseInfo

SHOWN_FIELDS = 4  # of the raw row, beside its key; the rest opens with the row


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check with what it holds back now. Units: vnd in đồng."""

    code: str
    label: str
    source: str
    source_label: str
    rows: int
    vnd: Decimal
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One held row: its reasons, its unit, the money it holds back, and its masked fields."""

    held: HeldLine
    main: tuple[tuple[str, Any], ...]
    rest: tuple[tuple[str, Any], ...]


def of(page: QuarantinePage, release: ReleaseInfo) -> dict[str, Any]:
    """Return the context of the page."""
    checks = [_check(total, page) for total in page.checks]
    return {
        "page": page,
        "release": release,
        "checks": checks,
        "chosen": next((line for line in checks if line.chosen), None),
        "lines": [_line(held) for held in page.lines],
    }


def _check(total: Any, page: QuarantinePage) -> CheckLine:
    return CheckLine(
        code=total.check,
        label=check_named(total.check).message,
        source=total.source,
        source_label=load_contract(total.source).label,
        rows=total.rows,
        vnd=total.vnd,
        chosen=total.check == page.wanted.check,
    )


def _line(held: HeldLine) -> Line:
    filled = [(name, value) for name, value in _facts(held.fields).items() if value not in (None, "")]
    return Line(held, tuple(filled[:SHOWN_FIELDS]), tuple(filled[SHOWN_FIELDS:]))


_PLUMBING = frozenset({"id", "created_at", "updated_at", "updated_by", "is_deleted", "ma_cq_bhxh"})


def _facts(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in _PLUMBING}
