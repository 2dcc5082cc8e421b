"""Short ways to ask, for the tests of the gate; the truth comes from the hand-written rows themselves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.query import Query
from dwh.governance import gate
from dwh.governance.access.models import Account
from tests.personas import TODAY
from tests.units_fixture import SUCCESSOR
from tests.warehouse_fixture import LINES


def question(
    rows: Any = ("org.province",), values: Any = ("collected_vnd",), filters: Any = (), **more: Any
) -> Query:
    document = {
        "subject": "contributions",
        "rows": list(rows),
        "values": list(values),
        "filters": list(filters),
    }
    return Query.from_json({**document, **more})


def ask(who: Account, query: Query | None = None, **more: Any) -> Answer:
    return gate.ask(query or question(), by=who, purpose="kiểm thử", today=TODAY, **more)


def total_of(answer: Answer) -> Any:
    return next((row.values[0] for row in answer.rows if len(row.total_over) == len(answer.fields)), None)


def parts_of(answer: Answer) -> dict[tuple[str | None, ...], tuple[Any, ...]]:
    return {row.keys: row.values for row in answer.rows if not row.total_over}


def collected(owner: str) -> Decimal:
    """Return what the hand-written rows say was collected in a subtree of today's units."""
    return Decimal(
        sum(line[8] for line in LINES if f"{SUCCESSOR.get(line[5], line[5])}.".startswith(f"{owner}."))
    )


def in_unit(*codes: str, field: str = "org.province", op: str = "in") -> list[dict[str, Any]]:
    return [{"field": field, "op": op, "values": list(codes)}]
