"""The tree of units over time: 63 and 34 provinces, offices, predecessors, codes that come back."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest

from demo.people import load_people, org_code_of
from demo.sources.nation.geography import UNCHANGED, districts, provinces
from demo.sources.org import REFORMED, new_unit_of_district, office_codes, units
from demo.tests.reading import read

REUSED = {"15": ("Yên Bái", "Lào Cai"), "24": ("Bắc Giang", "Bắc Ninh"), "44": ("Quảng Bình", "Quảng Trị")}


def named(ma_dv: str):
    return next(u for u in units() if u.ma_dv == ma_dv)


def in_force(day: str, level: int) -> list:
    return [u for u in units() if u.level == level and u.since <= day and (not u.until or day < u.until)]


def test_there_are_63_provinces_before_the_reform_and_34_after():
    assert len(in_force("2025-06-30", 2)) == 63
    assert len(in_force("2025-07-01", 2)) == 34
    assert len({u.ma_dv for u in in_force("2025-07-01", 2)} & UNCHANGED) == 11


def test_every_unit_has_one_code_and_a_parent_in_force():
    codes = Counter(u.ma_dv for u in units())
    assert set(codes.values()) == {1}
    for unit in units():
        if unit.parent:
            above = named(unit.parent)
            assert above.since <= unit.since
            assert not above.until or (unit.until and unit.until <= above.until)


def test_bac_ninh_today_is_old_bac_giang_and_old_bac_ninh():
    assert named("24-2025").predecessors == "24;27"
    assert {p.new_unit for p in provinces() if p.code in ("24", "27")} == {"24-2025"}


@pytest.mark.parametrize("code", sorted(REUSED))
def test_a_code_used_again_names_another_province(code):
    before, after = REUSED[code]

    assert before in named(code).name
    assert after in named(f"{code}-2025").name
    assert named(code).until == named(f"{code}-2025").since == REFORMED


def test_every_old_office_goes_whole_into_one_new_office_of_its_province():
    heirs = Counter(old for u in units() if u.kind == "cơ sở" for old in u.predecessors.split(";"))
    assert len(in_force("2025-06-30", 3)) == len(districts()) == 696
    assert heirs == Counter(u.ma_dv for u in units() if u.kind == "huyện")
    for district, unit in zip(districts(), new_unit_of_district(), strict=True):
        assert unit.split(".")[0] == provinces()[district.province].new_unit


def test_office_codes_never_mean_two_offices():
    codes = [u.office_code for u in units() if u.level == 3]

    assert len(codes) == len(set(codes))
    assert set(office_codes().before) | set(office_codes().after) <= set(codes)


def test_ha_noi_has_its_23_real_offices_and_the_city_office_itself():
    offices = [u for u in in_force("2025-07-01", 3) if u.parent == "01"]

    assert len(offices) == 24
    assert named("01.500").predecessors == "01.268"
    assert named("01.501").name == "BHXH cơ sở Đống Đa"


def test_rows_carry_the_office_of_their_month(home):
    lines = read(home, "TST", "tst_dong_ca_nhan", "ky ma_cq_bhxh")
    old, new = list(set(office_codes().before)), list(set(office_codes().after))

    assert lines.filter(pl.col("ky") < "202507")["ma_cq_bhxh"].is_in(old).all()
    assert lines.filter(pl.col("ky") >= "202507")["ma_cq_bhxh"].is_in(new).all()


def test_the_people_of_the_demonstration_work_in_units_of_today(home):
    staff = read(home, "QLNS", "ns_nhan_vien", "ma_nv ho_ten email_nganh trang_thai").drop("id")
    identities = read(home, "IAM", "iam_dinh_danh", "email_nganh trang_thai").drop("id").rows()
    for person in load_people():
        assert not named(person.unit).until
        assert (person.staff_code, person.name, person.email, "làm việc") in staff.rows()
        assert (person.email, "hoạt động") in identities


def test_grants_name_real_units_and_the_guest_has_none():
    codes = {org_code_of(u.ma_dv) for u in units()}
    by_email = {p.email: p for p in load_people()}

    assert all(p.org_code in codes for p in load_people() if p.group)
    assert by_email["khach.ba@vss.gov.vn"].group == ""
    assert by_email["khanh.vq@vss.gov.vn"].subjects == ("contributions",)
    assert by_email["ha.pt@vss.gov.vn"].org_code == "00.01.501"
