"""Every act on removals: one verb, one transaction, one entry in the log."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from dwh.datapath.expiry.release import Removed
from dwh.datapath.expiry.release import remove_release as remove_files
from dwh.datapath.retention.removal import Kept
from dwh.datapath.settings import DataPathSettings
from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record, record_denied
from dwh.kernel.errors import Conflict, NotFound
from dwh.operations.retention import rules
from dwh.operations.retention.models import RemovalDecision
from dwh.operations.retention.rules import Paper


@transaction.atomic
def record_decision(paper: Paper, *, by: Actor, today: date, now: datetime) -> RemovalDecision:
    """Put an authority's decision to remove one release on record; nothing is removed by it yet.

    Raises:
        Invalid: the decision is not whole. Conflict: another one for the release waits.

    Source: QĐ-2366 Điều 4.2.3.
    """
    words = rules.read_paper(paper, today)
    if RemovalDecision.objects.waiting().filter(release_id=words.release_id).exists():
        raise Conflict("Bản này đã có quyết định chưa thực hiện. Rút quyết định đó trước.")
    decision = RemovalDecision.objects.create(
        release_id=words.release_id, decided_by=words.decided_by, document_no=words.document_no,
        decided_on=words.decided_on, reason=words.reason, recorded_by=by.email, recorded_at=now,
    )  # fmt: skip
    record(
        "retention.decided", by=by, about=f"release:{words.release_id}", decision=decision.pk,
        decided_by=words.decided_by, document_no=words.document_no, decided_on=words.decided_on, reason=words.reason,
    )  # fmt: skip
    return decision


@transaction.atomic
def withdraw_decision(pk: int, *, by: Actor, now: datetime) -> RemovalDecision:
    """Take back a decision nobody acted upon.

    Raises:
        NotFound: no such decision. Conflict: it was carried out or taken back.

    Source: QĐ-2366 Điều 4.2.3.
    """
    decision = RemovalDecision.objects.select_for_update().filter(pk=pk).first()
    if decision is None:
        raise NotFound("Không có quyết định này. Chọn một quyết định trong danh sách.", decision=pk)
    if decision.used_at or decision.withdrawn_at:
        raise Conflict("Quyết định này đã thực hiện hoặc đã rút.")
    decision.withdrawn_by, decision.withdrawn_at = by.email, now
    decision.save(update_fields=["withdrawn_by", "withdrawn_at"])
    record("retention.withdrawn", by=by, about=f"release:{decision.release_id}", decision=pk)
    return decision


def remove_release(release_id: str, *, settings: DataPathSettings, by: Actor, now: datetime) -> Removed:
    """Remove a published release under the decision that waits for it; without one, the refusal is on record.

    Raises:
        Kept: no approved decision names it. NotFound: no such release. Conflict: it is in use.

    Source: QĐ-2366 Điều 4.2.3.
    """
    try:
        return _remove(release_id, settings, by, now)
    except Kept as refusal:
        record_denied("retention.kept", by=by, about=f"release:{release_id}", message=refusal.message_vi)
        raise


@transaction.atomic
def _remove(release_id: str, settings: DataPathSettings, by: Actor, now: datetime) -> Removed:
    waiting = RemovalDecision.objects.waiting().select_for_update()
    decision = waiting.filter(release_id=release_id).first()
    done = remove_files(release_id, decision.as_permit() if decision else None, settings=settings)
    if decision is not None:  # or the files' own guard had refused
        decision.used_by, decision.used_at = by.email, now
        decision.save(update_fields=["used_by", "used_at"])
        record(
            "release.removed", by=by, about=f"release:{release_id}", decision=decision.pk,
            document_no=decision.document_no, decided_by=decision.decided_by, reason=decision.reason,
            parts=done.parts, bytes=done.bytes,
        )  # fmt: skip
    return done
