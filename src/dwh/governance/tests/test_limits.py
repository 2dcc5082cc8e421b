"""The governor: a period to name, cells to have, a turn for every group."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from dwh.datapath.semantic.execution.rollups import Stock
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.tests.asking import document, plan
from dwh.governance.protection import turns as places
from dwh.governance.protection.limits import least_cells, most_rows, must_be_bounded
from dwh.governance.protection.turns import Turns
from dwh.kernel.errors import Conflict, Invalid, TooManyRows

LARGE = Stock(frozenset({("core.fct_contribution", 100_000_000), ("core.fct_claim", 50_000_000)}))
YEAR = [{"field": "month.year", "op": "eq", "values": ["2025"]}]


@pytest.mark.req("B-14")
def test_a_question_without_a_period_may_not_read_the_whole_fact() -> None:
    asked = document(rows=["org.province"], values=["due_vnd"])
    with pytest.raises(Invalid, match=r"100\.000\.000 dòng. Hãy thêm bộ lọc kỳ"):
        must_be_bounded(plan(asked, stock=LARGE), LARGE)
    must_be_bounded(plan(document(rows=["org.province"], values=["due_vnd"], filters=YEAR)), LARGE)


def test_a_rollup_frees_the_question_from_naming_a_period() -> None:
    rolled = Stock(LARGE.rows | {("rollup.contribution_by_component", 700_000)})
    must_be_bounded(plan(document(rows=["org.province"], values=["due_vnd"]), stock=rolled), rolled)


def test_cells_known_before_the_engine_runs_are_refused_with_the_remedy() -> None:
    asked = document(
        "claims", rows=["age_band", "benefit_level", "sex"], columns=["month.month"],
        values=["visits", "total_vnd", "hi_paid_vnd", "copay_vnd", "self_paid_vnd"],
        filters=[{"field": "month.month", "op": "between", "values": ["1990-01", "2025-08"]}],
    )  # fmt: skip
    assert least_cells(plan(asked)) == 8 * 5 * 3 * (35 * 12 + 8) * 5
    with pytest.raises(TooManyRows, match="quý thay cho tháng"):
        must_be_bounded(plan(asked), LARGE)


def test_a_filter_on_the_field_itself_bounds_its_members() -> None:
    only = [*YEAR, {"field": "age_band", "op": "in", "values": ["80+", "0-5"]}]
    assert (
        least_cells(
            plan(
                document(
                    "claims", rows=["age_band"], columns=["month.quarter"], values=["visits"], filters=only
                )
            )
        )
        == 8
    )


def test_an_answer_has_as_many_rows_as_its_cells_allow() -> None:
    assert most_rows(Query.from_json(document(values=["due_vnd"]))) == 50_000
    many = [
        "due_vnd",
        "collected_vnd",
        "base_vnd",
        "lines",
        "arrears_vnd",
        "arrears_rate",
        "collection_rate",
        "avg_base_vnd",
    ]
    assert most_rows(Query.from_json(document(values=many))) == 25_000


@pytest.mark.req("B-14")
def test_one_group_cannot_take_every_place() -> None:
    turns, begun, go = Turns(at_once=3, of_one_group=2), threading.Semaphore(0), threading.Event()

    def slow() -> None:
        begun.release()
        go.wait(20)

    with ThreadPoolExecutor(4) as people:
        for _ in range(2):
            people.submit(turns.take, slow, "00.01", 5.0)
            begun.acquire(timeout=5)
        with pytest.raises(Conflict, match="thử lại sau"):
            turns.take(slow, "00.01", 0.05)
        assert turns.take(lambda: "answered", "00.48", 5.0) == "answered"
        go.set()


def test_a_group_that_used_up_its_hour_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns()
    turns.take(lambda: None, "00.01", 1.0)
    monkeypatch.setattr(places, "BUDGET_S", -1.0)
    with pytest.raises(Conflict, match=r"Điều 7\.3"):
        turns.take(lambda: None, "00.01", 1.0)
