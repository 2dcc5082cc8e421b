"""Every act on check records: one verb, one transaction, one entry in the log."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from dwh.datapath.checking.findings import Finding, StoreCheck
from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, Invalid, NotFound
from dwh.operations.checks import rules
from dwh.operations.checks.governance import GovernanceCheck
from dwh.operations.checks.models import CheckRecord
from dwh.operations.checks.rules import SHORTEST_NOTE, Before


@transaction.atomic
def keep(
    store: StoreCheck, governance: GovernanceCheck, *, asked_by: str, by: Actor, now: datetime
) -> CheckRecord:
    """Keep what a check found, as the record of its month, for a person to read and sign.

    Source: QĐ-2366 Điều 10.1.6.
    """
    month = rules.month_of(timezone.localdate(store.began_at))
    last = CheckRecord.objects.before(month)
    before = Before.of(last.month, last.pk, last.result) if last else None
    rows = {one.table: one.counted for one in store.rows if one.counted is not None}
    fewer = rules.fewer_rows(rows, before) if before else []
    whole = replace(
        store,
        looked=store.looked + governance.looked,
        spaces=(*store.spaces, governance.space),
        findings=_in_order(store, governance, fewer),
    )
    result = whole.to_json()
    result["before"] = (
        {"month": before.month, "record": before.record, "rows": dict(before.rows), "spaces": dict(before.spaces)}
        if before else None
    )  # fmt: skip
    grave = sum(finding.grave for finding in whole.findings)
    row = CheckRecord.objects.create(
        month=month, release_id=store.release_id, began_at=store.began_at, ended_at=now, asked_by=asked_by,
        result=result, sha256=rules.digest_of(result), grave=grave, warnings=len(whole.findings) - grave,
    )  # fmt: skip
    record(
        "dbcheck.made", by=by, about=f"dbcheck:{row.pk}", month=month, release=row.release_id, grave=grave,
        warnings=row.warnings, sha256=row.sha256, found=[f"{one.subject}: {one.said}" for one in whole.findings[:20]],
    )  # fmt: skip
    return row


@transaction.atomic
def sign(pk: int, *, by: Actor, note: str, now: datetime) -> CheckRecord:
    """Put a person's findings and name under a check; from now on it never changes.

    Raises:
        NotFound: no such record. Conflict: it is signed, or a newer one of the month waits.
        Invalid: there are faults or warnings, or it corrects another, and nothing is written about them.

    Source: QĐ-2366 Điều 10.1.6.
    """
    row = _locked(pk)
    if row.signed_by:
        raise Conflict(f"Biên bản này đã được {row.signed_name} ký. Cần sửa thì lập biên bản đính chính.")
    if CheckRecord.objects.filter(month=row.month, pk__gt=pk, corrects=row.corrects).exists():
        raise Conflict("Tháng này đã có lần kiểm tra mới hơn. Mở lần mới nhất rồi ký.")
    if (row.grave or row.warnings or row.corrects_id) and len(note.strip()) < SHORTEST_NOTE:
        raise Invalid("Hãy ghi nhận xét và cách xử lý từng lỗi, cảnh báo (ít nhất 10 ký tự) rồi ký.")
    row.note, row.signed_by, row.signed_name, row.signed_at = note.strip(), by.email, by.name, now
    row.digest = row.computed_digest()
    row.save(update_fields=["note", "signed_by", "signed_name", "signed_at", "digest"])
    record(
        "dbcheck.signed", by=by, about=f"dbcheck:{pk}", month=row.month, digest=row.digest, sha256=row.sha256,
        grave=row.grave, note=row.note, corrects=row.corrects_id,
    )  # fmt: skip
    return row


@transaction.atomic
def correct(pk: int, *, by: Actor, reason: str) -> CheckRecord:
    """Begin a record that corrects a signed one: the same findings of the program, for other words and a new name.

    Raises:
        NotFound: no such record. Conflict: it is not signed, or is corrected already. Invalid: no reason.

    Source: QĐ-2366 Điều 9.7, 10.1.6.
    """
    old = _locked(pk)
    if not rules.may_correct(signed=bool(old.signed_by), corrected=old.correction is not None):
        raise Conflict(
            "Chỉ đính chính được biên bản đã ký và chưa có biên bản nào đính chính. Mở biên bản mới nhất."
        )
    if len(reason.strip()) < SHORTEST_NOTE:
        raise Invalid("Hãy ghi lý do đính chính bằng một câu (ít nhất 10 ký tự).")
    row = CheckRecord.objects.create(
        month=old.month, release_id=old.release_id, began_at=old.began_at, ended_at=old.ended_at,
        asked_by=by.email, result=old.result, sha256=old.sha256, grave=old.grave, warnings=old.warnings,
        corrects=old, correction_reason=reason.strip(), note=old.note,
    )  # fmt: skip
    record(
        "dbcheck.corrected",
        by=by,
        about=f"dbcheck:{row.pk}",
        month=row.month,
        corrects=pk,
        reason=row.correction_reason,
    )
    return row


def _in_order(store: StoreCheck, governance: GovernanceCheck, fewer: list[Finding]) -> tuple[Finding, ...]:
    """Return every finding, faults before warnings."""
    found = [*store.findings, *(one for looked in governance.looked for one in looked.findings), *fewer]
    return tuple(sorted(found, key=lambda finding: not finding.grave))


def _locked(pk: int) -> CheckRecord:
    row = CheckRecord.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound("Không có biên bản kiểm tra này. Chọn một biên bản trong danh sách.", record=pk)
    return row
