"""The pages of the organisation. A view parses, calls one service or one reader, and renders."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dwh.governance.access.http import SignedInRequest, actor_of, require
from dwh.governance.access.services import permissions_of
from dwh.kernel.errors import Invalid
from dwh.operations.organisation import desk, services
from dwh.operations.organisation.forms import TIERS, rows_of, shape_of, wish_of
from dwh.operations.organisation.rules import KIND_LABELS

SET, SEE = "organisation:set", "dictionary:view"


@require_GET
@require(SEE)
def index(request: SignedInRequest) -> HttpResponse:
    """GET /to-chuc/?ngay=&tim=&cap=&trang= -> the units standing on a day, and the events."""
    today = timezone.localdate()
    asked = {name: request.GET.get(name, "").strip() for name in ("ngay", "tim", "cap", "trang")}
    day = _day(asked["ngay"], today)
    page = int(asked["trang"]) if asked["trang"].isdecimal() else 1
    found = desk.tree(day, asked["tim"], asked["cap"], page)
    more = {
        "day": day,
        "asked": asked,
        "days": desk.turning_days(),
        "events": desk.events(today),
        "may_set": _may(request),
    }
    return render(request, "organisation/index.html", found | more)


@require_GET
@require(SEE)
def unit(request: SignedInRequest, code: str) -> HttpResponse:
    """GET /to-chuc/don-vi/<code>/ -> one unit in time."""
    return render(request, "organisation/unit.html", desk.unit_page(code))


@require_GET
@require(SEE)
def event(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET /to-chuc/thay-doi/<pk>/ -> one event, what it moves, whose rights it touches."""
    found = desk.event_page(pk, by=request.user, today=timezone.localdate())
    return render(request, "organisation/event.html", found | {"may_set": _may(request)})


@require_GET
@require(SET)
def new(request: SignedInRequest) -> HttpResponse:
    """GET /to-chuc/thay-doi/moi/?loai= -> the form of one kind of event."""
    return render(request, "organisation/new.html", _form(request))


@require_POST
@require(SET)
def enter(request: SignedInRequest) -> HttpResponse:
    """POST /to-chuc/thay-doi/nhap/ -> the event waits for approval; what was typed stays when it was wrong."""
    try:
        made = services.enter_event(wish_of(request.POST), by=actor_of(request), now=timezone.now())
    except Invalid as wrong:
        return render(request, "organisation/new.html", _form(request, wrong.message_vi), status=wrong.status)
    return redirect(desk.address_of(made))


@require_POST
@require(SET)
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /to-chuc/thay-doi/<pk>/duyet/ -> the next build applies it from its day on."""
    made = services.approve_event(pk, settings=settings.DATAPATH, by=actor_of(request), now=timezone.now())
    messages.success(request, "Đã duyệt. Lượt tổng hợp tới sẽ áp dụng từ ngày hiệu lực.")
    return redirect(desk.address_of(made))


@require_POST
@require(SET)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /to-chuc/thay-doi/<pk>/rut/ -> an event that waited is taken back."""
    return redirect(desk.address_of(services.withdraw_event(pk, by=actor_of(request), now=timezone.now())))


@require_POST
@require(SET)
def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /to-chuc/thay-doi/<pk>/hoan-tac/ -> the next build makes the organisation without it."""
    reason = request.POST.get("ly_do", "")
    made = services.undo_event(
        pk, reason=reason, settings=settings.DATAPATH, by=actor_of(request), now=timezone.now()
    )
    messages.success(request, "Đã hoàn tác. Lượt tổng hợp tới lập lại cây tổ chức như chưa có thay đổi này.")
    return redirect(desk.address_of(made))


def _form(request: SignedInRequest, said: str = "") -> dict[str, object]:
    typed = request.POST if request.method == "POST" else request.GET
    day = _day(typed.get("hieu_luc", ""), timezone.localdate())
    shape = shape_of(typed.dict())
    return {
        "shape": shape, "kinds": KIND_LABELS.items(), "typed": typed.dict(), "said": said, "tiers": TIERS.items(),
        "units": desk.suggestions(day), **rows_of(shape, typed.dict()),
    }  # fmt: skip


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return otherwise


def _may(request: SignedInRequest) -> bool:
    return SET in permissions_of(request.user, timezone.localdate())
