"""Writing the log, sealing it, proving it whole. Every verb of the program calls `record` in its transaction."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from dwh.kernel.actor import Actor
from dwh.kernel.audit import body as bodies
from dwh.kernel.audit import sealing, verification
from dwh.kernel.audit.keys import audit_keys
from dwh.kernel.audit.models import AuditRecord, Kind
from dwh.kernel.org.scope import OrgScope

SEAL_EVERY = 1.0  # seconds between two sealings a process starts by itself; the worker seals the rest
_sealed_at = 0.0


def record(action: str, *, by: Actor, about: models.Model | str | None = None, **facts: Any) -> AuditRecord:
    """Put an act on record, in the caller's transaction: no record, no act.

    `about` is the object, or its name. The facts `purpose` and `org_code` get columns of their own;
    `before` and `after` tell what changed.

    Source: QĐ-2366 Điều 4.2.4.
    """
    return _write(Kind.ACT, action, by, about, facts)


def record_sign_in(action: str, *, by: Actor, **facts: Any) -> AuditRecord:
    """Put a sign-in, a sign-out or the end of a session on record.

    Source: QĐ-2366 Điều 4.2.4; QC-DWH Điều 5.
    """
    return _write(Kind.SIGNIN, action, by, by.email, facts)


def record_denied(
    action: str, *, by: Actor, about: models.Model | str | None = None, **facts: Any
) -> AuditRecord:
    """Put a refusal on record, in a transaction of its own. Call it after the refused one rolled back.

    Source: QĐ-2366 Điều 4.2.4 (every task, also the attempted one).
    """
    with transaction.atomic():
        return _write(Kind.DENIED, action, by, about, facts)


def log_query(
    query: Mapping[str, Any],
    *,
    by: Actor,
    scope: OrgScope,
    release: str,
    purpose: str,
    personal: frozenset[str] = frozenset(),
    **facts: Any,
) -> AuditRecord:
    """Put a question on record with all it takes to ask it again.

    Values of filters on the `personal` fields are kept as HMAC: matched, never read.

    Source: QĐ-2366 Điều 4.2.4.
    """
    facts |= {
        "query": without_persons(query, personal),
        "scope": scope.codes,
        "release": release,
        "purpose": purpose,
    }
    if len(scope.codes) == 1:
        facts["org_code"] = next(iter(scope.codes))
    return _write(Kind.QUERY, "data.asked", by, f"subject:{query.get('subject', '')}", facts)


def without_persons(query: Mapping[str, Any], personal: frozenset[str]) -> dict[str, Any]:
    """Return `query` with the values of filters on `personal` fields replaced by their HMAC.

    Source: QĐ-2366 Điều 4.2.4 (evidence), CV-BVDLCN II.2 (no more personal data than needed).
    """
    hide = audit_keys().hide
    filters = [
        {**one, "values": [hide(value) for value in one.get("values", ())]}
        if one.get("field") in personal
        else one
        for one in query.get("filters", ())
    ]
    return {**query, "filters": filters} if filters else dict(query)


def seal(now: datetime, *, everything: bool = False) -> int:
    """Give the finished records their place, sign a checkpoint, tell the witness; return how many were sealed.

    `everything` also looks at records far behind, which a transaction held back for very long.

    Source: QĐ-2366 Điều 4.2.4 (the log is evidence).
    """
    return sealing.seal(now, everything=everything)


def verify() -> verification.Verdict:
    """Read the whole log and name every record that was changed, removed, reordered or added.

    Source: QĐ-2366 Điều 4.2.4 (the log is evidence).
    """
    return verification.verify()


def _write(
    kind: Kind, action: str, by: Actor, about: models.Model | str | None, facts: dict[str, Any]
) -> AuditRecord:
    now = timezone.now()
    columns = {
        "at": bodies.moment_text(now),
        "kind": str(kind),
        "actor_email": by.email,
        "actor_name": by.name,
        "actor_unit": by.unit,
        "action": action,
        "object": _name_of(about),
        "org_code": str(facts.pop("org_code", "") or getattr(about, "org_code", "")),
        "origin": by.origin,
        "address": by.address,
        "request_id": by.request_id,
        "purpose": str(facts.pop("purpose", ""))[:300],
    }
    body = bodies.encode(columns, facts)
    text = body.encode()
    written = AuditRecord.objects.create(
        **{**columns, "at": now}, body=body, leaf=bodies.leaf_of(text), mac=audit_keys().mac(text)
    )
    transaction.on_commit(_seal_soon, robust=True)
    return written


def _name_of(about: models.Model | str | None) -> str:
    return f"{about._meta.model_name}:{about.pk}" if isinstance(about, models.Model) else (about or "")[:200]


def _seal_soon() -> None:
    """Seal after a commit, at most once a second; failing to seal never fails the act, it only waits."""
    global _sealed_at
    if time.monotonic() - _sealed_at >= SEAL_EVERY:
        _sealed_at = time.monotonic()
        sealing.seal(timezone.now())
