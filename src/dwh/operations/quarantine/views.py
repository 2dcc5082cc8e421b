"""Pages of the desk. A view parses, asks the door or calls one service, and renders; it decides nothing."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dwh.governance import desk, gate
from dwh.governance.access.http import SignedInRequest, origin_of, require
from dwh.governance.access.services import permissions_of
from dwh.governance.decisions import services
from dwh.governance.decisions.rules import STATE_LABELS, State
from dwh.kernel.errors import Invalid
from dwh.operations.quarantine import decided, page
from dwh.operations.quarantine.forms import read_address, read_order
from dwh.operations.quarantine.share import published_total

DECISIONS_SHOWN = 30


@require_GET
@require("quarantine:view")
def desk_page(request: SignedInRequest) -> HttpResponse:
    """GET /du-lieu-loi/?kiem_tra=&nguon=&don_vi=&tuoi=&tinh_trang=&theo=&sap=&tim=&trang= -> groups and failed rows."""
    address, asked = read_address(request.GET)
    today, origin = timezone.localdate(), origin_of(request)
    found = desk.look(asked, by=request.user, today=today, purpose="xem dữ liệu lỗi", origin=origin)
    published = published_total(found, by=request.user, today=today, origin=origin)
    context = {
        **page.desk_context(found, address, today),
        "effect": page.effect(found.lacking, found.found.vnd, published),
        "release": gate.current_release_info(),
        "waiting": decided.waiting_for(request.user, today),
    }
    return render(request, "quarantine/_desk.html" if request.htmx else "quarantine/desk.html", context)


@require_GET
@require("quarantine:view")
def row_page(request: SignedInRequest, table: str, key: int) -> HttpResponse:
    """GET /du-lieu-loi/dong/<table>/<id>/ -> one failed row, its versions and what was decided about it."""
    today = timezone.localdate()
    found = desk.row(
        table, key, by=request.user, today=today, purpose="xem một dòng lỗi", origin=origin_of(request)
    )
    return render(request, "quarantine/row.html", decided.row_context(found, today))


@require_POST
@require("quarantine:decide")
def preview(request: SignedInRequest) -> HttpResponse:
    """POST /du-lieu-loi/xem-truoc/ -> what the decision would do, its reason still to be written."""
    address, _, order = read_order(request.POST)
    found = desk.preview(order, by=request.user, today=timezone.localdate(), origin=origin_of(request))
    return render(request, "quarantine/decide.html", decided.preview_context(found, address))


@require_POST
@require("quarantine:decide")
def decide(request: SignedInRequest) -> HttpResponse:
    """POST /du-lieu-loi/ghi/ -> the decision written down; back to the list."""
    address, _, order = read_order(request.POST)
    now, today, origin = timezone.now(), timezone.localdate(), origin_of(request)
    try:
        made = services.decide(order, by=request.user, now=now, today=today, origin=origin)
    except Invalid as refusal:
        if refusal.facts.get("field") != "ly_do":
            raise
        found = desk.preview(order, by=request.user, today=today, origin=origin)
        context = decided.preview_context(found, address, error=refusal.message_vi)
        return render(request, "quarantine/decide.html", context, status=refusal.status)
    messages.success(request, decided.said(made))
    return redirect(reverse("quarantine:desk") + address.to())


@require_GET
@require("quarantine:view")
def decisions(request: SignedInRequest) -> HttpResponse:
    """GET /du-lieu-loi/quyet-dinh/?tinh_trang=&trang= -> decisions of the area, those that wait first."""
    today, state = timezone.localdate(), request.GET.get("tinh_trang", "")
    seen = desk.decisions_seen_by(request.user, today)
    chosen = seen.filter(state=state) if state in set(State) else seen
    shown = Paginator(chosen, DECISIONS_SHOWN).get_page(request.GET.get("trang"))
    context = {
        "page": shown, "lines": decided.lines_of(list(shown.object_list), request.user),
        "states": decided.counts(seen), "labels": STATE_LABELS, "state": state,
        "may_decide": "quarantine:decide" in permissions_of(request.user, today),
    }  # fmt: skip
    return render(request, "quarantine/decisions.html", context)


@require_POST
@require("quarantine:decide")
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /du-lieu-loi/quyet-dinh/<pk>/duyet/ -> the acceptance approved by a second person."""
    made = services.approve(
        pk, by=request.user, now=timezone.now(), today=timezone.localdate(), origin=origin_of(request)
    )
    return _back(request, decided.said(made))


@require_POST
@require("quarantine:decide")
def refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /du-lieu-loi/quyet-dinh/<pk>/tu-choi/ -> the acceptance refused, with the reason."""
    made = services.refuse(
        pk, reason=request.POST.get("ly_do", ""), by=request.user, now=timezone.now(),
        today=timezone.localdate(), origin=origin_of(request),
    )  # fmt: skip
    return _back(request, f"Đã từ chối quyết định số {made.pk}; {made.rows} dòng chờ quyết định lại.")


@require_POST
@require("quarantine:decide")
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /du-lieu-loi/quyet-dinh/<pk>/hoan-tac/ -> the decision taken back before a build read it."""
    made = services.undo(
        pk, reason=request.POST.get("ly_do", ""), by=request.user, now=timezone.now(),
        today=timezone.localdate(), origin=origin_of(request),
    )  # fmt: skip
    return _back(request, f"Đã hoàn tác quyết định số {made.pk}; {made.rows} dòng trở lại như trước.")


def _back(request: SignedInRequest, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("quarantine:decisions")
