"""The golden person: whatever is linked, in any order, everybody is exactly one person and every step can be undone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dwh.datapath.pipeline.plan import load_plan
from dwh.datapath.warehouse.engine import Engine, connect
from dwh.datapath.warehouse.model import ddl
from dwh.datapath.warehouse.seeds import SEEDS, seed_columns
from tests.oracle.persons import persons

PEOPLE = range(1, 10)
INPUTS = ("staging.stg_participant", "staging.stg_number_pair")
MODELS = (
    "core.person_decision",
    "core.person_link",
    "core.person_member",
    "core.dim_person",
    "core.dim_participant",
)
STATUS = {"confirmed": "xác nhận", "joined": "đã gộp", "distinct": "không trùng", "suspected": "nghi trùng"}
COLUMNS = [column.name for column in seed_columns(SEEDS / "person_decision.csv")]
Row = dict[str, Any]
keys = st.integers(1, 9)
days = st.integers(1, 20)
person_rows = st.tuples(
    st.integers(1, 4), st.sampled_from((1, 2, 3)), st.sampled_from(("1", "1", "2", "3")), st.integers(0, 9)
)
pair_rows = st.tuples(keys, keys, st.sampled_from(sorted(STATUS)), days)
acts = st.tuples(st.sampled_from(("merge", "merge", "split")), keys, keys, days).filter(
    lambda a: a[1] != a[2]
)
FEW = settings(max_examples=20, deadline=None, derandomize=True,
               suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip


def number(key: int) -> str:
    return f"01{key:08d}"


class World:
    """A register, a list of pairs and the clerks' file, small enough to draw by chance."""

    def __init__(
        self, engine: Engine, people: list[Any] = (), pairs: list[Any] = (), made: list[Any] = ()
    ) -> None:
        self.engine = engine
        given = [*people, *[(key + 10, 1, "1", 0) for key in range(len(people), len(PEOPLE))]]
        self.people = [
            {"participant_key": key, "si_number": number(key), "citizen_id": f"00108000{shared:04d}",
             "sex_code": str(sex), "born_on": date(1980, 1, 1), "status_code": status,
             "merged_into": number(into) if into else None, "entered_on": date(2025, 1, key),
             "changed_on": date(2025, 2, key)}
            for key, (shared, sex, status, into) in zip(PEOPLE, given, strict=True)
        ]  # fmt: skip
        self.pairs = [
            {"source_id": at, "main_number": number(one), "other_number": number(two), "status_code": status,
             "decided_on": date(2025, 3, day)}
            for at, (one, two, status, day) in enumerate(pairs) if one != two
        ]  # fmt: skip
        self.decisions = [decision(f"D{at}", *act) for at, act in enumerate(made)]

    def now(self) -> dict[int, int]:
        """Return participant → person as the models see it."""
        fill(self.engine, "staging.stg_participant", self.people)
        fill(self.engine, "staging.stg_number_pair", self.pairs)
        fill(self.engine, "seed.person_decision", self.decisions)
        return dict(self.engine.rows("SELECT participant_key, person_key FROM core.dim_participant"))

    def by_the_oracle(self) -> dict[int, int]:
        people = [
            {"id": p["participant_key"], "number": p["si_number"], "born": p["born_on"], "sex": p["sex_code"],
             "citizen": p["citizen_id"], "status": p["status_code"], "merged_into": p["merged_into"]}
            for p in self.people
        ]  # fmt: skip
        pairs = [
            {"main": p["main_number"], "other": p["other_number"], "status": STATUS[p["status_code"]],
             "decided": str(p["decided_on"])}
            for p in self.pairs
        ]  # fmt: skip
        return persons(people, pairs, self.decisions)


def decision(name: str, action: str, one: int = 1, two: int = 2, day: int = 1, *, withdraws: str = "") -> Row:
    at = f"2026-01-{day:02d} 08:00:00"
    numbers = {"number": number(one), "other_number": number(two)} if action != "withdraw" else {}
    who = {"decided_by": "NV1", "reason": "thử", "document_no": "1/QĐ"}
    return dict.fromkeys(COLUMNS) | {"decision_id": name, "decided_at": at, "action": action} | numbers | who | {
        "withdraws": withdraws or None
    }  # fmt: skip


def fill(engine: Engine, table: str, rows: list[Row]) -> None:
    engine.run(f"DELETE FROM {table}")
    if rows:
        places = f"({', '.join('?' * len(rows[0]))})"
        values = [value for row in rows for value in row.values()]
        engine.run(
            f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES {', '.join([places] * len(rows))}", values
        )


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine, plan = connect(None, threads=1), load_plan()
    for schema in ("seed", "staging", "core"):
        engine.run(f"CREATE SCHEMA {schema}")
    for table in INPUTS:
        engine.run(ddl(table, plan.columns(table)))
    engine.run(f"CREATE TABLE seed.person_decision ({', '.join(f'{name} VARCHAR' for name in COLUMNS)})")
    for table in MODELS:
        engine.run(f"CREATE VIEW {table} AS {plan.model(table).sql}")
    yield engine
    engine.close()


@FEW
@given(st.lists(person_rows, max_size=9), st.lists(pair_rows, max_size=5), st.lists(acts, max_size=5))
@example([(1, 1, "1", 0)] * 6, [], [])
@example([(1, 1, "1", 0)] * 5, [], [])
@example([(1, 3, "1", 0)] * 2, [(4, 5, "joined", 5), (4, 5, "distinct", 5)], [])
@example([(1, 1, "1", 0)] * 4, [(1, 3, "distinct", 2)], [("split", 2, 4, 3)])
@example([], [(9, 8, "joined", 1), (8, 7, "joined", 1), (7, 1, "confirmed", 1)], [("merge", 2, 9, 1)])
def test_the_models_find_the_persons_that_union_and_find_finds(engine, people, pairs, made):
    world = World(engine, people, pairs, made)

    assert world.now() == world.by_the_oracle()


@FEW
@given(st.lists(person_rows, max_size=9), st.lists(pair_rows, max_size=5), st.lists(acts, max_size=5))
def test_everybody_is_exactly_one_person_named_after_the_smallest_key(engine, people, pairs, made):
    found = World(engine, people, pairs, made).now()
    golden = engine.rows("SELECT person_key, numbers FROM core.dim_person")

    assert sorted(found) == list(PEOPLE)
    assert {person: sum(p == person for p in found.values()) for person in found.values()} == dict(golden)
    assert all(person == min(k for k, p in found.items() if p == person) for person in found.values())


@FEW
@given(
    st.lists(person_rows, max_size=9),
    st.lists(pair_rows, max_size=5),
    st.lists(acts, max_size=5),
    st.randoms(),
)
def test_the_order_of_links_and_decisions_does_not_matter(engine, people, pairs, made, dice: random.Random):
    world = World(engine, people, pairs, made)
    before = world.now()
    for rows in (world.people, world.pairs, world.decisions):
        dice.shuffle(rows)

    assert world.now() == before


@FEW
@given(st.lists(person_rows, max_size=9), st.lists(pair_rows, max_size=5), acts)
def test_a_decision_withdrawn_leaves_no_trace_in_the_figures(engine, people, pairs, act):
    world = World(engine, people, pairs)
    before = world.now()
    world.decisions = [decision("A", *act), decision("B", "withdraw", day=28, withdraws="A")]

    assert world.now() == before
    assert engine.value("SELECT count(*) FROM core.person_decision") == 2


@FEW
@given(st.lists(pair_rows, max_size=5), acts.filter(lambda act: act[0] == "merge"))
def test_a_merge_and_then_a_split_of_a_number_that_stood_alone_restores_the_counts(engine, pairs, act):
    _, one, two, day = act
    world = World(engine, pairs=[pair for pair in pairs if one not in pair[:2]])
    before = world.now()
    world.decisions = [decision("A", *act)]
    joined = world.now()
    world.decisions.append(decision("B", "split", one, two, day + 1))

    assert joined[one] == joined[two]
    assert world.now() == before


@FEW
@given(st.lists(pair_rows, max_size=5), acts)
def test_whom_a_decision_does_not_touch_keeps_the_key(engine, pairs, act):
    world = World(engine, pairs=pairs)
    before = world.now()
    world.decisions = [decision("A", *act)]
    after = world.now()
    touched = {before[act[1]], before[act[2]]}

    assert {k: p for k, p in after.items() if before[k] not in touched} == {
        k: p for k, p in before.items() if p not in touched
    }


def test_a_long_chain_of_pairs_is_one_person(engine):
    world = World(engine, pairs=[(key, key + 1, "joined", 1) for key in range(1, 9)])

    assert set(world.now().values()) == {1}


def test_every_applied_link_joins_one_person_and_every_person_of_several_numbers_has_links(engine):
    world = World(engine, [(1, 1, "1", 0), (1, 1, "1", 0)], [(3, 4, "joined", 1)], [("merge", 5, 4, 2)])
    found = world.now()
    links = engine.rows(
        "SELECT left_key, right_key, rule_code FROM core.person_link WHERE is_applied ORDER BY ALL"
    )

    assert links == [(1, 2, "R-CCCD"), (3, 4, "R-TRUNG"), (4, 5, "R-TAY")]
    assert all(found[left] == found[right] for left, right, _ in links)
