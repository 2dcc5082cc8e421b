"""Telling the DWH that a person is out (OpenID Connect Back-Channel Logout 1.0)."""

from __future__ import annotations

import secrets
import time

import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

from demo.iam import settings

EVENT = "http://schemas.openid.net/event/backchannel-logout"


def logout_token(subject: str, *, now: int, key_pem: str, issuer: str, client_id: str) -> str:
    """Return a signed statement that every session of `subject` has ended."""
    key = RSAKey.import_key(key_pem)
    claims = {
        "iss": issuer,
        "sub": subject,
        "aud": client_id,
        "iat": now,
        "exp": now + 120,
        "jti": secrets.token_hex(16),
        "events": {EVENT: {}},
    }
    return jwt.encode({"alg": "RS256", "typ": "logout+jwt", "kid": key.thumbprint()}, claims, key)


def announce_logout(subject: str) -> bool:
    """Tell the DWH; return whether it answered that it did."""
    token = logout_token(
        subject,
        now=int(time.time()),
        key_pem=settings.SIGNING_KEY.read_text(encoding="ascii"),
        issuer=settings.ISSUER,
        client_id=settings.CLIENT_ID,
    )
    try:
        address = f"{settings.PUBLIC_URL}/oidc/dang-xuat/"
        return requests.post(address, data={"logout_token": token}, timeout=5).ok
    except requests.RequestException:
        return False
