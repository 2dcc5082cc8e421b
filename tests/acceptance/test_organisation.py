"""What the organisation of the built demonstration knows of its units: kinds, classes, and who does the IT."""

from __future__ import annotations

from datetime import date

import pytest

from dwh.datapath.warehouse.release import current_release
from dwh.datapath.warehouse.seeds import SEEDS
from dwh.governance.protection.releases import units_of
from dwh.kernel.actor import operator
from dwh.kernel.org.models import OrgUnit
from dwh.kernel.org.services import it_unit_of, load_units
from tests.conftest import settings_of
from tests.oracle.tables import code_list

pytestmark = pytest.mark.xdist_group("demo")
DAYS = [
    date(2010, 5, 4),
    date(2025, 2, 28),
    date(2025, 3, 1),
    date(2025, 6, 30),
    date(2025, 7, 1),
    date(2026, 11, 23),
]
COLUMNS = "org_code, kind_code, class_code, class_name, valid_from, valid_until"


def units(home):
    _, rows = current_release(settings_of(home)).fetch(f"SELECT {COLUMNS} FROM core.dim_org", limit=20_000)
    return [dict(zip(COLUMNS.split(", "), row, strict=True)) for row in rows]


@pytest.mark.req("Q-06")
@pytest.mark.django_db
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_each_province_resolves_an_it_unit_at_any_date(built_home, day):
    load_units(units_of(current_release(settings_of(built_home))), by=operator("Kiểm thử"), source="release")
    provinces = OrgUnit.objects.existing_on(day).filter(tier="province")

    assert provinces.count() == (63 if day < date(2025, 7, 1) else 34)
    assert {p.code: it_unit_of(p.code, on=day).code for p in provinces} == {
        p.code: f"{p.code}.CNTT" for p in provinces
    }


@pytest.mark.req("Q-01")
def test_the_list_of_kinds_names_every_body_the_rules_bind_and_every_unit_has_one(built_home):
    kinds = {row["kind_code"]: row["kept_in"] for row in code_list("org_kind")}

    assert {"central", "province", "office", "service_provider", "employer", "facility"} <= set(kinds)
    assert {unit["kind_code"] for unit in units(built_home)} == {
        k for k, kept in kinds.items() if kept == "dim_org"
    }
    assert (SEEDS / "org_kind.csv").is_file()


@pytest.mark.req("Q-02")
def test_every_unit_has_the_class_the_rules_name_it_by(built_home):
    found = {unit["org_code"]: unit["class_code"] for unit in units(built_home)}

    assert None not in found.values()
    assert found["00.BYT"] == "advisory"
    assert found["00.CNTT"] == found["00.TTLT"] == "public_service"
    assert found["00.01"] == found["00.24-2025"] == "province"
