"""Stopping a question one asked: the wish is a record of the log, so that whichever process works on it sees it."""

from __future__ import annotations

from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from dwh.datapath.warehouse.engine import Stopped
from dwh.governance.access.models import Account
from dwh.kernel.actor import Origin
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.audit.services import record

STOP = "data.stop_asked"
RECENT = timedelta(minutes=5)  # longer than a question may wait and run; keeps the look short


def ask_stop(ticket: str, *, by: Account, origin: Origin) -> None:
    """Ask that the question `ticket` of `by` be stopped; it is on record. Another person's question is not touched.

    Source: QC-DWH Điều 7.3 (no harm to the system), QĐ-2366 Điều 4.2.4.
    """
    with transaction.atomic():
        record(STOP, by=by.as_actor(origin), about=f"question:{ticket}")


def stop_wish(by: Account, origin: Origin | None) -> Stopped | None:
    """Return what tells whether `by` asked to stop this question; None when it has no ticket."""
    if origin is None or not origin.ticket:
        return None
    mine = AuditRecord.objects.of_person(by.email).filter(
        action=STOP, object=f"question:{origin.ticket}", at__gte=timezone.now() - RECENT
    )

    def stopped() -> bool:
        try:
            return mine.all().exists()
        except DatabaseError:
            return False  # asked again in a moment; the clock stops the question in any case
        finally:
            connection.close()  # of the watching thread

    return stopped
