"""A rollup answers as the fact does, to the đồng and the head; the router takes only what covers, and says why not."""

import random
from collections import Counter
from typing import Any

import pytest

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.execution.rollups import Stock
from dwh.datapath.semantic.tests.asking import answer_on, document, plan, rolled
from dwh.datapath.warehouse.rollups.definition import load_rollups
from dwh.kernel.errors import DwhError

SUBJECTS = ("contributions", "claims", "benefit_payments")
SCOPES = (("00",), ("00.01",), ("00.01", "00.48"), ())
BASES = ("as_was", "as_is", "as_of:2025-08-01")
PERIODS = ("2024", "2025", "2025-Q2", "2025-06", "2025-08")


def question(dice: random.Random) -> dict[str, Any]:
    """Return a random document; it may be one that cannot be asked."""
    subject = load_catalog().subject(dice.choice(SUBJECTS))
    fields = [name for name in subject.field_names() if not subject.field(name).level.personal]
    asked = dice.sample(fields, dice.choice([0, 1, 1, 2, 2, 3]))
    cut = dice.randint(0, len(asked))
    values = dice.sample([*subject.measures, *subject.indicators], dice.choice([1, 1, 2]))
    filters = []
    if dice.random() < 0.5:
        filters.append({"field": "month.month", "op": "in", "values": dice.sample(PERIODS, 2)})
    if dice.random() < 0.3:
        filters.append({"field": "org.province", "op": "not_in", "values": [dice.choice(["00.01", "~"])]})
    return document(
        subject.name, rows=asked[:cut], columns=asked[cut:], values=values, filters=filters,
        org_basis=dice.choice(BASES), totals=dice.random() < 0.8,
    )  # fmt: skip


def cells(answer: Any) -> list[tuple[Any, ...]]:
    return [(row.keys, row.labels, row.values) for row in answer.rows]


@pytest.mark.parametrize("seed", range(8))
def test_an_answer_from_rollups_is_the_answer_from_the_facts(seed: int) -> None:
    dice, (release, stock) = random.Random(seed), rolled()
    taken: Counter[str] = Counter()
    asked = 0
    while asked < 60:
        wanted, scope = question(dice), dice.choice(SCOPES)
        try:
            base = plan(wanted, scope)
        except DwhError:
            continue
        asked += 1
        taken_plan = plan(wanted, scope, stock=stock)
        taken.update(one.table for one in taken_plan.routes)
        assert cells(answer_on(release, taken_plan)) == cells(answer_on(release, base)), wanted
    assert sum(count for table, count in taken.items() if table.startswith("rollup.")) >= 10


@pytest.mark.parametrize("rollup", load_rollups(), ids=lambda one: one.name)
def test_each_rollup_alone_answers_as_the_facts(rollup: Any) -> None:
    """Random questions until a dozen were answered by this very rollup."""
    dice, (release, stock) = random.Random(rollup.name), rolled()
    only = Stock(frozenset({(rollup.of, 10**9), (rollup.table, stock.of(rollup.table) or 0)}))
    answered = 0
    for _ in range(6_000):
        wanted, scope = question(dice), dice.choice(SCOPES)
        try:
            taken_plan = plan(wanted, scope, stock=only)
        except DwhError:
            continue
        if any(one.table == rollup.table for one in taken_plan.routes):
            assert cells(answer_on(release, taken_plan)) == cells(answer_on(release, plan(wanted, scope))), (
                wanted
            )
            answered += 1
        if answered == 12:
            return
    raise AssertionError(f"{rollup.name} answered {answered} questions")


def test_the_smallest_covering_table_is_taken_and_the_others_say_why_not() -> None:
    sizes = {"core.fct_contribution": 10**8, "rollup.contribution_by_component": 4_000}
    stock = Stock(frozenset((sizes | {"rollup.contribution_by_sector": 9_000}).items()))
    made = plan(document(rows=["org.province"], values=["due_vnd"]), stock=stock)
    (only,) = made.routes
    assert only.table == "rollup.contribution_by_component"
    reasons = dict(only.rejected)
    assert reasons["contribution_by_sector"] == "không nhỏ hơn bảng được chọn"
    assert reasons["contribution_by_employer"] == "bản số liệu này chưa có bảng"
    assert (
        "số liệu của chỉ tiêu" in reasons["contribution_participants"]
        or "chưa có" in reasons["contribution_participants"]
    )


def test_a_dimension_that_no_rollup_has_is_named_and_the_fact_answers() -> None:
    _, stock = rolled()
    asked = document(rows=["employer.sector"], columns=["participant.sex"], values=["due_vnd"])
    (only,) = plan(asked, stock=stock).routes
    assert only.table == "core.fct_contribution"
    assert "«Giới tính» (participant.sex)" in dict(only.rejected)["contribution_by_sector"]


def test_a_rollup_without_units_serves_the_nation_only() -> None:
    _, stock = rolled()
    asked = document("claims", rows=["facility.class"], columns=["object"], values=["visits"])
    assert plan(asked, stock=stock).routes[0].table == "rollup.claim_by_class"
    (province,) = plan(asked, ("00.01",), stock=stock).routes
    assert province.table == "core.fct_claim"
    assert "toàn quốc" in dict(province.rejected)["claim_by_class"]


def test_a_release_without_rollups_is_asked_as_before() -> None:
    asked = document(rows=["org.province"], values=["due_vnd", "participants"])
    assert {one.table for one in plan(asked).routes} == {"core.fct_contribution"}
