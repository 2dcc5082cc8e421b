"""Alerts to the owners of sources: opened once per cause, acknowledged by a person, closed when the cause is gone."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from dwh.governance.access.models import Account
from dwh.governance.access.services import permissions_of
from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, NotFound
from dwh.operations.runs.alerts import Alert, alerts
from dwh.operations.runs.models import SyncAlert, SyncAlertQuerySet

ACKNOWLEDGE = "alert:acknowledge"


def look(*, by: Actor, now: datetime) -> None:
    """Open an alert for every cause that has none, and close those whose cause is gone.

    Source: QC-DWH Điều 12.2 (a failed or late synchronisation is known to who answers for it).
    """
    present = {alert.key: alert for alert in alerts(now=now)}
    standing = {(row.source, row.cause): row for row in SyncAlert.objects.standing()}
    for key, row in standing.items():
        if key not in present:
            _close(row, by=by, now=now)
    for key, alert in present.items():
        if alert.opens and key not in standing:
            _open(alert, by=by, now=now)


@transaction.atomic
def acknowledge(pk: int, note: str, *, by: Actor, seen: SyncAlertQuerySet, now: datetime) -> SyncAlert:
    """Put on record that a person knows of an alert he may see; it stays open until its cause is gone.

    Raises:
        NotFound: no such alert for him, or it is closed. Conflict: somebody knew before.

    Source: QC-DWH Điều 12.2.
    """
    row = SyncAlert.objects.select_for_update().filter(pk__in=seen.values("pk")).filter(pk=pk).first()
    if row is None:
        raise NotFound("Không có cảnh báo này, hoặc nguyên nhân đã hết. Tải lại trang.", alert=pk)
    if row.acknowledged_at is not None:
        raise Conflict(f"{row.acknowledged_name} đã ghi là đã biết cảnh báo này.")
    row.acknowledged_at, row.acknowledged_by, row.acknowledged_name = now, by.email, by.name
    row.note = note.strip()[:400]
    row.save()
    record(
        "alert.acknowledged", by=by, about=f"alert:{pk}", source=row.source, cause=row.cause, note=row.note
    )
    return row


def alerts_for(account: Account, today: date) -> SyncAlertQuerySet:
    """Return the standing alerts a person answers for: those of his unit, all for who runs the synchronisation.

    Source: QC-DWH Điều 12.2, 12.5.
    """
    may, standing = permissions_of(account, today), SyncAlert.objects.standing()
    if "sync:run" in may:
        return standing
    return standing.owned_by(account.unit_code) if ACKNOWLEDGE in may else standing.none()


def _open(alert: Alert, *, by: Actor, now: datetime) -> None:
    unit, name = alert.owner
    try:
        with transaction.atomic():
            row = SyncAlert.objects.create(
                source=alert.source, cause=alert.cause, label=alert.label[:120], what=alert.what,
                owner_unit=unit, owner_name=name[:200], run_id=alert.run, opened_at=now,
            )  # fmt: skip
            record(
                "alert.opened", by=by, about=f"alert:{row.pk}", source=row.source, cause=row.cause,
                owner=unit, what=row.what,
            )  # fmt: skip
    except IntegrityError:
        return  # another process of ours saw the same at the same moment


@transaction.atomic
def _close(row: SyncAlert, *, by: Actor, now: datetime) -> None:
    if SyncAlert.objects.standing().filter(pk=row.pk).update(closed_at=now):
        record("alert.closed", by=by, about=f"alert:{row.pk}", source=row.source, cause=row.cause)
