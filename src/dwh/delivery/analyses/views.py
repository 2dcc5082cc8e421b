"""Pages of saved analyses. A view parses, calls one service or one reader, and renders."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from dwh.delivery.analyses import desk, services, share_services
from dwh.delivery.analyses.models import SavedAnalysis
from dwh.delivery.analyses.services import Document, Label
from dwh.governance.access.http import SignedInRequest, origin_of, require
from dwh.governance.sharing import people
from dwh.governance.sharing.people import Acting
from dwh.governance.sharing.rules import ASK, DECIDE, SEE_SHARES, ShareState
from dwh.governance.sharing.share_services import Receiver
from dwh.kernel.errors import Conflict, Invalid


def _acting(request: SignedInRequest) -> Acting:
    return people.acting(request.user, origin_of(request), timezone.now())


@require_GET
@require(ASK)
def index(request: SignedInRequest) -> HttpResponse:
    """GET /phan-tich/da-luu/?muc=&tim=&sap=&trang= -> the saved analyses that exist for the person."""
    context = desk.listed(request.user, timezone.localdate(), desk.Wanted.of(request.GET))
    context["just_archived"] = desk.archived(
        request.user, timezone.localdate(), request.GET.get("vua_xoa", "")
    )
    return render(request, "analyses/index.html", context)


@require_GET
@require(ASK)
def bar(request: SignedInRequest) -> HttpResponse:
    """GET /phan-tich/da-luu/thanh/?luu= -> the buttons beside an analysis: save, save as, share, star."""
    return _bar(request, request.GET.get("luu", ""))


@require_POST
@require(ASK)
def save(request: SignedInRequest) -> HttpResponse:
    """POST /phan-tich/da-luu/luu/ with `ten`, `thu_muc`, `ghi_chu`, `q`, `xem` -> kept, and the buttons of it."""
    return _kept(request, lambda by: services.save_analysis(_label(request), _document(request), by=by))


@require_POST
@require(ASK)
def overwrite(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /phan-tich/da-luu/<pk>/luu/ with `q`, `xem` -> kept under the same name."""
    return _kept(request, lambda by: services.overwrite_analysis(pk, _document(request), by=by))


@require_GET
@require(ASK)
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET /phan-tich/da-luu/<pk>/ -> the question, asked anew under the opener's own rights."""
    analysis = services.seen(pk, people.viewer_of(request.user, timezone.localdate()))
    return redirect(desk.address_of(analysis))


@require_GET
@require(ASK)
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET /phan-tich/da-luu/<pk>/thong-tin/ -> name, notes, and with whom it is shared."""
    return render(request, "analyses/detail.html", desk.details(pk, request.user, timezone.localdate()))


@require_POST
@require(ASK)
def rename(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /phan-tich/da-luu/<pk>/doi-ten/ with `ten`, `thu_muc`, `ghi_chu` -> named anew."""
    return _told(
        request, pk, "Đã ghi tên, thư mục và ghi chú.",
        lambda by: services.rename_analysis(pk, _label(request), by=by),
    )  # fmt: skip


@require_POST
@require(ASK)
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /phan-tich/da-luu/<pk>/xoa/ -> out of the lists; the list offers to undo it."""
    services.archive_analysis(pk, by=_acting(request))
    return redirect(f"{reverse('analyses:index')}?vua_xoa={pk}")


@require_POST
@require(ASK)
def restore(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /phan-tich/da-luu/<pk>/khoi-phuc/ -> back in the lists."""
    analysis = services.restore_analysis(pk, by=_acting(request))
    messages.success(request, f"Đã khôi phục «{analysis.name}».")
    return redirect("analyses:index")


@require_POST
@require(ASK)
def favourite(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /phan-tich/da-luu/<pk>/yeu-thich/ with `co` -> the star is on or off."""
    services.mark_favourite(pk, on=request.POST.get("co") == "1", by=_acting(request))
    if request.htmx:
        return _bar(request, str(pk))
    back = request.POST.get("ve", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if safe else "analyses:index")


@require_POST
@require(ASK)
def share(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /phan-tich/da-luu/<pk>/chia-se/ with `don_vi`, `nhom`, `ly_do` -> shared, or waiting for the head."""
    to = Receiver(*(request.POST.get(name, "") for name in ("don_vi", "nhom", "ly_do")))
    try:
        made = share_services.share_analysis(pk, to, by=_acting(request))
    except (Invalid, Conflict) as wrong:
        return _wrong(request, pk, wrong)
    waits = made.state == ShareState.WAITING
    said = "Đã gửi đề nghị; chờ thủ trưởng đơn vị duyệt." if waits else f"Đã chia sẻ với {made.unit_name}."
    messages.success(request, said)
    return redirect("analyses:detail", pk=pk)


@require_GET
@require(SEE_SHARES)
def shares(request: SignedInRequest) -> HttpResponse:
    """GET /chia-se-phan-tich/ -> shares that wait for a decision, shares in force, past ones."""
    return render(request, "analyses/shares.html", desk.shares_of(request.user, timezone.localdate()))


@require_POST
@require(DECIDE)
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /chia-se-phan-tich/<pk>/duyet/ with `y_kien` -> the share begins."""
    made = share_services.approve_share(pk, request.POST.get("y_kien", ""), by=_acting(request))
    messages.success(request, f"Đã duyệt chia sẻ «{made.analysis.name}» với {made.unit_name}.")
    return redirect("analyses:shares")


@require_POST
@require(DECIDE)
def refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /chia-se-phan-tich/<pk>/khong-duyet/ with `y_kien` -> the share does not begin."""
    try:
        share_services.refuse_share(pk, request.POST.get("y_kien", ""), by=_acting(request))
    except Invalid as wrong:
        context = desk.shares_of(request.user, timezone.localdate()) | {"said": wrong.message_vi, "at": pk}
        return render(request, "analyses/shares.html", context, status=wrong.status)
    messages.success(request, "Đã ghi không duyệt và lý do.")
    return redirect("analyses:shares")


@require_POST
@require(SEE_SHARES)
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /chia-se-phan-tich/<pk>/ngung/ -> the share ends."""
    ended = share_services.end_share(pk, by=_acting(request))
    messages.success(request, f"Đã ngừng chia sẻ với {ended.unit_name}.")
    own = ended.asked_by == request.user.email
    return redirect("analyses:detail", pk=ended.analysis_id) if own else redirect("analyses:shares")


def _label(request: SignedInRequest) -> Label:
    return Label(*(request.POST.get(name, "") for name in ("ten", "thu_muc", "ghi_chu")))


def _document(request: SignedInRequest) -> Document:
    return Document(request.POST.get("q", ""), request.POST.get("xem", ""))


def _bar(request: SignedInRequest, pk: str, said: str = "") -> HttpResponse:
    context = desk.bar_of(pk, request.user, timezone.localdate()) | {"said": said}
    return render(request, "analyses/_bar.html", context)


def _kept(request: SignedInRequest, act: Callable[[Acting], SavedAnalysis]) -> HttpResponse:
    """Keep, and answer with the buttons; what is wrong stands in the dialog, which stays open."""
    try:
        kept = act(_acting(request))
    except (Invalid, Conflict) as wrong:
        reply = render(request, "analyses/_said.html", {"said": wrong.message_vi}, status=wrong.status)
        reply["HX-Retarget"], reply["HX-Reswap"] = "#an-said", "innerHTML"
        return reply
    return _bar(request, str(kept.pk), f"Đã lưu «{kept.name}».")


def _told(
    request: SignedInRequest, pk: int, said: str, act: Callable[[Acting], SavedAnalysis]
) -> HttpResponse:
    try:
        act(_acting(request))
    except (Invalid, Conflict) as wrong:
        return _wrong(request, pk, wrong)
    messages.success(request, said)
    return redirect("analyses:detail", pk=pk)


def _wrong(request: SignedInRequest, pk: int, wrong: Invalid | Conflict) -> HttpResponse:
    """Show the page again with what was typed and what is wrong with it."""
    typed = {
        name: request.POST.get(name, "") for name in ("ten", "thu_muc", "ghi_chu", "don_vi", "nhom", "ly_do")
    }
    said = {"typed": typed, "said": wrong.message_vi, "wrong": wrong.facts.get("field", "")}
    context = desk.details(pk, request.user, timezone.localdate()) | said | {"at": request.path}
    return render(request, "analyses/detail.html", context, status=wrong.status)
