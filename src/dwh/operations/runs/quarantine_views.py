"""The list of rows held back after standardisation, masked by right (QC-DWH Điều 12.5)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dwh.governance import gate
from dwh.governance.access.http import SignedInRequest, origin_of, require
from dwh.kernel.errors import Invalid
from dwh.operations.runs import desk


@require_GET
@require("quarantine:view")
def quarantine(request: SignedInRequest) -> HttpResponse:
    """GET /du-lieu-loi/?kiem_tra=&don_vi=&nguon=&trang= -> held rows by check, and the rows of the chosen check."""
    page = request.GET.get("trang", "1")
    if not page.isdecimal() or not 1 <= int(page) <= 100_000:
        raise Invalid(f"Trang «{page}» không hợp lệ. Nhập một số từ 1.", page=page)
    found = gate.look_at_quarantine(
        by=request.user,
        today=timezone.localdate(),
        purpose="xem dữ liệu lỗi",
        origin=origin_of(request),
        check=request.GET.get("kiem_tra") or None,
        org=request.GET.get("don_vi") or None,
        source=request.GET.get("nguon") or None,
        page=int(page),
    )
    template = "runs/_quarantine.html" if request.htmx else "runs/quarantine.html"
    return render(request, template, desk.of(found, gate.current_release_info()))
