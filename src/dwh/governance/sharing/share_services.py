"""The life of one share, whatever is shared: asked for, decided by the head of the owner's unit, ended.

The room that keeps the thing stores the share and records the act; here is what both rooms decide alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.utils import timezone

from dwh.governance.access.rules import GROUP_LABELS
from dwh.governance.sharing import rules
from dwh.governance.sharing.models import Share
from dwh.governance.sharing.people import Acting
from dwh.governance.sharing.rules import SHORTEST_REASON, ShareState
from dwh.kernel.errors import Conflict, Denied, Invalid
from dwh.kernel.org.models import OrgUnit

S = TypeVar("S", bound=Share)


@dataclass(frozen=True, slots=True)
class Receiver:
    """With whom: a unit with all below it, one user group of it or («») everybody, and why."""

    unit_code: str
    group: str = ""
    reason: str = ""


def asked_share(share: S, to: Receiver, *, by: Acting) -> S:
    """Return `share` filled in, not stored: in force inside the person's own unit, else waiting for its head.

    Raises:
        Invalid: no such unit or group, or no reason for a share outside.

    Source: QĐ-3582 II.4.4 (requirement B-08).
    """
    unit = OrgUnit.objects.existing_on(timezone.localdate(by.now)).filter(pk=to.unit_code).first()
    if unit is None:
        raise Invalid("Chọn đơn vị nhận trong danh sách.", field="don_vi")
    if to.group and to.group not in {str(group) for group in GROUP_LABELS}:
        raise Invalid("Chọn nhóm người nhận trong danh sách.", field="nhom")
    outside, reason = rules.needs_approval(by.who.unit, unit.code), _said(to.reason)
    if outside and len(reason) < SHORTEST_REASON:
        raise Invalid(
            "Chia sẻ ra ngoài đơn vị phải có lý do (ít nhất 10 ký tự) để thủ trưởng đơn vị duyệt.",
            field="ly_do",
        )
    share.unit_code, share.unit_name, share.group = unit.code, unit.name, to.group
    share.is_outside, share.state = outside, ShareState.WAITING if outside else ShareState.ACTIVE
    share.reason, share.asked_by, share.asked_at = reason, by.who.email, by.now
    return share


def decided(share: S, state: ShareState, note: str, *, by: Acting) -> S:
    """Return a waiting share, locked by the caller, decided and stored: in force, or refused with a reason.

    Raises:
        Denied: it is not his to decide. Conflict: it does not wait any more. Invalid: refused without a reason.

    Source: QĐ-3582 II.4.4; docs/adr/0006.
    """
    said = _said(note)
    if state == ShareState.REFUSED and len(said) < SHORTEST_REASON:
        raise Invalid("Hãy ghi lý do không duyệt bằng một câu (ít nhất 10 ký tự).", field="y_kien")
    if not rules.may_decide(share.owner_unit, share.asked_by, by.who):
        raise Denied(
            "Việc này thuộc thủ trưởng đơn vị của người chia sẻ; không ai tự duyệt đề nghị của mình."
        )
    if share.state != ShareState.WAITING:
        raise Conflict("Đề nghị chia sẻ này không còn chờ duyệt. Tải lại trang để xem tình trạng mới.")
    share.state, share.note = state, said
    share.decided_by, share.decided_name, share.decided_at = by.actor.email, by.actor.name, by.now
    share.save()
    return share


def ended(share: S, *, by: Acting) -> S:
    """Return a share, locked by the caller, ended and stored.

    Raises:
        Denied: neither his own nor of a unit he leads. Conflict: it has ended.

    Source: QĐ-3582 II.4.4.
    """
    if not rules.may_end(share.owner_unit, share.asked_by, by.who):
        raise Denied("Chỉ người chia sẻ hoặc thủ trưởng đơn vị của người ấy ngừng được chia sẻ này.")
    if share.state not in rules.OPEN_STATES:
        raise Conflict("Chia sẻ này đã kết thúc. Tải lại trang để xem tình trạng mới.")
    share.state, share.ended_at = ShareState.ENDED, by.now
    share.save()
    return share


def _said(text: str) -> str:
    said = text.replace("\x00", "").strip()
    if len(said) > rules.LONGEST_NOTE:
        raise Invalid("Lý do, ý kiến dài quá 2.000 ký tự. Rút gọn lại.", field="ly_do")
    return said
