"""The plan: order, formula versions, types, lineage, and what a model file may not do."""

from __future__ import annotations

from time import perf_counter

import pytest

from dwh.datapath.pipeline.lineage import lineage
from dwh.datapath.pipeline.plan import fingerprint, load_plan, make_plan
from dwh.datapath.pipeline.run import reading
from dwh.datapath.pipeline.tests.small_plans import every_model
from dwh.datapath.sources.contract import load_contract, source_names
from dwh.datapath.standardise.checks import all_checks
from dwh.datapath.standardise.scans import QUARANTINE, is_standardise, source_table
from dwh.datapath.warehouse.engine import connect
from dwh.datapath.warehouse.model import parse_model
from dwh.datapath.warehouse.parts import PartStore
from dwh.kernel.errors import NotFound
from tests.further_tables import further_tables
from tests.warehouse_fixture import DDL

MODEL = """-- model:    core.dim_x
-- kind:     full
-- grain:    code
-- owner:    test
-- audits:   unique(grain)
-- A thing.
SELECT
  f.component_code AS code, -- VARCHAR its code
  CAST(1 AS BIGINT) AS amount -- BIGINT đồng
FROM seed.fund AS f
"""
SEEDS = load_plan().seeds


def test_every_input_is_made_before_it_is_read():
    plan, made = load_plan(), set()
    for model in plan.models:
        assert {t for t in plan.reads[model.table] if t in plan.fingerprints} <= made | {model.table}
        made.add(model.table)


def test_every_landed_table_of_every_contract_is_standardised():
    promised = {table.name for source in source_names() for table in load_contract(source).tables}
    assert {table.removeprefix("landed.") for table in load_plan().landed} == promised


def test_every_check_belongs_to_a_standardised_table_and_has_a_code_of_its_own():
    tables = {source_table(model) for model in load_plan().models if is_standardise(model)}
    assert set(all_checks()) <= tables
    found = [check for checks in all_checks().values() for check in checks]
    assert len(found) == len({check.code for check in found})
    assert all(check.message.endswith(".") for check in found)
    assert all(len(checks) < 63 for checks in all_checks().values()), "one bit each in a BIGINT"


def test_comments_and_spaces_do_not_change_the_formula_version():
    other = MODEL.replace("A thing.", "Another word.").replace("FROM seed.fund", "FROM   seed.fund")
    assert fingerprint(parse_model(other)) == fingerprint(parse_model(MODEL))


@pytest.mark.parametrize(
    ("old", "new"),
    [("CAST(1 ", "CAST(2 "), ("-- BIGINT", "-- INTEGER"), ("grain:    code", "grain:    amount")],
)
def test_a_formula_a_type_or_a_grain_does(old, new):
    assert fingerprint(parse_model(MODEL.replace(old, new))) != fingerprint(parse_model(MODEL))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (
            "f.component_code AS code, -- VARCHAR its code",
            "f.*,\n  f.component_code AS code, -- VARCHAR",
            "SELECT",
        ),
        ("-- VARCHAR its code", "", "no type comment"),
        ("seed.fund", "core.nothing", "nothing makes"),
        ("-- audits:   unique(grain)\n", "", "lacks audits"),
        ("kind:     full", "kind:     by_month(code)", "follows"),
        ("kind:     full", "kind:     sometimes", "kind is"),
    ],
)
def test_a_careless_model_is_refused(old, new, why):
    with pytest.raises(ValueError, match=why):
        make_plan([parse_model(MODEL.replace(old, new), path="dim_x.sql")], SEEDS)


def test_a_grouped_model_by_month_must_group_by_its_month():
    careless = """-- model:    staging.careless
-- kind:     by_month(received_month)
-- from:     staging.stg_claim_drug
-- grain:    facility_code
-- owner:    test
-- audits:   unique(grain)
SELECT
  d.facility_code AS facility_code, -- VARCHAR
  MAX(d.received_month) AS received_month -- VARCHAR
FROM staging.stg_claim_drug AS d
WHERE d.received_month IN (:months)
GROUP BY d.facility_code
"""
    known = [
        every_model()[table]
        for table in ("staging.stg_claim_drug", "staging.stg_org_unit", "staging.org_unit")
    ]
    with pytest.raises(ValueError, match="GROUP BY must name received_month"):
        make_plan([*known, parse_model(careless)], SEEDS)


@pytest.mark.parametrize("model", load_plan().models, ids=lambda model: model.table)
def test_the_engine_gives_every_column_the_type_its_comment_declares(model, tmp_path):
    engine, plan = connect(None, threads=1), load_plan()
    for table in sorted(plan.reads[model.table]):
        engine.run(f"CREATE SCHEMA IF NOT EXISTS {table.partition('.')[0]}")
        engine.run(f"CREATE VIEW {table} AS {reading(PartStore(tmp_path), plan.columns(table), [])}")
    declared = {column.name: column.type.replace(" ", "") for column in model.columns}
    assert engine.types(model.sql.replace(":months", "'2025-05'")) == declared
    engine.close()


def test_lineage_leads_from_a_figure_to_the_source_columns():
    start = perf_counter()
    found = {(origin.table, origin.column) for origin in lineage("core.fct_contribution", "due_vnd")}
    assert perf_counter() - start < 5
    assert ("staging.stg_contribution", "due_vnd") in found
    landed = {column for table, column in found if table == "landed.tst_dong_ca_nhan"}
    assert landed == {"so_tien_ld", "so_tien_sd", "so_tien_nsnn"}


def test_lineage_of_an_unknown_column_is_not_found():
    with pytest.raises(NotFound, match=r"core\.fct_contribution\.nothing"):
        lineage("core.fct_contribution", "nothing")


def test_the_hand_made_release_has_the_tables_of_the_models():
    engine = connect(None, threads=1)
    for statement in (*DDL.split(";"), *further_tables(DDL)):
        if statement.strip():
            engine.run(statement)
    made = {table: engine.types(f"SELECT * FROM {table}") for table in _tables(engine)}
    wanted = {
        m.table: {c.name: c.type.replace(" ", "") for c in m.columns}
        for m in load_plan().models
        if m.layer == "core"
    }
    assert {table: columns for table, columns in made.items() if table.startswith("core.")} == wanted
    assert list(made["quarantine.held"]) == [column.name for column in QUARANTINE]
    engine.close()


def _tables(engine):
    return [
        row[0]
        for row in engine.rows("SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY 1")
    ]
