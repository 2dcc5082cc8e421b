"""The exact text of a record: one JSON object, hashed as it is stored and never parsed back for hashing."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

# Columns of a record that its body repeats, in this order, so that `verify` can compare without parsing.
REPEATED = (
    "at", "kind", "actor_email", "actor_name", "actor_unit", "action", "object",
    "org_code", "origin", "address", "request_id", "purpose",
)  # fmt: skip
_HEAD = "{" + ",".join(f'"{name}":%s' for name in REPEATED)


def head_of(columns: Iterable[str]) -> str:
    """Return how the body of a record with these columns begins."""
    return _HEAD % tuple(map(encode_basestring, columns))


def encode(columns: Mapping[str, str], facts: Mapping[str, Any]) -> str:
    """Return the body of a record. A random `uid` makes every body, and so every leaf, different."""
    told = json.dumps(
        facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain
    )
    head = head_of(columns[name] for name in REPEATED)
    return f'{head},"uid":"{uuid.uuid4().hex}","facts":{told}}}'


def facts_of(body: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(body)["facts"]
    return facts


def leaf_of(text: bytes) -> bytes:
    """Return the leaf hash of RFC 6962 §2.1 of a body's UTF-8 bytes."""
    return hashlib.sha256(b"\x00" + text).digest()


def moment_text(at: datetime) -> str:
    """Return a time as the log writes it: UTC, microseconds always there."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"a {type(value).__name__} cannot be put on record")
