"""From a checked question to its answer: what was kept, or one statement in turn on one release.

Only the gate calls it. What makes answers fast (tables added up beforehand, results kept) stands here, after the
person's right to them was decided: what is compiled already holds the scope and what is masked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, Final

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.compile import Plan, compile_query
from dwh.datapath.semantic.execution.kept import KeptResults, Rows, key_of
from dwh.datapath.semantic.execution.rollups import stock_of
from dwh.datapath.semantic.execution.running import rows_of
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.results import build_answer
from dwh.datapath.warehouse.engine import LOOK_S, STOPPED, too_slow
from dwh.datapath.warehouse.release import Limits
from dwh.governance.protection.asking import in_turn
from dwh.governance.protection.hints import Sight
from dwh.governance.protection.limits import must_be_bounded
from dwh.kernel.errors import Cancelled

KEPT_BYTES: Final = 256 * 2**20  # results one process keeps; ours

results = KeptResults(KEPT_BYTES)
_afresh: ContextVar[bool] = ContextVar("afresh", default=False)


@contextmanager
def afresh() -> Iterator[None]:
    """Let what is asked inside be computed, whatever is kept: what an estimate measures."""
    before = _afresh.set(True)
    try:
        yield
    finally:
        _afresh.reset(before)


def plan_of(query: Query, sight: Sight) -> Plan:
    """Return the statement that answers `query` for these eyes, from the cheapest tables of the release.

    Raises: Denied for a filter on what they may not see; Invalid, TooManyRows for a question without bounds.
    """
    stock = stock_of(sight.release.manifest)
    plan = compile_query(query, sight.subject, scope=sight.scope, clearance=sight.clearance, stock=stock)
    must_be_bounded(plan, stock)
    return plan


def answer_of(plan: Plan, sight: Sight, how: Limits) -> Answer:
    """Return the answer of a plan, from the release of `sight`.

    Raises: TooManyRows, TooSlow, Cancelled as `how` says; Conflict when no turn came.
    """
    release, check = sight.release, _checking(how)

    def fetch(sql: str, params: Sequence[Any], limit: int | None) -> Rows:
        allowed: Limits = {**how, "limit": limit or how["limit"]}
        return release.fetch(sql, params, **allowed)[1]

    def compute() -> Rows:
        return in_turn(lambda: rows_of(plan, fetch, check), sight.scope)

    key = key_of(plan, str(release.path), release.manifest)
    rows, was_kept = (compute(), False) if _afresh.get() else results.get(key, compute, check)
    answer = build_answer(plan, rows, release=release.id, state=release.manifest["state"])
    return replace(answer, was_kept=was_kept)


def _checking(how: Limits) -> Callable[[], None]:
    """Return what raises when the question's time is over, or nobody waits for it any more."""
    begun, looked = time.monotonic(), [time.monotonic()]

    def check() -> None:
        now = time.monotonic()
        if how["timeout_s"] is not None and now - begun > how["timeout_s"]:
            raise too_slow(how["timeout_s"])
        if how["stopped"] is not None and now - looked[0] > LOOK_S:
            looked[0] = now
            if how["stopped"]():
                raise Cancelled(STOPPED)

    return check
