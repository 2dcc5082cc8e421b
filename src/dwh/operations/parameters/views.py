"""The page of technical parameters. A view parses, calls one service or one reader, and renders."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_POST

from dwh.governance.access.http import SignedInRequest, actor_of, require
from dwh.kernel.errors import Invalid
from dwh.operations.parameters import desk, services
from dwh.operations.parameters.services import Wish


@require_GET
@require("parameter:set")
def index(request: SignedInRequest) -> HttpResponse:
    """GET /tham-so/ -> every parameter, its value in force, what waits, and the history."""
    return render(request, "parameters/index.html", desk.page(settings.DATAPATH, timezone.now()))


@require_POST
@require("parameter:set")
def change(request: SignedInRequest, code: str) -> HttpResponse:
    """POST /tham-so/<code>/ -> the parameter has another value; what was typed stays when it was wrong."""
    typed = {name: request.POST.get(name, "") for name in ("gia_tri", "ly_do", "hieu_luc")}
    try:
        wish = Wish(typed["gia_tri"], typed["ly_do"], _moment(typed["hieu_luc"]))
        services.set_parameter(
            code, wish, settings=settings.DATAPATH, by=actor_of(request), now=timezone.now()
        )
    except Invalid as wrong:
        typed |= {"code": code, "said": wrong.message_vi}
        context = desk.page(settings.DATAPATH, timezone.now()) | {"typed": typed}
        return render(request, "parameters/index.html", context, status=wrong.status)
    return redirect("parameters:index")


@require_POST
@require("parameter:set")
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /tham-so/thay-doi/<pk>/rut/ -> a change that waited is taken back."""
    services.withdraw(pk, by=actor_of(request), now=timezone.now())
    return redirect("parameters:index")


def _moment(text: str) -> datetime | None:
    """Return the moment typed in Vietnam's time, None when nothing was typed."""
    if not text.strip():
        return None
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        found = None
    if found is None:
        raise Invalid("Thời điểm hiệu lực không đúng. Viết như 2026-12-01 22:00, hoặc để trống.")
    return timezone.make_aware(found) if timezone.is_naive(found) else found
