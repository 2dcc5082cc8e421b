"""Who may decide about a planned load, and what a plan is called. Pure functions over plain values."""

from __future__ import annotations

import re
from enum import StrEnum

from dwh.kernel.law import QD_2366, cites

_PLAN = re.compile(r"[0-9A-ZĐ][0-9A-ZĐ._/-]{2,58}[0-9A-ZĐ]")


class LoadState(StrEnum):
    PREPARED = "prepared"
    LOADED = "loaded"
    DECLINED = "declined"


LOAD_LABELS = {
    LoadState.PREPARED: "Chờ duyệt",
    LoadState.LOADED: "Đã nạp",
    LoadState.DECLINED: "Không duyệt",
}


@cites(QD_2366.art("5.1"))
def is_plan(plan: str) -> bool:
    """Tell whether a text can be the number of a plan: 1234/KH-BHXH, KH-2026-11."""
    return bool(_PLAN.fullmatch(plan))


@cites(QD_2366.art("5.1"))
def may_decide(state: str, prepared_by: str, person: str) -> bool:
    """Tell whether a person may approve or decline: it waits, and somebody else prepared it (our rule, ADR 0006)."""
    return state == LoadState.PREPARED and prepared_by.casefold() != person.casefold()
