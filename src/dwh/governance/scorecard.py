"""The door to the quality scorecard, beside the gate and under the same rules: scope and the log live here.

Who may look at failed rows sees the scorecard of the same area and sources. It shows keys and codes, never what a row
says: for that the desk «Dữ liệu lỗi» is asked, which masks.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings

from dwh.datapath.quality import scorecard as counted
from dwh.datapath.quality.criteria import Criterion, Rule
from dwh.datapath.quality.scorecard import ObjectedRow, Objections, Share, UnitCount, Wanted
from dwh.datapath.standardise.counted import STAGED
from dwh.datapath.warehouse.release import Release, current_release
from dwh.governance.access.http import denied_for
from dwh.governance.access.models import Account
from dwh.governance.access.services import permissions_of
from dwh.governance.protection.asking import in_turn, on_record, refusal_on_record
from dwh.governance.protection.quarantine import area_of, must_have_unit, unit_roots
from dwh.kernel.actor import Origin
from dwh.kernel.errors import Conflict, Invalid
from dwh.kernel.law import QD_2366, cites
from dwh.kernel.org.scope import NATION, OrgScope

PAGE_ROWS = 50
DEFAULT_MONTHS = 12  # ours: a year, so that every season is in it
UNKNOWN_UNIT = "chua-ro"  # names the rows of no known office; only who sees the nation may ask for them
PERMISSION = "quarantine:view"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants to see. Empty months: the latest DEFAULT_MONTHS with data, up to the last one.

    `direct`: the rows of the unit itself, without those of the units below it.
    """

    org: str | None = None
    source: str | None = None
    since: str = ""
    until: str = ""
    undated: bool = True
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which rows are listed: those one criterion objects to, of one check if given, and which page of them."""

    criterion: Criterion
    check: str | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The scorecard one person sees: a count per province or per office, and what each criterion asked.

    `asked` carries the months that were looked at; `months` are those to choose from.
    """

    asked: Asked
    scope: OrgScope
    release: str
    months: tuple[str, ...]
    counts: tuple[UnitCount, ...]
    by_province: bool
    rules: tuple[Rule, ...]
    stopped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowsPage:
    """The rows one criterion objects to: its share, its checks, and one page of rows."""

    asked: Asked
    scope: OrgScope
    release: str
    share: Share
    objections: tuple[Objections, ...]
    rows: tuple[ObjectedRow, ...]
    has_next: bool


@cites(QD_2366.art("10.2.2"), QD_2366.art("10.4.2"))
def look(asked: Asked, *, by: Account, today: date, purpose: str, origin: Origin | None = None) -> Scorecard:
    """Return the scorecard in the area of `by`; it is on record, and so is a refusal.

    Raises:
        Denied: no permission today, or the source is of a subject the person was not given.
        NotFound: the unit lies outside the area, or there is no such source or no release.
        Invalid: the months are the wrong way round. Conflict: the release is older than this page.

    Source: QĐ-2366 Điều 10.2.2, 10.4.2; every access on record: Điều 4.2.4.
    """
    question = {"subject": "quality", **asdict(asked)}
    with refusal_on_record(question, by.as_actor(origin), purpose):
        asked, scope = _area(asked, by, today)
        release = _release()
        on_record(question, by.as_actor(origin), scope, release.id, purpose)
        return in_turn(lambda: _scorecard(release, asked, scope))


def rows(
    asked: Asked, chosen: Chosen, *, by: Account, today: date, purpose: str, origin: Origin | None = None
) -> RowsPage:
    """Return the rows a criterion objects to, of one check if given, in the area of `by`; it is on record.

    Raises: as `look`.

    Source: QĐ-2366 Điều 10.2.2, 10.4.2; every access on record: Điều 4.2.4.
    """
    question: dict[str, Any] = {"subject": "quality", **asdict(asked), **asdict(chosen)}
    with refusal_on_record(question, by.as_actor(origin), purpose):
        asked, scope = _area(asked, by, today)
        release = _release()
        on_record(question, by.as_actor(origin), scope, release.id, purpose)
        return in_turn(lambda: _rows(release, asked, scope, chosen))


def _area(asked: Asked, by: Account, today: date) -> tuple[Asked, OrgScope]:
    """Return what is asked with the source the person may see, and the area."""
    if PERMISSION not in permissions_of(by, today):
        raise denied_for(PERMISSION)
    source, scope = area_of(by, today, asked.source)
    if not (asked.org == UNKNOWN_UNIT and NATION in scope.codes):
        must_have_unit(asked.org, scope)
    return replace(asked, source=source), scope


def _release() -> Release:
    release = current_release(settings.DATAPATH)
    if STAGED not in release.manifest.get("serving_rows", {}):
        raise Conflict(
            f"Bản số liệu {release.id} được tạo trước khi có bảng điểm chất lượng. "
            "Chạy một lượt «Đồng bộ, tổng hợp, công bố» ở trang Đồng bộ rồi mở lại."
        )
    return release


def _scorecard(release: Release, asked: Asked, scope: OrgScope) -> Scorecard:
    months = counted.months_of(release)
    asked = _with_months(asked, months)
    by_province = _by_province(asked, scope)
    counts = counted.counts_by_unit(release, _wanted(asked, scope), by_province=by_province)
    return Scorecard(
        asked, scope, release.id, tuple(months), tuple(counts), by_province, counted.rules_of(release),
        tuple(release.manifest.get("stopped_checks", ())),
    )  # fmt: skip


def _rows(release: Release, asked: Asked, scope: OrgScope, chosen: Chosen) -> RowsPage:
    asked = _with_months(asked, counted.months_of(release))
    wanted, criterion = _wanted(asked, scope), chosen.criterion
    found = counted.objected_rows(
        release, wanted, criterion, chosen.check, limit=PAGE_ROWS + 1, offset=PAGE_ROWS * (chosen.page - 1)
    )
    counts = counted.counts_by_unit(release, wanted, by_province=True)
    share = sum((one.shares[criterion] for one in counts), start=Share(0, 0))
    checks = counted.objections(release, wanted, criterion)
    has_next = len(found) > PAGE_ROWS
    return RowsPage(asked, scope, release.id, share, tuple(checks), tuple(found[:PAGE_ROWS]), has_next)


def _with_months(asked: Asked, months: list[str]) -> Asked:
    """Return what is asked with both ends of its period. Raises: Invalid when it ends before it begins."""
    until = asked.until or (months[-1] if months else "")
    before = [month for month in months if month <= until][-DEFAULT_MONTHS:]
    since = asked.since or (before[0] if before else until)
    if since > until:
        raise Invalid("Tháng đầu phải trước hoặc bằng tháng cuối. Chọn lại kỳ.", field="tu")
    return replace(asked, since=since, until=until)


def _by_province(asked: Asked, scope: OrgScope) -> bool:
    """Provinces side by side for the nation, or for several; else the offices of the one that is looked at."""
    if asked.org in (NATION, None):
        return NATION in scope.codes or len(scope.codes) > 1
    return asked.org == UNKNOWN_UNIT


def _wanted(asked: Asked, scope: OrgScope) -> Wanted:
    if asked.org == UNKNOWN_UNIT:
        return Wanted(None, asked.since, asked.until, asked.undated, asked.source, only_unknown=True)
    roots = unit_roots(asked.org, scope)
    return Wanted(roots, asked.since, asked.until, asked.undated, asked.source, direct=asked.direct)
