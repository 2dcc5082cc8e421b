"""Pages of the quality scorecard. A view parses, asks the door and renders; it decides nothing."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dwh.governance import gate, scorecard
from dwh.governance.access.http import SignedInRequest, origin_of, require
from dwh.operations.quality import page, rows
from dwh.operations.quality.forms import read_address


@require_GET
@require("quarantine:view")
def scorecard_page(request: SignedInRequest) -> HttpResponse:
    """GET /chat-luong/?don_vi=&nguon=&tu=&den=&khong_ky=&sap=&tim= -> the scorecard of the units of the area."""
    address, today = read_address(request.GET), timezone.localdate()
    found = scorecard.look(
        address.asked,
        by=request.user,
        today=today,
        purpose="xem chất lượng dữ liệu",
        origin=origin_of(request),
    )
    context = {**page.context(found, address, today), "release": gate.current_release_info()}
    return render(request, "quality/scorecard.html", context)


@require_GET
@require("quarantine:view")
def rows_page(request: SignedInRequest) -> HttpResponse:
    """GET /chat-luong/dong/?tieu_chi=&kiem_tra=&don_vi=&nguon=&tu=&den=&khong_ky=&trang= -> the rows objected to."""
    address, today = read_address(request.GET), timezone.localdate()
    found = scorecard.rows(
        address.asked, address.chosen, by=request.user, today=today, purpose="xem dòng bị nêu về chất lượng",
        origin=origin_of(request),
    )  # fmt: skip
    context = {**rows.context(found, address), "release": gate.current_release_info()}
    return render(request, "quality/rows.html", context)
