"""From a request to an answer: reads the Query document, asks the gate, puts a refused document on record."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.utils import timezone

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.query import Query
from dwh.governance import gate
from dwh.governance.access.http import SignedInRequest, actor_of, origin_of
from dwh.kernel.audit.services import record_denied
from dwh.kernel.errors import DwhError, Invalid
from dwh.kernel.law import QC_DWH, cites


@dataclass(frozen=True, slots=True)
class Timed:
    """An answer and how long the gate took for it. Units: seconds."""

    answer: Answer
    seconds: float


def ask(request: SignedInRequest, text: str, purpose: str, permission: str = "data:ask") -> Timed:
    """Return the answer to the document `text`, within what the person of the request may see.

    Raises:
        Invalid: not JSON, not a query, an impossible period; UnknownField; TooManyRows.
        Denied: nothing may be seen, or a unit outside the person's area is named.

    Source: QĐ-2366 Điều 4.2.4 (also the refused question leaves its record).
    """
    try:
        query = Query.from_text(text)
    except Invalid as refusal:
        note_refusal(request, refusal)
        raise
    return ask_query(request, query, purpose, permission)


@cites(QC_DWH.art("3.2b"))
def ask_query(request: SignedInRequest, query: Query, purpose: str, permission: str = "data:ask") -> Timed:
    """Return the gate's answer to `query`, and how long it took."""
    started, today = time.perf_counter(), timezone.localdate()
    answer = gate.ask(
        query,
        by=request.user,
        purpose=purpose,
        today=today,
        origin=origin_of(request),
        permission=permission,
    )
    return Timed(answer, time.perf_counter() - started)


def note_refusal(request: SignedInRequest, refusal: DwhError) -> None:
    """Put a question that never reached the gate on record: its code, and what the person was told."""
    record_denied(
        "query.refused",
        by=actor_of(request),
        about="analysis",
        code=refusal.code,
        message=refusal.message_vi,
    )
