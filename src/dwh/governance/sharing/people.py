"""The people of sharing: who acts, as the rules know him and as the log remembers him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from dwh.governance.access.models import AccessGrant, Account
from dwh.governance.access.services import permissions_of, post_of, scope_for, subjects_for
from dwh.governance.sharing import rules
from dwh.governance.sharing.rules import Viewer
from dwh.kernel.actor import Actor, Origin


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts: as the rules know him, as the log remembers him, and when."""

    who: Viewer
    actor: Actor
    now: datetime


def viewer_of(account: Account, today: date) -> Viewer:
    """Return a person as the rules of sharing know him today."""
    grants = AccessGrant.objects.holding_on(today).filter(account=account)
    return Viewer(
        account=account.pk,
        email=account.email,
        unit=account.unit_code,
        groups=frozenset(grants.values_list("group", flat=True)),
        subjects=subjects_for(account, rules.ASK, today),
        post=post_of(account, today),
        permissions=permissions_of(account, today),
        area=scope_for(account, "access:manage", today),
    )


def acting(account: Account, origin: Origin, now: datetime) -> Acting:
    """Return a person who acts now, as every verb here takes him."""
    return Acting(viewer_of(account, timezone.localdate(now)), account.as_actor(origin), now)
