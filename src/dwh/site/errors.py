"""How a refusal or a fault looks: a page, a message for HTMX, JSON for a program. Rendered nowhere else."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from dwh.kernel.errors import DwhError

TITLES = {
    400: "Yêu cầu không đọc được",
    401: "Cần đăng nhập",
    403: "Ông/bà chưa có quyền này",
    404: "Không tìm thấy trang hoặc đối tượng này",
    405: "Không mở được trang theo cách này",
    409: "Chưa thực hiện được",
    422: "Nội dung yêu cầu chưa đúng",
    500: "Có lỗi trong chương trình",
    503: "Hệ thống liên quan đang không trả lời",
}
ICONS = {403: "lock", 404: "search", 500: "alert", 503: "clock-off"}
NOT_FOUND = (
    "Trang không có, hoặc đối tượng không thuộc phạm vi của ông/bà. "
    "Kiểm tra lại địa chỉ, hoặc dùng ô Tìm ở đầu trang."
)
FORBIDDEN = (
    "Tài khoản của ông/bà không có quyền mở trang này. "
    "Xem «Quyền của tôi»; nếu công việc cần, đơn vị gửi đề nghị theo Phụ lục 01."
)
EXPIRED_FORM = (
    "Trang đã mở quá lâu hoặc phiên đã đổi, nên nội dung vừa gửi chưa được nhận. "
    "Quay lại, tải lại trang rồi gửi lại."
)
WRONG_METHOD = (
    "Địa chỉ này chỉ dùng khi bấm nút trên trang, không mở trực tiếp. Mở trang tương ứng rồi bấm nút ở đó."
)


def refusal(request: HttpRequest, error: DwhError) -> HttpResponseBase:
    """Return what the person sees of `error`."""
    return answer(request, error.status, error.message_vi, code=error.code)


def answer(
    request: HttpRequest, status: int, message: str, *, code: str = "", incident: str = ""
) -> HttpResponseBase:
    """Return `message` in the form the request asked for."""
    if wants_json(request):
        body: dict[str, Any] = {"error": {"code": code, "message": message}}
        if incident:
            body["error"]["incident"] = incident
        return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    if getattr(request, "htmx", False):
        return _part(request, status, message, incident)
    context = {
        "status": status,
        "title": TITLES.get(status, TITLES[400]),
        "message": message,
        "icon_name": ICONS.get(status, "alert-circle"),
        "incident": incident,
        "back": _same_site_referer(request),
    }
    return render(request, "error.html", context, status=status)


def _part(request: HttpRequest, status: int, message: str, incident: str) -> HttpResponse:
    context = {"kind": "error" if status >= 500 else "warning", "text": message, "incident": incident}
    response = HttpResponse(render_to_string("_message.html", context, request), status=status)
    response["HX-Retarget"] = "#messages"
    response["HX-Reswap"] = "innerHTML show:#main:top"
    return response


def wants_json(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


def _same_site_referer(request: HttpRequest) -> str:
    referer, here = request.headers.get("Referer", ""), f"{settings.PUBLIC_URL}/"
    return "/" + referer.removeprefix(here) if referer.startswith(here) else ""


# --- Django's handlers (urls.py) ---------------------------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return answer(
        request, 400, "Địa chỉ hoặc nội dung gửi lên không đọc được. Quay lại trang trước và thử lại."
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return answer(request, 403, FORBIDDEN, code="access.denied")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return answer(request, 404, NOT_FOUND, code="dwh.not_found")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    return answer(request, 403, EXPIRED_FORM, code="form.expired")


def broken(request: HttpRequest) -> HttpResponseBase:
    """Return the page of a fault; it needs no database, for that may be what is broken."""
    incident = getattr(request, "request_id", "")
    if wants_json(request) or getattr(request, "htmx", False):
        return answer(request, 500, BROKEN, code="dwh.fault", incident=incident)
    page = render_to_string("broken.html", {"title": TITLES[500], "message": BROKEN, "incident": incident})
    return HttpResponse(page, status=500)


BROKEN = (
    "Chương trình gặp lỗi khi xử lý yêu cầu này. Số liệu đã công bố không bị ảnh hưởng. "
    "Thử lại; nếu còn lỗi, gửi mã sự cố cho Trung tâm CNTT."
)
