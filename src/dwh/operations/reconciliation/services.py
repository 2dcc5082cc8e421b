"""Every act on reconciliations: one verb, one transaction, one entry in the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction

from dwh.datapath.reconciliation.cells import CellFile, by_measure, read_cells, write_cells
from dwh.datapath.reconciliation.totals import Cell, TableTotals
from dwh.datapath.settings import DataPathSettings
from dwh.governance.access.models import Account
from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, Invalid, NotFound
from dwh.kernel.org.scope import NATION, OrgScope
from dwh.kernel.org.services import codes_under
from dwh.operations.reconciliation import rules
from dwh.operations.reconciliation.models import Discrepancy, Reconciliation
from dwh.operations.reconciliation.rules import TicketState

SHORTEST_NOTE = 10  # characters; ours: a reason is a sentence


@transaction.atomic
def keep(totals: Iterable[TableTotals], *, into: DataPathSettings, by: Actor) -> list[Reconciliation]:
    """Store what was compared, one row per table, its cells in a file.

    Source: QC-DWH Điều 10.5.
    """
    kept = []
    for table in totals:
        file, unexplained = write_cells(table, into), len(table.unexplained)
        row = Reconciliation.objects.create(
            source=table.source, table=table.table, label=table.label, release_id=table.release_id, at=table.at,
            asked_by=by.email, file=file.name, sha256=file.sha256, totals=by_measure(table.cells),
            cells=len(table.cells), unexplained_cells=unexplained,
            agrees=rules.agrees(unexplained, table.total().unexplained),
        )  # fmt: skip
        record(
            "reconciliation.made", by=by, about=f"reconciliation:{row.pk}", source=row.source, table=row.table,
            release=row.release_id, agrees=row.agrees, unexplained_cells=unexplained, sha256=row.sha256,
        )  # fmt: skip
        kept.append(row)
    return kept


@transaction.atomic
def sign(pk: int, *, by: Account, actor: Actor, note: str, now: datetime) -> Reconciliation:
    """Put a person's name under a reconciliation, with a reason when it does not agree.

    Raises:
        NotFound: no such reconciliation. Conflict: it is signed, or a newer one of the table exists.
        Invalid: it does not agree and no reason is given.

    Source: QC-DWH Điều 10.5 (who answers for the data).
    """
    row = _locked(pk)
    if row.signed_by:
        raise Conflict(f"Lần đối soát này đã được {row.signed_by} ký. Xem lần mới nhất của bảng.")
    if Reconciliation.objects.filter(source=row.source, table=row.table, pk__gt=row.pk).exists():
        raise Conflict("Đã có lần đối soát mới hơn của bảng này. Mở lần mới nhất rồi ký.")
    if not row.agrees and len(note.strip()) < SHORTEST_NOTE:
        raise Invalid("Số liệu chưa khớp: hãy ghi rõ nguyên nhân và cách xử lý (ít nhất 10 ký tự) rồi ký.")
    row.signed_by, row.signed_at, row.signed_note = by.email, now, note.strip()
    row.save(update_fields=["signed_by", "signed_at", "signed_note"])
    record(
        "reconciliation.signed",
        by=actor,
        about=f"reconciliation:{pk}",
        note=row.signed_note,
        sha256=row.sha256,
    )
    return row


@transaction.atomic
def sign_agreeing(seen: Iterable[int], *, by: Account, actor: Actor, now: datetime) -> int:
    """Sign those of the reconciliations a person saw that agree; return how many.

    What was signed, overtaken by a newer one or does not agree is left as it is: all or each by itself makes no
    difference, and nothing that differs is ever signed in a heap.

    Source: QC-DWH Điều 10.5.
    """
    newest = Reconciliation.objects.newest().values("pk")
    waiting = Reconciliation.objects.filter(pk__in=newest).filter(
        pk__in=list(seen), agrees=True, signed_by=""
    )
    rows = [sign(row.pk, by=by, actor=actor, note="", now=now) for row in waiting]
    return len(rows)


@dataclass(frozen=True, slots=True)
class Place:
    """Which cell a discrepancy is about."""

    period: str
    unit: str
    measure: str


@transaction.atomic
def report_discrepancy(
    pk: int, place: Place, *, actor: Actor, scope: OrgScope, note: str, now: datetime
) -> Discrepancy:
    """Open a discrepancy about one cell of a reconciliation, within the area of the person.

    Raises:
        NotFound: no such reconciliation or cell in the area. Invalid: no reason given.

    Source: QC-DWH Điều 8.2, 11.4.
    """
    row = _locked(pk)
    cell = next(
        (c for c in cells_of(row, scope, settings.DATAPATH) if Place(c.period, c.unit, c.measure) == place),
        None,
    )
    if cell is None:
        raise NotFound("Không có số liệu đối soát này trong địa bàn của ông/bà. Chọn một dòng trong bảng.")
    if len(note.strip()) < SHORTEST_NOTE:
        raise Invalid("Hãy ghi rõ số của phần mềm nghiệp vụ và điều cần kiểm tra (ít nhất 10 ký tự).")
    ticket = Discrepancy.objects.create(
        reconciliation=row, period=place.period, unit=place.unit, org_code=cell.org_code, measure=place.measure,
        difference=cell.difference, note=note.strip(), opened_by=actor.email, opened_at=now,
    )  # fmt: skip
    record(
        "discrepancy.opened", by=actor, about=f"discrepancy:{ticket.pk}", reconciliation=pk, note=ticket.note
    )
    return ticket


@transaction.atomic
def answer_discrepancy(pk: int, *, actor: Actor, answer: str, now: datetime) -> Discrepancy:
    """Answer a discrepancy.

    Raises:
        NotFound: there is none. Conflict: it was answered. Invalid: no words.

    Source: QC-DWH Điều 10.5.
    """
    ticket = _ticket(pk)
    if not rules.may_answer(ticket.state):
        raise Conflict("Phiếu này đã được trả lời.")
    if len(answer.strip()) < SHORTEST_NOTE:
        raise Invalid("Hãy trả lời bằng một câu đầy đủ (ít nhất 10 ký tự).")
    ticket.state, ticket.answer = TicketState.ANSWERED, answer.strip()
    ticket.answered_by, ticket.answered_at = actor.email, now
    ticket.save()
    record("discrepancy.answered", by=actor, about=f"discrepancy:{pk}", answer=ticket.answer)
    return ticket


@transaction.atomic
def close_discrepancy(pk: int, *, actor: Actor, now: datetime) -> Discrepancy:
    """Close an answered discrepancy: only who opened it may.

    Raises:
        NotFound: there is none of this person. Conflict: it is not answered.

    Source: QC-DWH Điều 8.2.
    """
    ticket = _ticket(pk)
    if ticket.opened_by != actor.email:
        raise NotFound("Không có phiếu này trong các phiếu ông/bà đã báo.")
    if not rules.may_close(ticket.state):
        raise Conflict("Chỉ đóng được phiếu đã có trả lời.")
    ticket.state, ticket.closed_at = TicketState.CLOSED, now
    ticket.save()
    record("discrepancy.closed", by=actor, about=f"discrepancy:{pk}")
    return ticket


def cells_of(row: Reconciliation, scope: OrgScope, home: DataPathSettings) -> list[Cell]:
    """Return the cells of a reconciliation inside `scope`; an office that was taken over belongs to its successor."""
    inside = None if NATION in scope.codes else codes_under(scope)
    return read_cells(CellFile(row.file, row.sha256), home, inside)


def total_of(cells: Iterable[Cell], side: str, measure: str = "rows") -> Decimal:
    """Return the sum of one side of a measure over cells."""
    return sum((getattr(cell, side) for cell in cells if cell.measure == measure), Decimal(0))


def _locked(pk: int) -> Reconciliation:
    row = Reconciliation.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound("Không có lần đối soát này. Chọn một lần trong danh sách.", reconciliation=pk)
    return row


def _ticket(pk: int) -> Discrepancy:
    ticket = Discrepancy.objects.select_for_update().filter(pk=pk).first()
    if ticket is None:
        raise NotFound("Không có phiếu chênh lệch này. Chọn một phiếu trong danh sách.", discrepancy=pk)
    return ticket
