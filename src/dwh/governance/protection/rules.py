"""Classes of personal fields, and what stands in the place of a value one may not see. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from dwh.kernel.law import CV_BVDLCN, cites


class Clearance(StrEnum):
    """What a person may be cleared to see; most people are cleared for nothing."""

    IDENTITY = "identity"  # names, numbers and birth dates of identified persons (P1, P2)
    HEALTH = "health"  # diagnoses of identified persons (P3)


# Fields of source rows, as the contracts' classification says them, by the clearance that opens them.
_HEALTH = re.compile(r"benh|chan_doan|icd|hiv|tai_nan")
# A subject's rows come from these sources; the others are for those who hold every subject.
SOURCES_OF_SUBJECT = {
    "contributions": ("collection",),
    "participants": ("collection",),
    "claims": ("claims",),
    "unemployment": ("benefits",),
    "benefits": ("benefits",),
    "benefit_payments": ("benefits",),
    "households": ("registration",),
    "ledger": ("accounting",),
    "budget": ("accounting",),
    "efiling": ("efiling",),
    "staff": ("personnel",),
    "sign_ins": ("iam",),
    "cards": ("collection",),
}
HIDDEN = "•••"
_SHOWN_TAIL = 3


def clearance_for(classification: str, field: str) -> Clearance | None:
    """Return the clearance a field of that contract class needs; None when anybody in scope may see it."""
    if not classification:
        return None
    return Clearance.HEALTH if classification == "P3" or _HEALTH.search(field) else Clearance.IDENTITY


@cites(CV_BVDLCN.art("II.2"))
def mask(value: object, field: str, *, keep_tail: bool = False) -> object:
    """Return what a person without the clearance sees: nothing of it, or the last digits to tell rows apart.

    A missing value stays missing: that is often the very fault.
    """
    if value is None or value == "":
        return value
    text = str(value)
    if re.search(r"ngay_sinh|nam_sinh", field):
        return HIDDEN
    return HIDDEN + (text[-_SHOWN_TAIL:] if keep_tail and len(text) > 2 * _SHOWN_TAIL else "")


def mask_row(
    row: Mapping[str, Any],
    classes: Mapping[str, str],
    clearance: frozenset[str],
    checked: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Return `row` with every personal field masked that `clearance` does not open.

    `classes` gives the contract class of each field; a field it does not know is masked too (default deny).
    Fields in `checked` keep their last digits, so that people can find the row at its source.
    """
    masked = {}
    for field, value in row.items():
        needed = clearance_for(classes.get(field, "P2"), field)
        open_ = needed is None or needed in clearance
        masked[field] = value if open_ else mask(value, field, keep_tail=field in checked)
    return masked
