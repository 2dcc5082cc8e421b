"""Held rows as a person may see them: of his area and sources, personal fields masked."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from dwh.datapath.pipeline.quarantine import HeldRow, quarantine_count, quarantine_rows, quarantine_summary
from dwh.datapath.sources.contract import load_contract, source_names
from dwh.datapath.warehouse.release import Release
from dwh.governance.access.models import Account
from dwh.governance.access.rules import ALL_SUBJECTS
from dwh.governance.access.services import scope_for
from dwh.governance.protection.rules import SOURCES_OF_SUBJECT, mask_row
from dwh.kernel.errors import Denied, NotFound
from dwh.kernel.org.models import OrgUnit
from dwh.kernel.org.scope import NATION, OrgScope
from dwh.kernel.org.services import current_codes

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class Held:
    """Rows and đồng held back."""

    rows: int
    vnd: Decimal

    def __add__(self, other: Held) -> Held:
        return Held(self.rows + other.rows, self.vnd + other.vnd)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which held rows are looked at, by whose sight."""

    scope: OrgScope
    clearance: frozenset[str]
    check: str | None
    org: str | None
    source: str | None
    page: int


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One held row as it is shown; `fields` is the raw row, masked. Units: amount_vnd in đồng."""

    source: str
    table: str
    id: int
    checks: tuple[str, ...]
    messages: tuple[str, ...]
    org_code: str | None
    org_name: str
    month: str | None
    amount_vnd: Decimal
    fields: dict[str, Any]
    batch_id: str
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class CheckTotal:
    """Held rows and đồng of one check of one source. A row with two reasons counts in both."""

    check: str
    source: str
    rows: int
    vnd: Decimal


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """One page of held rows, the totals of every check in the area, and what was chosen."""

    lines: tuple[HeldLine, ...]
    checks: tuple[CheckTotal, ...]
    total: Held
    page: int
    pages: int
    wanted: Wanted


def area_of(account: Account, today: date, source: str | None) -> tuple[str | None, OrgScope]:
    """Return the source and the scope `account` may look at; with no source named, the widest it may.

    Raises:
        Denied: the source belongs to a subject the person was not given.
        NotFound: there is no such source.
    """
    if source is not None and source not in source_names():
        raise NotFound(f"Không có nguồn «{source}». Chọn một nguồn trong danh sách.", source=source)
    whole = scope_for(account, "quarantine:view", today, ALL_SUBJECTS)
    if not whole.is_empty:
        return source, whole
    areas: dict[str, OrgScope] = {}
    for subject, names in SOURCES_OF_SUBJECT.items():
        area = scope_for(account, "quarantine:view", today, subject)
        areas |= {name: areas.get(name, OrgScope()).union(area) for name in names}
    allowed = [name for name, area in areas.items() if not area.is_empty and source in (None, name)]
    if not allowed:
        raise Denied("Ông/bà chưa được giao chủ đề dùng nguồn này. Đề nghị cấp quyền nếu cần.", source=source)
    return allowed[0], areas[allowed[0]]


def must_have_unit(org: str | None, scope: OrgScope) -> None:
    """Refuse a unit outside the scope as if there were none; one that was merged is inside with its successor.

    Raises:
        NotFound: another unit's held rows are not told apart from none (house §13).
    """
    if org and not scope.covers(current_codes([org])[org]):
        raise NotFound(
            f"Không có đơn vị «{org[:40]}» trong địa bàn của ông/bà. Chọn một đơn vị trong danh sách.",
            org=org,
        )


def held_page(release: Release, wanted: Wanted) -> QuarantinePage:
    """Return one page of the held rows, largest amount first."""
    roots = roots_of(OrgScope.of(current_codes([wanted.org]).values()) if wanted.org else wanted.scope)
    chosen = {"org_codes": roots, "check": wanted.check, "source": wanted.source}
    rows, vnd = quarantine_count(release, **chosen)  # type: ignore[arg-type]
    found = quarantine_rows(
        release, org_codes=roots, check=wanted.check, source=wanted.source,
        limit=PAGE_ROWS, offset=PAGE_ROWS * (wanted.page - 1),
    )  # fmt: skip
    names = dict(
        OrgUnit.objects.filter(pk__in={r.org_code for r in found if r.org_code}).values_list("code", "name")
    )
    return QuarantinePage(
        lines=tuple(_line(row, names, wanted.clearance) for row in found),
        checks=_check_totals(release, roots, wanted.source),
        total=Held(rows, vnd),
        page=wanted.page,
        pages=max(1, -(-rows // PAGE_ROWS)),
        wanted=wanted,
    )


def held_by_source(release: Release, scope: OrgScope) -> dict[str, Held]:
    """Return source → what is held back inside `scope`."""
    roots = roots_of(scope)
    return {name: Held(*quarantine_count(release, org_codes=roots, source=name)) for name in source_names()}


def held_of(release: Release, scope: OrgScope, subject: str | None, org: str | None) -> Held:
    """Return what is held back inside `scope`.

    With `subject`, only the sources that feed it; with `org`, only that unit (nothing when it lies outside).
    """
    if org:
        scope = scope.intersect(OrgScope.of(current_codes([org]).values()))
    held = held_by_source(release, scope)
    fed_by = SOURCES_OF_SUBJECT[subject] if subject else tuple(held)
    return sum((held[name] for name in fed_by), start=Held(0, Decimal(0)))


def roots_of(scope: OrgScope) -> Collection[str] | None:
    """Return the subtrees to look at; None for the nation, which also sees rows of no known office."""
    return None if NATION in scope.codes else scope.codes


def _check_totals(
    release: Release, roots: Collection[str] | None, source: str | None
) -> tuple[CheckTotal, ...]:
    totals: dict[tuple[str, str], Held] = {}
    for line in quarantine_summary(release, org_codes=roots):
        if source in (None, line.source):
            key = (line.check_code, line.source)
            totals[key] = totals.get(key, Held(0, Decimal(0))) + Held(line.rows, line.amount_vnd)
    return tuple(CheckTotal(*key, held.rows, held.vnd) for key, held in sorted(totals.items()))


def _line(row: HeldRow, names: dict[str, str], clearance: frozenset[str]) -> HeldLine:
    fields = mask_row(json.loads(row.raw), _classes(row.source, row.source_table), clearance)
    return HeldLine(
        row.source, row.source_table, row.source_id, row.check_codes, row.messages, row.org_code,
        names.get(row.org_code or "", row.org_code or "chưa rõ đơn vị"), row.month, row.amount_vnd, fields,
        row.batch_id, row.first_seen,
    )  # fmt: skip


@cache
def _classes(source: str, table: str) -> dict[str, str]:
    """Return column → personal class, as the source's contract says."""
    contract = next(one for one in load_contract(source).tables if one.name == table)
    return {column.name: column.personal for column in contract.columns}
