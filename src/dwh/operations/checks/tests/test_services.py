"""A check is kept, read, signed; a signed record never changes, and whoever changes it is found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from dwh.datapath.checking.findings import Area
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, Invalid, NotFound
from dwh.kernel.progress import Silent
from dwh.operations.checks import services
from dwh.operations.checks.fence import lower_fence, raise_fence
from dwh.operations.checks.governance import check_governance
from dwh.operations.checks.models import CheckRecord
from dwh.operations.checks.tests.conftest import FAULT, NOON, RELEASE, SHA, WORKER

NOTE = "Đã khôi phục tệp từ bản sao lưu đêm 19/11."
MONTH = timedelta(days=31)


def signed(row, tuan, note=NOTE, now=NOON):
    return services.sign(row.pk, by=tuan.as_actor(), note=note, now=now)


def findings(manifests=None):
    looked = check_governance(manifests or {}, Silent()).looked
    return [one for part in looked for one in part.findings]


def test_what_was_found_is_kept_with_its_digest_and_on_record(checked):
    row = checked(FAULT)
    assert (row.month, row.grave, row.warnings, row.signed_by) == ("2026-11", 1, 0, "")
    told = AuditRecord.objects.get(action="dbcheck.made").facts
    assert (told["sha256"], told["grave"]) == (row.sha256, 1)
    assert FAULT.subject in told["found"][0]


@pytest.mark.req("C-23")
@pytest.mark.law("QĐ-2366 10.1.6")
def test_a_signature_holds_name_time_and_digest_and_the_record_never_changes(checked, tuan):
    row = signed(checked(FAULT), tuan)
    row.refresh_from_db()
    assert (row.signed_by, row.signed_name, row.signed_at, row.note) == (
        tuan.email,
        tuan.full_name,
        NOON,
        NOTE,
    )
    assert row.digest == row.computed_digest()
    assert AuditRecord.objects.get(action="dbcheck.signed").facts["digest"] == row.digest
    with pytest.raises(Conflict, match="biên bản đính chính"):
        signed(row, tuan)
    for change in (lambda: CheckRecord.objects.update(note="Không có gì."), lambda: row.delete()):
        with pytest.raises(DatabaseError, match="đã ký không được sửa"), transaction.atomic():
            change()


def test_faults_are_not_signed_without_a_word_about_them(checked, tuan):
    row = checked(FAULT)
    with pytest.raises(Invalid, match="nhận xét và cách xử lý"):
        signed(row, tuan, note="Ký.")
    row.refresh_from_db()
    assert (row.signed_by, AuditRecord.objects.filter(action="dbcheck.signed").count()) == ("", 0)
    assert signed(checked(at=NOON + timedelta(hours=1)), tuan, note="").signed_by == tuan.email


def test_of_two_checks_of_a_month_only_the_newer_is_signed(checked, tuan):
    old, new = checked(), checked()
    with pytest.raises(Conflict, match="mới hơn"):
        signed(old, tuan)
    assert signed(new, tuan).digest
    with pytest.raises(NotFound):
        services.sign(0, by=tuan.as_actor(), note=NOTE, now=NOON)


@pytest.mark.req("C-23")
def test_a_correction_is_a_new_record_that_names_the_old_one(checked, tuan):
    old = signed(checked(FAULT), tuan)
    words = services.correct(old.pk, by=tuan.as_actor(), reason="Ghi nhầm ngày của bản sao lưu.")
    new = signed(words, tuan, note="Đã khôi phục tệp từ bản sao lưu đêm 18/11.")
    old.refresh_from_db()
    assert (old.note, old.digest, old.correction) == (NOTE, old.computed_digest(), new)
    assert (new.corrects, new.result, new.note != old.note) == (old, old.result, True)
    with pytest.raises(Conflict, match="chưa có biên bản nào đính chính"):
        services.correct(old.pk, by=tuan.as_actor(), reason="Thêm một lần nữa.")
    with pytest.raises(Invalid, match="lý do"):
        services.correct(new.pk, by=tuan.as_actor(), reason="Sai.")
    with pytest.raises(Conflict):
        services.correct(
            checked(at=NOON + MONTH).pk, by=tuan.as_actor(), reason="Chưa ký thì không đính chính."
        )


def test_rows_and_space_are_compared_with_the_last_check_of_an_earlier_month(checked):
    checked(rows=120, used=4_000_000)
    row = checked(rows=100, used=5_000_000, at=NOON + MONTH)
    assert row.result["before"]["spaces"]["parts"] == 4_000_000
    assert (row.grave, row.warnings) == (0, 1)
    assert "từ 120 còn 100 dòng" in row.result["findings"][0]["said"]
    same_month = checked(rows=90, at=NOON + MONTH)
    assert same_month.result["before"]["month"] == "2026-11"


@pytest.mark.req("B-12")
def test_a_manifest_made_anew_after_a_change_differs_from_what_the_log_saw_published(db):
    record("release.published", by=WORKER, about=f"release:{RELEASE}", manifest_sha256=SHA)
    assert findings({RELEASE: SHA}) == []
    [changed] = findings({RELEASE: "b" * 64})
    assert (changed.area, changed.subject) == (Area.LOG, f"releases/{RELEASE}/manifest.json")
    [foreign] = findings({RELEASE: SHA, "2026-10-04.1": SHA})
    assert "ngoài quy trình" in foreign.said
    assert "bản sao lưu" in foreign.remedy


@pytest.mark.req("B-12")
def test_a_signed_record_changed_under_the_fence_is_named_by_the_next_check(checked, tuan):
    row = signed(checked(FAULT), tuan)
    assert findings() == []
    lower_fence(connection)
    CheckRecord.objects.filter(pk=row.pk).update(note="Không có lỗi nào.")
    raise_fence(connection)
    [found] = findings()
    assert found.subject == f"biên bản kiểm tra số {row.pk}"
    assert found.grave
