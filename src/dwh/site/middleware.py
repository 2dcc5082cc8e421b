"""What every request passes: an id, headers, a session that must still be good, refusals made readable."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from dwh.governance.access.services import permissions_of
from dwh.kernel.errors import DamagedFile, DwhError
from dwh.site import errors, trace

Next = Callable[[HttpRequest], HttpResponseBase]

# The only addresses that answer without an account: sign-in and its return, health, and files of the frame.
PUBLIC = re.compile(r"^/(dang-nhap/|oidc/(di|ve|dang-xuat)/|suc-khoe/|static/)")
SEEN_EVERY = 60  # seconds between two writes of «last seen»


class RequestId:
    """Give each request an id, and its answer the headers every answer carries."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = secrets.token_hex(6)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("X-Request-Id", request.request_id)  # type: ignore[attr-defined]
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class SessionGuard:
    """Let in only an account that is active and holds a right today; look again at every request.

    Source: QC-DWH Điều 5.2 (no account and right, no entry), Điều 17.6 (locked on the day); ASVS 7.3, 7.4.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.permissions = frozenset()  # type: ignore[attr-defined]
        had_session = SESSION_KEY in request.session
        reason = self._reason_to_end(request) if had_session else ""
        if reason:
            trace.session_ended(request, reason)
            request.session.flush()
            request.user = AnonymousUser()
        if PUBLIC.match(request.path) or request.user.is_authenticated:
            return self.get_response(request)
        return _sign_in_first(request, reason)

    def _reason_to_end(self, request: HttpRequest) -> str:
        now = int(time.time())
        if not request.user.is_authenticated:
            return "khoa"
        began = request.session.setdefault("signed_in_at", now)
        seen = request.session.setdefault("seen_at", now)
        if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
            return "het-phien"
        permissions = permissions_of(request.user, timezone.localdate())
        if not permissions:
            return "het-quyen"
        request.permissions = permissions  # type: ignore[attr-defined]
        request.user.permissions = permissions  # type: ignore[attr-defined]
        if now - seen > SEEN_EVERY:
            request.session["seen_at"] = now
        return ""


def _sign_in_first(request: HttpRequest, reason: str) -> HttpResponseBase:
    query = {"ly-do": reason} if reason else {}
    if request.method == "GET" and not getattr(request, "htmx", False):
        query["next"] = request.get_full_path()
    url = f"{reverse('sign_in')}?{urlencode(query)}" if query else reverse("sign_in")
    if errors.wants_json(request):
        return errors.answer(request, 401, "Cần đăng nhập để xem nội dung này.", code="signin.needed")
    if getattr(request, "htmx", False):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = url
        return response
    return redirect(url)


class Refusals:
    """Turn a DwhError, or a wrong method, into a page, a message or JSON; put what was denied on record."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405:
            return response
        readable = errors.answer(request, 405, errors.WRONG_METHOD, code="http.method")
        readable.headers["Allow"] = response.headers["Allow"]
        return readable

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, DwhError):
            return None
        told = exception.status in (403, 404, 422) or isinstance(exception, DamagedFile)
        if told and not exception.facts.get("on_record"):
            trace.denied(request, exception)
        return errors.refusal(request, exception)
