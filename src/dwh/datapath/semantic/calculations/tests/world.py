"""A small generated warehouse of 21 months, December 2023 to August 2025, and what asks it. The same every time.

Rows are made by a die: persons come and go, offices have months without a row, 29 February 2024 and two Tết lie
inside. `LINES`, `STOCK` and `CLAIMS` are the rows; the tests count in them, in Python.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.calculations.table import is_plain, worked_out
from dwh.datapath.semantic.calculations.workings import Door
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.compile import compile_query
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.results import build_answer
from dwh.datapath.semantic.tests.asking import small_release
from dwh.datapath.warehouse.engine import Engine, connect
from dwh.kernel.org.scope import OrgScope
from tests.warehouse_fixture import office_on

MONTHS = tuple(f"{2023 + (11 + n) // 12}-{(11 + n) % 12 + 1:02d}" for n in range(21))
LATEST = MONTHS[-1]
HOMES = ("00.01.001", "00.01.006", "00.48.490", "00.48.492", "00.49.502")
EMPLOYERS = (10, 11, 20, None)


class Line(NamedTuple):
    person: int
    employer: int | None
    fund: str
    month: str
    office: str
    due: int
    collected: int


class Stood(NamedTuple):
    person: int
    fund: str
    month: str
    office: str
    employer: int | None


class Claim(NamedTuple):
    month: str
    office: str
    paid: int


def _lines() -> list[Line]:
    dice, lines = random.Random("lines"), []
    for person in range(1, 15):
        home, employer = dice.choice(HOMES), dice.choice(EMPLOYERS)
        for month in MONTHS:
            if dice.random() < 0.35:
                continue
            for fund in dice.sample(["si", "hi"], dice.choice([1, 1, 2])):
                due = dice.randrange(100_000, 3_000_000)
                paid = due * dice.choice([0, 50, 80, 100, 100]) // 100
                lines.append(Line(person, employer, fund, month, office_on(home, month), due, paid))
    return lines


LINES = _lines()
STOCK = [
    Stood(*one) for one in dict.fromkeys((x.person, x.fund, x.month, x.office, x.employer) for x in LINES)
]
_DICE = random.Random("claims")
CLAIMS = [
    Claim(month, office_on(_DICE.choice(HOMES), month), _DICE.randrange(10_000, 900_000))
    for month in MONTHS
    for _ in range(_DICE.randrange(0, 5))
]
_COMPONENT = {"si": "HTTT", "hi": "BHYT"}


def _text(value: object) -> str:
    return "NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value)


def _insert(engine: Engine, table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    engine.run(f"DELETE FROM core.{table}")
    values = ", ".join(f"({', '.join(map(_text, row))})" for row in rows)
    engine.run(f"INSERT INTO core.{table} ({columns}) VALUES {values}")


@cache
def world() -> Engine:
    """Return the engine on a copy of the small release with the generated rows in it."""
    path = Path(mkdtemp(prefix="calculations-")) / "world.duckdb"
    path.write_bytes((small_release().path / "serving.duckdb").read_bytes())
    engine = connect(path, memory_limit="256MB", threads=1)
    _insert(
        engine, "fct_contribution",
        "participant_key, person_key, employer_key, component_code, fund_code, contribution_month, org_code, base_vnd,"
        " due_vnd, collected_vnd",
        [(x.person, x.person, x.employer, _COMPONENT[x.fund], x.fund, x.month, x.office, x.due, x.due, x.collected)
         for x in LINES],
    )  # fmt: skip
    _insert(
        engine, "fct_participation", "participant_key, person_key, fund_code, month, org_code, employer_key",
        [(x.person, x.person, x.fund, x.month, x.office, x.employer) for x in STOCK],
    )  # fmt: skip
    _insert(
        engine, "fct_claim", "claim_key, visit_month, org_code, hi_paid_vnd, total_vnd",
        [(n, x.month, x.office, x.paid, 2 * x.paid) for n, x in enumerate(CLAIMS)],
    )  # fmt: skip
    return engine


def asking(scope: tuple[str, ...] = ("00",), engine: Engine | None = None) -> Callable[[Query], Answer]:
    """Return what answers a plain question inside `scope`."""

    def ask(query: Query) -> Answer:
        subject = load_catalog().subject(query.subject)
        plan = compile_query(query, subject, scope=OrgScope.of(scope))
        rows = (engine or world()).rows(plan.sql, plan.params)
        return build_answer(plan, rows, release="r", state="provisional")

    return ask


def ask(
    asked: dict[str, Any],
    scope: tuple[str, ...] = ("00",),
    engine: Engine | None = None,
    earliest: str | None = None,
) -> Answer:
    """Answer any question as the gate does, without accounts; comparisons are over everybody."""
    query = Query.from_json({"subject": "contributions", **asked}, latest_month=LATEST)
    own = asking(scope, engine)
    if is_plain(query):
        return own(query)
    return worked_out(query, load_catalog(), (earliest, LATEST), Door(own, asking(("00",), engine)))


def cells(answer: Answer, name: str) -> dict[tuple[str | None, ...], Any]:
    """Return keys → value of one column."""
    place = [column.name for column in answer.values].index(name)
    return {row.keys: row.values[place] for row in answer.rows}


def reasons(answer: Answer, name: str) -> dict[tuple[str | None, ...], str]:
    """Return keys → why there is no value, of one column."""
    place = [column.name for column in answer.values].index(name)
    return {row.keys: row.reasons[place] if row.reasons else "" for row in answer.rows}
