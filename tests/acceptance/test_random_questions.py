"""Random questions about every subject against a recount in plain Python: each cell and each total, on both engines.

Half of the questions read the facts, half the tables added up beforehand. DWH_QUESTIONS asks more of both engines
than the suite has time for (DuckDB is asked 5,000 in any case, ClickHouse 1,000: it unfolds a named query wherever
it is read, so that heads and stocks on many fields cost it a second each).
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.compile import Plan, compile_query
from dwh.datapath.semantic.execution.rollups import NO_STOCK, Stock
from dwh.datapath.semantic.execution.running import rows_of
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.results import build_answer
from dwh.datapath.warehouse.release import current_release
from dwh.kernel.org.scope import OrgScope
from tests.generated.clickhouse import clickhouse
from tests.generated.clickhouse import stock as clickhouse_stock
from tests.generated.expected import Asked, Cells, Recount
from tests.generated.load import generated_settings, release_folder, rolled_stock
from tests.generated.questions import NARROW, SIDES, inputs, random_asked
from tests.generated.words import subjects

ON_DUCKDB = max(5_000, int(os.environ.get("DWH_QUESTIONS", "0")))
ON_CLICKHOUSE = max(1_000, int(os.environ.get("DWH_QUESTIONS", "0")))
SEEDS = 10
WIDE = {
    "duckdb": 3,
    "clickhouse": 25,
}  # one question in so many has up to three dimensions a side, the others one
Ask = Callable[[Asked, bool], tuple[Plan, Cells]]


@cache
def recount() -> Recount:
    return Recount(release_folder()[1])


def planned(asked: Asked, stock: Stock, dialect: str) -> Plan:
    query = Query.from_json(asked.question, latest_month="2025-08")
    subject, scope = load_catalog().subject(query.subject), OrgScope.of(asked.scope)
    return compile_query(query, subject, scope=scope, clearance=asked.cleared, stock=stock, dialect=dialect)


def cells(plan: Plan, rows: list[tuple[Any, ...]]) -> Cells:
    return {row.keys: row.values for row in build_answer(plan, rows, release="r", state="provisional").rows}


def on_duckdb(asked: Asked, rolled: bool) -> tuple[Plan, Cells]:
    release = current_release(generated_settings())
    plan = planned(asked, rolled_stock() if rolled else NO_STOCK, "duckdb")
    rows = rows_of(plan, lambda sql, params, limit: release.fetch(sql, params, limit=limit or 50_000)[1])
    return plan, cells(plan, rows)


def on_clickhouse(asked: Asked, rolled: bool) -> tuple[Plan, Cells]:
    plan = planned(asked, clickhouse_stock() if rolled else NO_STOCK, "clickhouse")
    return plan, cells(plan, clickhouse().rows(plan.sql, [str(value) for value in plan.params]))


def equal_the_recount(ask: Ask, seed: int, count: int, wide: int) -> None:
    dice, told = random.Random(seed), Counter[str]()
    for number in range(count):
        asked = random_asked(dice, recount(), NARROW if number % wide else SIDES)
        expected = recount().answer(*asked)
        plan, got = ask(asked, number % 2 == 1)
        assert got == expected, (asked, {k: (got.get(k), expected.get(k)) for k in got | expected})
        told["cells"] += sum(map(len, expected.values()))
        told["rolled"] += any(route.table.startswith("rollup.") for route in plan.routes)
        told.update(_kinds(asked))
    print(f"{count} questions, no difference: {dict(told)}")
    assert min(told[kind] for kind in KINDS) > count / 50, told


KINDS = ("sum", "distinct", "stock", "ratio", "filtered", "scoped", "rolled", "as_is", "as_of")


def _kinds(asked: Asked) -> set[str]:
    """Return what a question tries: kinds of measures, filters, a right, a tree of units."""
    words, question = subjects()[asked.question["subject"]], asked.question
    measures = [words["measures"][name] for value in question["values"] for name in inputs(words, value)]
    found = {{"all": "sum", "none": "distinct"}.get(measure["additive"], "stock") for measure in measures}
    found |= {"ratio"} if any(value not in words["measures"] for value in question["values"]) else set()
    found |= {"filtered"} if question["filters"] else set()
    found |= {"scoped"} if asked.scope != ("00",) else set()
    return found | {question["org_basis"].partition(":")[0]}


@pytest.mark.req("D-14")
@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_cell_on_duckdb_is_the_recount(seed: int) -> None:
    equal_the_recount(on_duckdb, seed, ON_DUCKDB // SEEDS, WIDE["duckdb"])


@pytest.mark.xdist_group("clickhouse")  # one session a process
@pytest.mark.parametrize("seed", range(100, 100 + SEEDS))
def test_every_cell_on_clickhouse_is_the_recount(seed: int) -> None:
    clickhouse()
    equal_the_recount(on_clickhouse, seed, ON_CLICKHOUSE // SEEDS, WIDE["clickhouse"])


def test_the_recount_would_notice_a_single_dong() -> None:
    tables = dict(release_folder()[1])
    first, *others = tables["core.fct_contribution"]
    tables["core.fct_contribution"] = [first | {"due_vnd": (first["due_vnd"] or 0) + 1}, *others]
    question = {
        "subject": "contributions", "rows": ["org.office"], "columns": [], "values": ["due_vnd"], "filters": [],
        "org_basis": "as_was", "totals": True,
    }  # fmt: skip
    mine, theirs = recount().answer(question, ("00",)), Recount(tables).answer(question, ("00",))
    assert sum(mine[key] != theirs[key] for key in mine) == 2  # one office and the nation
