"""From a checked question to its answer: one statement, run in turn on one release. Only the gate calls it.

Whatever makes answers faster (tables added up beforehand, results kept) stands here, after the person's right to
them was decided: what is compiled already holds the scope and what is masked.
"""

from __future__ import annotations

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.compile import Plan, compile_query
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.results import build_answer
from dwh.datapath.warehouse.release import Limits
from dwh.governance.protection.asking import in_turn
from dwh.governance.protection.hints import Sight


def plan_of(query: Query, sight: Sight) -> Plan:
    """Return the statement that answers `query` for these eyes.

    Raises: Denied for a filter on what they may not see.
    """
    return compile_query(query, sight.subject, scope=sight.scope, clearance=sight.clearance)


def answer_of(plan: Plan, sight: Sight, how: Limits) -> Answer:
    """Return the answer of a plan, from the release of `sight`.

    Raises: TooManyRows, TooSlow, Cancelled as `how` says; Conflict when no turn came.
    """
    release = sight.release
    _, rows = in_turn(lambda: release.fetch(plan.sql, plan.params, **how))
    return build_answer(plan, rows, release=release.id, state=release.manifest["state"])
