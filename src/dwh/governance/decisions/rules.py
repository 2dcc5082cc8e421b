"""What may be decided about a failed row, when a second person is needed, and until when it can be taken back.

Pure functions over plain values: no database, no request, no clock of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from itertools import takewhile

from dwh.kernel.law import QC_DWH, cites
from dwh.kernel.org.scope import NATION

APPROVAL_FROM_VND = Decimal(
    50_000_000
)  # ours: what one person may let into the figures in a day, without another
REASON_CHARS = 10  # ours: shorter is no reason
MOST_ROWS = 200_000  # ours: one decision; more is a fault of the source, to be mended there
OVERDUE_DAYS = 5  # ours: working days after which a held row stands out


class Verdict(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    FIX = "fix"


class State(StrEnum):
    PROPOSED = "proposed"  # waits for another person's approval
    OPEN = "open"  # the next build reads it
    HANDED = "handed"  # lies in a file builds read
    UNDONE = "undone"
    REFUSED = "refused"


VERDICT_LABELS = {
    Verdict.ACCEPT: "Nhận vào số liệu",
    Verdict.REJECT: "Loại",
    Verdict.FIX: "Đề nghị sửa ở nguồn",
}
STATE_LABELS = {
    State.PROPOSED: "Chờ người duyệt",
    State.OPEN: "Chờ lượt tổng hợp",
    State.HANDED: "Lượt tổng hợp đã đọc",
    State.UNDONE: "Đã hoàn tác",
    State.REFUSED: "Không được duyệt",
}
LIVE = frozenset({State.PROPOSED, State.OPEN, State.HANDED})
DECIDABLE = (
    "waiting",
    "fix",
    "locked",
    "accepted",
    "rejected",
)  # states of a row in which one may decide about it


def needs_approver(verdict: str, amount_vnd: Decimal, alone_today: Decimal = Decimal(0)) -> bool:
    """Tell whether another person must approve: what one person accepts alone in a day stays under the limit.

    `alone_today` is what the same person has accepted alone today, so that splitting changes nothing.
    """
    return verdict == Verdict.ACCEPT and amount_vnd + alone_today > APPROVAL_FROM_VND


@cites(QC_DWH.art("12.5"), QC_DWH.art("7.5"))
def may_approve(state: str, decided_by: int, approver: int) -> bool:
    """Tell whether `approver` may approve or refuse: never the one who decided (docs/adr/0015)."""
    return state == State.PROPOSED and decided_by != approver


@cites(QC_DWH.art("12.5"))
def may_undo(state: str) -> bool:
    """Tell whether a decision can still be taken back: until a build has read it."""
    return state in {State.PROPOSED, State.OPEN}


def is_reason(text: str) -> bool:
    """Tell whether the text says why."""
    return len(text.strip()) >= REASON_CHARS


def common_unit(codes: Iterable[str | None]) -> str:
    """Return the smallest unit all `codes` lie in; the nation when there is none, or one is not known."""
    paths = [(code or NATION).split(".") for code in set(codes)]
    levels = zip(*paths, strict=False)  # ends with the highest unit
    shared = [level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels)]
    return ".".join(shared) or NATION
