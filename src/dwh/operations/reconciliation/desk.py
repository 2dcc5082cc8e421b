"""What the pages of the reconciliation show: within the sources and the area of the person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from dwh.datapath.reconciliation.totals import ROWS, Cell
from dwh.datapath.sources.contract import load_contract, source_names
from dwh.governance.access.models import Account
from dwh.governance.access.services import permissions_of
from dwh.governance.protection.quarantine import area_of
from dwh.kernel.errors import Denied, NotFound
from dwh.kernel.org.models import OrgUnit
from dwh.kernel.org.scope import NATION, OrgScope
from dwh.kernel.org.services import names_of
from dwh.operations.reconciliation.models import Discrepancy, Reconciliation
from dwh.operations.reconciliation.services import cells_of, total_of

MOST_SHOWN = 300  # cells of one page; the page says how many there are
SIDES = ("source", "published", "held", "late", "changed", "unexplained")


@dataclass(frozen=True, slots=True)
class Line:
    """One table: rows of each side, and the control column that differs most. Units: rows; vnd in đồng."""

    row: Reconciliation
    source_label: str
    owner: str
    rows: dict[str, Decimal]
    vnd: dict[str, Decimal] | None
    agrees: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which measure is looked at, and whether cells that agree are listed too."""

    measure: str = ROWS
    everything: bool = False


def overview(account: Account, today: date) -> dict[str, Any]:
    """Return the context of the first page: one line per table, those that differ first."""
    lines = [_line(row, scope) for row, scope in _visible(account, today)]
    lines.sort(key=lambda line: (line.agrees, source_names().index(line.row.source), line.row.table))
    return {
        "lines": lines,
        "differing": sum(not line.agrees for line in lines),
        "unsigned": sum(not line.row.signed_by for line in lines),
        "open_tickets": len([t for t in _tickets(account, today) if t.state == "open"]),
        "may_run": "sync:run" in permissions_of(account, today),
        "to_sign": [line.row.pk for line in lines if line.agrees and not line.row.signed_by]
        if "reconcile:sign" in permissions_of(account, today)
        else [],
    }


def details(row: Reconciliation, account: Account, today: date, wanted: Wanted) -> dict[str, Any]:
    """Return the context of one table: its cells of the wanted measure, the largest unexplained first.

    Raises:
        Denied: the source is not of the person's subjects. NotFound: no such measure.
    """
    _, scope = area_of(account, today, row.source)
    cells = [cell for cell in cells_of(row, scope, settings.DATAPATH) if cell.measure == wanted.measure]
    promised = load_contract(row.source).table(row.table)
    measures = [ROWS, *promised.money]
    if wanted.measure not in measures:
        raise NotFound("Bảng này không có chỉ tiêu đối soát đó. Chọn một chỉ tiêu trong danh sách.")
    listed = [cell for cell in cells if wanted.everything or cell.difference]
    listed.sort(key=lambda cell: (-abs(cell.unexplained), -abs(cell.difference), cell.period, cell.unit))
    names = dict(OrgUnit.objects.filter(pk__in={c.org_code for c in listed}).values_list("code", "name"))
    return {
        "row": row,
        "wanted": wanted,
        "measures": [(name, promised.label_of(name) if name != ROWS else "Số dòng") for name in measures],
        "measure_label": promised.label_of(wanted.measure),
        "contract": load_contract(row.source),
        "total": {side: total_of(cells, side, wanted.measure) for side in SIDES},
        "cells": [
            (cell, names.get(cell.org_code, cell.unit or "chưa rõ đơn vị")) for cell in listed[:MOST_SHOWN]
        ],
        "cells_there_are": len(listed),
        "area": ", ".join(names_of(scope)),
        "may_sign": "reconcile:sign" in permissions_of(account, today) and NATION in scope.codes,
        "history": Reconciliation.objects.filter(source=row.source, table=row.table).order_by("-id")[:12],
    }


def tickets(account: Account, today: date) -> dict[str, Any]:
    """Return the context of the list of discrepancies."""
    return {
        "tickets": _tickets(account, today),
        "may_answer": "reconcile:sign" in permissions_of(account, today),
        "me": account.email,
    }


def _tickets(account: Account, today: date) -> list[Discrepancy]:
    found = []
    areas: dict[str, OrgScope | None] = {}
    for ticket in Discrepancy.objects.select_related("reconciliation"):
        source = ticket.reconciliation.source
        if source not in areas:
            areas[source] = _area(account, today, source)
        area = areas[source]
        if ticket.opened_by == account.email or (area and area.covers(ticket.org_code or NATION)):
            found.append(ticket)
    return found


def _visible(account: Account, today: date) -> Iterator[tuple[Reconciliation, OrgScope]]:
    known = set(source_names())
    for row in Reconciliation.objects.newest():
        area = _area(account, today, row.source) if row.source in known else None
        if area is not None:
            yield row, area


def _area(account: Account, today: date, source: str) -> OrgScope | None:
    try:
        return area_of(account, today, source)[1]
    except Denied:
        return None


def _line(row: Reconciliation, scope: OrgScope) -> Line:
    contract = load_contract(row.source)
    money = next(iter(contract.table(row.table).money), None)
    if NATION in scope.codes:
        rows = {side: row.amount(side) for side in SIDES}
        vnd = {side: row.amount(side, money) for side in SIDES} if money else None
        return Line(row, contract.label, contract.owner, rows, vnd, row.agrees)
    cells = cells_of(row, scope, settings.DATAPATH)
    rows = {side: total_of(cells, side) for side in SIDES}
    vnd = {side: total_of(cells, side, money) for side in SIDES} if money else None
    return Line(row, contract.label, contract.owner, rows, vnd, not any(_differs(cell) for cell in cells))


def _differs(cell: Cell) -> bool:
    return bool(cell.unexplained)
