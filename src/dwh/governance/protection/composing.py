"""A question of several statements: each subject by its own right, every statement through the same door.

Nothing runs before the whole was planned and put on record; one record stands for all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.calculations.across import plain
from dwh.datapath.semantic.calculations.table import is_plain, worked_out
from dwh.datapath.semantic.calculations.workings import Door
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.compile import Plan
from dwh.datapath.semantic.query import Query
from dwh.datapath.warehouse.release import Limits
from dwh.governance.protection import peers
from dwh.governance.protection.hints import Sight
from dwh.governance.protection.running import answer_of, plan_of


def prepared(query: Query, sights: dict[str, Sight]) -> tuple[Callable[[Limits], Answer], list[Plan]]:
    """Return what answers `query`: one statement, or all that its calculations need; and the plan of every subject.

    `sights` holds, for every subject of the question, with which right it is read.

    Raises:
        Denied: a filter on what the person may not see, a comparison with others that is not declared.
    """
    own = sights[query.subject]
    if is_plain(query):
        plan = plan_of(query, own)
        return (lambda how: answer_of(plan, own, how)), [plan]
    plans = [plan_of(plain(query, name), sight) for name, sight in sights.items()]
    outside = peers.must_be_declared(query, sights)
    return (lambda how: _answered(query, sights, how, outside=outside)), plans


def _answered(query: Query, sights: dict[str, Sight], how: Limits, *, outside: bool) -> Answer:
    def ask(asked: Query) -> Answer:
        sight = sights[asked.subject]
        return answer_of(plan_of(asked, sight), sight, how)

    def compare(asked: Query) -> Answer:
        return peers.compared(asked, sights[asked.subject], how)

    manifest = sights[query.subject].release.manifest
    months = _first_months(
        plan_of(plain(query, query.subject), sights[query.subject]), manifest.get("parts") or {}
    )
    span = (max(months, default=None), manifest["data_until"])
    answer = worked_out(query, load_catalog(), span, Door(ask, compare))
    return replace(answer, notes=(*answer.notes, peers.NOTE)) if outside else answer


def _first_months(plan: Plan, parts: Mapping[str, Mapping[str, object]]) -> list[str]:
    """Return the first month with data of each fact a plan reads."""
    tables = {plan.subject.facts[plan.subject.measures[name].fact].table for name in plan.measures}
    return [min(parts[table]) for table in tables if parts.get(table)]


def scopes_said(query: Query, sights: dict[str, Sight]) -> dict[str, list[str]]:
    """Return for the record the area of every other subject: `claims:00.01`; nothing when there is none."""
    others = [
        f"{name}:{code}"
        for name, sight in sights.items()
        if name != query.subject
        for code in sorted(sight.scope.codes)
    ]
    return {"scopes": others} if others else {}
