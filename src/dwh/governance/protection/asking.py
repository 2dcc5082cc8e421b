"""What stands around every question: its record before it runs, its refusal on record, and its turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import transaction

from dwh.datapath.semantic.catalog import load_catalog
from dwh.governance.protection.turns import turns
from dwh.kernel.actor import Actor
from dwh.kernel.audit.keys import audit_keys
from dwh.kernel.audit.services import log_query, record_denied, without_persons
from dwh.kernel.errors import DwhError, UnknownField
from dwh.kernel.law import QD_2366, cites
from dwh.kernel.org.scope import OrgScope

WAIT_S = 20.0  # how long a question waits for its turn
T = TypeVar("T")


@cites(QD_2366.art("4.2.4"))
def on_record(
    query: Mapping[str, Any], by: Actor, scope: OrgScope, release: str, purpose: str, **facts: object
) -> None:
    """Commit the question's log row, for good, before anything is answered."""
    personal = personal_fields(query)
    with transaction.atomic(durable=True):
        log_query(query, by=by, scope=scope, release=release, purpose=purpose, personal=personal, **facts)


@contextmanager
def refusal_on_record(query: Mapping[str, Any], by: Actor, purpose: str) -> Iterator[None]:
    """Put a refusal inside the block on record; `facts["on_record"]` tells the others that it is."""
    try:
        yield
    except DwhError as refusal:
        facts = {"code": refusal.code, "message": refusal.message_vi, "query": _without_names(query)}
        about = refusal.facts.get("about", f"subject:{query['subject']}")
        record_denied("data.refused", by=by, about=about, purpose=purpose, **facts)
        refusal.facts["on_record"] = True
        raise


def personal_fields(query: Mapping[str, Any]) -> frozenset[str]:
    """Return the filtered fields whose values tell of persons; one the catalogue does not know counts too."""
    return frozenset(
        one["field"] for one in query.get("filters", ()) if _is_personal(query["subject"], one["field"])
    )


def _without_names(query: Mapping[str, Any]) -> dict[str, Any]:
    """Return the refused question as the log may keep it: no name that was filtered on or searched for."""
    asked = without_persons(query, personal_fields(query))
    if asked.get("search") and _is_personal(query["subject"], query["members"]):
        asked["search"] = audit_keys().hide(asked["search"])
    return asked


def _is_personal(subject: str, field: str) -> bool:
    try:
        return bool(load_catalog().subject(subject).field(field).level.personal)
    except UnknownField:
        return True


def in_turn(work: Callable[[], T], scope: OrgScope | None = None) -> T:
    """Run `work` in the turn of those who ask about `scope` (None: of what has no area).

    Raises: Conflict when no place became free in WAIT_S seconds, or the group used up its hour.
    """
    return turns.take(work, ",".join(sorted(scope.codes)) if scope else "", WAIT_S)
