"""The exact SQL of the rows behind typical cells, per dialect; `--golden-rewrite` rewrites the files, read the diff."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlglot

from dwh.datapath.origin.records import records_of
from dwh.datapath.origin.statement import Asked, RowsPlan, Window, compile_rows
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.statement.conditions import Sight
from dwh.kernel.errors import Denied
from dwh.kernel.org.scope import OrgScope

GOLDEN = Path(__file__).parent / "golden"
IDENTITY = frozenset({"identity"})
TABLE = {"rows": ["org.province"], "columns": ["month.quarter"]}
CELL = ("00.01", "2025-Q3")
CELLS = {
    "sum": ({"subject": "contributions", "values": ["due_vnd"], **TABLE}, CELL, ("00.01",), frozenset()),
    "heads": ({"subject": "contributions", "values": ["participants"], **TABLE}, CELL, ("00",), IDENTITY),
    "stock_total": (
        {"subject": "contributions", "values": ["participants_end"], **TABLE}, (None, "2025-Q3"), ("00.01",),
        frozenset(),
    ),
    "where_as_of": (
        {"subject": "contributions", "values": ["pension_lines"], "org_basis": "as_of:2025-06-30", **TABLE},
        ("00.48+00.49", None), ("00",), frozenset(),
    ),
    "record_key": ({"subject": "claims", "values": ["visits"], **TABLE}, ("~", None), ("00",), IDENTITY),
}  # fmt: skip


def made(name: str, dialect: str = "duckdb", window: Window | None = None) -> RowsPlan:
    document, keys, scope, clearance = CELLS[name]
    query = Query.from_json(document)
    subject = load_catalog().subject(query.subject)
    asked = Asked(query, keys, query.values[0])
    return compile_rows(asked, subject, Sight(OrgScope.of(scope), clearance), window or Window(), dialect)


@pytest.mark.parametrize("dialect", ["duckdb", "clickhouse"])
@pytest.mark.parametrize("name", CELLS)
def test_the_sql_of_the_rows_is_the_reviewed_one(name, dialect, request):
    plan = made(name, dialect)
    text = f"{plan.total};\n\n{plan.page};\n-- {list(plan.params)}\n"
    path = GOLDEN / f"{name}.{dialect}.sql"
    if request.config.getoption("--golden-rewrite", default=False):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    assert all(sqlglot.parse_one(sql, read=dialect) for sql in (plan.total, plan.page))


@pytest.mark.parametrize("name", CELLS)
def test_no_value_of_a_person_stands_in_the_text(name):
    plan = made(name)
    assert plan.params
    text = f"{plan.total} {plan.page}".replace("'~'", "")
    assert [value for value in plan.params if f"'{value}'" in text] == []


def test_a_hidden_column_is_not_read():
    assert "full_name" not in made("sum").page
    assert "full_name" in made("heads").page


def test_a_page_is_a_window_of_the_same_order():
    plan = made("sum", window=Window(200, 100))
    assert "LIMIT 100\n  OFFSET 200" in plan.page


def test_an_empty_scope_reads_nothing():
    query = Query.from_json(CELLS["sum"][0])
    subject, nobody = load_catalog().subject("contributions"), Sight(OrgScope(), frozenset())
    plan = compile_rows(Asked(query, CELL, "due_vnd"), subject, nobody, Window())
    assert "FALSE" in plan.total
    assert "FALSE" in plan.page


def test_a_filter_on_a_person_is_refused():
    query = Query.from_json(
        {
            "subject": "contributions", "values": ["due_vnd"],
            "filters": [{"field": "participant", "op": "eq", "values": ["0123456789"]}],
        }
    )  # fmt: skip
    with pytest.raises(Denied):
        compile_rows(
            Asked(query, (), "due_vnd"), load_catalog().subject("contributions"),
            Sight(OrgScope.of(["00"]), frozenset()), Window(),
        )  # fmt: skip


@pytest.mark.req("C-21")
def test_a_row_names_its_batch_and_its_record_where_it_is_one_record():
    claims, ledger = load_catalog().subject("claims"), load_catalog().subject("ledger")
    claim, entry = records_of(claims.facts["claim"]), records_of(ledger.facts["entry"])
    assert (claim.table, claim.batch, claim.record) == ("gd_ho_so", "last_batch_id", "claim_key")
    assert (entry.table, entry.record) == ("kt_but_toan", "entry_key")
    cost = records_of(claims.facts["claim_cost"])
    assert (cost.source, cost.batch, cost.record) == ("Giám định BHYT", "", "")
