"""The log's key, `$DWH_HOME/keys/audit.key`: made at first use, readable by its owner only, never in the database."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class AuditKeys:
    """Three independent uses of one secret: signing checkpoints, proving records, hiding personal values."""

    signing: Ed25519PrivateKey
    record: bytes
    value: bytes

    @property
    def public(self) -> Ed25519PublicKey:
        return self.signing.public_key()

    def mac(self, text: bytes) -> bytes:
        """Return the proof that the program wrote this body: keyed BLAKE2b (RFC 7693)."""
        return hashlib.blake2b(text, key=self.record, digest_size=32).digest()

    def hide(self, value: object) -> str:
        """Return a stable stand-in for a personal value: equal values can be matched, none can be read."""
        return "hmac:" + hmac.digest(self.value, str(value).encode(), "sha256").hex()[:32]


def key_path() -> Path:
    return Path(settings.HOME) / "keys" / "audit.key"


def audit_keys() -> AuditKeys:
    """Return the keys, making the secret when there is none yet."""
    return _load(key_path())


@cache
def _load(path: Path) -> AuditKeys:
    if not path.exists():
        _make(path)
    secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    return AuditKeys(
        signing=Ed25519PrivateKey.from_private_bytes(hmac.digest(secret, b"sign", "sha256")),
        record=hmac.digest(secret, b"record", "sha256"),
        value=hmac.digest(secret, b"value", "sha256"),
    )


def _make(path: Path) -> None:
    """Write a new secret; of two processes that try at once, the first one wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
