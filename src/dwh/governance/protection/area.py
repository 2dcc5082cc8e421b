"""Where a person may ask: the scope of a permission for a subject, and units a question names outside of it."""

from __future__ import annotations

from datetime import date

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.words import JOINT
from dwh.governance.access.http import denied_for
from dwh.governance.access.models import Account
from dwh.governance.access.services import permissions_of, scope_for
from dwh.kernel.errors import Denied
from dwh.kernel.org.scope import NATION, OrgScope
from dwh.kernel.org.services import current_codes, name_of


def area_asked(by: Account, permission: str, today: date, subject: str) -> OrgScope:
    """Return where `by` may do `permission` for `subject` today. Raises Denied: not at all, or not this subject."""
    scope = scope_for(by, permission, today, subject)  # of the groups that may: empty without the permission
    if not scope.is_empty:
        return scope
    if permission not in permissions_of(by, today):
        raise denied_for(permission)
    raise Denied(
        f"Ông/bà chưa được giao chủ đề «{load_catalog().subject(subject).label}». "
        "Khi cần cho công việc, đề nghị lãnh đạo đơn vị gửi văn bản đề nghị cấp quyền.",
        subject=subject,
    )


def units_named(query: Query) -> list[str]:
    """Return the units the filters name: values of the organisation's fields that are unit codes."""
    fields = load_catalog().subject(query.subject)
    org = [one for one in query.filters if fields.field(one.field).dimension.kind == "org"]
    codes = [code for one in org for value in one.values for code in value.split(JOINT)]
    return [code for code in codes if code == NATION or code.startswith(f"{NATION}.")]


def must_lie_inside(units: list[str], scope: OrgScope) -> None:
    """Refuse a unit outside the scope; one that was merged is inside when its successor is."""
    for code, today_code in sorted(current_codes(units).items()):
        if not scope.covers(today_code):
            raise Denied(
                f"Ông/bà không có quyền xem số liệu của {name_of(code)}. "
                "Bỏ đơn vị này khỏi câu hỏi, hoặc đề nghị cấp quyền.",
                org=code,
            )


def must_meet(units: list[str], scope: OrgScope) -> None:
    """Refuse a unit that has nothing in common with the scope; one above the scope is seen as far as the scope goes."""
    for code, today_code in sorted(current_codes(units).items()):
        if OrgScope.of([today_code]).intersect(scope).is_empty:
            must_lie_inside([code], scope)


def holds_all_of(units: list[str], scope: OrgScope) -> bool:
    """Tell whether every unit lies inside the scope, so that a question may name it."""
    return all(scope.covers(today_code) for today_code in current_codes(units).values())
