"""The only door from a page to the data.

Every page calls `ask` or a neighbour of it; import-linter forbids them the engine. So scope, masking and logging
are written once, tested once, and cannot be forgotten. It stays under 200 lines: no favours (house §18.2).
"""

from __future__ import annotations

from datetime import date
from time import perf_counter
from typing import Any

from django.conf import settings

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.calculations.across import subjects_of
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.check import check
from dwh.datapath.semantic.members import Choice, Member, compile_members, read_members
from dwh.datapath.semantic.query import Query, basis_of
from dwh.datapath.warehouse.release import Limits, current_release
from dwh.governance.access.models import Account
from dwh.governance.access.services import scope_for, subjects_for
from dwh.governance.protection import quarantine, releases
from dwh.governance.protection.area import area_asked, must_lie_inside, units_named
from dwh.governance.protection.asking import in_turn, on_record, refusal_on_record
from dwh.governance.protection.composing import prepared, scopes_said
from dwh.governance.protection.hints import Sight, explained
from dwh.governance.protection.limits import most_rows
from dwh.governance.protection.quarantine import Held
from dwh.governance.protection.releases import ReleaseInfo
from dwh.governance.protection.running import afresh
from dwh.governance.protection.services import clearance_of
from dwh.governance.protection.stopping import stop_wish
from dwh.governance.protection.usage import tables_of
from dwh.kernel.actor import Actor, Origin
from dwh.kernel.law import QC_DWH, QD_2366, cites
from dwh.kernel.org.services import load_units

MAX_MEMBERS = 200_000
TIMEOUT_S = 60.0


@cites(
    QC_DWH.art("7.2"), QC_DWH.art("7.3"), QD_2366.art("4.2.4"),
    QD_2366.art("5.3.1"), QD_2366.art("5.3.2"), QD_2366.art("5.3.3"),
)  # fmt: skip
def ask(
    query: Query,
    *,
    by: Account,
    purpose: str,
    today: date,
    origin: Origin | None = None,
    permission: str = "data:ask",
) -> Answer:
    """Answer `query` with the rows and columns `by` may see today.

    The log row is committed before the engine runs: a question that fails still leaves its trace, and if the log
    cannot be written nothing is answered. A refusal is on record too.

    Raises:
        Denied: no permission today, none for one of its subjects, or a filter names a unit outside the scope.
        UnknownField, Invalid: a name the subject does not define, or a period that has no data yet.
        TooManyRows, TooSlow: over what limits.py allows or TIMEOUT_S. Conflict: too many questions at once.
        NotFound: nothing was published yet. Cancelled: the person stopped it.

    Source: QĐ-2366 Điều 4.2.4 (every access is logged), Điều 5.2-5.3 (by function and area).
    """
    actor = by.as_actor(origin)
    with refusal_on_record(query.to_json(), actor, purpose):
        scopes = {name: area_asked(by, permission, today, name) for name in subjects_of(query)}
        release, catalog = current_release(settings.DATAPATH), load_catalog()
        releases.must_have_trees(release)
        check(query, catalog, latest_month=release.manifest["data_until"])
        for scope in scopes.values():
            must_lie_inside(units_named(query), scope)
        clearance = clearance_of(by, today)
        sights = {n: Sight(catalog.subject(n), release, scope, clearance) for n, scope in scopes.items()}
        (answered, plans), own = prepared(query, sights), sights[query.subject]
        facts = {"catalog": catalog.hash, "tables": tables_of(plans), **scopes_said(query, sights)}
        on_record(query.to_json(), actor, own.scope, release.id, purpose, **facts)
        how: Limits = {"limit": most_rows(query), "timeout_s": TIMEOUT_S, "stopped": stop_wish(by, origin)}
        answer = answered(how)
    return explained(answer, own)


def seconds_of(query: Query, *, by: Account, purpose: str, today: date, permission: str) -> float:
    """Return what one answer of `ask` takes now, in seconds, with no kept result used. Raises what `ask` raises."""
    began = perf_counter()
    with afresh():
        ask(query, by=by, purpose=purpose, today=today, permission=permission)
    return perf_counter() - began


def fields_for(by: Account, today: date) -> dict[str, Any]:
    """Return the catalogue of the subjects `by` may ask about today."""
    allowed = subjects_for(by, "data:ask", today)
    return load_catalog().to_json(None if "*" in allowed else allowed)


def members(
    wanted: Choice,
    *,
    by: Account,
    today: date,
    permission: str = "dashboard:view",
    origin: Origin | None = None,
) -> list[Member]:
    """Return the members of a field that occur in the scope of `by`: names, no figures.

    A search among what comes from the data, such as employers, is on record; lists of units and periods are not.
    """
    purpose = "chọn giá trị lọc"
    question = {"subject": wanted.subject, "members": wanted.field, "search": wanted.search}
    with refusal_on_record(question, by.as_actor(origin), purpose):
        scope = area_asked(by, permission, today, wanted.subject)
        release, words = current_release(settings.DATAPATH), load_catalog().subject(wanted.subject)
        basis = basis_of(wanted.org_basis)
        plan = compile_members(
            words, wanted.field, scope=scope, clearance=clearance_of(by, today), org_basis=basis
        )
        if wanted.search and plan.field.dimension.kind == "category":
            on_record(question, by.as_actor(origin), scope, release.id, purpose)
        _, rows = in_turn(
            lambda: release.fetch(plan.sql, plan.params, limit=MAX_MEMBERS, timeout_s=TIMEOUT_S)
        )
    return read_members(plan.field, rows, search=wanted.search, limit=wanted.limit)


def filter_labels(query: Query, *, by: Account, today: date) -> dict[tuple[str, str], str]:
    """Return (field, key) → what people call the members the filters name; periods are left out."""
    subject = load_catalog().subject(query.subject)
    labels: dict[tuple[str, str], str] = {}
    for one in query.filters:
        if subject.field(one.field).dimension.kind != "period":
            wanted = Choice(query.subject, one.field, org_basis=query.org_basis, limit=MAX_MEMBERS)
            known = members(wanted, by=by, today=today)
            labels |= {(one.field, m.key): m.label for m in known if m.key in one.values}
    return labels


def quarantine_totals(
    by: Account, today: date, *, subject: str | None = None, org: str | None = None
) -> Held:
    """Return what is held back in the area of `by`, stood beside figures; `subject` and `org` narrow it."""
    scope = scope_for(by, "dashboard:view", today)
    return quarantine.held_of(current_release(settings.DATAPATH), scope, subject, org)


def quarantine_by_source(by: Account, today: date) -> dict[str, Held]:
    """Return source → rows and đồng held back, in the area where `by` sees dashboards."""
    return quarantine.held_by_source(
        current_release(settings.DATAPATH), scope_for(by, "dashboard:view", today)
    )


def current_release_info() -> ReleaseInfo:
    """Return the release in use. Raises NotFound, with the remedy, when nothing was published yet."""
    return releases.info_of(current_release(settings.DATAPATH))


def refresh_units(*, by: Actor) -> int:
    """Make the units of the organisation those of the release in use; return how many changed.

    Source: QC-DWH Điều 4.6 (units come from the personnel system, with the same batch as the figures).
    """
    release = current_release(settings.DATAPATH)
    units, history = releases.units_of(release), releases.history_of(release)
    return load_units(units, by=by, source=f"release:{release.id}", history=history)
