"""What the organisation of the built demonstration knows of its units: kinds, classes, and who does the IT."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.compile import compile_query
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.results import build_answer
from dwh.datapath.warehouse.release import current_release
from dwh.datapath.warehouse.seeds import SEEDS
from dwh.governance.protection.releases import units_of
from dwh.kernel.actor import operator
from dwh.kernel.org.models import OrgUnit
from dwh.kernel.org.scope import OrgScope
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


TREES = ["as_was", "as_is", "as_of:2024-12-31", "as_of:2025-03-15", "as_of:2026-11-23"]
MEASURES = {
    "contributions": ["collected_vnd", "participants", "participants_end"],
    "claims": ["visits", "total_vnd", "patients"],
}


def asked(home, **question):
    """Return keys → values of a question over the whole nation."""
    query = Query.from_json(question)
    plan = compile_query(query, load_catalog().subject(query.subject), scope=OrgScope.of(["00"]))
    release = current_release(settings_of(home))
    _, rows = release.fetch(plan.sql, plan.params, limit=50_000)
    answer = build_answer(plan, rows, release="r", state="provisional")
    return {row.keys: row.values for row in answer.rows}


@pytest.mark.parametrize("subject", MEASURES)
@pytest.mark.parametrize("level", ["region", "province", "office"])
def test_the_nation_is_the_same_on_every_tree(built_home, subject, level):
    question = {"subject": subject, "values": MEASURES[subject], "rows": [f"org.{level}"]}
    totals = {basis: asked(built_home, **question, org_basis=basis)[None,] for basis in TREES}
    assert len(set(totals.values())) == 1, totals
    assert all(value > 0 for value in totals["as_was"])


@pytest.mark.req("C-27")
def test_rows_of_before_and_after_2025_give_one_continuous_series_of_each_province(built_home):
    new_home = {row["province_code"]: row["successor_code"] for row in code_list("province_old")}
    question = {
        "subject": "contributions",
        "values": ["collected_vnd", "lines"],
        "rows": ["org.province", "month"],
    }
    was = asked(built_home, **question, org_basis="as_was", totals=False)
    now = asked(built_home, **question, org_basis="as_is", totals=False)

    months = sorted({month for _, month in now})
    assert months[0] < "2025-07" < months[-1]
    series = defaultdict(lambda: (0, 0))
    for (province, month), values in was.items():
        number = province.split(".")[1] if province != "~" else "~"
        heir = number[:2] if number.endswith("-2025") or number == "~" else new_home[number]
        series[heir, month] = tuple(a + b for a, b in zip(series[heir, month], values, strict=True))
    assert {(key.split(".")[-1][:2], month): values for (key, month), values in now.items()} == series
    assert len({key for key, _ in now} - {"~"}) == 34
    bac_ninh = [month for key, month in now if key == "00.24-2025"]
    assert (
        bac_ninh == months
    )  # old Bắc Giang and old Bắc Ninh until June 2025, then the new one, without a hole
