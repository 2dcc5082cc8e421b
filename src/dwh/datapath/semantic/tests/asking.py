"""Asks the small release a Query document, without accounts: what the gate does between rights and log."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.compile import Plan, compile_query
from dwh.datapath.semantic.execution.rollups import Stock, stock_of
from dwh.datapath.semantic.execution.running import rows_of
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.results import build_answer
from dwh.datapath.warehouse.engine import connect
from dwh.datapath.warehouse.release import Release, current_release
from dwh.kernel.org.scope import OrgScope
from tests.rolled_fixture import rolled_release
from tests.warehouse_fixture import tiny_release

IDENTITY = frozenset({"identity"})


@cache
def small_release() -> Release:
    return current_release(tiny_release(Path(mkdtemp(prefix="semantic-"))))


def document(subject: str = "contributions", **parts: Any) -> dict[str, Any]:
    return {"subject": subject, **parts}


def plan(
    asked: dict[str, Any],
    scope: tuple[str, ...] = ("00",),
    clearance: frozenset[str] = frozenset(),
    **more: Any,
) -> Plan:
    query = Query.from_json(asked, latest_month="2025-08")
    subject = load_catalog().subject(query.subject)
    return compile_query(query, subject, scope=OrgScope.of(scope), clearance=clearance, **more)


def ask(
    asked: dict[str, Any], scope: tuple[str, ...] = ("00",), clearance: frozenset[str] = frozenset()
) -> Answer:
    return answer_on(small_release(), plan(asked, scope, clearance))


def answer_on(release: Release, made: Plan) -> Answer:
    """Return the answer of a plan on a release."""
    rows = rows_of(made, lambda sql, params, limit: release.fetch(sql, params, limit=limit or 50_000)[1])
    return build_answer(made, rows, release="r", state="provisional")


@cache
def rolled() -> tuple[Release, Stock]:
    """Return the small release with every rollup, and its tables as if the facts were large."""
    release = current_release(rolled_release(Path(mkdtemp(prefix="rolled-"))))
    return release, stock_of(release.manifest)


def ask_of(asked: dict[str, Any], *statements: str) -> Answer:
    """Ask a copy of the small release that `statements` changed first."""
    path = Path(mkdtemp(prefix="semantic-")) / "copy.duckdb"
    path.write_bytes((small_release().path / "serving.duckdb").read_bytes())
    engine = connect(path, memory_limit="256MB", threads=1)
    for statement in statements:
        engine.run(statement)
    made = plan(asked)
    answer = build_answer(made, engine.rows(made.sql, made.params), release="r", state="provisional")
    engine.close()
    return answer


def cells(answer: Answer) -> dict[tuple[str | None, ...], Any]:
    """Return keys → value (or values), totals under None."""
    return {row.keys: row.values[0] if len(row.values) == 1 else row.values for row in answer.rows}
