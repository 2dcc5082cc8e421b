"""Pages of the reconciliation. A view parses, calls one service or one reader, and renders."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dwh.governance.access.http import SignedInRequest, actor_of, require
from dwh.governance.protection.quarantine import area_of
from dwh.operations.reconciliation import desk, services
from dwh.operations.reconciliation.models import Reconciliation
from dwh.operations.reconciliation.services import Place


@require_GET
@require("quarantine:view")
def index(request: SignedInRequest) -> HttpResponse:
    """GET /doi-soat/ -> the last reconciliation of every table the person may look at."""
    return render(request, "reconciliation/index.html", desk.overview(request.user, timezone.localdate()))


@require_GET
@require("quarantine:view")
def table(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET /doi-soat/<pk>/?chi_tieu=&tat_ca= -> months and offices of one table, what differs first."""
    row = get_object_or_404(Reconciliation, pk=pk)
    wanted = desk.Wanted(request.GET.get("chi_tieu") or "rows", request.GET.get("tat_ca") == "1")
    context = desk.details(row, request.user, timezone.localdate(), wanted)
    return render(request, "reconciliation/table.html", context)


@require_POST
@require("reconcile:sign")
def sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /doi-soat/<pk>/ky/ -> the name of a person under the reconciliation."""
    note = request.POST.get("y_kien", "")
    services.sign(pk, by=request.user, actor=actor_of(request), note=note, now=timezone.now())
    return redirect("reconciliation:table", pk=pk)


@require_POST
@require("reconcile:sign")
def sign_agreeing(request: SignedInRequest) -> HttpResponse:
    """POST /doi-soat/ky/ -> the name of a person under every reconciliation he saw agreeing."""
    seen = [int(pk) for pk in request.POST.getlist("lan") if pk.isdecimal()]
    services.sign_agreeing(seen, by=request.user, actor=actor_of(request), now=timezone.now())
    return redirect("reconciliation:index")


@require_POST
@require("quarantine:view")
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /doi-soat/<pk>/bao/ -> a discrepancy about one cell, to the focal point and the IT Centre."""
    row = get_object_or_404(Reconciliation, pk=pk)
    _, scope = area_of(request.user, timezone.localdate(), row.source)
    place = Place(*(request.POST.get(name, "") for name in ("ky", "co_quan", "chi_tieu")))
    services.report_discrepancy(
        pk, place, actor=actor_of(request), scope=scope, note=request.POST.get("noi_dung", ""),
        now=timezone.now(),
    )  # fmt: skip
    return redirect("reconciliation:discrepancies")


@require_GET
@require("quarantine:view")
def discrepancies(request: SignedInRequest) -> HttpResponse:
    """GET /doi-soat/phieu/ -> the discrepancies of the person's area."""
    context = desk.tickets(request.user, timezone.localdate())
    return render(request, "reconciliation/discrepancies.html", context)


@require_POST
@require("reconcile:sign")
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /doi-soat/phieu/<pk>/tra-loi/ -> the IT Centre's answer."""
    said = request.POST.get("tra_loi", "")
    services.answer_discrepancy(pk, actor=actor_of(request), answer=said, now=timezone.now())
    return redirect("reconciliation:discrepancies")


@require_POST
@require("quarantine:view")
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /doi-soat/phieu/<pk>/dong/ -> who opened it is content."""
    services.close_discrepancy(pk, actor=actor_of(request), now=timezone.now())
    return redirect("reconciliation:discrepancies")
