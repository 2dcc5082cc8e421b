"""The page of retention. A view parses, calls one service, and renders."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST

from dwh.datapath.expiry.release import removable
from dwh.datapath.retention.removal import KEEP_LABELS, retention_table
from dwh.governance.access.http import SignedInRequest, actor_of, require
from dwh.governance.access.services import permissions_of
from dwh.kernel.errors import DwhError, Invalid
from dwh.operations.retention import services
from dwh.operations.retention.models import RemovalDecision
from dwh.operations.retention.rules import Paper

_FIELDS = ("ban", "nguoi", "so", "ngay", "ly_do")


def _page(request: SignedInRequest) -> dict[str, Any]:
    permissions = permissions_of(request.user, timezone.localdate())
    return {
        "classes": [(one, KEEP_LABELS[one.keep]) for one in retention_table().values()],
        "decisions": RemovalDecision.objects.all(),
        "may_decide": "retention:decide" in permissions,
        "removable": removable(settings.DATAPATH),
    }


@require_GET
@require("dictionary:view")
def index(request: SignedInRequest) -> HttpResponse:
    """GET /thoi-han-luu-giu/ -> how long each class is kept, and the decisions to remove."""
    return render(request, "retention/index.html", _page(request))


@require_POST
@require("retention:decide")
def decide(request: SignedInRequest) -> HttpResponse:
    """POST /thoi-han-luu-giu/quyet-dinh/ -> a decision on record; what was typed stays when it is refused."""
    typed = {name: request.POST.get(name, "") for name in _FIELDS}
    try:
        services.record_decision(
            _paper(typed), by=actor_of(request), today=timezone.localdate(), now=timezone.now()
        )
    except DwhError as wrong:
        context = _page(request) | {"typed": typed, "said": wrong.message_vi}
        return render(request, "retention/index.html", context, status=wrong.status)
    return redirect("retention:index")


@require_POST
@require("retention:decide")
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /thoi-han-luu-giu/quyet-dinh/<pk>/rut/ -> a decision nobody acted upon is taken back."""
    services.withdraw_decision(pk, by=actor_of(request), now=timezone.now())
    return redirect("retention:index")


def _paper(typed: dict[str, str]) -> Paper:
    if typed["ban"] not in removable(settings.DATAPATH):
        raise Invalid("Chọn bản công bố trong danh sách: bản đã có trong kho và không đang dùng.")
    try:
        day = parse_date(typed["ngay"].strip())
    except ValueError:
        day = None
    if day is None:
        raise Invalid("Hãy chọn ngày của văn bản trong lịch.")
    return Paper(typed["ban"], typed["nguoi"], typed["so"], day, typed["ly_do"])
