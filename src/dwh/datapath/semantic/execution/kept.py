"""Results kept: the rows of a statement on the data it read. Nothing is ever invalidated; what is not asked ages out.

The key holds the statement, its parameters (the scope is among them, never the person) and the version of every
(table, month) it reads: a release that changed another month finds the same rows under the same key, and a locked
month stays warm for ever. One question asked by many at once is computed once (single flight). Rights are decided
before anything here is called: what a person may not see has another statement, so another key.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dwh.datapath.semantic.compile import Plan
from dwh.datapath.semantic.periods import parse_period
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.words import Subject

CELL_BYTES: Final = 64  # of one value in a kept row; ours, measured on rows of text and numbers
LARGEST_SHARE: Final = 8  # one result may take this part of the whole at most
LOOK_S: Final = 0.2  # how often one who waits for another's result looks whether he still wants it
Rows = list[tuple[Any, ...]]


@dataclass(slots=True)
class _Flight:
    """A result being computed; `rows` is None when it failed."""

    landed: threading.Event = field(default_factory=threading.Event)
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """How often results were found and computed since the process began, and what is kept now."""

    hits: int
    misses: int
    entries: int
    bytes: int


class KeptResults:
    """Results of one process, at most `most_bytes` of them (by estimate); the least recently used go first."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._lock = threading.Lock()
        self._rows: OrderedDict[str, Rows] = OrderedDict()
        self._flights: dict[str, _Flight] = {}
        self._bytes = self._hits = self._misses = 0

    def get(self, key: str, compute: Callable[[], Rows], check: Callable[[], None]) -> tuple[Rows, bool]:
        """Return the rows of `key` and whether they were there; else those of `compute`, called by one at a time.

        Raises: whatever `compute` raises; whatever `check`, called while another computes, raises.
        """
        while True:
            with self._lock:
                rows = self._rows.get(key)
                if rows is not None:
                    self._rows.move_to_end(key)
                    self._hits += 1
                    return rows, True
                flight = self._flights.get(key)
                if flight is None:
                    mine = self._flights[key] = _Flight()
                    self._misses += 1
                    break
            while not flight.landed.wait(LOOK_S):
                check()
            if flight.rows is not None:
                with self._lock:
                    self._hits += 1
                return flight.rows, True
        return self._compute(key, mine, compute), False

    def use(self) -> Use:
        """Return how the results are used."""
        with self._lock:
            return Use(self._hits, self._misses, len(self._rows), self._bytes)

    def _compute(self, key: str, flight: _Flight, compute: Callable[[], Rows]) -> Rows:
        try:
            flight.rows = compute()
        finally:  # also when it was stopped: one who waits computes it for himself then
            with self._lock:
                del self._flights[key]
                if flight.rows is not None:
                    self._keep(key, flight.rows)
            flight.landed.set()
        return flight.rows

    def _keep(self, key: str, rows: Rows) -> None:
        size = _size(rows)
        if size > self._most // LARGEST_SHARE:
            return
        self._rows[key] = rows
        self._bytes += size
        while self._bytes > self._most:
            _, old = self._rows.popitem(last=False)
            self._bytes -= _size(old)


def _size(rows: Rows) -> int:
    return CELL_BYTES * (1 + len(rows) * (len(rows[0]) + 1 if rows else 1))


def key_of(plan: Plan, place: str, manifest: Mapping[str, Any]) -> str:
    """Return the name of a plan's result: the same only while the statement and all it reads are the same.

    `place` stands for the data of a release whose manifest names no parts.
    """
    # one statement of bitmaps may be counted in several ways outside the engine
    steps = [[s.sql, s.params, s.sets, s.times, s.is_stock, s.keeps_empty] for s in plan.steps]
    asked = [plan.sql, [str(one) for one in plan.params], steps]
    read = sorted(_versions(plan, manifest.get("parts") or {})) or [place]
    return hashlib.sha256(json.dumps([asked, read]).encode()).hexdigest()


def _versions(plan: Plan, parts: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield the digest of every part the plan may read: of facts only the months the question names."""
    months = months_of(plan.query, plan.subject)
    facts = {plan.subject.facts[plan.subject.measures[name].fact].table for name in plan.measures}
    for table in facts | _dimension_tables(plan):
        for month, part in parts.get(table, {}).items():
            if table not in facts or months is None or months[0] <= month <= months[1]:
                yield f"{table}:{month}:{part['sha256']}"


def _dimension_tables(plan: Plan) -> set[str]:
    filtered = [plan.subject.field(one.field) for one in plan.query.filters]
    used = {one.dimension.name for one in (*plan.fields, *filtered)}
    found = set()
    for dimension in plan.subject.dimensions.values():
        if dimension.name in used or dimension.kind == "org":
            found |= {table for table in (dimension.table, dimension.table_as_of) if table}
    return found


def months_of(query: Query, subject: Subject) -> tuple[str, str] | None:
    """Return the first and the last month a question can read; None: it names no period."""
    first, last, named = "", "9999-12", False
    for one in query.filters:
        if subject.field(one.field).dimension.kind != "period" or one.op == "not_in":
            continue
        named, runs = True, [parse_period(value) for value in one.values]
        if one.op != "lte":
            first = max(first, min(run.first for run in runs))
        if one.op != "gte":
            last = min(last, max(run.last for run in runs))
    return (first, last) if named else None
