"""Pages of people's boards. A view parses, calls one service or one reader, and renders."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dwh.delivery.dashboards.asking import PERMISSION, Viewer
from dwh.delivery.dashboards.own import desk, forms, services, share_services
from dwh.delivery.dashboards.own.budget import measured
from dwh.governance.access.http import SignedInRequest, origin_of, require
from dwh.governance.sharing import people
from dwh.governance.sharing.people import Acting
from dwh.governance.sharing.rules import ASK, DECIDE, SEE_SHARES, ShareState
from dwh.governance.sharing.share_services import Receiver
from dwh.kernel.errors import Conflict, Invalid

TYPED = ("loai", "tieu_de", "noi_dung", "lien_ket", "luu", "don_vi", "nhom", "ly_do", "ten")


@require_GET
@require(PERMISSION)
def index(request: SignedInRequest) -> HttpResponse:
    """GET /tong-quan/cua-toi/?tim=&trang= -> the boards that exist for the person."""
    return _list(request)


@require_POST
@require(ASK)
def create(request: SignedInRequest) -> HttpResponse:
    """POST /tong-quan/cua-toi/lap/ with `ten` -> an empty board, open in the editor."""
    try:
        board = services.create_board(request.POST.get("ten", ""), by=_acting(request))
    except (Invalid, Conflict) as wrong:
        return _list(request, wrong)
    return redirect("own_boards:edit", pk=board.pk)


@require_GET
@require(PERMISSION)
def board(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET /tong-quan/cua-toi/<pk>/ -> every tile under the viewer's own rights."""
    return render(request, "own/board.html", desk.shown(pk, _viewer(request)))


@require_GET
@require(ASK)
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET /tong-quan/cua-toi/<pk>/sua/ -> the grid to arrange, what can be added, the shares."""
    return _editor(request, pk)


@require_POST
@require(ASK)
def rename(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /tong-quan/cua-toi/<pk>/ten/ with `ten` -> named anew."""
    title = request.POST.get("ten", "")
    return _told(request, pk, "Đã đổi tên bảng.", lambda by: services.rename_board(pk, title, by=by))


@require_POST
@require(ASK)
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /tong-quan/cua-toi/<pk>/o/ with `loai`, `tieu_de`, `luu` | `lien_ket` | `noi_dung` -> one tile more."""

    def act(by: Acting) -> None:
        new = forms.new_tile(request.POST, request.user, timezone.localdate(by.now))
        services.add_tile(pk, new, by=by, cost=measured(_viewer(request)))

    return _told(request, pk, "Đã thêm ô vào bảng.", act)


@require_POST
@require(ASK)
def arrange(request: SignedInRequest, pk: int, key: int) -> HttpResponse:
    """POST /tong-quan/cua-toi/<pk>/o/<key>/ with `x`, `y` or `viec` -> the grid with the tile moved or sized."""
    at = forms.place(request.POST)
    if at is not None:
        services.move_tile(pk, key, x=at[0], y=at[1], by=_acting(request))
    elif request.POST.get("viec") == "bo":
        services.remove_tile(pk, key, by=_acting(request))
    else:
        services.step_tile(pk, key, request.POST.get("viec", ""), by=_acting(request))
    if not request.htmx:
        return redirect("own_boards:edit", pk=pk)
    return render(request, "own/_grid.html", desk.editor(pk, request.user, timezone.localdate()))


@require_POST
@require(ASK)
def archive(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /tong-quan/cua-toi/<pk>/xoa/ -> out of the lists; the list offers to undo it."""
    services.archive_board(pk, by=_acting(request))
    return redirect(f"{reverse('own_boards:index')}?vua_xoa={pk}")


@require_POST
@require(ASK)
def restore(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /tong-quan/cua-toi/<pk>/khoi-phuc/ -> back in the lists."""
    back = services.restore_board(pk, by=_acting(request))
    messages.success(request, f"Đã khôi phục «{back.title}».")
    return redirect("own_boards:index")


@require_POST
@require(ASK)
def share(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /tong-quan/cua-toi/<pk>/chia-se/ with `don_vi`, `nhom`, `ly_do` -> shared, or waiting for the head."""
    to = Receiver(*(request.POST.get(name, "") for name in ("don_vi", "nhom", "ly_do")))
    try:
        made = share_services.share_board(pk, to, by=_acting(request), cost=measured(_viewer(request)))
    except (Invalid, Conflict) as wrong:
        return _editor(request, pk, wrong)
    waits = made.state == ShareState.WAITING
    said = "Đã gửi đề nghị; chờ thủ trưởng đơn vị duyệt." if waits else f"Đã chia sẻ với {made.unit_name}."
    messages.success(request, said)
    return redirect("own_boards:edit", pk=pk)


@require_GET
@require(SEE_SHARES)
def shares(request: SignedInRequest) -> HttpResponse:
    """GET /tong-quan/cua-toi/chia-se/ -> shares that wait for a decision, shares in force, past ones."""
    return render(request, "own/shares.html", desk.shares_of(request.user, timezone.localdate()))


@require_POST
@require(DECIDE)
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /tong-quan/cua-toi/chia-se/<pk>/duyet/ with `y_kien` -> the share begins."""
    made = share_services.approve_share(pk, request.POST.get("y_kien", ""), by=_acting(request))
    messages.success(request, f"Đã duyệt chia sẻ «{made.board.title}» với {made.unit_name}.")
    return redirect("own_boards:shares")


@require_POST
@require(DECIDE)
def refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /tong-quan/cua-toi/chia-se/<pk>/khong-duyet/ with `y_kien` -> the share does not begin."""
    try:
        share_services.refuse_share(pk, request.POST.get("y_kien", ""), by=_acting(request))
    except Invalid as wrong:
        context = desk.shares_of(request.user, timezone.localdate()) | {"said": wrong.message_vi, "at": pk}
        return render(request, "own/shares.html", context, status=wrong.status)
    messages.success(request, "Đã ghi không duyệt và lý do.")
    return redirect("own_boards:shares")


@require_POST
@require(SEE_SHARES)
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /tong-quan/cua-toi/chia-se/<pk>/ngung/ -> the share ends."""
    ended = share_services.end_share(pk, by=_acting(request))
    messages.success(request, f"Đã ngừng chia sẻ với {ended.unit_name}.")
    own = ended.asked_by == request.user.email
    return redirect("own_boards:edit", pk=ended.board_id) if own else redirect("own_boards:shares")


def _acting(request: SignedInRequest) -> Acting:
    return people.acting(request.user, origin_of(request), timezone.now())


def _viewer(request: SignedInRequest) -> Viewer:
    return Viewer(request.user, timezone.localdate(), origin_of(request))


def _list(request: SignedInRequest, wrong: Invalid | Conflict | None = None) -> HttpResponse:
    viewer = _viewer(request)
    context = desk.listed(viewer, request.GET.get("tim", ""), request.GET.get("trang", "1"))
    context |= {"gone": desk.gone(viewer, request.GET.get("vua_xoa", ""))}
    said = {"said": wrong.message_vi, "typed": request.POST.get("ten", "")} if wrong else {}
    return render(request, "own/index.html", context | said, status=wrong.status if wrong else 200)


def _told(request: SignedInRequest, pk: int, said: str, act: Callable[[Acting], object]) -> HttpResponse:
    try:
        act(_acting(request))
    except (Invalid, Conflict) as wrong:
        return _editor(request, pk, wrong)
    messages.success(request, said)
    return redirect("own_boards:edit", pk=pk)


def _editor(request: SignedInRequest, pk: int, wrong: Invalid | Conflict | None = None) -> HttpResponse:
    """Show the editor, after a refusal with what was typed and what is wrong with it."""
    context = desk.editor(pk, request.user, timezone.localdate())
    if wrong:
        typed = {name: request.POST.get(name, "") for name in TYPED}
        context |= {"typed": typed, "said": wrong.message_vi, "wrong": wrong.facts.get("field", "")}
    return render(request, "own/edit.html", context, status=wrong.status if wrong else 200)
