"""Sharing a saved analysis: inside the unit at once, outside it after the head of the unit approved (B-08)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from dwh.delivery.analyses import rules
from dwh.delivery.analyses.models import AnalysisShare
from dwh.delivery.analyses.rules import SHORTEST_REASON, ShareState, Viewer
from dwh.delivery.analyses.services import Acting, own
from dwh.governance.access.rules import GROUP_LABELS
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound
from dwh.kernel.org.models import OrgUnit


@dataclass(frozen=True, slots=True)
class Receiver:
    """With whom: a unit with all below it, one user group of it or («») everybody, and why."""

    unit_code: str
    group: str = ""
    reason: str = ""


@transaction.atomic
def share_analysis(pk: int, to: Receiver, *, by: Acting) -> AnalysisShare:
    """Share an analysis; outside the person's own unit it waits for the head of the unit.

    Raises:
        NotFound: none of his. Invalid: no such unit or group, or no reason for a share outside.
        Conflict: it is shared so already.

    Source: QĐ-3582 II.4.4 (requirement B-08).
    """
    analysis = own(pk, by.who)
    unit = OrgUnit.objects.existing_on(timezone.localdate(by.now)).filter(pk=to.unit_code).first()
    if unit is None:
        raise Invalid("Chọn đơn vị nhận trong danh sách.", field="don_vi")
    if to.group and to.group not in {str(group) for group in GROUP_LABELS}:
        raise Invalid("Chọn nhóm người nhận trong danh sách.", field="nhom")
    outside = rules.needs_approval(by.who.unit, unit.code)
    reason = _said(to.reason)
    if outside and len(reason) < SHORTEST_REASON:
        raise Invalid(
            "Chia sẻ ra ngoài đơn vị phải có lý do (ít nhất 10 ký tự) để thủ trưởng đơn vị duyệt.",
            field="ly_do",
        )
    share = AnalysisShare(
        analysis=analysis, unit_code=unit.code, unit_name=unit.name, group=to.group, is_outside=outside,
        state=ShareState.WAITING if outside else ShareState.ACTIVE, reason=reason, asked_by=by.who.email,
        asked_at=by.now,
    )  # fmt: skip
    _insert(share)
    facts = {"name": analysis.name, "org": unit.code, "group": to.group, "reason": reason}
    if outside:
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
    share = _decided(pk, ShareState.ACTIVE, _said(note), by)
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
    said = _said(reason)
    if len(said) < SHORTEST_REASON:
        raise Invalid("Hãy ghi lý do không duyệt bằng một câu (ít nhất 10 ký tự).", field="y_kien")
    share = _decided(pk, ShareState.REFUSED, said, by)
    record(
        "analysis.share_refused", by=by.actor, about=f"saved:{share.analysis_id}", name=share.analysis.name,
        org=share.unit_code, group=share.group, reason=said,
    )  # fmt: skip
    return share


@transaction.atomic
def end_share(pk: int, *, by: Acting) -> AnalysisShare:
    """End a share, or withdraw one that waits; the receivers' next opening finds nothing.

    Raises:
        NotFound: none that he sees. Denied: neither his own nor of a unit he leads. Conflict: it has ended.

    Source: QĐ-3582 II.4.4.
    """
    share = _locked(pk, by.who)
    if not rules.may_end(share.analysis.owner_unit, share.asked_by, by.who):
        raise Denied("Chỉ người chia sẻ hoặc thủ trưởng đơn vị của người ấy ngừng được chia sẻ này.")
    if share.state not in rules.OPEN_STATES:
        raise Conflict("Chia sẻ này đã kết thúc. Tải lại trang để xem tình trạng mới.")
    share.state, share.ended_at = ShareState.ENDED, by.now
    share.save()
    record(
        "analysis.share_ended", by=by.actor, about=f"saved:{share.analysis_id}", name=share.analysis.name,
        org=share.unit_code, group=share.group,
    )  # fmt: skip
    return share


def _decided(pk: int, state: ShareState, note: str, by: Acting) -> AnalysisShare:
    share = _locked(pk, by.who)
    if not rules.may_decide(share.analysis.owner_unit, share.asked_by, by.who):
        raise Denied(
            "Việc này thuộc thủ trưởng đơn vị của người chia sẻ; không ai tự duyệt đề nghị của mình."
        )
    if share.state != ShareState.WAITING:
        raise Conflict("Đề nghị chia sẻ này không còn chờ duyệt. Tải lại trang để xem tình trạng mới.")
    share.state, share.note = state, note
    share.decided_by, share.decided_name, share.decided_at = by.actor.email, by.actor.name, by.now
    share.save()
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


def _said(text: str) -> str:
    said = text.replace("\x00", "").strip()
    if len(said) > rules.LONGEST_NOTE:
        raise Invalid("Lý do, ý kiến dài quá 2.000 ký tự. Rút gọn lại.", field="ly_do")
    return said
