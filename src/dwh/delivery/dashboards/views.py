"""Pages of the dashboards. A view parses, calls one service, and renders; it decides nothing."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from dwh.delivery.dashboards.asking import Viewer
from dwh.delivery.dashboards.board import board_named
from dwh.delivery.dashboards.forms import read_choice
from dwh.delivery.dashboards.page import context_of, first_board, standing, with_units_of_today
from dwh.delivery.dashboards.services import board_page
from dwh.governance.access.http import SignedInRequest, origin_of, require


@require_GET
@require("dashboard:view")
def index(request: SignedInRequest) -> HttpResponse:
    """GET /tong-quan/ -> the first board whose subject the person may see."""
    return redirect("dashboards:board", name=first_board(_viewer(request)).name)


@require_GET
@require("dashboard:view")
def board(request: SignedInRequest, name: str) -> HttpResponse:
    """GET /tong-quan/<name>/?ky&don_vi&loai&thang&muc&so -> tiles, months, map or ranking of one place."""
    chosen, viewer = board_named(name), _viewer(request)
    stand = standing(chosen, viewer)
    choice = read_choice(
        with_units_of_today(request.GET), scope=stand.scope, root=stand.root, data_until=stand.data_until
    )
    page = board_page(chosen, choice, viewer=viewer, root=stand.root, data_until=stand.data_until)
    return render(request, "dashboards/board.html", context_of(page, stand, viewer))


def _viewer(request: SignedInRequest) -> Viewer:
    return Viewer(request.user, localdate(), origin_of(request))
