"""What a page needs of a request: the signed-in account, where it came from, and the permission check."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from dwh.governance.access.models import Account
from dwh.governance.access.rules import PERMISSION_LABELS
from dwh.governance.access.services import permissions_of
from dwh.kernel.actor import Actor, Origin
from dwh.kernel.errors import Denied

TICKET = re.compile(r"[0-9a-f]{32}")
P = ParamSpec("P")


class SignedInRequest(HttpRequest):
    """A request whose user is known to be an account."""

    user: Account
    htmx: HtmxDetails


View = Callable[Concatenate[SignedInRequest, P], HttpResponseBase]


def origin_of(request: HttpRequest) -> Origin:
    """Return where the request came from; the middleware gives each request its id, the page each question a ticket."""
    ticket = request.headers.get("X-Question", "")
    return Origin(
        "web", request.META.get("REMOTE_ADDR", ""), getattr(request, "request_id", ""),
        ticket if TICKET.fullmatch(ticket) else "",
    )  # fmt: skip


def actor_of(request: SignedInRequest) -> Actor:
    return request.user.as_actor(origin_of(request))


def require(permission: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Let only signed-in accounts that hold `permission` today reach the view; others sign in first.

    Raises:
        Denied: signed in, without the permission.

    Source: QĐ-2366 Điều 5.2.
    """

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            signed_in: SignedInRequest = request  # type: ignore[assignment]
            held = getattr(request, "permissions", None)  # the guard of sessions looked in this very request
            if permission not in (held or permissions_of(signed_in.user, timezone.localdate())):
                raise denied_for(permission)
            return view(signed_in, *args, **kwargs)

        return checked

    return decorate


def denied_for(permission: str) -> Denied:
    """Return the refusal of `permission`, saying what to do next."""
    return Denied(
        f"Ông/bà chưa có quyền {PERMISSION_LABELS[permission]}. "
        "Khi cần cho công việc, đề nghị lãnh đạo đơn vị gửi văn bản đề nghị cấp quyền.",
        permission=permission,
    )
