"""The desk «Đối soát»: each person sees the tables of his subjects and the cells of his area."""

from __future__ import annotations

import pytest

from dwh.operations.reconciliation.models import Discrepancy, Reconciliation
from dwh.operations.reconciliation.tests.conftest import GOOD, LOST

REPORT = {"ky": "202609", "co_quan": "01501", "chi_tieu": "rows", "noi_dung": "Phần mềm thu có 10 dòng."}


def page(client, account, path):
    client.force_login(account)
    reply = client.get(path)
    return reply.status_code, reply.content.decode()


def test_before_the_first_reconciliation_the_page_says_what_to_do(client, units, tuan):
    status, text = page(client, tuan, "/doi-soat/")
    assert (status, "Chưa có lần đối soát nào" in text, "Đối soát ngay" in text) == (200, True, True)


@pytest.mark.req("C-14")
def test_a_table_that_differs_stands_first_and_says_where(client, keep, tuan):
    keep(*GOOD, name="tst_the_bhyt")
    row = keep(*LOST)
    status, text = page(client, tuan, "/doi-soat/")
    assert status == 200
    assert text.index(f"/doi-soat/{row.pk}/") < text.index("run-state ok")
    _, text = page(client, tuan, f"/doi-soat/{row.pk}/")
    assert "09/2026" in text
    assert "BHXH cơ sở Một" in text
    assert "BHXH Đà Nẵng" not in text  # it agrees
    assert "BHXH Đà Nẵng" in page(client, tuan, f"/doi-soat/{row.pk}/?tat_ca=1")[1]


def test_an_analyst_sees_the_cells_of_his_area_only(client, keep, lan, nam):
    row = keep(*LOST)
    assert "BHXH cơ sở Một" in page(client, lan, f"/doi-soat/{row.pk}/")[1]
    text = page(client, nam, f"/doi-soat/{row.pk}/?tat_ca=1")[1]
    assert "BHXH cơ sở Một" not in text
    assert "BHXH Đà Nẵng" in text


def test_a_source_of_another_subject_is_refused_and_not_listed(client, keep, khanh):
    row = keep(*GOOD, name="gd_ho_so", source="claims")
    assert page(client, khanh, f"/doi-soat/{row.pk}/")[0] == 403
    assert "Số phải đóng" not in page(client, khanh, "/doi-soat/")[1]


def test_an_unknown_table_or_measure_is_404(client, keep, tuan):
    assert page(client, tuan, "/doi-soat/99/")[0] == 404
    assert page(client, tuan, f"/doi-soat/{keep(*GOOD).pk}/?chi_tieu=khong_co")[0] == 404


@pytest.mark.req("C-15")
def test_a_discrepancy_is_reported_and_answered_on_the_pages(client, keep, lan, tuan):
    row = keep(*LOST)
    client.force_login(lan)
    assert client.post(f"/doi-soat/{row.pk}/bao/", REPORT).status_code == 302
    ticket = Discrepancy.objects.get()
    assert (
        client.post(f"/doi-soat/phieu/{ticket.pk}/tra-loi/", {"tra_loi": "Tự trả lời mình."}).status_code
        == 403
    )
    client.force_login(tuan)
    assert (
        client.post(f"/doi-soat/phieu/{ticket.pk}/tra-loi/", {"tra_loi": "Đã đọc lại, đủ dòng."}).status_code
        == 302
    )
    client.force_login(lan)
    assert "Đóng phiếu" in client.get("/doi-soat/phieu/").content.decode()
    assert client.post(f"/doi-soat/phieu/{ticket.pk}/dong/").status_code == 302


def test_only_the_it_centre_signs(client, keep, tuan, lan, minh):
    row = keep(*GOOD)
    for account, status in ((lan, 403), (minh, 403), (tuan, 302)):
        client.force_login(account)
        assert client.post(f"/doi-soat/{row.pk}/ky/", {"y_kien": ""}).status_code == status
    row.refresh_from_db()
    assert row.signed_by == tuan.email


def test_all_that_agrees_is_signed_at_once_and_nothing_else(client, keep, tuan, lan):
    good, lost = keep(*GOOD, name="tst_the_bhyt"), keep(*LOST)
    old = keep(*GOOD, name="tst_don_vi")
    new = keep(*GOOD, name="tst_don_vi")
    seen = {"lan": [good.pk, lost.pk, old.pk, "x"]}
    client.force_login(lan)
    assert client.post("/doi-soat/ky/", seen).status_code == 403
    assert "Ký 2 bảng đã khớp" in page(client, tuan, "/doi-soat/")[1]
    assert client.post("/doi-soat/ky/", seen).status_code == 302
    signed = {row.pk for row in Reconciliation.objects.exclude(signed_by="")}
    assert signed == {good.pk}
    assert new.pk not in signed
