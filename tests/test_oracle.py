"""The warehouse equals an independent recount of the source databases: to the đồng and the head, totals included."""

from __future__ import annotations

import os
import random
from datetime import date
from typing import Any

import polars as pl
import pytest

from demo import accounts
from demo.people import load_people
from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.settings import DataPathSettings
from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.governance.access.rules import PERMISSIONS, Group
from dwh.governance.protection import limits
from dwh.kernel.errors import TooManyRows
from tests.oracle.questions import FACT_OF, USUAL, random_questions
from tests.oracle.recount import MEASURES, Cells, Oracle

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.xdist_group("oracle")]

TODAY = date(2026, 11, 23)
QUESTIONS, SEEDS = 60, (1, 2, 3, 4)  # 240 questions
MORE = 60  # of every other subject
LEAST_CELLS = 19  # of a fact: 39 facts make 700 and more
FEW = {"merge": 5}  # numbers of one person are seldom merged: few units and months have any
GRIDS = int(os.environ.get("DWH_GRIDS", "1"))  # of every fact beside the finest, of a period by a unit
PERIODS = ("month.month", "month.quarter", "month.year")
UNITS = ("org.office", "org.province", "org.region")
ASKERS = [
    person for person in load_people() if person.group and "data:ask" in PERMISSIONS[Group(person.group)]
]


@pytest.fixture(scope="module")
def oracle(demo_home: DataPathSettings) -> Oracle:
    return Oracle.of(demo_home.home / "sources")


@pytest.fixture
def demonstration(demo_home: DataPathSettings, settings: Any) -> None:
    settings.DATAPATH = demo_home
    accounts.open_all(demo_home.home)


def ask(question: dict[str, Any], email: str) -> Answer:
    by = Account.objects.get(email=email)
    return gate.ask(Query.from_json(question), by=by, purpose="đối chiếu độc lập", today=TODAY)


def read(answer: Answer) -> Cells:
    names = [column.name for column in answer.values]
    return {row.keys: dict(zip(names, row.values, strict=True)) for row in answer.rows}


@pytest.mark.req("C-01")
@pytest.mark.req("C-03")
@pytest.mark.req("D-14")
@pytest.mark.parametrize("seed", SEEDS)
def test_random_questions_equal_the_recount_for_every_account(
    demonstration: None, oracle: Oracle, seed: int
) -> None:
    equal_the_recount(oracle, random_questions(oracle, seed=seed, count=QUESTIONS))


@pytest.mark.req("C-02")
@pytest.mark.req("C-04")
@pytest.mark.req("C-05")
@pytest.mark.req("C-07")
@pytest.mark.parametrize("subject", sorted(FACT_OF.keys() - set(USUAL)))
def test_random_questions_of_the_other_subjects_equal_the_recount(
    demonstration: None, oracle: Oracle, subject: str
) -> None:
    equal_the_recount(oracle, random_questions(oracle, seed=5, count=MORE, subjects=(subject,)))


@pytest.mark.parametrize("subject", sorted(FACT_OF))
def test_every_cell_of_a_fact_by_period_and_unit_equals_the_recount(
    demonstration: None, oracle: Oracle, subject: str
) -> None:
    """Every measure of every fact for each period and unit there is, the finest and those drawn at random."""
    facts = FACT_OF[subject]
    assert len(facts) == len(load_catalog().subjects[subject].facts)
    for fact in facts:
        dice, cells, values = random.Random(f"{fact} 6"), 0, 0
        for question in [_grid(subject, fact), *(_grid(subject, fact, dice) for _ in range(GRIDS))]:
            expected = oracle.answer(question, ("00",))
            assert read(ask(question, _nation().email)) == expected, question
            cells += len(expected)
            values += sum(value is not None for cell in expected.values() for value in cell.values())
        print(f"{fact}: {cells} cells of a period and a unit, {values} values, no difference")
        assert cells >= FEW.get(fact, LEAST_CELLS)


def _grid(subject: str, fact: str, dice: random.Random | None = None) -> dict[str, Any]:
    """Return the question that asks every measure of one fact by unit and period: the finest, or any."""
    return {
        "subject": subject, "filters": [], "totals": False,
        "values": [measure for measure, (of, _) in MEASURES.items() if of == fact],
        "rows": [dice.choice(UNITS) if dice else "org.office"],
        "columns": [dice.choice(PERIODS) if dice else "month.month"],
        "org_basis": dice.choice(["as_was", "as_is"]) if dice else "as_was",
    }  # fmt: skip


def _nation() -> Any:
    return next(person for person in ASKERS if person.org_code == "00" and "*" in person.subjects)


def equal_the_recount(oracle: Oracle, questions: list[dict[str, Any]]) -> None:
    cells = 0
    for number, question in enumerate(questions):
        person = ASKERS[number % len(ASKERS)]
        if "*" not in person.subjects and question["subject"] not in person.subjects:
            person = ASKERS[0]
        question |= {"filters": [f for f in question["filters"] if not f["field"].startswith("org")]}
        expected = oracle.answer(question, (person.org_code,))
        if len(expected) > limits.MAX_ROWS:
            with pytest.raises(TooManyRows):
                ask(question, person.email)
            continue
        answer = ask(question, person.email)
        assert answer.complete
        assert read(answer) == expected, (person.email, question)
        cells += len(expected)
    print(f"{questions[0]['subject']} and others: {len(questions)} questions, {cells} cells, no difference")


def test_filters_on_units_equal_the_recount(demonstration: None, oracle: Oracle) -> None:
    nation = _nation()
    asked = random_questions(oracle, seed=9, count=120)
    named = [q for q in asked if any(f["field"].startswith("org") for f in q["filters"])]
    assert len(named) >= 15
    for question in named:
        question["filters"] = [f for f in question["filters"] if "~" not in f["values"]]
        expected = oracle.answer(question, ("00",))
        assert read(ask(question, nation.email)) == expected, question


def test_national_totals_do_not_depend_on_the_basis(demonstration: None, oracle: Oracle) -> None:
    values = ["due_vnd", "collected_vnd", "participants", "participants_end"]
    question = {"subject": "contributions", "rows": [], "columns": ["month.quarter"], "values": values}
    nation = _nation()
    was, now = (read(ask(question | {"org_basis": basis}, nation.email)) for basis in ("as_was", "as_is"))
    assert (
        was == now == oracle.answer(question | {"org_basis": "as_is", "filters": [], "totals": True}, ("00",))
    )


def test_the_recount_would_notice_a_single_dong(oracle: Oracle) -> None:
    first = pl.int_range(pl.len()) == 0
    off_by_one = oracle.frames["contribution"].with_columns(pl.col("due") + first.cast(pl.Int64))
    other = Oracle(oracle.frames | {"contribution": off_by_one})
    question = {
        "subject": "contributions", "rows": ["org.province"], "columns": [], "values": ["due_vnd"], "filters": [],
        "org_basis": "as_was", "totals": True,
    }  # fmt: skip
    mine, theirs = oracle.answer(question, ("00",)), other.answer(question, ("00",))
    assert sum(mine[key] != theirs[key] for key in mine) == 2  # one province and the nation
