"""The exact SQL of typical questions, per dialect. `make golden` rewrites the files; read the diff.

ClickHouse text is reviewed here and run by tests/acceptance/test_random_questions.py, in the process.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot

from dwh.datapath.semantic.tests.asking import IDENTITY, document, plan

GOLDEN = Path(__file__).parent / "golden"
FUND = {"field": "fund", "op": "in", "values": ["si"]}

QUESTIONS = {
    "the_issue": {
        "asked": document(
            rows=["org.province"],
            columns=["month.year"],
            values=["collected_vnd", "collection_rate", "participants"],
            filters=[FUND],
        ),
        "scope": ("00.01",),
    },
    "stock_by_quarter": {
        "asked": document(rows=["org.province"], columns=["month.quarter"], values=["participants_end"]),
    },
    "average_by_quarter": {
        "asked": document(
            rows=["org.province"],
            columns=["month.quarter"],
            values=["participants_average"],
            sort=[{"field": "participants_average", "desc": True}],
            limit=5,
        ),
    },
    "opening_by_quarter": {
        "asked": document("ledger", rows=["month.quarter"], values=["opening_debit_vnd"], totals=False),
    },
    "balance_by_quarter": {
        "asked": document(
            "ledger",
            rows=["account.group", "org.province"],
            columns=["month.quarter"],
            values=["closing_debit_vnd"],
        ),
        "scope": ("00.01",),
    },
    "two_facts": {
        "asked": document(rows=["org.province"], values=["due_vnd", "participants_end"], totals=False),
    },
    "top_employers": {
        "asked": document(
            rows=["employer"],
            values=["arrears_vnd"],
            sort=[{"field": "arrears_vnd", "desc": True}],
            limit=10,
        ),
    },
    "region_as_is": {
        "asked": document(rows=["org.region"], values=["due_vnd"], org_basis="as_is", totals=False),
    },
    "province_as_of": {
        "asked": document(
            rows=["org.province"],
            values=["due_vnd"],
            org_basis="as_of:2025-06-30",
            totals=False,
            filters=[{"field": "org.province", "op": "in", "values": ["00.48", "00.48+00.49"]}],
        ),
    },
    "hidden_persons": {"asked": document(rows=["participant"], values=["due_vnd"])},
    "shown_persons": {"asked": document(rows=["participant"], values=["due_vnd"]), "clearance": IDENTITY},
    "empty_scope": {"asked": document(values=["due_vnd"]), "scope": ()},
    "b02": {
        "asked": document(
            "claims",
            rows=["org.province"],
            values=[
                "visits",
                "outpatient_visits",
                "inpatient_total_vnd",
                "avg_inpatient_days",
                "share_of_total",
            ],
            filters=[{"field": "month", "op": "between", "values": ["2025-05", "2025-07"]}],
        ),
    },
    "unknown_sector_left_out": {
        "asked": document(
            values=["due_vnd"], filters=[{"field": "employer.sector", "op": "not_in", "values": ["DN", "~"]}]
        ),
    },
}


@pytest.mark.parametrize("dialect", ["duckdb", "clickhouse"])
@pytest.mark.parametrize("name", QUESTIONS)
def test_the_sql_of_a_typical_question_is_the_reviewed_one(name, dialect, rewrite):
    made = plan(**QUESTIONS[name], dialect=dialect)
    text = f"{made.sql}\n-- {list(made.params)}\n"
    path = GOLDEN / f"{name}.{dialect}.sql"
    if rewrite:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_sql_keeps_to_what_every_engine_can_do(name):
    made = plan(**QUESTIONS[name])
    assert not re.search(r"GROUPING\([^)]*,|QUALIFY|ASOF|\bFILTER\b", made.sql)
    for value in made.params:
        assert f"'{value}'" not in made.sql.replace("'~'", "")
    sqlglot.parse_one(plan(**QUESTIONS[name], dialect="clickhouse").sql, read="clickhouse")


def test_the_same_question_gives_the_same_text():
    assert plan(**QUESTIONS["the_issue"]) == plan(**QUESTIONS["the_issue"])
