"""The page of submissions. A view parses, calls one service, and renders."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST

from dwh.governance.access.http import SignedInRequest, actor_of, require
from dwh.governance.access.services import scope_for
from dwh.kernel.errors import Invalid
from dwh.operations.submissions import desk, services
from dwh.operations.submissions.services import Place, Wish


@require_GET
@require(desk.VIEW)
def index(request: SignedInRequest) -> HttpResponse:
    """GET /gui-bao-cao/?lich=&ky= -> one software and period: what each unit sent, what was received, what is late."""
    asked = request.GET.get("lich", ""), request.GET.get("ky", "")
    return render(request, "submissions/index.html", desk.page(request.user, timezone.localdate(), *asked))


@require_POST
@require(desk.SET)
def set_requirement(request: SignedInRequest) -> HttpResponse:
    """POST /gui-bao-cao/lich/ -> a software asks for reports; what was typed stays when it is refused."""
    names = ("phan_mem", "cap", "ky_bao_cao", "ngay", "huong_dan")
    typed = {name: request.POST.get(name, "") for name in names}
    try:
        made = services.set_requirement(Wish(*typed.values()), by=actor_of(request), now=timezone.now())
    except Invalid as wrong:
        context = desk.page(request.user, timezone.localdate(), "", "") | {
            "typed": typed,
            "said": wrong.message_vi,
        }
        return render(request, "submissions/index.html", context, status=wrong.status)
    return redirect(f"{reverse('submissions:index')}?lich={made.pk}")


@require_POST
@require(desk.SEND)
def sent(request: SignedInRequest) -> HttpResponse:
    """POST /gui-bao-cao/gui/ -> a unit's report is marked sent."""
    scope = scope_for(request.user, desk.SEND, timezone.localdate())
    services.mark_sent(
        _place(request),
        note=request.POST.get("noi_dung", ""),
        by=actor_of(request),
        scope=scope,
        now=timezone.now(),
    )
    return _back(request)


@require_POST
@require(desk.RECEIVE)
def received(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /gui-bao-cao/<pk>/nhan/ -> the receiver has it."""
    scope = scope_for(request.user, desk.RECEIVE, timezone.localdate())
    services.mark_received(pk, by=actor_of(request), scope=scope, now=timezone.now())
    return _back(request)


def _place(request: SignedInRequest) -> Place:
    number, period = request.POST.get("lich", ""), request.POST.get("ky", "")
    try:
        first = parse_date(period)
    except ValueError:
        first = None
    if not number.isdecimal() or len(number) > 9 or first is None:
        raise Invalid("Không hiểu báo cáo cần ghi. Chọn lại trên trang Gửi báo cáo CSDL.")
    return Place(int(number), request.POST.get("don_vi", ""), first)


def _back(request: SignedInRequest) -> HttpResponse:
    """Return to the same software and period."""
    number, period = request.POST.get("lich", ""), request.POST.get("ky", "")
    shown = (
        f"?lich={number}&ky={period}" if number.isdecimal() and period.replace("-", "").isdecimal() else ""
    )
    return redirect(reverse("submissions:index") + shown)
