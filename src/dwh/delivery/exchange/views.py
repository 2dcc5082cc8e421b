"""The address that gives a file. A view parses, calls one service, and answers; it decides nothing."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dwh.datapath.semantic.query import Query
from dwh.datapath.tables.view import view_of
from dwh.delivery.exchange import job_services, services
from dwh.delivery.exchange.files import TooLargeNow
from dwh.delivery.exchange.models import ACTIVE, ExportJob, JobState
from dwh.governance.access.http import SignedInRequest, origin_of, require


@require_POST
@require(services.EXPORT)
def pivot(request: SignedInRequest, kind: str) -> HttpResponse:
    """POST /phan-tich/xuat/<xlsx|pdf|csv>/ with `q`, `f` (conditional formats) -> the file, or 202 and its job."""
    query = Query.from_text(request.POST.get("q", ""))
    formats = view_of("", "", "", request.POST.get("f", "")).formats
    asked = services.Asked(query, kind, formats)
    now, origin = timezone.now(), origin_of(request)
    try:
        made = services.export_pivot(asked, by=request.user, now=now, origin=origin)
    except TooLargeNow:
        job = job_services.ask_for_file(asked, by=request.user, now=now, origin=origin)
        return _told(job, status=202)
    response = HttpResponse(made.content, content_type=made.mime)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


@require_POST
@require(services.EXPORT)
def image(request: SignedInRequest) -> HttpResponse:
    """POST /phan-tich/xuat/anh/ with `q` and `kind` -> the picture of a chart is on record; the name of its file."""
    query, kind = Query.from_text(request.POST.get("q", "")), request.POST.get("kind", "")
    name = services.note_image(query, kind, by=request.user, now=timezone.now(), origin=origin_of(request))
    return HttpResponse(name, content_type="text/plain; charset=utf-8")


@require_GET
@require(services.EXPORT)
def job(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET /phan-tich/xuat/tep/<pk>/ -> how far the worker is with a file of one's own, as JSON."""
    return _told(job_services.job_of(pk, request.user))


@require_POST
@require(services.EXPORT)
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /phan-tich/xuat/tep/<pk>/huy/ -> the worker and the engine stop working on it."""
    return _told(job_services.cancel_job(pk, by=request.user, now=timezone.now(), origin=origin_of(request)))


@require_GET
@require(services.EXPORT)
def fetch(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET /phan-tich/xuat/tep/<pk>/tai/ -> the finished file."""
    made, content = job_services.fetch_file(pk, by=request.user, origin=origin_of(request))
    response = HttpResponse(content, content_type=made.mime)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


def _told(job: ExportJob, status: int = 200) -> JsonResponse:
    told = {
        "state": job.state,
        "active": job.state in ACTIVE,
        "step": job.step or job.get_state_display(),
        "percent": job.percent,
        "message": job.message,
        "at": reverse("exchange:job", args=[job.pk]),
        "cancel": reverse("exchange:cancel", args=[job.pk]),
        "file": reverse("exchange:fetch", args=[job.pk]) if job.state == JobState.DONE else "",
    }
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
