"""What the templates show of one cell: its explanation, and the rows behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils import timezone

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.words import Subject
from dwh.datapath.tables.caption import condition_of, period_of
from dwh.datapath.tables.cell import parts_of
from dwh.datapath.tables.working import calculation_in
from dwh.governance import drill, gate
from dwh.governance.access.http import SignedInRequest, origin_of
from dwh.governance.access.services import permissions_of
from dwh.governance.drill import Reading
from dwh.governance.explaining import GONE, CellOf, Explained, cell_in, explain_cell, work_out
from dwh.governance.protection.rows import PAGE_ROWS, RowPage
from dwh.kernel.errors import Invalid

LONGEST: Final = 300
NO_OWN_ROWS: Final = (
    "Cột tính không có dòng riêng. Mở «Giải thích số liệu» của ô để xem dòng của chỉ tiêu gốc."
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of the figure whose rows can be read."""

    label: str
    address: str
    is_current: bool


def cell_of(query: Query, text: str) -> CellOf:
    """Return the cell a request names, as JSON.

    Raises:
        Invalid: not as many members as the question has fields, or a measure it does not ask.
    """
    try:
        wanted = json.loads(text)
        keys, measure, place = wanted["keys"], wanted["measure"], wanted["place"]
    except (ValueError, TypeError, KeyError, RecursionError):
        keys, measure, place = None, None, ""
    fits = isinstance(keys, list) and len(keys) == len(query.rows) + len(query.columns)
    known = (*query.values, *(one.name for one in query.calculations))
    if not fits or measure not in known or not all(k is None or _is_key(k) for k in keys):
        raise Invalid(GONE)
    words = str(place)[:LONGEST].encode("utf-8", "replace").decode("utf-8")
    return cell_in(query, tuple(keys), measure, words)


def _is_key(key: object) -> bool:
    return isinstance(key, str) and key.isprintable() and 0 < len(key) <= 200


def explanation_of(request: SignedInRequest) -> dict[str, Any]:
    """Return the context of the panel that takes one cell apart, asked through the gate like any question.

    `worked` is set for a calculated column, whose figure has no rows of its own.
    """
    cell = cell_of(Query.from_text(request.POST.get("q", "")), request.POST.get("cell", ""))
    today, origin = timezone.localdate(), origin_of(request)
    if calculation_in(cell.query, cell.measure):
        worked = work_out(cell, by=request.user, today=today, origin=origin)
        subject = load_catalog().subject(cell.query.subject)
        return {
            "worked": worked,
            "found": worked,
            "period": period_of(cell.query, subject, worked.data_until),
        }
    found = explain_cell(cell, by=request.user, today=today, origin=origin)
    return {"found": found, "period": _period(found)}


def _period(found: Explained) -> str:
    subject = load_catalog().subject(found.question.subject)
    return period_of(found.question, subject, found.data_until)


def rows_of(request: SignedInRequest) -> dict[str, Any]:
    """Return the context of the page of the rows behind a cell: `q`, `o` (the cell), `t` (its part), `trang`."""
    cell, asked = _asked(request.GET)
    number = request.GET.get("trang", "1")
    reading = Reading(int(number) if number.isdecimal() and len(number) < 8 else 0)
    today = timezone.localdate()
    page = drill.rows(asked, reading, by=request.user, today=today, origin=origin_of(request))
    subject = load_catalog().subject(cell.query.subject)
    pages = max(1, -(-page.count // PAGE_ROWS))
    return {
        "page": page, "cell": cell, "subject": subject, "tabs": _tabs(cell, subject, request.GET),
        "conditions": _conditions(request, cell, subject), "number": reading.page, "pages": pages,
        "previous": _turned(request.GET, reading.page - 1) if reading.page > 1 else "",
        "next": _turned(request.GET, reading.page + 1) if reading.page < pages else "",
        "label": subject.value(cell.measure).label, "most": drill.MAX_ROWS,
        "may_export": "data:export" in permissions_of(request.user, today),
        "period": period_of(cell.query, subject, page.data_until),
    }  # fmt: skip


def file_of(request: SignedInRequest) -> RowPage:
    """Return every row behind a cell, for a file."""
    _, asked = _asked(request.POST)
    today = timezone.localdate()
    return drill.rows(asked, Reading(is_file=True), by=request.user, today=today, origin=origin_of(request))


def _asked(given: QueryDict) -> tuple[CellOf, Any]:
    query = Query.from_text(given.get("q", ""))
    cell = cell_of(query, given.get("o", ""))
    if calculation_in(cell.query, cell.measure):
        raise Invalid(NO_OWN_ROWS)
    parts = parts_of(load_catalog().subject(cell.query.subject).value(cell.measure))
    part, whole = given.get("t", "") or parts[0], given.get("ca_bang") == "1"
    if part not in parts:
        raise Invalid(GONE)
    return cell, cell.rows_of(part, of_whole=whole)


def _tabs(cell: CellOf, subject: Subject, given: QueryDict) -> list[Tab]:
    parts = parts_of(subject.value(cell.measure))
    current = given.get("t", "") or parts[0]
    return [Tab(subject.value(part).label, cell.address(part), part == current) for part in parts]


def _conditions(request: SignedInRequest, cell: CellOf, subject: Subject) -> list[str]:
    """Return the filters of the table in words; the cell's own members are its place."""
    labels = gate.filter_labels(cell.query, by=request.user, today=timezone.localdate())
    return [f"{subject.field(one.field).label}: {condition_of(one, labels)}" for one in cell.query.filters]


def _turned(given: QueryDict, number: int) -> str:
    turned = given.copy()
    turned["trang"] = str(number)
    return turned.urlencode()
