"""The door to failed rows, beside the gate and under the same rules: scope, masking and the log live here.

Reading only; what is decided goes through decisions.services.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from django.conf import settings

from dwh.datapath.desk import reading as failed
from dwh.datapath.desk.reading import By, Group, HeldTotal, Page
from dwh.datapath.desk.relation import STATES, Failed
from dwh.datapath.warehouse.release import Release, current_release
from dwh.governance.access.http import denied_for
from dwh.governance.access.models import Account
from dwh.governance.access.services import permissions_of, scope_for
from dwh.governance.decisions.models import Decision, DecisionQuerySet
from dwh.governance.decisions.orders import Choice, Order, Preview
from dwh.governance.decisions.orders import preview as worked_out
from dwh.governance.decisions.pending import pending_for
from dwh.governance.protection.asking import in_turn, on_record, refusal_on_record
from dwh.governance.protection.effects import Lacking, contract_of, figures_lacking
from dwh.governance.protection.quarantine import (
    FailedLine,
    Held,
    VersionLine,
    area_of,
    lines_of,
    must_have_desk,
    must_have_unit,
    unit_roots,
    versions_of,
)
from dwh.governance.protection.services import clearance_of
from dwh.kernel.actor import Origin
from dwh.kernel.calendar import last_working_days
from dwh.kernel.errors import Denied, NotFound
from dwh.kernel.law import QC_DWH, cites
from dwh.kernel.org.scope import OrgScope, province_of
from dwh.kernel.org.services import current_codes
from dwh.kernel.vi import VIETNAM_TIME

PAGE_ROWS = 50
AGES = (20, 5, 1)  # working days between the ages: older than 20, 6 to 20, 2 to 5, and 0 to 1
NO_ROW = (
    "Dòng này không còn trong danh sách lỗi, hoặc ngoài địa bàn của ông/bà. "
    "Dòng đã sửa đúng ở nguồn thì tự vào số liệu."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants to see: which rows, grouped how, in which order, which page. `age` is an index of AGES."""

    choice: Choice = field(default_factory=Choice)
    by: By = "check"
    order: str = "amount"
    page: int = 1
    age: int | None = None


@dataclass(frozen=True, slots=True)
class DeskPage:
    """The desk as one person sees it: groups, the rows of the choice, the states in the area, rules in trial.

    With a check chosen, `lacking` are the figures that lack its rows, and `months` those of the rows.
    """

    asked: Asked
    scope: OrgScope
    groups: tuple[Group, ...]
    lines: tuple[FailedLine, ...]
    found: Held
    states: dict[str, Held]
    trial: tuple[HeldTotal, ...]
    stopped: tuple[str, ...]
    locked: frozenset[str]
    pages: int
    months: tuple[str, ...]
    lacking: tuple[Lacking, ...]
    may_decide: bool


@dataclass(frozen=True, slots=True)
class RowPage:
    """One failed row with its history: its versions, newest first, and what was decided about it."""

    line: FailedLine
    versions: tuple[VersionLine, ...]
    decisions: tuple[Decision, ...]
    lacking: tuple[Lacking, ...]
    release: str
    is_locked: bool
    may_decide: bool


@cites(QC_DWH.art("12.5"))
def look(asked: Asked, *, by: Account, today: date, purpose: str, origin: Origin | None = None) -> DeskPage:
    """Return the desk in the area of `by`, personal fields masked unless cleared; it is on record.

    Source: QC-DWH Điều 12.5; QĐ-2366 Điều 4.2.4, 5.3.
    """
    choice = asked.choice
    question = {"subject": "quarantine", **choice.asked(), "page": asked.page}
    with refusal_on_record(question, by.as_actor(origin), purpose):
        _must_look(by, today)
        source, scope = area_of(by, today, choice.source)
        must_have_unit(choice.org, scope)
        release = current_release(settings.DATAPATH)
        must_have_desk(release)
        on_record(question, by.as_actor(origin), scope, release.id, purpose)
        marks = _moments(AGES, today)
        asked = replace(asked, choice=_with_age(replace(choice, source=source), asked.age, marks))
        return in_turn(lambda: _desk(release, asked, scope, marks, by=by, today=today))


def row(
    table: str, key: int, *, by: Account, today: date, purpose: str, origin: Origin | None = None
) -> RowPage:
    """Return one failed row in the area of `by` with its history; it is on record.

    Raises:
        NotFound: there is no such failed row in the area.
    """
    question = {"subject": "quarantine", "table": table, "id": key}
    with refusal_on_record(question, by.as_actor(origin), purpose):
        _must_look(by, today)
        source, scope = area_of(by, today, _source_of(table))
        release = current_release(settings.DATAPATH)
        must_have_desk(release)
        on_record(question, by.as_actor(origin), scope, release.id, purpose)
        wanted = Failed(
            unit_roots(None, scope), pending_for(release), source=source, states=STATES, rows=((table, key),)
        )
        found = failed.failed_rows(release, wanted)
        if not found:
            raise NotFound(NO_ROW)
        [line] = lines_of(found, clearance_of(by, today), release)
        versions = versions_of(failed.row_versions(release, table, key), line, clearance_of(by, today))
    decisions = Decision.objects.filter(lines__source_table=table, lines__source_id=key).distinct()
    return RowPage(
        line=line, versions=versions, release=release.id,
        decisions=tuple(decisions.select_related("decided_by", "approved_by", "closed_by")),
        lacking=figures_lacking(release, table), is_locked=line.month in release.manifest.get("locked", ()),
        may_decide=_may_decide(by, today, line.source, line.org_code),
    )  # fmt: skip


def preview(order: Order, *, by: Account, today: date, origin: Origin | None = None) -> Preview:
    """Return what `order` would do, before it is done; a refusal is on record."""
    question = {"subject": "quarantine", "verdict": order.verdict, **order.choice.asked()}
    with refusal_on_record(question, by.as_actor(origin), "xem trước quyết định dữ liệu lỗi"):
        if "quarantine:decide" not in permissions_of(by, today):
            raise denied_for("quarantine:decide")
        return in_turn(lambda: worked_out(order, by=by, today=today))


def decisions_seen_by(account: Account, today: date) -> DecisionQuerySet:
    """Return the decisions whose rows all lie where `account` may look at failed rows."""
    _, scope = area_of(account, today, None)
    return Decision.objects.within(scope).select_related("decided_by", "approved_by", "closed_by")


def fixes_left(decisions: Sequence[Decision]) -> dict[int, int]:
    """Return decision → rows asked to be fixed that are still held as they were, in the release in use."""
    release = current_release(settings.DATAPATH)
    left = failed.fixes_left(release, decisions=[made.reference.hex for made in decisions])
    return {made.pk: left.get(made.reference.hex, 0) for made in decisions}


def _source_of(table: str) -> str:
    try:
        return contract_of(table)[0]
    except KeyError:
        raise NotFound(NO_ROW, table=table[:60]) from None


def _desk(
    release: Release, asked: Asked, scope: OrgScope, marks: tuple[datetime, ...], *, by: Account, today: date
) -> DeskPage:
    choice = asked.choice
    wanted = Failed(
        unit_roots(choice.org, scope), pending_for(release), check=choice.check, source=choice.source,
        states=choice.states, seen_from=choice.seen_from, seen_until=choice.seen_until, search=choice.search,
    )  # fmt: skip
    rows, vnd = failed.failed_count(release, wanted)
    pages = max(1, -(-rows // PAGE_ROWS))
    asked = replace(asked, page=min(asked.page, pages))  # an old address may name a page that is no more
    page = Page(asked.order, PAGE_ROWS, PAGE_ROWS * (asked.page - 1))
    groups = failed.failed_groups(release, _wider(wanted, asked, scope), asked.by, marks=marks)
    tables = [group.source_table for group in groups if choice.check and group.key == choice.check]
    return DeskPage(
        asked=asked, scope=scope, groups=tuple(groups),
        lines=lines_of(failed.failed_rows(release, wanted, page), clearance_of(by, today), release),
        found=Held(rows, vnd), states=_states(release, wanted),
        trial=tuple(failed.trial_totals(release, org_codes=wanted.org_codes)),
        stopped=tuple(release.manifest.get("stopped_checks", ())),
        locked=frozenset(release.manifest.get("locked", ())), pages=pages,
        months=tuple(failed.failed_months(release, wanted)) if choice.check else (),
        lacking=tuple(one for table in tables for one in figures_lacking(release, table)),
        may_decide=_may_decide(by, today, choice.source, choice.org),
    )  # fmt: skip


def _states(release: Release, wanted: Failed) -> dict[str, Held]:
    found = failed.failed_states(release, replace(wanted, states=STATES))
    return {state: Held(*total) for state, total in found.items()}


def _wider(wanted: Failed, asked: Asked, scope: OrgScope) -> Failed:
    """Return what the groups are made of: the choice without the part that picks one of them.

    Units are provinces for the nation, else the offices of the province that was chosen or that the unit lies in.
    """
    if asked.by == "check":
        return replace(wanted, check=None)
    if asked.by == "age":
        return replace(wanted, seen_from=None, seen_until=None)
    if asked.by == "unit":
        province = province_of(asked.choice.org or "")
        roots = unit_roots(province if province and scope.covers(province) else None, scope)
        return replace(wanted, org_codes=roots, by_province=roots is None)
    return wanted


def _must_look(by: Account, today: date) -> None:
    if "quarantine:view" not in permissions_of(by, today):
        raise denied_for("quarantine:view")


def _may_decide(by: Account, today: date, source: str | None, org: str | None) -> bool:
    """May `by` decide about some rows of this source, or about those of this unit?"""
    if scope_for(by, "quarantine:decide", today).is_empty:
        return False
    try:
        _, scope = area_of(by, today, source, "quarantine:decide")
    except Denied:
        return False
    return org is None or scope.covers(current_codes([org])[org])


def _moments(ages: Sequence[int], today: date) -> tuple[datetime, ...]:
    """Return, for each age in working days, the moment before which a row is older (UTC, as releases store it)."""
    days = last_working_days(today, max(ages) + 1)
    midnights = (datetime.combine(days[age], time.min, VIETNAM_TIME) for age in ages)
    return tuple(midnight.astimezone(UTC).replace(tzinfo=None) for midnight in midnights)


def _with_age(choice: Choice, age: int | None, marks: Sequence[datetime]) -> Choice:
    """Narrow the choice to one age: 0 is the oldest."""
    if age is None:
        return choice
    return replace(
        choice,
        seen_from=marks[age - 1] if age > 0 else None,
        seen_until=marks[age] if age < len(marks) else None,
    )
