"""The secrets of one demonstration home, made on its first build; none is in the repository."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def make_keys(folder: Path) -> None:
    """Make the signing key and the session secret, readable by their owner only; what exists stays."""
    folder.mkdir(parents=True, exist_ok=True)
    _keep(folder / "iam-signing.pem", signing_key_pem)
    _keep(folder / "iam-django-secret", lambda: secrets.token_urlsafe(48))


def signing_key_pem() -> str:
    """Return a new RSA key, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()


def _keep(path: Path, make: Callable[[], str]) -> None:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(make(), encoding="ascii")
