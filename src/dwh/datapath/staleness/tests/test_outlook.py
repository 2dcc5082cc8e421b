"""A changed formula is told before the build, the build makes what was told, and what was published stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest
import yaml

from dwh.datapath.pipeline.build import build
from dwh.datapath.pipeline.publish import publish
from dwh.datapath.pipeline.tests import kit
from dwh.datapath.pipeline.tests.small_plans import (
    CLAIMS,
    CONTRIBUTIONS,
    MONTHS,
    changed,
    claims_plan,
    contributions_plan,
)
from dwh.datapath.semantic.catalog import SUBJECTS, load_catalog, read_subject
from dwh.datapath.semantic.words import Catalog
from dwh.datapath.staleness.figures import Shown, formulas, stale_figures, stale_pages
from dwh.datapath.staleness.outlook import outlook
from dwh.datapath.staleness.tables import Reason, StaleTable, Why, stale_tables
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.release import MANIFEST, Release, release_named

CLAIM_MONTHS = MONTHS.format(month="visit_month", table="staging.stg_claim")
LINE_MONTHS = MONTHS.format(month="contribution_month", table="staging.stg_contribution")
STAGED, FACT, COST = "staging.stg_claim", "core.fct_claim", "core.fct_claim_cost"
CONTRACT = "core.fct_facility_contract"
DAYS = "CAST(t.so_ngay_dtri AS INTEGER)"
DAYS_FROM_JUNE = "CAST(t.so_ngay_dtri + CASE WHEN t.landed_month >= '2025-06' THEN 1 ELSE 0 END AS INTEGER)"
PAGES = (
    Shown("Số ngày điều trị", "claims", frozenset({"treatment_days"})),
    Shown("Nội trú", "claims", frozenset({"inpatient_rate"})),
    Shown("Thu", "contributions", frozenset({"collected_vnd"})),
)


@pytest.fixture
def nation(tmp_path):
    """Claims of three months, published; a visit of each is one day long."""
    settings = kit.settings_in(tmp_path)
    visits = [kit.claim(at, f"20250{4 + at}101000", so_ngay_dtri=1) for at in (1, 2, 3)]
    kit.small_nation(settings, lines=[kit.line(1)], claims=visits)
    kit.make_public(settings, plan=claims_plan())
    return settings


@pytest.fixture
def days_from_june():
    """The plan in which the day of coming is counted too, from June 2025 on."""
    return changed(CLAIMS, STAGED, DAYS, DAYS_FROM_JUNE, months=CLAIM_MONTHS)


def parts_of(release: Release) -> dict[tuple[str, str], str]:
    parts = release.manifest["parts"]
    return {
        (table, month): part["sha256"] for table, months in parts.items() for month, part in months.items()
    }


def days_in(release: Release) -> list[tuple[str, int]]:
    return kit.rows_of(release, FACT, "visit_month, treatment_days")


def manifest_of(release: Release) -> Manifest:
    return Manifest.read(release.path / MANIFEST)


def catalog_with(subject: str, indicator: str, **words: object) -> Catalog:
    """Return the catalogue in which one indicator says something else."""
    document = yaml.safe_load((SUBJECTS / f"{subject}.yaml").read_text(encoding="utf-8"))
    document["indicators"][indicator] |= words
    subjects: Mapping = load_catalog().subjects
    return Catalog(MappingProxyType({**subjects, subject: read_subject(document, subject)}), "another")


@pytest.mark.req("C-13")
@pytest.mark.law("QC-DWH 12.5")
def test_a_changed_formula_makes_it_and_its_descendants_stale_and_nothing_else(nation, days_from_june):
    told = outlook(nation, plan=days_from_june)

    every = ("2025-05", "2025-06", "2025-07")
    because = (Reason(Why.READS, (STAGED,)),)
    assert {one.table: one for one in told.tables} == {
        STAGED: StaleTable(STAGED, (Reason(Why.FORMULA),), months=every, perhaps=()),
        FACT: StaleTable(FACT, because, months=(), perhaps=every),
        COST: StaleTable(COST, because, months=(), perhaps=every),
        CONTRACT: StaleTable(CONTRACT, because, months=(), perhaps=every),
        "core.dim_month": StaleTable("core.dim_month", because, months=(), perhaps=("all",)),
    }
    assert {figure.subject for figure in told.figures} == {"claims"}
    assert {"treatment_days", "avg_inpatient_days"} <= {figure.name for figure in told.figures}
    assert stale_pages(told.figures, PAGES) == ("Số ngày điều trị", "Nội trú")
    assert outlook(nation, plan=claims_plan()).tables == ()


@pytest.mark.req("C-13")
@pytest.mark.law("QC-DWH 12.5")
def test_the_next_build_makes_only_what_was_told_and_only_the_affected_months(nation, days_from_june):
    before = kit.current_release(nation)
    told = outlook(nation, plan=days_from_june)

    report = kit.make(nation, plan=days_from_june)
    after = publish(report, settings=nation)

    made = {step.table: step.months for step in report.steps if step.months}
    assert made == {STAGED: 3, FACT: 2, COST: 2, CONTRACT: 2, "core.dim_month": 1}
    assert made.keys() == {one.table for one in told.tables}
    was, now = parts_of(before), parts_of(after)
    assert was.keys() == now.keys()
    months = ("2025-06", "2025-07")
    assert {key for key in was if was[key] != now[key]} == {(t, m) for t in (STAGED, FACT) for m in months}
    assert outlook(nation, plan=days_from_june).tables == ()


@pytest.mark.req("C-13")
def test_the_release_published_before_keeps_its_figures(nation, days_from_june):
    before = kit.current_release(nation)
    stored = {path: path.read_bytes() for path in before.path.iterdir()}
    after = kit.make_public(nation, plan=days_from_june)

    assert days_in(after) == [("2025-05", 1), ("2025-06", 2), ("2025-07", 2)]
    assert days_in(release_named(before.id, nation)) == [("2025-05", 1), ("2025-06", 1), ("2025-07", 1)]
    assert {path: path.read_bytes() for path in before.path.iterdir()} == stored


@pytest.mark.req("C-13")
@pytest.mark.law("QC-DWH 12.5")
def test_a_changed_formula_of_an_indicator_is_told_with_both_formulas_and_makes_no_table_stale(nation):
    kit.land(nation, "gd_ho_so", [kit.claim(4)])
    report = build(settings=nation, today=kit.TODAY, plan=claims_plan(), figures=formulas())
    publish(report, settings=nation)
    example = {"given": {"inpatient_visits": 1, "visits": 4}, "expect": "33.33"}
    other = catalog_with(
        "claims",
        "inpatient_rate",
        example=example,
        formula="100 * inpatient_visits / (visits - inpatient_visits)",
    )

    told = outlook(nation, plan=claims_plan(), catalog=other)
    assert (told.tables, told.knows_formulas) == ((), True)
    [figure] = told.figures
    assert (figure.name, figure.was) == ("inpatient_rate", "100 * inpatient_visits / visits")
    assert figure.now == "100 * inpatient_visits / (visits - inpatient_visits)"
    assert stale_pages(told.figures, PAGES) == ("Nội trú",)
    assert outlook(nation, plan=claims_plan()).figures == ()


def test_an_indicator_is_told_of_a_measure_whose_formula_changed():
    catalog, kept = load_catalog(), formulas()
    kept["claims.inpatient_visits"] = "count(core.fct_claim)"

    from_measure = {f.name: f.measures for f in stale_figures(catalog, kept, ()) if f.measures}
    assert from_measure["inpatient_rate"] == ("inpatient_visits",)
    assert "visits_per_patient" not in from_measure


def test_a_release_older_than_the_kept_formulas_tells_nothing_of_them(nation):
    told = outlook(nation, plan=claims_plan())
    assert (told.figures, told.knows_formulas) == ((), False)


CHANGES = {  # what changes → table, words, other words
    "a list of people": (
        "staging.stg_participant",
        "nfc_normalize(t.ho_ten)",
        "upper(nfc_normalize(t.ho_ten))",
    ),
    "who is one person": ("core.person_member", "MIN(r.label) ", "MIN(r.label) + 0 "),
    "a staged table": ("staging.stg_contribution", "WHERE c.landed", "WHERE c.id > 0 AND c.landed"),
    "a fact": ("core.fct_contribution", "WHERE c.contribution", "WHERE c.source_id > 0 AND c.contribution"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_build_never_makes_a_table_or_a_month_that_was_not_told(tmp_path, change):
    settings = kit.settings_in(tmp_path)
    kit.small_nation(settings, lines=[kit.line(1), kit.line(2, "2025-06", person=2)])
    kit.make_public(settings)
    table, old, new = CHANGES[change]
    plan = changed(CONTRIBUTIONS, table, old, new, months=LINE_MONTHS)

    told = {one.table: one for one in outlook(settings, plan=plan).tables}
    steps = {step.table: step.months for step in kit.make(settings, plan=plan).steps if step.months}
    assert table in steps
    assert steps.keys() <= told.keys()
    for name, made in steps.items():
        assert len(told[name].months) <= made <= len(told[name].months) + len(told[name].perhaps)
    certain = {name for name, one in told.items() if one.months}
    assert certain <= steps.keys()


def test_new_batches_are_told_to_who_may_read_them_with_the_source_table_named(tmp_path):
    settings = kit.settings_in(tmp_path)
    kit.small_nation(settings, lines=[kit.line(1), kit.line(2, "2025-06", person=2)])
    kit.make_public(settings)
    kit.land(settings, "tst_dong_ca_nhan", [kit.line(2, "2025-06", person=3)])
    plan = contributions_plan()

    assert outlook(settings, plan=plan).tables == ()
    told = {one.table: one for one in outlook(settings, plan=plan, batches=True).tables}
    assert told["core.fct_contribution"].reasons == (Reason(Why.BATCHES, ("landed.tst_dong_ca_nhan",)),)
    made = {step.table for step in kit.make(settings).steps if step.months}
    assert made - {"landed.tst_dong_ca_nhan"} <= told.keys()
    assert "core.fct_contribution" in made
    assert "core.dim_employer" not in told


def test_a_locked_month_is_told_as_kept_and_as_stale_once_it_is_unlocked(nation, days_from_june):
    base, june = manifest_of(kit.current_release(nation)), frozenset({"2025-06"})
    told = {one.table: one for one in stale_tables(days_from_june, base, locked=june)}
    assert (told[STAGED].months, told[STAGED].kept) == (("2025-05", "2025-07"), ("2025-06",))

    after = manifest_of(publish(kit.make(nation, plan=days_from_june, locked=june), settings=nation))
    assert stale_tables(days_from_june, after, locked=june) == ()
    unlocked = {one.table: one for one in stale_tables(days_from_june, after)}
    assert (unlocked[STAGED].reasons, unlocked[STAGED].months) == ((Reason(Why.UNLOCKED),), ("2025-06",))
    assert unlocked[FACT].perhaps == ("2025-06",)


def test_another_code_list_is_told_by_its_name(nation, tmp_path):
    plan = claims_plan()
    longer = tmp_path / "visit_type.csv"
    longer.write_bytes(
        plan.seeds["seed.visit_type"].read_bytes()
        + b"99,Kh\xc3\xa1c,outpatient,Ngo\xe1\xba\xa1i tr\xc3\xba\n"
    )
    other = replace(plan, seeds={**plan.seeds, "seed.visit_type": longer})

    told = {one.table: one for one in outlook(nation, plan=other).tables}
    assert told[FACT].reasons == (Reason(Why.CODE_LIST, ("seed.visit_type",)),)
    assert told[FACT].months == ("2025-05", "2025-06", "2025-07")
    assert STAGED not in told
