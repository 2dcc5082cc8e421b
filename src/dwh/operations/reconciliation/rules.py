"""When a reconciliation agrees, what may be signed, how a discrepancy goes. Pure functions over plain values."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from dwh.kernel.law import QC_DWH, cites

ROWS_TOLERANCE = 0  # ours: control totals of rows agree to the row; a setting of the table, not a habit


class TicketState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


TICKET_LABELS = {
    TicketState.OPEN: "Chờ trả lời",
    TicketState.ANSWERED: "Đã trả lời",
    TicketState.CLOSED: "Đã đóng",
}


@cites(QC_DWH.art("10.5"))
def agrees(unexplained_cells: int, unexplained_rows: Decimal, tolerance: int = ROWS_TOLERANCE) -> bool:
    """Tell whether a table agrees with its source: nothing unexplained, or no more rows than the tolerance.

    Without a tolerance every cell must agree: a row too many here never hides a row too few there.
    """
    return unexplained_cells == 0 if tolerance == 0 else abs(unexplained_rows) <= tolerance


@cites(QC_DWH.art("8.2"), QC_DWH.art("11.4"))
def may_answer(state: str) -> bool:
    """Tell whether the IT Centre may answer a discrepancy in this state."""
    return state == TicketState.OPEN


def may_close(state: str) -> bool:
    """Tell whether who opened a discrepancy may close it: only after an answer."""
    return state == TicketState.ANSWERED
