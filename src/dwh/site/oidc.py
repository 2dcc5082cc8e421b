"""OpenID Connect as the DWH needs it: one provider, code + PKCE + state + nonce, RS256 and nothing else.

Authlib builds the requests and checks the claims; this module holds the choices. It knows no account.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, cast

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from dwh.kernel.errors import DwhError
from dwh.site.provider_documents import DOWN, TIMEOUT, ProviderDown, document

ALGORITHMS = ["RS256"]  # never what the token or the provider proposes: no "none", no HS256 with a public key
SCOPE = "openid email profile"
LEEWAY = 30  # seconds between two clocks
BEGUN_SECONDS = 600  # how long IAM's own page may take
BACK_CHANNEL_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class SignInRefused(DwhError):
    code, status = "signin.refused", 403


@dataclass(frozen=True, slots=True)
class Begun:
    """What a sign-in must bring back, kept in the session until it does."""

    state: str
    nonce: str
    verifier: str
    next: str
    at: int

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Provider:
    """The organisation's IAM as this program's client sees it."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    documents: Callable[..., dict[str, Any]] = document

    def begin(self, *, next_url: str, now: int) -> tuple[str, Begun]:
        """Return the provider's address to go to, and what to remember until the person comes back.

        Raises:
            ProviderDown: IAM does not answer.
        """
        begun = Begun(
            secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), next_url, now
        )
        url, _ = self._session().create_authorization_url(
            self.metadata()["authorization_endpoint"],
            state=begun.state,
            nonce=begun.nonce,
            code_verifier=begun.verifier,
        )
        return url, begun

    def finish(self, answer: dict[str, str], begun: Begun, *, now: int) -> tuple[dict[str, Any], str]:
        """Exchange the code of `answer` and return the checked claims with the ID token they came in.

        Raises:
            SignInRefused: the answer is not the one to what was begun, or the token does not hold.
            ProviderDown: IAM does not answer.
        """
        if not secrets.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise _refused("state")
        if now - begun.at > BEGUN_SECONDS:
            raise _refused("too_late")
        if answer.get("iss", self.issuer) != self.issuer:
            raise _refused("iss")
        if "code" not in answer:
            raise _refused(answer.get("error", "no_code"))
        token = self._exchange(answer["code"], begun.verifier)
        id_token, access_token = str(token["id_token"]), str(token.get("access_token", ""))
        return self.verify(id_token, nonce=begun.nonce, now=now, access_token=access_token), id_token

    def verify(self, id_token: str, *, nonce: str, now: int, access_token: str = "") -> dict[str, Any]:
        """Return the claims of `id_token` after signature, issuer, audience, times and nonce hold.

        Raises:
            SignInRefused: any of them does not.
        """
        if not nonce:
            raise _refused("nonce")
        return self._decode(id_token, now, nonce=nonce, access_token=access_token)

    def verify_logout(self, logout_token: str, *, now: int) -> str:
        """Return the subject of a back-channel logout token.

        Raises:
            SignInRefused: it is not a logout token of this provider for this client.
        """
        claims = self._decode(logout_token, now)
        if BACK_CHANNEL_EVENT not in claims.get("events", {}) or "nonce" in claims or not claims.get("sub"):
            raise _refused("logout_token")
        return str(claims["sub"])

    def sign_out_url(self, id_token: str, back_to: str) -> str | None:
        """Return where to end the session at the provider too; None when it offers no such address."""
        endpoint = self.metadata().get("end_session_endpoint")
        if not endpoint:
            return None
        query = {"id_token_hint": id_token, "post_logout_redirect_uri": back_to, "client_id": self.client_id}
        return str(requests.Request("GET", endpoint, params=query).prepare().url)

    def metadata(self) -> dict[str, Any]:
        """Return the provider's own description, whose issuer must be the configured one."""
        known = self.documents(f"{self.issuer}/.well-known/openid-configuration")
        if known.get("issuer") != self.issuer:
            raise ProviderDown(DOWN, issuer=known.get("issuer"), expected=self.issuer)
        return known

    def _session(self) -> OAuth2Session:
        return OAuth2Session(
            self.client_id,
            self.client_secret,
            scope=SCOPE,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            default_timeout=TIMEOUT,
        )

    def _exchange(self, code: str, verifier: str) -> dict[str, Any]:
        endpoint = self.metadata()["token_endpoint"]
        try:
            with self._session() as session:
                token: dict[str, Any] = session.fetch_token(endpoint, code=code, code_verifier=verifier)
        except AuthlibBaseError as error:
            raise _refused(str(error.error)) from error
        except requests.RequestException as error:
            raise ProviderDown(DOWN, cause=type(error).__name__) from error
        if "id_token" not in token:
            raise _refused("no_id_token")
        return token

    def _decode(self, token: str, now: int, **params: str) -> dict[str, Any]:
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        expected = {"iss": {"values": [self.issuer]}, "aud": {"values": [self.client_id]}}
        try:
            try:
                decoded = jwt.decode(token, self._keys(), registry=registry)
            except InvalidKeyIdError:
                decoded = jwt.decode(token, self._keys(fresh=True), registry=registry)
            claims = CodeIDToken(
                decoded.claims, decoded.header, expected, {**params, "client_id": self.client_id}
            )
            claims.validate(now=now, leeway=LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as error:
            raise _refused(type(error).__name__, detail=str(error)) from error
        return dict(claims)

    def _keys(self, *, fresh: bool = False) -> KeySet:
        return KeySet.import_key_set(cast(Any, self.documents(self.metadata()["jwks_uri"], fresh=fresh)))


def _refused(cause: str, **facts: Any) -> SignInRefused:
    return SignInRefused(
        "Lần đăng nhập này không hợp lệ hoặc đã quá hạn. Bấm «Đăng nhập» để bắt đầu lại từ đầu.",
        cause=cause,
        **facts,
    )
