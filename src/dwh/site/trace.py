"""What the frame itself puts on record: a refusal, a session ended, a sign-in that did not come in."""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest

from dwh.governance.access.http import actor_of, origin_of
from dwh.kernel.actor import Actor
from dwh.kernel.errors import DwhError

log = logging.getLogger("dwh.site")


def denied(request: HttpRequest, error: DwhError) -> None:
    """Record that `error` was the answer to a request."""
    _record(
        "access.denied",
        _who(request),
        path=request.path,
        method=request.method,
        code=error.code,
        **error.facts,
    )


def session_ended(request: HttpRequest, reason: str) -> None:
    """Record that a live session was ended because its account no longer may enter, or it grew too old."""
    _record("access.session_ended", _who(request), reason=reason)


def sign_in_refused(request: HttpRequest, *, email: str, cause: str) -> None:
    """Record that a person IAM knows, or nobody, tried to come in and did not."""
    origin = origin_of(request)
    who = Actor(email, "", "", None, origin.channel, origin.address, origin.request_id)
    _record("access.sign_in_refused", who, cause=cause)


def _who(request: HttpRequest) -> Actor:
    if request.user.is_authenticated:
        return actor_of(request)  # type: ignore[arg-type]
    origin = origin_of(request)
    return Actor("", "", "", None, origin.channel, origin.address, origin.request_id)


def _record(action: str, by: Actor, **facts: Any) -> None:
    log.info("%s %s %s", action, by.email, facts)
    if find_spec("dwh.kernel.audit.services"):
        import_module("dwh.kernel.audit.services").record(action, by=by, **facts)
