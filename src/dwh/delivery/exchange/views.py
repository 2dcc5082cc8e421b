"""The address that gives a file. A view parses, calls one service, and answers; it decides nothing."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dwh.datapath.semantic.query import Query
from dwh.datapath.tables.view import view_of
from dwh.delivery.exchange import services
from dwh.governance.access.http import SignedInRequest, origin_of, require


@require_POST
@require(services.EXPORT)
def pivot(request: SignedInRequest, kind: str) -> HttpResponse:
    """POST /phan-tich/xuat/<xlsx|pdf|csv>/ with `q` (the Query document), `f` (conditional formats) -> the file."""
    query = Query.from_text(request.POST.get("q", ""))
    formats = view_of("", "", "", request.POST.get("f", "")).formats
    asked = services.Asked(query, kind, formats)
    made = services.export_pivot(asked, by=request.user, now=timezone.now(), origin=origin_of(request))
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
