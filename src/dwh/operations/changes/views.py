"""Pages of requests for change. A view parses, calls one service or one reader, and renders."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dwh.governance.access.http import SignedInRequest, actor_of, require
from dwh.governance.protection.dictionary import dictionary_for
from dwh.kernel.errors import Invalid
from dwh.operations.changes import desk, rules, services
from dwh.operations.changes.forms import ChangeForm, Known, read_day, read_revision, read_wanted, values_of
from dwh.operations.changes.models import ChangeRequest
from dwh.operations.changes.rules import OPEN, VIEW
from dwh.operations.changes.services import Acting, Assignment, Text

TYPED = ("y_kien", "nguoi", "han", "ban")


def _acting(request: SignedInRequest) -> Acting:
    now = timezone.now()
    return Acting(services.viewer_of(request.user, timezone.localdate(now)), actor_of(request), now)


@require_GET
@require(VIEW)
def index(request: SignedInRequest) -> HttpResponse:
    """GET /yeu-cau-thay-doi/?tinh_trang=&loai=&tim=&sap=&trang= -> the requests that exist for the person."""
    context = desk.listed(request.user, timezone.localdate(), read_wanted(request.GET))
    return render(request, "changes/index.html", context)


@require_GET
@require(VIEW)
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET /yeu-cau-thay-doi/<pk>/ -> one request, its way, its history, and what the person may do."""
    return render(request, "changes/detail.html", desk.details(pk, request.user, timezone.localdate()))


@require_http_methods(["GET", "POST"])
@require(OPEN)
def new(request: SignedInRequest) -> HttpResponse:
    """GET, POST /yeu-cau-thay-doi/moi/?loai=&bang=&cot= -> a request of the person's unit."""

    def write(text: Text) -> int:
        made = services.open_request(text, unit_name=request.user.unit_name, by=_acting(request))
        messages.success(request, f"Đã lập yêu cầu {made.pk}. Yêu cầu chờ thủ trưởng đơn vị duyệt.")
        return made.pk

    first = {name: request.GET.get(name, "")[:120] for name in ("loai", "bang", "cot")}
    return _written(request, first, write, {})


@require_http_methods(["GET", "POST"])
@require(OPEN)
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET, POST /yeu-cau-thay-doi/<pk>/sua/ -> the request written anew by its author."""
    known = services.to_edit(pk, by=_acting(request))

    def write(text: Text) -> int:
        services.edit_request(pk, text, by=_acting(request))
        return pk

    return _written(request, values_of(known), write, {"edited": known})


@require_POST
@require(VIEW)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /yeu-cau-thay-doi/<pk>/rut/ -> the author takes it back."""
    return _done(request, pk, lambda by: services.withdraw_request(pk, request.POST.get("y_kien", ""), by=by))


@require_POST
@require(VIEW)
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /yeu-cau-thay-doi/<pk>/duyet/ -> approved for the unit, or by the sector's leadership."""
    note, read = request.POST.get("y_kien", ""), read_revision(request.POST.get("ban", ""))
    return _done(request, pk, lambda by: services.approve_request(pk, revision=read, note=note, by=by))


@require_POST
@require(VIEW)
def give_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /yeu-cau-thay-doi/<pk>/tra-lai/ -> the author mends it."""
    reason, read = request.POST.get("y_kien", ""), read_revision(request.POST.get("ban", ""))
    return _done(request, pk, lambda by: services.return_request(pk, reason, revision=read, by=by))


@require_POST
@require(VIEW)
def reject(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /yeu-cau-thay-doi/<pk>/khong-duyet/ -> it ends here."""
    reason, read = request.POST.get("y_kien", ""), read_revision(request.POST.get("ban", ""))
    return _done(request, pk, lambda by: services.reject_request(pk, reason, revision=read, by=by))


@require_POST
@require(VIEW)
def assign(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /yeu-cau-thay-doi/<pk>/giao/ -> the IT Centre names who does it and until when."""

    def give(by: Acting) -> ChangeRequest:
        said = request.POST
        work = Assignment(said.get("nguoi", ""), read_day(said.get("han", "")), said.get("y_kien", ""))
        return services.assign_request(pk, work, by=by)

    return _done(request, pk, give)


@require_POST
@require(VIEW)
def finish(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /yeu-cau-thay-doi/<pk>/xong/ -> closed, with what was done."""
    return _done(request, pk, lambda by: services.finish_request(pk, request.POST.get("y_kien", ""), by=by))


def _done(request: SignedInRequest, pk: int, act: Callable[[Acting], ChangeRequest]) -> HttpResponse:
    """Do one act and return to the request, or to the list when it is no longer his to see.

    A wrong form shows the request again with what was typed.
    """
    by = _acting(request)
    try:
        done = act(by)
    except Invalid as wrong:
        typed = {name: request.POST.get(name, "") for name in TYPED}
        said = {"typed": typed, "said": wrong.message_vi, "wrong": wrong.facts.get("field", "")}
        context = desk.details(pk, request.user, timezone.localdate()) | said | {"at": request.path}
        return render(request, "changes/detail.html", context, status=wrong.status)
    messages.success(request, f"Yêu cầu {pk}: {done.get_state_display()}.")
    return redirect("changes:detail", pk=pk) if rules.sees(done, by.who) else redirect("changes:index")


def _written(
    request: SignedInRequest, first: dict[str, str], write: Callable[[Text], int], context: dict[str, object]
) -> HttpResponse:
    """Show the form, or write what it says; what was typed stays when something of it is wrong."""
    today, posted = timezone.localdate(), request.method == "POST"
    dictionary = dictionary_for(request.user, today)
    form = ChangeForm(request.POST if posted else None, Known(dictionary, today), initial=first)
    if posted and form.is_valid():
        return redirect("changes:detail", pk=write(form.text()))
    context |= {"form": form, "tables": desk.table_choices(dictionary), "unit": request.user.unit_name}
    return render(request, "changes/form.html", context, status=422 if posted else 200)
