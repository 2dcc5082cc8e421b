"""What the program itself writes about sources that differ from their contracts: one item per distinct difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dwh.datapath.sources.contract import Contract
from dwh.datapath.sources.drift import Drift
from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record
from dwh.kernel.law import QC_DWH, cites
from dwh.operations.changes import rules, words
from dwh.operations.changes.models import ChangeRequest, ChangeStep, SourceDrift
from dwh.operations.changes.rules import ENDED, Kind, State
from dwh.operations.changes.services import search_words_of

DETECTED, GONE, AGAIN = "detected", "gone", "again"  # steps of a history the program writes
PROGRAM = "Chương trình"


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one source: by which run, when, and who ran it."""

    run: int
    now: datetime
    by: Actor


@cites(QC_DWH.art("10.4"))
@transaction.atomic
def heed_source(contract: Contract, drifts: Sequence[Drift], check: Check) -> list[ChangeRequest]:
    """Open an item for every difference that has none, before the source is read; return those opened.

    A difference seen before opens nothing; one that came back goes on under its item, or under a new one when that was
    closed; one that is gone says so. Whoever calls has looked at the whole source.

    Source: QC-DWH Điều 10.4.
    """
    present = {_key(drift): drift for drift in drifts}
    known = {
        row.key: row
        for row in SourceDrift.objects.select_for_update(of=("self",))
        .select_related("request")
        .filter(source=contract.name)
        .order_by("pk")
    }  # of one key the newest stays
    for key, row in known.items():
        if key not in present and row.gone_at is None:
            _gone(row, check)
    opened = []
    for key, drift in present.items():
        before = known.get(key)
        if before is None or (before.gone_at is not None and before.request.state in ENDED):
            opened.append(_open(contract, drift, check, before=before))
        else:
            _seen(before, check)
    return opened


def _open(contract: Contract, drift: Drift, check: Check, *, before: SourceDrift | None) -> ChangeRequest:
    request = ChangeRequest(
        kind=Kind.SOURCE, title=words.drift_title(contract, drift)[:200], what=words.drift_sentence(contract, drift),
        why=words.drift_reason(check.run, before.request_id if before else None), table=f"landed.{drift.table}",
        column=drift.column, state=State.DETECTED, is_detected=True, origin_unit=contract.owner_org,
        origin_name=contract.owner, opened_by=check.by.email, opened_name=PROGRAM, opened_at=check.now,
    )  # fmt: skip
    request.save()
    SourceDrift.objects.create(
        request=request, key=_key(drift), source=drift.source, change=drift.change, expected=drift.expected,
        found=drift.found[:120], mode=drift.mode, stops=drift.stops, first_run=check.run, last_run=check.run,
    )  # fmt: skip
    _keep(request, DETECTED, check, f"Lượt {check.run} phát hiện trước khi đọc dòng nào.")
    record(
        "change.source_differs", by=check.by, about=f"change:{request.pk}", run=check.run, **drift.to_json()
    )
    return request


def _seen(row: SourceDrift, check: Check) -> None:
    came_back = row.gone_at is not None
    row.last_run, row.gone_at = check.run, None
    row.save(update_fields=["last_run", "gone_at"])
    if came_back:
        _keep(row.request, AGAIN, check, f"Lượt {check.run} lại thấy khác biệt này.")
        record("change.source_differs_again", by=check.by, about=f"change:{row.request_id}", run=check.run)


def _gone(row: SourceDrift, check: Check) -> None:
    row.gone_at = check.now
    row.save(update_fields=["gone_at"])
    _keep(row.request, GONE, check, f"Lượt {check.run} không còn thấy khác biệt này như đã ghi.")
    record("change.source_agrees", by=check.by, about=f"change:{row.request_id}", run=check.run)


def _keep(request: ChangeRequest, act: str, check: Check, note: str) -> None:
    request.search_words = search_words_of(request)
    request.save()
    ChangeStep.objects.create(
        request=request, act=act, state=request.state, by=check.by.email, by_name=PROGRAM, at=check.now,
        note=note,
    )  # fmt: skip


def _key(drift: Drift) -> str:
    """Return what names a difference: what it is about and what it does.

    The same column that begins to stop its source is another one.
    """
    effect = "stops" if drift.stops else "goes on"
    names = (drift.source, drift.table, drift.column, drift.change, drift.expected, drift.found, effect)
    return rules.drift_key(*names)[:600]
