"""Which tables answered the questions of the last days, as the log has them, and what should be added up beforehand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.compile import Plan, compile_query
from dwh.datapath.semantic.execution.kept import Use
from dwh.datapath.semantic.execution.rollups import Stock, stock_of
from dwh.datapath.semantic.query import Query
from dwh.datapath.warehouse.release import current_release
from dwh.datapath.warehouse.rollups.definition import Rollup, load_rollups
from dwh.governance.protection.running import results
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import DwhError
from dwh.kernel.org.scope import NATION, OrgScope

ASKED: Final = "data.asked"
DAYS: Final = 30
MOST_RECORDS: Final = 20_000  # newest questions looked at
MOST_PROPOSALS: Final = 20
WORTH: Final = 3  # questions of one shape before a table of their own is proposed


@dataclass(frozen=True, slots=True)
class Line:
    """A rollup of the release. Units: rows; `share`: its rows in those of its fact."""

    rollup: Rollup
    fact: str
    keys: str
    rows: int | None
    share: float | None
    answered: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A shape of questions that a fact had to answer itself: its fields, how many, when last, why no rollup did."""

    subject: str
    fact: str
    fields: str
    asked: int
    last: datetime
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """`base`: answers read from facts although they have rollups; `kept`: how this process uses kept results."""

    lines: tuple[Line, ...]
    proposals: tuple[Proposal, ...]
    answered: int
    base: int
    days: int
    is_whole: bool
    kept: Use


def tables_of(plans: Iterable[Plan]) -> list[str]:
    """Return the tables that answer these plans, for the log."""
    return sorted({route.table for plan in plans for route in plan.routes})


def usage_of(now: datetime) -> Usage:
    """Return how the tables of the release in use were asked in the last DAYS days, newest MOST_RECORDS questions."""
    stock = stock_of(current_release(settings.DATAPATH).manifest)
    records = AuditRecord.objects.filter(action=ASKED, at__gte=now - timedelta(days=DAYS)).order_by("-pk")
    read = list(records[: MOST_RECORDS + 1])
    answered: Counter[str] = Counter()
    shapes: dict[str, list[AuditRecord]] = defaultdict(list)
    rolled = {one.of for one in load_rollups()}
    for record in read[:MOST_RECORDS]:
        facts = record.facts
        tables = facts.get("tables", ())
        answered.update(tables)
        if rolled.intersection(tables):
            shapes[_shape(facts["query"])].append(record)
    return Usage(
        lines=tuple(_lines(stock, answered)),
        proposals=tuple(_proposals(shapes, stock)),
        answered=sum(count for table, count in answered.items() if table.startswith("rollup.")),
        base=sum(answered[table] for table in rolled),
        days=DAYS,
        is_whole=len(read) <= MOST_RECORDS,
        kept=results.use(),
    )


def _lines(stock: Stock, answered: Mapping[str, int]) -> Iterator[Line]:
    labels = {
        f.table: f.label for subject in load_catalog().subjects.values() for f in subject.facts.values()
    }
    for one in load_rollups():
        rows, of = stock.of(one.table), stock.of(one.of)
        keys = ", ".join((*one.keys, *(way.column for way in one.joined)))
        share = rows / of if rows is not None and of else None
        yield Line(one, labels.get(one.of, one.of), keys, rows, share, answered.get(one.table, 0))


def _shape(query: Mapping[str, Any]) -> str:
    """Return what questions have in common that one table could answer: the subject and the fields, in no order."""
    fields = {
        *query.get("rows", ()),
        *query.get("columns", ()),
        *(f["field"] for f in query.get("filters", ())),
    }
    return f"{query['subject']}\n{' '.join(sorted(fields))}"


def _proposals(shapes: Mapping[str, list[AuditRecord]], stock: Stock) -> Iterator[Proposal]:
    often = sorted((some for some in shapes.values() if len(some) >= WORTH), key=len, reverse=True)
    for some in often[:MOST_PROPOSALS]:
        try:
            plan = _plan(some[0].facts["query"], stock)
        except DwhError:
            continue  # the catalogue does not know it any more
        routes = [route for route in plan.routes if not route.table.startswith("rollup.") and route.rejected]
        for route in routes[:1]:
            fields = dict.fromkeys(field.label for field in plan.fields)
            fields |= {plan.subject.field(one.field).label: None for one in plan.query.filters}
            yield Proposal(
                plan.subject.label, route.table, ", ".join(fields), len(some), some[0].at, route.rejected
            )


def _plan(document: Mapping[str, Any], stock: Stock) -> Plan:
    without_values = {**document, "filters": [f for f in document.get("filters", ()) if "values" in f]}
    query = Query.from_json(without_values)
    subject = load_catalog().subject(query.subject)
    return compile_query(query, subject, scope=OrgScope(frozenset({NATION})), stock=stock)
