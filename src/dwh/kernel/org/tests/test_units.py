"""Filling the units from rows, and asking after them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dwh.kernel.actor import operator
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Invalid
from dwh.kernel.org.models import OrgUnit
from dwh.kernel.org.scope import OrgScope
from dwh.kernel.org.services import Unit, current_codes, it_unit_of, load_units, name_of, names_of, units_in

START, REFORM = date(1995, 2, 16), date(2025, 7, 1)
UNITS = [
    Unit("00", "BHXH Việt Nam", "central", START, None, "00"),
    Unit("00.01", "BHXH thành phố Hà Nội", "province", START, None, "00.01"),
    Unit("00.01.001", "BHXH quận Ba Đình", "office", START, REFORM, "00.01.501"),
    Unit("00.01.501", "BHXH cơ sở Hoàn Kiếm", "office", REFORM, None, "00.01.501"),
]

pytestmark = pytest.mark.django_db


def load(units):
    return load_units(units, by=operator("Kiểm thử"), source="release:1")


@pytest.mark.law("QC-DWH 4.6")
def test_the_units_become_exactly_the_rows():
    assert load(UNITS) == 4
    assert load([*UNITS[:1], replace(UNITS[1], name="Hà Nội"), UNITS[3]]) == 2
    assert dict(OrgUnit.objects.values_list("code", "name")) == {
        "00": "BHXH Việt Nam", "00.01": "Hà Nội", "00.01.501": "BHXH cơ sở Hoàn Kiếm",
    }  # fmt: skip
    assert OrgUnit.objects.get(pk="00.01.501").parent_code == "00.01"


def test_only_a_change_is_on_record():
    load(UNITS)
    assert load(UNITS) == 0
    assert AuditRecord.objects.filter(action="units.loaded").count() == 1


@pytest.mark.parametrize("units", [[], UNITS[1:]])
def test_a_list_without_the_nation_changes_nothing(units):
    load(UNITS)
    with pytest.raises(Invalid, match="Danh mục đơn vị trống"):
        load(units)
    assert OrgUnit.objects.count() == 4


def test_what_units_are_called_and_who_took_over():
    load(UNITS)
    assert (name_of("00.01"), name_of("00.99")) == ("BHXH thành phố Hà Nội", "00.99")
    assert names_of(OrgScope.of(["00.01", "00.99"])) == ["BHXH thành phố Hà Nội", "00.99"]
    assert current_codes(["00.01.001", "00.01", "00.99"]) == {
        "00.01.001": "00.01.501", "00.01": "00.01", "00.99": "00.99",
    }  # fmt: skip


@pytest.mark.parametrize(("day", "office"), [(date(2025, 6, 30), "00.01.001"), (REFORM, "00.01.501")])
def test_which_units_exist_on_a_day(day, office):
    load(UNITS)
    assert [unit.code for unit in units_in(OrgScope.of(["00.01"]), day)] == ["00.01", office]
    assert OrgUnit.objects.subtree("00.01").count() == 3


IT_UNITS = [
    Unit("00.BYT", "Ban BYT", "central", START, None, "00.BYT"),
    Unit("00.TTCN", "Trung tâm Công nghệ thông tin", "central", START, REFORM, "00.CNTT", is_it_unit=True),
    Unit("00.CNTT", "Trung tâm CNTT và Chuyển đổi số", "central", REFORM, None, "00.CNTT", is_it_unit=True),
    Unit("00.01.CNTT", "Phòng CNTT", "department", START, None, "00.01.CNTT", is_it_unit=True),
    Unit("00.01-2025.CNTT", "Phòng CNTT", "department", REFORM, None, "00.01-2025.CNTT", is_it_unit=True),
]


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        ("00.01.501", REFORM, "00.01.CNTT"),
        ("00.01", date(2020, 1, 1), "00.01.CNTT"),
        ("00.BYT", REFORM, "00.CNTT"),
        ("00", date(2025, 6, 30), "00.TTCN"),
        ("00.99.501", REFORM, None),
    ],
)
def test_which_it_unit_looks_after_a_unit_on_a_day(code, day, expected):
    load([*UNITS, *IT_UNITS])
    found = it_unit_of(code, on=day)
    assert (found.code if found else None) == expected
