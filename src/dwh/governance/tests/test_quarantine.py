"""Looking at held rows: of one's own area and sources, masked, on record. See HELD in the fixture."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dwh.governance import desk, gate
from dwh.governance.decisions.orders import Choice
from dwh.governance.protection.quarantine import Held
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Denied, NotFound
from tests.personas import TODAY, give, hire
from tests.units_fixture import DN, HN

pytestmark = pytest.mark.usefixtures("release")


def look(who, **choice):
    return desk.look(desk.Asked(Choice(**choice)), by=who, today=TODAY, purpose="kiểm thử")


def ids(page):
    return {line.id for line in page.lines}


@pytest.mark.req("B-02")
@pytest.mark.law("QC-DWH 12.5")
def test_each_sees_the_held_rows_of_his_own_area(lan, nam, ha, tuan):
    assert ids(look(lan)) == {9001, 9101}
    assert ids(look(nam)) == {9002}
    assert ids(look(ha)) == {9001}
    assert ids(look(tuan)) == {9001, 9002, 9101, 9003}


def test_one_given_contributions_only_sees_no_claims(khanh):
    assert ids(look(khanh)) == {9001, 9002, 9003}
    with pytest.raises(Denied, match="chưa được giao chủ đề"):
        look(khanh, source="claims")


def test_choosing_a_check_a_source_or_a_unit_narrows_the_page(tuan):
    assert ids(look(tuan, check="GD-H02")) == {9101}
    assert ids(look(tuan, source="collection")) == {9001, 9002, 9003}
    assert ids(look(tuan, org=DN)) == {9002}
    assert ids(look(tuan, check="GD-H02", source="collection")) == set()


def test_the_amount_held_back_is_that_of_the_rows(tuan):
    page = look(tuan)
    assert page.found == Held(4, Decimal("2111760.00"))
    assert {(g.key, g.rows, g.amount_vnd) for g in page.groups} >= {("GD-H02", 1, Decimal("350000.00"))}
    assert (page.asked.page, page.pages) == (1, 1)
    assert [line.amount_vnd for line in page.lines] == sorted(
        (line.amount_vnd for line in page.lines), reverse=True
    )


@pytest.mark.law("CV-BVDLCN II.2")
def test_no_person_can_be_told_from_a_held_row(tuan):
    shown = repr(look(tuan).lines) + repr(row_of(tuan, "tst_dong_ca_nhan", 9001))
    assert "NGUYỄN VĂN THỬ" not in shown
    assert "100000077" not in shown
    assert "8000000" not in shown  # what one earns is personal too
    assert "7000000" not in shown  # and what was said before of it
    assert "TST-C01" in shown


def row_of(who, table, key):
    return desk.row(table, key, by=who, today=TODAY, purpose="kiểm thử")


@pytest.mark.req("I-01")
def test_looking_is_on_record_and_so_is_being_refused(lan, dung):
    look(lan, check="TST-C01")
    seen = AuditRecord.objects.order_by("-id")[0]
    assert (seen.kind, seen.object, seen.facts["query"]["check"]) == (
        "query",
        "subject:quarantine",
        "TST-C01",
    )
    with pytest.raises(Denied, match="dữ liệu lỗi"):
        look(dung)
    assert AuditRecord.objects.order_by("-id")[0].kind == "denied"


def test_another_unit_or_an_unknown_source_is_not_there_and_on_record(lan):
    with pytest.raises(NotFound, match=f"Không có đơn vị «{DN}» trong địa bàn của ông/bà"):
        look(lan, org=DN)
    refused = AuditRecord.objects.order_by("-id")[0]
    assert (refused.kind, refused.facts["code"], refused.facts["query"]["org"]) == (
        "denied",
        "dwh.not_found",
        DN,
    )
    with pytest.raises(NotFound, match="Không có đơn vị «00»"):
        look(lan, org="00")
    with pytest.raises(NotFound, match="Không có nguồn"):
        look(lan, source="moon")


def test_what_is_held_back_in_ones_area_stands_beside_every_figure(lan, nam, dung):
    assert gate.quarantine_totals(by=lan, today=TODAY) == Held(2, Decimal("2110000.00"))
    assert gate.quarantine_totals(by=nam, today=TODAY).rows == 1
    assert gate.quarantine_by_source(by=dung, today=TODAY)["claims"] == Held(1, Decimal("350000.00"))


def test_beside_a_figure_stand_only_the_held_rows_of_its_subject_and_its_unit(lan, dung):
    assert gate.quarantine_totals(dung, TODAY, subject="claims") == Held(1, Decimal("350000.00"))
    whole = gate.quarantine_totals(dung, TODAY)
    assert gate.quarantine_totals(dung, TODAY, org=DN).rows < whole.rows
    assert gate.quarantine_totals(lan, TODAY, org=DN) == Held(0, Decimal(0))


def test_the_release_in_use_tells_about_itself():
    info = gate.current_release_info()
    assert (info.id, info.state, info.data_until, info.held_rows) == (
        "2026-11-22.1",
        "provisional",
        "2025-08",
        4,
    )
    assert HN


def test_a_source_of_two_subjects_is_seen_by_whoever_holds_one_of_them(db):
    mai = hire("mai.nt@vss.gov.vn", "Nguyễn Thị Mai", "00.01", "BHXH thành phố Hà Nội", "NV00000031")
    give(mai, "analyst", "00.01", "benefits")

    assert ids(look(mai, source="benefits")) == set()
    with pytest.raises(Denied, match="chưa được giao chủ đề"):
        look(mai, source="collection")
