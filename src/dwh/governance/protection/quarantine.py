"""Failed rows as a person may see them: of his area and sources, personal fields masked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from dwh.datapath.desk.reading import FailedRow, Version, quarantine_count
from dwh.datapath.desk.relation import holding_codes
from dwh.datapath.sources.contract import load_contract, source_names
from dwh.datapath.warehouse.release import Release
from dwh.governance.access.models import Account
from dwh.governance.access.rules import ALL_SUBJECTS
from dwh.governance.access.services import scope_for
from dwh.governance.protection.effects import columns_checked
from dwh.governance.protection.rules import SOURCES_OF_SUBJECT, mask_row
from dwh.kernel.errors import Conflict, Denied, NotFound
from dwh.kernel.org.models import OrgUnit
from dwh.kernel.org.scope import NATION, OrgScope
from dwh.kernel.org.services import current_codes


@dataclass(frozen=True, slots=True)
class Held:
    """Rows and đồng held back."""

    rows: int
    vnd: Decimal

    def __add__(self, other: Held) -> Held:
        return Held(self.rows + other.rows, self.vnd + other.vnd)


@dataclass(frozen=True, slots=True)
class FailedLine:
    """One failed row as it is shown; `fields` is the raw row, masked. Units: amount_vnd in đồng.

    `checks` hold it or held it; `flags` are the checks it fails as well that hold nothing. `looked_at` names the fields
    its checks looked at.
    """

    source: str
    table: str
    id: int
    checks: tuple[str, ...]
    flags: tuple[str, ...]
    state: str
    org_code: str | None
    org_name: str
    month: str | None
    amount_vnd: Decimal
    fields: dict[str, Any]
    looked_at: tuple[str, ...]
    batch_id: str
    first_seen: datetime
    version: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a row as it landed; `changed` are the fields that differ from the version before, masked."""

    batch_id: str
    landed_at: datetime
    gone: bool
    is_current: bool
    changed: dict[str, Any]


def area_of(
    account: Account, today: date, source: str | None, permission: str = "quarantine:view"
) -> tuple[str | None, OrgScope]:
    """Return the source and the scope `account` may look at; with no source named, the widest it may.

    Raises:
        Denied: the source belongs to a subject the person was not given.
        NotFound: there is no such source.
    """
    if source is not None and source not in source_names():
        raise NotFound(f"Không có nguồn «{source}». Chọn một nguồn trong danh sách.", source=source)
    whole = scope_for(account, permission, today, ALL_SUBJECTS)
    if not whole.is_empty:
        return source, whole
    areas: dict[str, OrgScope] = {}
    for subject, names in SOURCES_OF_SUBJECT.items():
        area = scope_for(account, permission, today, subject)
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


def must_have_desk(release: Release) -> None:
    """Raises: Conflict when the release in use was made before failed rows carried their versions."""
    if "desk.decisions" not in release.manifest.get("serving_rows", {}):
        raise Conflict(
            f"Bản số liệu {release.id} được tạo trước khi có trang quyết định dữ liệu lỗi. "
            "Chạy một lượt «Đồng bộ, tổng hợp, công bố» ở trang Đồng bộ rồi mở lại."
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


def roots_of(scope: OrgScope) -> frozenset[str] | None:
    """Return the subtrees to look at; None for the nation, which also sees rows of no known office."""
    return None if NATION in scope.codes else scope.codes


def unit_roots(org: str | None, scope: OrgScope) -> frozenset[str] | None:
    """Return the subtrees to look at inside `scope`, narrowed to the unit chosen."""
    return roots_of(OrgScope.of(current_codes([org]).values()) if org else scope)


def lines_of(rows: list[FailedRow], clearance: frozenset[str], release: Release) -> tuple[FailedLine, ...]:
    """Return the rows as a person of this clearance may see them; what a check looked at keeps its last digits."""
    codes = {row.org_code for row in rows if row.org_code}
    names = dict(OrgUnit.objects.filter(pk__in=codes).values_list("code", "name"))
    return tuple(_line(row, names, clearance, columns_checked(release, row.check_codes)) for row in rows)


def versions_of(
    versions: list[Version], line: FailedLine, clearance: frozenset[str]
) -> tuple[VersionLine, ...]:
    """Return the versions of a row, newest first, each with what it changed; values masked as in the row itself."""
    classes, found = _classes(line.source, line.table), list[VersionLine]()
    older: list[dict[str, Any]] = [*(json.loads(version.raw) for version in versions[1:]), {}]
    for version, before in zip(versions, older, strict=False):  # none before the first
        raw = json.loads(version.raw)
        changed = {name: value for name, value in raw.items() if name in before and before[name] != value}
        masked = mask_row(changed, classes, clearance, frozenset(line.looked_at))
        is_current = not version.gone and version.version == line.version and version is versions[0]
        found.append(VersionLine(version.batch_id, version.landed_at, version.gone, is_current, masked))
    return tuple(found)


def _line(
    row: FailedRow, names: dict[str, str], clearance: frozenset[str], looked_at: tuple[str, ...]
) -> FailedLine:
    classes = _classes(row.source, row.source_table)
    holding = tuple(code for code in row.check_codes if code in holding_codes())
    return FailedLine(
        row.source, row.source_table, row.source_id, holding,
        tuple(code for code in row.check_codes if code not in holding), row.state, row.org_code,
        names.get(row.org_code or "", row.org_code or "chưa rõ đơn vị"), row.month, row.amount_vnd,
        mask_row(json.loads(row.raw), classes, clearance, frozenset(looked_at)), looked_at,
        row.batch_id, row.first_seen, row.version,
    )  # fmt: skip


@cache
def _classes(source: str, table: str) -> dict[str, str]:
    """Return column → personal class, as the source's contract says."""
    contract = next(one for one in load_contract(source).tables if one.name == table)
    return {column.name: column.personal for column in contract.columns}
