"""Every act on files to be loaded: one verb, one transaction, one entry in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.files.claim_load import ClaimFileReport, load_claim_file
from dwh.datapath.sources.manual.planned_load import (
    KEPT,
    SOURCE,
    Approval,
    PlannedReport,
    keep,
    load_planned,
    preview_file,
)
from dwh.governance.access.models import Account
from dwh.governance.access.services import scope_for
from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound
from dwh.kernel.org.scope import NATION
from dwh.kernel.progress import Progress
from dwh.operations.loads import rules
from dwh.operations.loads.models import PlannedLoad
from dwh.operations.loads.rules import LoadState

PREPARE, APPROVE = "load:prepare", "load:approve"
SHORTEST_REASON = 10  # characters; ours: a reason is a sentence


def load_claims(
    path: Path, *, into: DataPathSettings, by: Actor, now: datetime, progress: Progress | None = None
) -> ClaimFileReport:
    """Land the claims of a file and put it on record, with its hash and what was held.

    Raises:
        FileRefused: nothing of the file can land. Conflict: another file is being loaded.

    Source: QC-DWH Điều 4.3; QĐ-2366 Điều 4.2.4.
    """
    report = load_claim_file(path, settings=into, now=now, by=by.email, progress=progress)
    facts = report.entry.facts
    record(
        "claims.file_loaded", by=by, about=f"claim_file:{report.entry.number}", file=report.entry.name,
        sha256=report.entry.sha256, rows=report.rows, packages=facts["packages"], landed=facts["landed"],
        held=facts["held"], refused_members=facts["refused_members"], is_repeat=report.is_repeat,
    )  # fmt: skip
    return report


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file is loaded under: the number of the plan, and the report when the file leaves it open."""

    number: str
    report: str = ""


@transaction.atomic
def prepare_load(
    path: Path, plan: Plan, *, by: Account, actor: Actor, into: DataPathSettings, now: datetime
) -> PlannedLoad:
    """Preview a file under a plan, keep it, and let it wait for the approval of another person. Nothing lands.

    Raises:
        Denied: `by` may not prepare loads for the nation. Invalid: the plan has no number, or the file is refused.
        Conflict: the file waits already, or has landed.

    Source: QĐ-2366 Điều 5.1.
    """
    _must(by, PREPARE, now)
    if not rules.is_plan(plan.number):
        words = "Số kế hoạch cần 4 đến 60 ký tự: chữ in hoa, số và . _ / - (ví dụ 1234/KH-BHXH)."
        raise Invalid(words, plan=plan.number)
    preview = preview_file(path, settings=into, today=timezone.localdate(now), report=plan.report)
    waiting = PlannedLoad.objects.filter(sha256=preview.sha256, state=LoadState.PREPARED).first()
    if waiting is not None:
        raise Conflict(
            f"Tệp này đang chờ duyệt (số {waiting.pk}). Duyệt hoặc từ chối lần đó trước.", load=waiting.pk
        )
    load = PlannedLoad.objects.create(
        plan=plan.number, report=preview.report, file_name=path.name, sha256=preview.sha256,
        kept=keep(path, into).name, preview=preview.to_json() | {"lines": preview.lines()},
        digest=preview.digest, prepared_by=by.email, prepared_at=now,
    )  # fmt: skip
    record(
        "load.prepared", by=actor, about=f"load:{load.pk}", plan=load.plan, report=load.report, file=load.file_name,
        sha256=load.sha256, digest=load.digest, held=len(preview.held),
    )  # fmt: skip
    return load


@transaction.atomic
def approve_load(
    pk: int, *, by: Account, actor: Actor, into: DataPathSettings, now: datetime
) -> tuple[PlannedLoad, PlannedReport]:
    """Land a prepared file, exactly as previewed; approving what has landed already changes nothing.

    Raises:
        NotFound: no such load. Denied: `by` may not approve, or prepared it himself.
        Conflict: it was decided, or the file would no longer do what was approved.
        FileRefused: no row of it can land.

    Source: QĐ-2366 Điều 5.1; nobody approves his own (our rule, docs/adr/0006).
    """
    load = _decided(pk, by, now)
    approval = Approval(load.digest, load.plan, load.prepared_by, by.email)
    kept = into.landing / SOURCE / KEPT / load.kept
    report = load_planned(kept, approval, name=load.file_name, settings=into, now=now)
    load.state, load.landed, load.held = LoadState.LOADED, report.landed, report.held
    load.decided_by, load.decided_at = by.email, now
    load.save()
    record(
        "load.approved", by=actor, about=f"load:{pk}", plan=load.plan, report=load.report, sha256=load.sha256,
        digest=load.digest, prepared_by=load.prepared_by, landed=report.landed, held=report.held,
        deleted=report.deleted,
    )  # fmt: skip
    return load, report


@transaction.atomic
def decline_load(pk: int, *, by: Account, actor: Actor, reason: str, now: datetime) -> PlannedLoad:
    """Turn a prepared file down, with the reason.

    Raises:
        NotFound: no such load. Denied: `by` may not decide, or prepared it himself.
        Conflict: it was decided. Invalid: no reason.

    Source: QĐ-2366 Điều 5.1.
    """
    load = _decided(pk, by, now)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid("Ghi rõ lý do không duyệt (ít nhất 10 ký tự).")
    load.state, load.reason = LoadState.DECLINED, reason.strip()
    load.decided_by, load.decided_at = by.email, now
    load.save()
    record(
        "load.declined", by=actor, about=f"load:{pk}", plan=load.plan, sha256=load.sha256, reason=load.reason
    )
    return load


def _decided(pk: int, by: Account, now: datetime) -> PlannedLoad:
    """Return the load, locked, if `by` may decide about it."""
    _must(by, APPROVE, now)
    load = PlannedLoad.objects.select_for_update().filter(pk=pk).first()
    if load is None:
        raise NotFound(f"Không có lần nạp số {pk}. Xem danh sách: dwh load list.")
    if load.state != LoadState.PREPARED:
        raise Conflict(f"Lần nạp số {pk} đã được {load.decided_by} quyết định.", state=load.state)
    if not rules.may_decide(load.state, load.prepared_by, by.email):
        raise Denied("Người chuẩn bị không tự duyệt. Nhờ người có quyền duyệt khác.", load=pk)
    return load


def _must(by: Account, permission: str, now: datetime) -> None:
    """Raises: Denied when `by` does not hold the permission over the nation: exports are read as a whole."""
    if not scope_for(by, permission, timezone.localdate(now)).covers(NATION):
        raise Denied(
            "Tài khoản không có quyền này trên phạm vi toàn ngành. Đề nghị Trung tâm CNTT cấp quyền."
        )
