"""Every act on decisions about failed rows: one verb, one transaction, one entry in the log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import TypeVar

import pyarrow as pa
from django.db import IntegrityError, transaction

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.decisions import SCHEMA, land_decisions, landed_decisions, set_damaged_aside
from dwh.governance.access.http import denied_for
from dwh.governance.access.models import Account
from dwh.governance.access.services import permissions_of
from dwh.governance.decisions import rules
from dwh.governance.decisions.models import DecidedRow, Decision
from dwh.governance.decisions.orders import Order, Preview, must_be_as_seen, preview
from dwh.governance.decisions.rules import State
from dwh.governance.protection.quarantine import area_of
from dwh.kernel.actor import Actor, Origin
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound
from dwh.kernel.law import QC_DWH, cites

T = TypeVar("T")
AT_ONCE = 2_000  # rows of one insert
LINES_AT_ONCE = 50_000  # of one piece of a file


@cites(QC_DWH.art("12.5"))
@transaction.atomic
def decide(
    order: Order, *, by: Account, now: datetime, today: date, origin: Origin | None = None
) -> Decision:
    """Write down a verdict about the rows a person saw; large acceptances wait for another person's approval.

    Raises:
        Denied: no right to decide there. NotFound: a row is not in the area.
        Invalid: no reason, or the rows cannot be accepted at all.
        Conflict: the rows or the release changed since they were seen, or another decision about one of them waits.

    Source: QC-DWH Điều 12.5. Two persons for large amounts: our rule, docs/adr/0015.
    """
    _must_decide(by, today)
    found = preview(order, by=by, today=today)
    must_be_as_seen(order, found)
    if found.refused:
        raise Invalid(found.refused)
    made = _store(order, found, by, now, today)
    record(
        "quarantine.decided", by=by.as_actor(origin), about=made, verdict=made.verdict, reason=made.reason,
        rows=made.rows, vnd=made.vnd, check=made.check_code, state=made.state, asked=made.asked,
        release=made.release_id, rows_sha256=_digest(found),
    )  # fmt: skip
    return made


@transaction.atomic
def approve(
    decision_id: int, *, by: Account, now: datetime, today: date, origin: Origin | None = None
) -> Decision:
    """Approve an acceptance that waits for another person; the next build takes the rows in.

    Raises:
        NotFound: no such decision in the area. Denied: by the one who decided.
        Conflict: it does not wait for approval.

    Source: QC-DWH Điều 12.5; docs/adr/0015.
    """
    made = _locked(decision_id, by, today)
    _must_be_another(made, by)
    made.state, made.approved_by, made.approved_at = State.OPEN, by, now
    made.save(update_fields=["state", "approved_by", "approved_at"])
    record(
        "quarantine.approved", by=by.as_actor(origin), about=made, decided_by=made.decided_by.email,
        rows=made.rows, vnd=made.vnd,
    )  # fmt: skip
    return made


@transaction.atomic
def refuse(
    decision_id: int, *, reason: str, by: Account, now: datetime, today: date, origin: Origin | None = None
) -> Decision:
    """Refuse an acceptance that waits for approval; its rows wait for a decision again.

    Raises:
        NotFound: no such decision in the area. Denied: by the one who decided. Invalid: no reason.
        Conflict: it does not wait for approval.

    Source: QC-DWH Điều 12.5; docs/adr/0015.
    """
    made = _locked(decision_id, by, today)
    _must_be_another(made, by)
    _close(made, State.REFUSED, reason, by, now)
    record(
        "quarantine.refused", by=by.as_actor(origin), about=made, reason=made.closed_reason, rows=made.rows
    )
    return made


@transaction.atomic
def undo(
    decision_id: int, *, reason: str, by: Account, now: datetime, today: date, origin: Origin | None = None
) -> Decision:
    """Take a decision back while no build has read it; its rows are again as they were.

    Raises:
        NotFound: no such decision in the area. Invalid: no reason.
        Conflict: a build has read it, or it is closed already.

    Source: QC-DWH Điều 12.5.
    """
    made = _locked(decision_id, by, today)
    if not rules.may_undo(made.state):
        raise Conflict(
            f"Quyết định này {made.get_state_display().lower()}, không hoàn tác được. "
            "Mở dòng và quyết định lại: quyết định sau thay quyết định trước.",
            state=made.state,
        )
    _close(made, State.UNDONE, reason, by, now)
    record("quarantine.undone", by=by.as_actor(origin), about=made, reason=made.closed_reason, rows=made.rows)
    return made


def hand_over(settings: DataPathSettings, *, by: Actor, now: datetime) -> int:
    """Give the builds every decision that holds, as files; return how many decisions were handed over now.

    Called before a build. Killed in between, the next call writes what is missing; a damaged file is written again.

    Source: QC-DWH Điều 12.5.
    """
    set_damaged_aside(settings)
    with transaction.atomic():
        ready = list(Decision.objects.select_for_update().filter(state=State.OPEN).order_by("pk"))
        if ready:
            keys = [made.pk for made in ready]
            Decision.objects.filter(pk__in=keys).update(state=State.HANDED, handed_at=now)
            DecidedRow.objects.filter(decision_id__in=keys).update(is_open=False)
            record(
                "quarantine.handed_over", by=by, about="decisions", decisions=keys,
                rows=sum(made.rows for made in ready),
            )  # fmt: skip
    landed, greatest = landed_decisions(settings)
    owed = [
        made
        for made in Decision.objects.filter(state=State.HANDED).order_by("pk")
        if made.reference.hex not in landed
    ]
    if owed:
        land_decisions(settings, _chunks(owed, greatest), now=now)
    return len(ready)


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of at most `size`."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def _must_decide(by: Account, today: date) -> None:
    if "quarantine:decide" not in permissions_of(by, today):
        raise denied_for("quarantine:decide")


def _store(order: Order, found: Preview, by: Account, now: datetime, today: date) -> Decision:
    sources = {key.source for key in found.keys}
    try:
        with transaction.atomic():
            made = Decision.objects.create(
                verdict=order.verdict, state=State.PROPOSED if found.needs_approver else State.OPEN,
                check_code=order.choice.check or "", source=sources.pop() if len(sources) == 1 else "",
                org_code=found.org_code, reason=order.reason.strip(), rows=found.rows, vnd=found.vnd,
                weight=found.weight, asked=order.choice.asked(), release_id=found.release,
                decided_by=by, decided_on=today, decided_at=now,
            )  # fmt: skip
            for some in _batches(found.lines, AT_ONCE):
                DecidedRow.objects.bulk_create(
                    DecidedRow(
                        decision=made, source_table=key.source_table, source_id=key.source_id,
                        version=key.version, check_code=code, month=key.month,
                    )
                    for key, code in some
                )  # fmt: skip
    except IntegrityError as twice:
        raise Conflict(
            "Một người khác vừa quyết định về một trong các dòng này. Tải lại danh sách rồi xem lại.",
        ) from twice
    return made


def _digest(found: Preview) -> str:
    """Return what proves which rows a decision was about."""
    lines = "\n".join(f"{key.source_table} {key.source_id} {key.version} {code}" for key, code in found.lines)
    return hashlib.sha256(lines.encode()).hexdigest()


def _locked(decision_id: int, by: Account, today: date) -> Decision:
    """Return the decision, locked, when `by` may decide over all its rows; another area's is not there."""
    _must_decide(by, today)
    made = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("decided_by")
        .filter(pk=decision_id)
        .first()
    )
    if made is not None:
        _, scope = area_of(by, today, made.source or None, "quarantine:decide")
        if scope.covers(made.org_code):
            return made
    raise NotFound("Không có quyết định này trong địa bàn của ông/bà. Quay lại danh sách quyết định.")


def _must_be_another(made: Decision, by: Account) -> None:
    if made.state != State.PROPOSED:
        raise Conflict(
            f"Quyết định này không chờ duyệt: {made.get_state_display().lower()}.", state=made.state
        )
    if not rules.may_approve(made.state, made.decided_by_id, by.pk):
        raise Denied(
            "Người quyết định không tự duyệt. Đề nghị quản trị khác của địa bàn hoặc Trung tâm CNTT duyệt."
        )


def _close(made: Decision, state: State, reason: str, by: Account, now: datetime) -> None:
    if not rules.is_reason(reason):
        raise Invalid(f"Chưa ghi lý do. Ghi ít nhất {rules.REASON_CHARS} ký tự rồi làm lại.", field="ly_do")
    made.state, made.closed_by, made.closed_at, made.closed_reason = state, by, now, reason.strip()
    made.save(update_fields=["state", "closed_by", "closed_at", "closed_reason"])
    made.lines.update(is_open=False)


def _chunks(owed: Iterable[Decision], greatest: int) -> Iterator[pa.RecordBatch]:
    """Yield the lines of these decisions as the landed file holds them; line ids grow from `greatest`."""
    for some in _batches(_lines(owed, greatest), LINES_AT_ONCE):
        columns = list(zip(*some, strict=True))
        yield pa.RecordBatch.from_arrays(
            [pa.array(column, kind.type) for column, kind in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
        )


def _lines(owed: Iterable[Decision], greatest: int) -> Iterator[tuple[object, ...]]:
    for made in owed:
        at = made.holds_since.astimezone(UTC).replace(tzinfo=None)
        rows = made.lines.order_by("pk").values_list(
            "source_table", "source_id", "version", "check_code", "month"
        )
        for table, key, version, code, month in rows.iterator(chunk_size=AT_ONCE):
            greatest += 1
            yield greatest, made.reference.hex, table, key, version, code, made.verdict, month, at
