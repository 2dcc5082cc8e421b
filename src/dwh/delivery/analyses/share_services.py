"""Sharing a saved analysis: inside the unit at once, outside it after the head of the unit approved (B-08)."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from dwh.delivery.analyses.models import AnalysisShare
from dwh.delivery.analyses.services import own
from dwh.governance.sharing import rules
from dwh.governance.sharing.people import Acting
from dwh.governance.sharing.rules import ShareState, Viewer
from dwh.governance.sharing.share_services import Receiver, asked_share, decided, ended
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, NotFound


@transaction.atomic
def share_analysis(pk: int, to: Receiver, *, by: Acting) -> AnalysisShare:
    """Share an analysis; outside the person's own unit it waits for the head of the unit.

    Raises:
        NotFound: none of his. Invalid: no such unit or group, or no reason for a share outside.
        Conflict: it is shared so already.

    Source: QĐ-3582 II.4.4 (requirement B-08).
    """
    analysis = own(pk, by.who)
    share = asked_share(AnalysisShare(analysis=analysis), to, by=by)
    _insert(share)
    facts = {"name": analysis.name, "org": share.unit_code, "group": to.group, "reason": share.reason}
    if share.is_outside:
        record("analysis.share_asked", by=by.actor, about=f"saved:{pk}", **facts)
    else:
        record("analysis.shared", by=by.actor, about=f"saved:{pk}", **facts)
    return share


@transaction.atomic
def approve_share(pk: int, note: str = "", *, by: Acting) -> AnalysisShare:
    """Let a share outside the unit begin.

    Raises:
        NotFound: none that he sees. Denied: it is not his to decide. Conflict: it does not wait any more.

    Source: QĐ-3582 II.4.4; docs/adr/0006.
    """
    share = decided(_locked(pk, by.who), ShareState.ACTIVE, note, by=by)
    record(
        "analysis.share_approved", by=by.actor, about=f"saved:{share.analysis_id}", name=share.analysis.name,
        org=share.unit_code, group=share.group, note=share.note,
    )  # fmt: skip
    return share


@transaction.atomic
def refuse_share(pk: int, reason: str, *, by: Acting) -> AnalysisShare:
    """End a share outside the unit before it began.

    Raises:
        NotFound: none that he sees. Denied: it is not his to decide. Invalid: no reason.
        Conflict: it does not wait any more.

    Source: QĐ-3582 II.4.4; docs/adr/0006.
    """
    share = decided(_locked(pk, by.who), ShareState.REFUSED, reason, by=by)
    record(
        "analysis.share_refused", by=by.actor, about=f"saved:{share.analysis_id}", name=share.analysis.name,
        org=share.unit_code, group=share.group, reason=share.note,
    )  # fmt: skip
    return share


@transaction.atomic
def end_share(pk: int, *, by: Acting) -> AnalysisShare:
    """End a share, or withdraw one that waits; the receivers' next opening finds nothing.

    Raises:
        NotFound: none that he sees. Denied: neither his own nor of a unit he leads. Conflict: it has ended.

    Source: QĐ-3582 II.4.4.
    """
    share = ended(_locked(pk, by.who), by=by)
    record(
        "analysis.share_ended", by=by.actor, about=f"saved:{share.analysis_id}", name=share.analysis.name,
        org=share.unit_code, group=share.group,
    )  # fmt: skip
    return share


def _locked(pk: int, who: Viewer) -> AnalysisShare:
    found = AnalysisShare.objects.select_for_update(of=("self",)).select_related("analysis").filter(pk=pk)
    share = found.first()
    if share is None or not rules.sees_share(share.analysis.owner_unit, share.asked_by, who):
        raise NotFound("Không có chia sẻ này. Mở danh sách chia sẻ phân tích.", share=pk)
    return share


def _insert(share: AnalysisShare) -> None:
    try:
        with transaction.atomic():
            share.save()
    except IntegrityError as twice:
        raise Conflict(
            f"Phân tích này đã chia sẻ, hoặc đang chờ duyệt, với {share.unit_name}.", field="don_vi"
        ) from twice
