"""Pages of the monthly check. A view parses, calls one service or one reader, and renders."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dwh.governance.access.http import SignedInRequest, actor_of, require
from dwh.kernel.errors import Invalid
from dwh.operations.checks import desk, document, services
from dwh.operations.checks.models import CheckRecord


@require_GET
@require("dbcheck:sign")
def index(request: SignedInRequest) -> HttpResponse:
    """GET /kiem-tra-csdl/ -> the check of every month, its state and its record."""
    return render(request, "checks/index.html", desk.overview(request.user, timezone.localdate()))


@require_GET
@require("dbcheck:sign")
def record(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET /kiem-tra-csdl/<pk>/ -> what one check found, and its signature."""
    return render(request, "checks/record.html", desk.details(get_object_or_404(CheckRecord, pk=pk)))


@require_POST
@require("dbcheck:sign")
def sign(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /kiem-tra-csdl/<pk>/ky/ -> findings and a name under the record; what was typed stays when refused."""
    note = request.POST.get("nhan_xet", "")
    try:
        services.sign(pk, by=actor_of(request), note=note, now=timezone.now())
    except Invalid as wrong:
        context = desk.details(get_object_or_404(CheckRecord, pk=pk)) | {
            "typed": note,
            "said": wrong.message_vi,
        }
        return render(request, "checks/record.html", context, status=wrong.status)
    return redirect("checks:record", pk=pk)


@require_POST
@require("dbcheck:sign")
def correct(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /kiem-tra-csdl/<pk>/dinh-chinh/ -> a new record that corrects a signed one."""
    made = services.correct(pk, by=actor_of(request), reason=request.POST.get("ly_do", ""))
    return redirect("checks:record", pk=made.pk)


@require_GET
@require("dbcheck:sign")
def file(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    """GET /kiem-tra-csdl/<pk>/<pdf|docx>/ -> the record on paper."""
    made = document.file_of(get_object_or_404(CheckRecord, pk=pk), form, by=request.user, now=timezone.now())
    answer = HttpResponse(made.content, content_type=made.mime)
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return answer
