"""Runs a plan: what must be counted first, then the question's statement with it. The one way from a plan to rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from dwh.datapath.semantic.compile import Plan
from dwh.datapath.semantic.execution.heads import counted
from dwh.datapath.semantic.statement.sql import Slot

MOST_BITMAPS: Final = (
    2_000_000  # of one step: 2,000 units, 1,000 months and kinds; more is a fault, not a question
)
Rows = list[tuple[Any, ...]]


class Fetch(Protocol):
    """Runs one statement and returns its rows; `limit` is how many it may have, None: as the question may."""

    def __call__(self, sql: str, params: Sequence[Any], limit: int | None) -> Rows: ...


def rows_of(plan: Plan, fetch: Fetch, check: Callable[[], None] = lambda: None) -> Rows:
    """Return the rows of `plan`. Raises whatever `fetch` and `check` raise."""
    given = [counted(step, fetch(step.sql, step.params, MOST_BITMAPS), check) for step in plan.steps]
    params = [given[one.step][one.column] if isinstance(one, Slot) else one for one in plan.params]
    return fetch(plan.sql, params, None)
