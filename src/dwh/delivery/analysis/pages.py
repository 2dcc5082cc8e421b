"""What the templates of analysis show: the page, the answer part, the rows of a large table, the members."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.members import Choice
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.words import AS_WAS, Subject
from dwh.datapath.tables import address
from dwh.datapath.tables.caption import period_of, title_of
from dwh.datapath.tables.pivot import PivotTable
from dwh.datapath.tables.view import CHARTS, KINDS, LOOKS, OPS, View, view_of
from dwh.delivery.analysis.asking import Timed, note_refusal
from dwh.delivery.analysis.chart import chart_of, reasons_against
from dwh.delivery.analysis.compatibility import blocked_fields
from dwh.delivery.analysis.defaults import first_query
from dwh.delivery.analysis.fields import panel_of
from dwh.delivery.analysis.grid import DONG, MONEY_UNITS, arranged, children_of, grid_of
from dwh.governance import gate
from dwh.governance.access.http import SignedInRequest
from dwh.kernel import vi
from dwh.kernel.errors import Invalid

MEMBERS_SHOWN: Final = 200
SHELVES: Final = (
    {"name": "rows", "label": "Hàng", "empty": "Kéo chiều vào đây"},
    {"name": "columns", "label": "Cột", "empty": "Kéo chiều vào đây"},
    {"name": "values", "label": "Giá trị", "empty": "Kéo chỉ tiêu vào đây"},
    {"name": "filters", "label": "Bộ lọc", "empty": "Toàn bộ phạm vi của ông/bà"},
)


@dataclass(frozen=True, slots=True)
class Part:
    """A template and what it is given."""

    template: str
    context: dict[str, Any]


def page_of(request: SignedInRequest, subject: dict[str, Any], kinds: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the context of the page; a link that cannot be read gives the first table and says why.

    `kinds` are the calculated columns the catalogue offers.
    """
    panel, refusal = panel_of(subject), ""
    document, view = first_query(subject), View()
    if {"q", "v", "u", "c", "f"} & request.GET.keys():
        try:
            document = _linked(request.GET["q"], subject["name"]) if "q" in request.GET else document
            view = _view_linked(request)
        except Invalid as unreadable:
            note_refusal(request, unreadable)
            refusal = unreadable.message_vi
    query = Query.from_json(document)
    return {
        "subject": panel,
        "fields": panel,
        "title": title_of(query, load_catalog().subject(query.subject)),
        "query": json.dumps(query.to_json(), ensure_ascii=False),
        "page_data": panel.to_json() | {"labels": _filter_labels(request, query), "calculations": kinds},
        "shelves": SHELVES,
        "view": view.shown,
        "money": MONEY_UNITS.get(view.unit, DONG),
        "format_words": {"kinds": KINDS.items(), "ops": OPS.items(), "looks": LOOKS.items()},
        "look": {"chart": view.chart, "formats": view.to_json()["formats"]},
        "refusal": refusal,
    }


def answer_of(request: SignedInRequest, timed: Timed) -> Part:
    """Return the part that replaces the result: strip, table or chart, and what the panel should know."""
    answer, subject = timed.answer, load_catalog().subject(timed.answer.query.subject)
    table, view = arranged(answer), _view_posted(request)
    money = MONEY_UNITS.get(view.unit, DONG)
    grid, title = grid_of(table, money=money, formats=view.formats), title_of(answer.query, subject)
    data_until = gate.current_release_info().data_until
    return Part(
        "analysis/_answer.html",
        {
            "answer": answer,
            "view": view.shown,
            "grid": grid,
            "money": money,
            "title": title,
            "chart": chart_of(table, answer, data_until=data_until, kind=view.chart)
            if view.shown == "chart"
            else None,
            "chart_kinds": _chart_kinds(table, view.chart),
            "period": period_of(answer.query, subject, data_until),
            "strip": _strip(timed, grid.cells),
            "told": _told(request, table, answer.query, subject, title),
        },
    )


def rows_of(request: SignedInRequest, timed: Timed) -> Part | None:
    """Return only the rows asked for, of a table too large for one part; None when the whole is asked."""
    under, start = request.POST.get("under", ""), request.POST.get("from", "")
    if not (under or start):
        return None
    table, view = arranged(timed.answer), _view_posted(request)
    money = MONEY_UNITS.get(view.unit, DONG)
    if under:
        return Part(
            "analysis/_rows.html",
            {"grid": {"rows": children_of(table, under, money=money, formats=view.formats)}},
        )
    if not start.isdecimal() or len(start) > 9:
        raise Invalid("Chỗ xem tiếp không đúng. Bấm «Tính lại» để xem từ đầu bảng.")
    return Part(
        "analysis/_rows.html", {"grid": grid_of(table, start=int(start), money=money, formats=view.formats)}
    )


def choice_of(asked: Mapping[str, str]) -> Choice:
    """Return which members the filter dialog asks for: one more than it shows, to know whether there are more."""
    subject, field, search = (asked.get(key, "") for key in ("subject", "field", "search"))
    return Choice(subject, field, search[:100], asked.get("org_basis", AS_WAS), MEMBERS_SHOWN + 1)


def members_json(found: Iterable[Any]) -> dict[str, Any]:
    """Return members for the filter dialog, at most MEMBERS_SHOWN, and whether there are more."""
    members = [{"key": one.key, "label": one.label} for one in found]
    shown = members[:MEMBERS_SHOWN]
    more = f"Còn giá trị khác: gõ vài chữ để tìm (hiện {MEMBERS_SHOWN} giá trị đầu)."
    none = "Không có giá trị nào khớp trong phạm vi của ông/bà."
    return {"members": shown, "note": none if not members else more if len(members) > MEMBERS_SHOWN else ""}


def _chart_kinds(table: PivotTable, wanted: str) -> list[tuple[str, str, str, bool]]:
    """Return each kind of chart with its words, why this table cannot be drawn so, and whether it is wanted."""
    reasons = reasons_against(table)
    return [(kind, label, reasons[kind], kind == wanted) for kind, label in CHARTS.items()]


def _linked(text: str, subject: str) -> dict[str, Any]:
    query = Query.from_text(address.decode(text))
    if query.subject != subject:
        raise Invalid("Liên kết này thuộc chủ đề khác. Mở đúng chủ đề rồi thử lại.")
    return query.to_json()


def _view_posted(request: SignedInRequest) -> View:
    """Return how the page wants the answer shown. Raises Invalid for what is no view."""
    said = request.POST
    return view_of(said.get("v", ""), said.get("u", ""), said.get("c", ""), said.get("f", ""))


def _view_linked(request: SignedInRequest) -> View:
    """Return how a link wants the answer shown. Raises Invalid for a link copied in part."""
    said = request.GET
    formats = address.decode(said["f"]) if "f" in said else ""
    return view_of(said.get("v", ""), said.get("u", ""), said.get("c", ""), formats)


def _strip(timed: Timed, cells: int) -> list[str]:
    cut = [] if timed.answer.complete else ["Chỉ gồm các dòng đầu theo giới hạn đã đặt; tổng vẫn đủ"]
    return [f"{vi.number(cells)} ô, {vi.number(max(timed.seconds, 0.01), 2)} giây", *cut]


def _told(
    request: SignedInRequest, table: PivotTable, query: Query, subject: Subject, title: str
) -> Mapping[str, Any]:
    return {
        "title": title,
        "blocked": blocked_fields(query, load_catalog()),
        "labels": _filter_labels(request, query) | {one.name: one.label for one in table.measures},
        "said": f"Đã tính xong: {len(table.rows)} dòng.",
        "rows": len(query.rows),
        "leaves": [
            {"keys": leaf.keys, "labels": [one for one in leaf.labels if one], "measure": leaf.measure.name}
            for leaf in table.leaves
        ],
    }


def _filter_labels(request: SignedInRequest, query: Query) -> dict[str, str]:
    found = gate.filter_labels(query, by=request.user, today=timezone.localdate())
    return {f"{field}\t{key}": label for (field, key), label in found.items()}
