"""Every act on reorganisations: one verb, one transaction, one entry in the log."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.org_events import EventLine, put_events
from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound
from dwh.kernel.law import QC_DWH, cites
from dwh.kernel.org.models import OrgUnit
from dwh.kernel.org.services import Unit
from dwh.operations.organisation import rules
from dwh.operations.organisation.models import OrgEvent
from dwh.operations.organisation.rules import State, Tree, Wish


@cites(QC_DWH.art("12.5"))
@transaction.atomic
def enter_event(wish: Wish, *, by: Actor, now: datetime) -> OrgEvent:
    """Write down a reorganisation; another person approves it.

    Raises:
        Invalid: it is not whole, a unit does not stand on its day, a code is taken.

    Source: QC-DWH Điều 12.5; organisation.md 4.
    """
    tree = tree_on(wish.effective_on)
    rules.lines_of(wish, tree, "")
    event = OrgEvent.objects.create(
        kind=wish.kind, effective_on=wish.effective_on, basis=wish.basis.strip()[:200], reason=wish.reason.strip(),
        entered_by=by.email, entered_at=now,
    )  # fmt: skip
    event.lines = [_as_json(line) for line in rules.lines_of(wish, tree, str(event.pk))]
    event.save(update_fields=["lines"])
    record(
        "organisation.entered", by=by, about=f"org_event:{event.pk}", kind=event.kind, basis=event.basis,
        effective_on=event.effective_on.isoformat(), lines=event.lines, reason=event.reason,
    )  # fmt: skip
    return event


@cites(QC_DWH.art("12.5"))
@transaction.atomic
def approve_event(pk: int, *, settings: DataPathSettings, by: Actor, now: datetime) -> OrgEvent:
    """Let an event hold from its day on; the next build applies it.

    Raises:
        NotFound: no such event. Denied: by the one who entered it. Conflict: it does not wait for approval, or what it
        stands on has changed since.

    Source: QC-DWH Điều 12.5. Two persons: our rule, docs/adr/0006, 0017.
    """
    event = _locked(pk)
    _must_be(event, State.ENTERED)
    if event.entered_by == by.email:
        raise Denied(
            "Người nhập không tự duyệt thay đổi tổ chức của mình. Đề nghị một quản trị viên khác duyệt."
        )
    _must_still_stand(event)
    event.state, event.closed_by, event.closed_at = State.APPROVED, by.email, now
    event.save(update_fields=["state", "closed_by", "closed_at"])
    record(
        "organisation.approved",
        by=by,
        about=f"org_event:{pk}",
        basis=event.basis,
        entered_by=event.entered_by,
    )
    transaction.on_commit(lambda: _hand_over(settings))
    return event


@transaction.atomic
def withdraw_event(pk: int, *, by: Actor, now: datetime) -> OrgEvent:
    """Take back an event that waits for approval.

    Raises:
        NotFound: no such event. Conflict: it does not wait.

    Source: QC-DWH Điều 12.5.
    """
    event = _locked(pk)
    _must_be(event, State.ENTERED)
    event.state, event.closed_by, event.closed_at = State.WITHDRAWN, by.email, now
    event.save(update_fields=["state", "closed_by", "closed_at"])
    record("organisation.withdrawn", by=by, about=f"org_event:{pk}", basis=event.basis)
    return event


@transaction.atomic
def undo_event(pk: int, *, reason: str, settings: DataPathSettings, by: Actor, now: datetime) -> OrgEvent:
    """Take an approved event back: the next build makes the organisation as if it had never been.

    Raises:
        NotFound: no such event. Invalid: no reason. Conflict: it is not approved, or a later one stands on it.

    Source: QC-DWH Điều 12.5; docs/adr/0017.
    """
    event = _locked(pk)
    _must_be(event, State.APPROVED)
    if len(reason.strip()) < rules.SHORTEST_REASON:
        raise Invalid("Hãy ghi lý do hoàn tác bằng một câu (ít nhất 10 ký tự).")
    if later := _standing_on(event):
        raise Conflict(
            f"Thay đổi số {later.pk} ({later.basis}) dựa trên đơn vị của thay đổi này."
            f" Hoàn tác thay đổi {later.pk} trước.",
            event=later.pk,
        )
    event.state, event.undone_by, event.undone_at = State.UNDONE, by.email, now
    event.undone_reason = reason.strip()
    event.save(update_fields=["state", "undone_by", "undone_at", "undone_reason"])
    record(
        "organisation.undone", by=by, about=f"org_event:{pk}", basis=event.basis, reason=event.undone_reason
    )
    transaction.on_commit(lambda: _hand_over(settings))
    return event


def hand_over(settings: DataPathSettings) -> None:
    """Make the builder's file hold the approved events: before a run, should a backup have brought an older one.

    Without any event there never was a file, and none is made.

    Source: docs/adr/0017.
    """
    if OrgEvent.objects.filter(state__in=(State.APPROVED, State.UNDONE)).exists():
        _hand_over(settings)


def tree_on(day: date, *, without: int = 0) -> Tree:
    """Return the units as they stand on `day` once every approved event is applied, but for the one `without`."""
    known = {
        u.code: Unit(
            u.code, u.name, u.tier, u.valid_from, u.valid_until, u.current_code, office_code=u.office_code
        )
        for u in OrgUnit.objects.all()
    }  # fmt: skip
    approved = (
        OrgEvent.objects.filter(state=State.APPROVED).exclude(pk=without).order_by("effective_on", "pk")
    )
    units = rules.with_events(known, (line for event in approved for line in lines_in(event)))
    return Tree(units, day, frozenset(unit.office_code for unit in units.values() if unit.office_code))


def lines_in(event: OrgEvent) -> list[EventLine]:
    """Return the lines of an event as values."""
    return [
        EventLine(**{**line, "effective_on": date.fromisoformat(line["effective_on"])})
        for line in event.lines
    ]


def _as_json(line: EventLine) -> dict[str, Any]:
    return {**asdict(line), "effective_on": line.effective_on.isoformat()}


def _hand_over(settings: DataPathSettings) -> None:
    approved = OrgEvent.objects.filter(state=State.APPROVED).order_by("effective_on", "pk")
    put_events(settings, [line for event in approved for line in lines_in(event)])


def _locked(pk: int) -> OrgEvent:
    event = OrgEvent.objects.select_for_update().filter(pk=pk).first()
    if event is None:
        raise NotFound("Không có thay đổi tổ chức này. Chọn một thay đổi trong danh sách.", event=pk)
    return event


def _must_be(event: OrgEvent, state: State) -> None:
    if event.state != state:
        raise Conflict(
            f"Thay đổi này không còn {rules.STATE_LABELS[state]} mà {rules.STATE_LABELS[State(event.state)]}."
            " Tải lại trang để xem."
        )


def _must_still_stand(event: OrgEvent) -> None:
    """Refuse an event whose units were ended, or whose codes were taken, since it was entered."""
    tree = tree_on(event.effective_on, without=event.pk)
    for line in lines_in(event):
        gone = bool(line.from_code) and not tree.stands(line.from_code)
        taken = line.kind != "rename" and bool(line.to_name) and line.to_code in tree.units
        if gone or taken:
            code = line.from_code if gone else line.to_code
            raise Conflict(
                f"Từ khi nhập, đơn vị {code} đã thay đổi bởi một thay đổi tổ chức khác."
                " Rút thay đổi này và nhập lại.",
                org=code,
            )


def _standing_on(event: OrgEvent) -> OrgEvent | None:
    """Return an approved event that ends, renames or puts something under a unit this one made."""
    made = {line.to_code for line in lines_in(event) if line.to_name and line.kind != "rename"}
    others = OrgEvent.objects.filter(state=State.APPROVED).exclude(pk=event.pk).order_by("pk")
    return next((other for other in others if _names_one_of(other, made)), None)


def _names_one_of(event: OrgEvent, codes: set[str]) -> bool:
    return any(codes & {line.from_code, line.to_code, line.to_parent} for line in lines_in(event))
