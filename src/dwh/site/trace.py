"""What the frame itself puts on record: a refusal, a session ended, a sign-in that did not come in."""

from __future__ import annotations

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest

from dwh.governance.access.http import actor_of, origin_of
from dwh.governance.access.models import Account
from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record_denied, record_sign_in
from dwh.kernel.errors import DwhError


def denied(request: HttpRequest, error: DwhError) -> None:
    """Record that `error` was the answer to a request."""
    facts = {"path": request.path, "method": request.method, **error.facts}
    about = error.facts.get("about", request.path)
    record_denied(error.code, by=_who(request), about=about, facts=facts)


def session_ended(request: HttpRequest, reason: str) -> None:
    """Record that a live session was ended: signed out, grown too old, or its account may no longer enter."""
    record_sign_in("access.session_ended", by=_who(request), reason=reason)


def sign_in_refused(request: HttpRequest, *, email: str, cause: str) -> None:
    """Record that a person IAM knows, or nobody, tried to come in and did not."""
    record_denied("access.sign_in_refused", by=_nobody(request, email), about=email, cause=cause)


def _who(request: HttpRequest) -> Actor:
    if request.user.is_authenticated:
        return actor_of(request)  # type: ignore[arg-type]
    key = request.session.get(SESSION_KEY)  # of an account that is locked, so no longer a user
    owner = Account.objects.filter(pk=int(key)).first() if key else None
    return owner.as_actor(origin_of(request)) if owner else _nobody(request)


def _nobody(request: HttpRequest, email: str = "") -> Actor:
    origin = origin_of(request)
    return Actor(email, "", "", None, origin.channel, origin.address, origin.request_id)
