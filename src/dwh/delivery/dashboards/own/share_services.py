"""Sharing a board: inside the unit at once, outside it after the head of the unit approved (B-08)."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from dwh.delivery.dashboards.own.budget import Cost, must_fit
from dwh.delivery.dashboards.own.models import BoardShare
from dwh.delivery.dashboards.own.services import none, own, seen
from dwh.governance.sharing import rules
from dwh.governance.sharing.people import Acting
from dwh.governance.sharing.rules import ShareState, Viewer
from dwh.governance.sharing.share_services import Receiver, asked_share, decided, ended
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, NotFound


def share_board(pk: int, to: Receiver, *, by: Acting, cost: Cost) -> BoardShare:
    """Share a board that fits its budget; outside the person's own unit it waits for the head of the unit.

    The estimate comes first and outside the transaction: its questions are on record whatever comes after.

    Raises:
        NotFound: none of his. Invalid: no such unit or group, or no reason for a share outside.
        Conflict: it is over the budget, empty, or shared so already.

    Source: QĐ-3582 II.4.4 (requirement B-08); QC-DWH Điều 7.3.
    """
    board = seen(pk, by.who)
    if board.owner_id != by.who.account:
        raise none(pk)
    if not board.tiles:
        raise Conflict("Bảng chưa có ô nào nên chưa chia sẻ được. Thêm ô trước.", field="don_vi")
    must_fit(board.placed, cost)
    with transaction.atomic():
        share = asked_share(BoardShare(board=own(pk, by.who)), to, by=by)
        _insert(share)
        facts = {"title": board.title, "org": share.unit_code, "group": to.group, "reason": share.reason}
        if share.is_outside:
            record("board.share_asked", by=by.actor, about=f"board:{pk}", **facts)
        else:
            record("board.shared", by=by.actor, about=f"board:{pk}", **facts)
    return share


@transaction.atomic
def approve_share(pk: int, note: str = "", *, by: Acting) -> BoardShare:
    """Let a share outside the unit begin.

    Raises:
        NotFound: none that he sees. Denied: it is not his to decide. Conflict: it does not wait any more.

    Source: QĐ-3582 II.4.4; docs/adr/0006.
    """
    share = decided(_locked(pk, by.who), ShareState.ACTIVE, note, by=by)
    record(
        "board.share_approved", by=by.actor, about=f"board:{share.board_id}", title=share.board.title,
        org=share.unit_code, group=share.group, note=share.note,
    )  # fmt: skip
    return share


@transaction.atomic
def refuse_share(pk: int, reason: str, *, by: Acting) -> BoardShare:
    """End a share outside the unit before it began.

    Raises:
        NotFound: none that he sees. Denied: it is not his to decide. Invalid: no reason.
        Conflict: it does not wait any more.

    Source: QĐ-3582 II.4.4; docs/adr/0006.
    """
    share = decided(_locked(pk, by.who), ShareState.REFUSED, reason, by=by)
    record(
        "board.share_refused", by=by.actor, about=f"board:{share.board_id}", title=share.board.title,
        org=share.unit_code, group=share.group, reason=share.note,
    )  # fmt: skip
    return share


@transaction.atomic
def end_share(pk: int, *, by: Acting) -> BoardShare:
    """End a share, or withdraw one that waits; the receivers' next opening finds nothing.

    Raises:
        NotFound: none that he sees. Denied: neither his own nor of a unit he leads. Conflict: it has ended.

    Source: QĐ-3582 II.4.4.
    """
    share = ended(_locked(pk, by.who), by=by)
    record(
        "board.share_ended", by=by.actor, about=f"board:{share.board_id}", title=share.board.title,
        org=share.unit_code, group=share.group,
    )  # fmt: skip
    return share


def _locked(pk: int, who: Viewer) -> BoardShare:
    found = BoardShare.objects.select_for_update(of=("self",)).select_related("board").filter(pk=pk)
    share = found.first()
    if share is None or not rules.sees_share(share.owner_unit, share.asked_by, who):
        raise NotFound("Không có chia sẻ này. Mở danh sách chia sẻ bảng.", share=pk)
    return share


def _insert(share: BoardShare) -> None:
    try:
        with transaction.atomic():
            share.save()
    except IntegrityError as twice:
        raise Conflict(
            f"Bảng này đã chia sẻ, hoặc đang chờ duyệt, với {share.unit_name}.", field="don_vi"
        ) from twice
