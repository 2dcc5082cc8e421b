"""What the page around a board needs: where the viewer stands, the choices of the filter bar, the strip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

from dwh.datapath.semantic.members import Choice as Members
from dwh.delivery.dashboards.asking import Viewer
from dwh.delivery.dashboards.board import Board, boards
from dwh.delivery.dashboards.choice import Choice, Period, Place, root_of
from dwh.delivery.dashboards.services import BoardPage
from dwh.governance import gate
from dwh.governance.access.services import permissions_of, scope_for
from dwh.kernel import vi
from dwh.kernel.errors import Denied
from dwh.kernel.org.scope import OrgScope
from dwh.kernel.org.services import current_codes, name_of

Option = tuple[str, str]
ROOTS = {"nation": "Toàn quốc", "province": "Toàn tỉnh, thành phố", "office": "BHXH cơ sở"}


@dataclass(frozen=True, slots=True)
class Standing:
    """The viewer's area, the unit he starts at, and the last month that has data."""

    scope: OrgScope
    root: Place
    data_until: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A board among the others."""

    label: str
    url: str
    current: bool


def standing(board: Board, viewer: Viewer) -> Standing:
    """Return where the viewer stands on `board`.

    Raises:
        Denied: his rights do not reach the subject of this board.

    Source: QĐ-2366 Điều 5.2.
    """
    scope = _scope(board, viewer)
    if scope.is_empty:
        raise Denied(
            f"Ông/bà chưa được giao chủ đề «{board.title}». Mở bảng khác trong mục Tổng quan, hoặc đề nghị "
            "lãnh đạo đơn vị gửi văn bản đề nghị cấp quyền.",
            board=board.name,
        )
    return Standing(scope, root_of(scope), gate.current_release_info().data_until)


def with_units_of_today(asked: QueryDict) -> dict[str, str]:
    """Return the parameters of an address; an old unit becomes the one that took over its work."""
    parameters = {name: str(value) for name, value in asked.items()}
    unit = parameters.get("don_vi", "")
    return parameters | ({"don_vi": current_codes([unit])[unit]} if unit else {})


def first_board(viewer: Viewer) -> Board:
    """Return the first board the viewer may see; the first of all when there is none (it then refuses)."""
    return next((one for one in boards() if not _scope(one, viewer).is_empty), boards()[0])


def _scope(board: Board, viewer: Viewer) -> OrgScope:
    return scope_for(viewer.account, "dashboard:view", viewer.today, subject=board.subject)


def context_of(page: BoardPage, stand: Standing, viewer: Viewer) -> dict[str, Any]:
    """Return the template's context: the page, the choices of the filter bar, the strip."""
    choice, board = page.choice, page.board
    periods = _periods(stand.data_until, _members(board, "month.month", viewer))
    units = _units(page, stand, viewer)
    return {
        "page": page,
        "board": board,
        "choice": choice,
        "tabs": tabs_for(viewer, board.name),
        "periods": periods,
        "units": units,
        "rivals": _rivals(units, choice, stand),
        "slices": _members(board, board.slice.field, viewer),
        "data_until": vi.month_vi(stand.data_until),
        "strip": _strip(page, viewer),
        "root_name": ROOTS[stand.root.tier] if stand.root.whole else "Phạm vi được giao",
    }


def tabs_for(viewer: Viewer, current: str) -> list[Tab]:
    """Return the boards the viewer may open, as tabs."""
    seen = [one for one in boards() if not _scope(one, viewer).is_empty]
    return [Tab(one.short, reverse("dashboards:board", args=[one.name]), one.name == current) for one in seen]


def _rivals(
    units: list[tuple[str, list[Option]]], choice: Choice, stand: Standing
) -> list[tuple[str, list[Option]]]:
    """Return the units to compare with: those of the filter bar and the viewer's own whole area, not the shown one."""
    whole = [(stand.root.code, ROOTS[stand.root.tier])] if stand.root.whole else []
    groups = [("Cả phạm vi", whole), *units]
    left = [(name, [one for one in options if one[0] != choice.place.code]) for name, options in groups]
    return [(name, options) for name, options in left if options]


def _members(board: Board, field: str, viewer: Viewer) -> list[Option]:
    found = gate.members(
        Members(board.subject, field, org_basis="as_is", limit=400), by=viewer.account, today=viewer.today
    )
    return [(one.key, one.label) for one in found]


def _periods(data_until: str, months: Iterable[Option]) -> list[tuple[int, list[Option]]]:
    """Return for each year, latest first, its periods: January to each month that has data."""
    known = sorted({key for key, _ in months if key <= data_until} | {data_until}, reverse=True)
    years = sorted({int(month[:4]) for month in known}, reverse=True)
    return [(y, [(m, Period(y, int(m[5:])).label) for m in known if int(m[:4]) == y]) for y in years]


def _units(page: BoardPage, stand: Standing, viewer: Viewer) -> list[tuple[str, list[Option]]]:
    """Return the units to choose from: the root, provinces of the area, offices of the province shown."""
    groups: list[tuple[str, list[Option]]] = []
    if stand.root.tier == "nation":
        known = _members(page.board, "org.province", viewer)
        today = current_codes(key for key, _ in known)
        provinces = [(key, label) for key, label in known if today[key] == key and stand.scope.covers(key)]
        groups.append(("Tỉnh, thành phố", sorted(provinces, key=lambda one: vi.sort_key(one[1]))))
    place = page.choice.place
    if place.tier == "province":
        rows = page.places.table.rows if page.places else ()
        groups.append(("BHXH cơ sở", [(_unit_of(url), name) for name, url, _ in rows if url]))
    elif place.tier == "office" and place != stand.root:
        groups.append(("BHXH cơ sở", [(place.code, name_of(place.code))]))
    return groups


def _unit_of(url: str) -> str:
    return url.split("don_vi=")[1].split("&")[0]


def _strip(page: BoardPage, viewer: Viewer) -> dict[str, Any]:
    held = gate.quarantine_totals(
        viewer.account, viewer.today, subject=page.board.subject, org=page.choice.place.code
    )
    number, unit = vi.money_short(held.vnd)
    may_look = "quarantine:view" in permissions_of(viewer.account, viewer.today)
    return {
        "state": page.state,
        "period": page.choice.span,
        "release_id": page.release,
        "org_basis": "as_is",
        "extra": page.notes,
        "held_rows": vi.number(held.rows) if held.rows else "",
        "held_vnd": f"{number} {unit}",
        "held_url": _url("quarantine:desk") if may_look else "",
    }


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
