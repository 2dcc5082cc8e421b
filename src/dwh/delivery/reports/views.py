"""Pages of the fixed reports. A view parses, calls one service, and renders; it decides nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET

from dwh.delivery.reports.forms import B02Form
from dwh.delivery.reports.origin import origin_of_b02
from dwh.delivery.reports.page import first_choice, page_context
from dwh.delivery.reports.services import (
    ON_SCREEN,
    Run,
    history,
    options_for,
    refuse_b02,
    reports_for,
    run_b02,
)
from dwh.governance.access.http import SignedInRequest, actor_of, origin_of, require
from dwh.kernel.documents.docx import render_docx
from dwh.kernel.documents.pdf import render_pdf
from dwh.kernel.documents.table import Table
from dwh.kernel.documents.xlsx import render_xlsx
from dwh.kernel.errors import Invalid

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_GET
@require("report:run")
def index(request: SignedInRequest) -> HttpResponse:
    """GET /bao-cao/ -> the fixed reports, and the person's last runs."""
    context = {"past": history(request.user), "reports": reports_for(request.user, localdate())}
    return render(request, "reports/index.html", context)


@require_GET
@require("report:run")
def b02(request: SignedInRequest) -> HttpResponse:
    """GET /bao-cao/b02/ -> the parameter form; with parameters, the result under it."""
    options = options_for(request.user, localdate())
    form = B02Form(request.GET if "nam" in request.GET else None, options=options)
    run = _run(request, form, ON_SCREEN) if form.is_valid() else None
    if form.is_bound and run is None:
        refuse_b02(form.faults, as_actor=actor_of(request), entered=request.GET.urlencode())
    context = page_context(form, run, request, first_choice(options))
    return render(request, "reports/b02.html", context, status=422 if form.errors else 200)


@require_GET
@require("report:run")
def b02_origin(request: SignedInRequest) -> HttpResponse:
    """GET /bao-cao/b02/nguon-goc/?…&o= -> the source tables, rows and load batches behind the cell `o`."""
    wanted = _checked(request).parameters()
    found = origin_of_b02(
        wanted, request.GET.get("o", ""), by=request.user, today=localdate(), origin=origin_of(request)
    )
    back = request.GET.copy()
    back.pop("o", None)
    return render(request, "reports/origin.html", {"cell": found, "asked": back.urlencode()})


@require_GET
@require("report:run")
@require("data:export")
def b02_pdf(request: SignedInRequest) -> HttpResponse:
    """GET /bao-cao/b02/pdf/?… -> the same table on paper."""
    return _file(request, "pdf", render_pdf, "application/pdf")


@require_GET
@require("report:run")
@require("data:export")
def b02_xlsx(request: SignedInRequest) -> HttpResponse:
    """GET /bao-cao/b02/xlsx/?… -> the same table as a workbook in the sector's layout."""
    return _file(request, "xlsx", render_xlsx, XLSX)


@require_GET
@require("report:run")
@require("data:export")
def b02_docx(request: SignedInRequest) -> HttpResponse:
    """GET /bao-cao/b02/docx/?… -> the same table as a text document."""
    return _file(request, "docx", render_docx, DOCX)


def _file(request: SignedInRequest, form: str, write: Callable[[Table], bytes], kind: str) -> HttpResponse:
    run = _run(request, _checked(request), form)
    wanted = run.parameters
    name = f"B02-{wanted.unit_code}-{wanted.year}-{wanted.first:02d}-{wanted.last:02d}.{form}"
    answer = HttpResponse(write(run.table), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _checked(request: SignedInRequest) -> B02Form:
    entered = B02Form(request.GET, options=options_for(request.user, localdate()))
    if not entered.is_valid():
        raise Invalid(" ".join(entered.faults), errors=entered.errors.get_json_data())
    return entered


def _run(request: SignedInRequest, form: B02Form, where: str) -> Run:
    return run_b02(
        form.parameters(),
        by=request.user,
        as_actor=actor_of(request),
        now=now(),
        today=localdate(),
        form=where,
    )
