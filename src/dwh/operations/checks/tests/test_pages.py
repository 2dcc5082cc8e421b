"""The pages of the monthly check: months with their states, one record, its signature, paper."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dwh.kernel.audit.services import record
from dwh.operations.checks import desk
from dwh.operations.checks.models import CheckRecord
from dwh.operations.checks.tests.conftest import FAULT, NOON, RELEASE, SHA, WORKER

NOTE = {"nhan_xet": "Đã khôi phục tệp từ bản sao lưu đêm 19/11."}


@pytest.fixture
def published(db):
    record("release.published", by=WORKER, about=f"release:{RELEASE}", manifest_sha256=SHA)
    return timezone.localdate()


def page(client, account, path):
    client.force_login(account)
    reply = client.get(path)
    return reply.status_code, reply.content.decode()


def test_before_the_first_publication_there_is_nothing_to_check(client, tuan):
    assert "Chưa có tháng nào phải kiểm tra" in page(client, tuan, "/kiem-tra-csdl/")[1]


@pytest.mark.req("C-23")
def test_months_without_a_signed_record_are_overdue_and_counted(published, checked, tuan):
    later = published + timedelta(days=70)
    states = [task.state for task in desk.tasks(later)]
    assert states[-1] == "overdue"
    assert desk.overview(tuan, later)["overdue"] == states.count("overdue") >= 2
    row = checked(at=timezone.now())
    assert desk.tasks(published)[0].state == "to_sign"
    assert desk.tasks(later)[-1].state == "overdue"  # checked, and nobody signed
    CheckRecord.objects.filter(pk=row.pk).update(signed_by="x", signed_at=timezone.now() + timedelta(days=60))
    [*_, first] = desk.tasks(later)
    assert (first.state, first.is_late) == ("signed", True)


@pytest.mark.req("C-23")
def test_the_it_centre_reads_writes_its_findings_and_signs(client, published, checked, tuan):
    row = checked(FAULT, at=timezone.now())
    status, text = page(client, tuan, "/kiem-tra-csdl/")
    assert (status, "Chờ ký" in text, f"/kiem-tra-csdl/{row.pk}/" in text) == (200, True, True)
    text = page(client, tuan, f"/kiem-tra-csdl/{row.pk}/")[1]
    for word in (FAULT.subject, FAULT.remedy, "Dung lượng", "Cột trỏ đã dò"):
        assert word in text
    refused = client.post(f"/kiem-tra-csdl/{row.pk}/ky/", {"nhan_xet": "Xong"})
    assert (refused.status_code, "Xong</textarea>" in refused.content.decode()) == (422, True)
    assert client.post(f"/kiem-tra-csdl/{row.pk}/ky/", NOTE).status_code == 302
    text = page(client, tuan, f"/kiem-tra-csdl/{row.pk}/")[1]
    row.refresh_from_db()
    assert tuan.full_name in text
    assert row.digest in text
    assert "Ký biên bản" not in text


def test_a_correction_is_begun_on_the_page_of_the_signed_record(client, checked, tuan):
    row = checked()
    client.force_login(tuan)
    client.post(f"/kiem-tra-csdl/{row.pk}/ky/", NOTE)
    reply = client.post(f"/kiem-tra-csdl/{row.pk}/dinh-chinh/", {"ly_do": "Ghi nhầm ngày sao lưu."})
    new = CheckRecord.objects.get(corrects=row)
    assert reply["Location"] == f"/kiem-tra-csdl/{new.pk}/"
    assert f'Đính chính <a href="/kiem-tra-csdl/{row.pk}/">' in client.get(reply["Location"]).content.decode()
    assert f"biên bản số {new.pk}</a>" in client.get(f"/kiem-tra-csdl/{row.pk}/").content.decode()


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_the_record_is_printed(client, checked, tuan, form, begins):
    row = checked(FAULT)
    client.force_login(tuan)
    reply = client.get(f"/kiem-tra-csdl/{row.pk}/{form}/")
    assert (reply.status_code, reply.content.startswith(begins)) == (200, True)
    assert f"kiem-tra-csdl-2026-11-so-{row.pk}.{form}" in reply["Content-Disposition"]
    assert client.get(f"/kiem-tra-csdl/{row.pk}/xls/").status_code == 404


@pytest.mark.parametrize("who", ["minh", "lan", "khanh"])
def test_nobody_but_the_central_administrators_reads_or_signs(client, request, checked, who):
    row = checked()
    client.force_login(request.getfixturevalue(who))
    assert client.get("/kiem-tra-csdl/").status_code == 403
    assert client.get(f"/kiem-tra-csdl/{row.pk}/").status_code == 403
    assert client.post(f"/kiem-tra-csdl/{row.pk}/ky/", NOTE).status_code == 403
    row.refresh_from_db()
    assert row.signed_by == ""


def test_a_record_changed_after_its_signature_says_so_on_its_page(client, checked, tuan):
    row = checked(at=NOON)
    CheckRecord.objects.filter(pk=row.pk).update(signed_by=tuan.email, signed_at=NOON, digest="0" * 64)
    assert "đã bị sửa sau khi ký" in page(client, tuan, f"/kiem-tra-csdl/{row.pk}/")[1]
