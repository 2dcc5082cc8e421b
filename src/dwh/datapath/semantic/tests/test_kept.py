"""Results kept: found again while the data they read is the same, computed once for many, never after a failure."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from dwh.datapath.semantic.execution.kept import KeptResults, key_of, months_of
from dwh.datapath.semantic.tests.asking import document, plan, rolled
from dwh.kernel.errors import Cancelled

YEAR = [{"field": "month.year", "op": "eq", "values": ["2025"]}]


def manifest(**changed: str) -> dict:
    months = {month: {"sha256": f"{month}.1"} for month in ("2024-12", "2025-01", "2025-08")}
    months |= {month: {"sha256": sha} for month, sha in changed.items()}
    return {"parts": {"core.fct_contribution": months, "core.dim_org": {"all": {"sha256": "org.1"}}}}


def nobody_waits() -> None:
    return None


def test_another_month_changed_and_the_key_is_the_same() -> None:
    made = plan(document(rows=["org.province"], values=["due_vnd"], filters=YEAR))
    key = key_of(made, "/a", manifest())
    assert key == key_of(made, "/b", manifest(**{"2024-12": "x"}))
    assert key != key_of(made, "/a", manifest(**{"2025-08": "x"}))


def test_a_unit_changed_and_the_key_is_another() -> None:
    made = plan(document(rows=["org.province"], values=["due_vnd"], filters=YEAR))
    other = manifest()
    other["parts"]["core.dim_org"]["all"] = {"sha256": "org.2"}
    assert key_of(made, "/a", manifest()) != key_of(made, "/a", other)


def test_the_scope_is_in_the_key_and_so_is_what_is_masked() -> None:
    asked = document(rows=["participant"], values=["due_vnd"], filters=YEAR)
    keys = {
        key_of(plan(asked, scope, clearance), "/a", manifest())
        for scope in (("00",), ("00.01",), ("00.48",), ())
        for clearance in (frozenset(), frozenset({"identity"}))
    }
    assert len(keys) >= 7  # an empty scope shows nothing, masked or not


def test_heads_counted_with_totals_and_without_are_two_results() -> None:
    asked = document(rows=["org.province"], columns=["month.year"], values=["participants"])
    with_totals, without = (plan(asked | {"totals": totals}, stock=rolled()[1]) for totals in (True, False))
    assert with_totals.sql == without.sql  # they differ only in what is counted outside the engine
    assert key_of(with_totals, "/a", manifest()) != key_of(without, "/a", manifest())


@pytest.mark.parametrize(
    ("op", "values", "months"),
    [
        ("in", ["2024", "2025-Q2"], ("2024-01", "2025-06")),
        ("between", ["2025-02", "2025-Q2"], ("2025-02", "2025-06")),
        ("gte", ["2025-Q2"], ("2025-04", "9999-12")),
        ("lte", ["2024"], ("", "2024-12")),
        ("not_in", ["2024"], None),
    ],
)
def test_the_months_a_question_can_read(op: str, values: list[str], months: tuple[str, str] | None) -> None:
    asked = document(values=["due_vnd"], filters=[{"field": "month.month", "op": op, "values": values}])
    made = plan(asked)
    assert months_of(made.query, made.subject) == months


def test_many_who_ask_the_same_at_once_are_answered_by_one_computation() -> None:
    kept, gate, computed = KeptResults(10_000), threading.Event(), []

    def compute() -> list[tuple[int]]:
        computed.append(1)
        gate.wait(10)
        return [(1,)]

    with ThreadPoolExecutor(8) as people:
        asked = [people.submit(kept.get, "k", compute, nobody_waits) for _ in range(8)]
        gate.set()
        answers = [one.result(20) for one in asked]
    assert len(computed) == 1
    assert [rows for rows, _ in answers] == [[(1,)]] * 8
    assert kept.use().hits == 7


def test_one_who_waits_computes_himself_when_the_first_was_stopped() -> None:
    kept, begun, go = KeptResults(10_000), threading.Event(), threading.Event()

    def stopped() -> list[tuple[int]]:
        begun.set()
        go.wait(10)
        raise Cancelled("x")

    with ThreadPoolExecutor(2) as people:
        first = people.submit(kept.get, "k", stopped, nobody_waits)
        begun.wait(10)
        second = people.submit(kept.get, "k", lambda: [(2,)], nobody_waits)
        go.set()
        with pytest.raises(Cancelled):
            first.result(20)
        assert second.result(20)[0] == [(2,)]


def test_one_who_waits_may_leave() -> None:
    kept, begun, go = KeptResults(10_000), threading.Event(), threading.Event()

    def slow() -> list[tuple[int]]:
        begun.set()
        go.wait(10)
        return [(1,)]

    def left() -> None:
        raise Cancelled("x")

    with ThreadPoolExecutor(2) as people:
        people.submit(kept.get, "k", slow, nobody_waits)
        begun.wait(10)
        with pytest.raises(Cancelled):
            kept.get("k", slow, left)
        go.set()


def test_the_least_recently_used_goes_first_and_a_giant_is_not_kept() -> None:
    kept = KeptResults(10_000)
    for key in "abcdefghijk":
        kept.get(key, lambda: [(0,)] * 8, nobody_waits)
        kept.get("a", lambda: [(0,)], nobody_waits)
    assert kept.get("a", lambda: [(9,)], nobody_waits) == ([(0,)] * 8, True)
    assert kept.get("b", lambda: [(9,)], nobody_waits)[1] is False
    assert kept.use().bytes <= 10_000
    kept.get("giant", lambda: [(0,)] * 1000, nobody_waits)
    assert kept.get("giant", lambda: [(1,)], nobody_waits) == ([(1,)], False)
