"""A token that is not exactly right brings nobody in: every forgery here is refused, for its own reason."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from dwh.kernel.errors import DwhError
from dwh.site.oidc import BACK_CHANNEL_EVENT, Begun, Provider, SignInRefused
from dwh.site.provider_documents import ProviderDown

ISSUER, CLIENT, NONCE, NOW = "https://iam.example", "dwh", "n-1", 1_800_000_000
KEY = RSAKey.generate_key(2048, {"kid": "k1"})
STRANGER = RSAKey.generate_key(2048, {"kid": "k1"})
BEGUN = Begun(state="s-1", nonce=NONCE, verifier="v" * 43, next="/", at=NOW)


def documents(url: str, *, fresh: bool = False) -> dict[str, Any]:
    if url.endswith("openid-configuration"):
        return {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", "authorization_endpoint": f"{ISSUER}/go"}
    return {"keys": [KEY.as_dict(private=False)]}


PROVIDER = Provider(ISSUER, CLIENT, "secret", "https://dwh.example/oidc/ve/", documents=documents)
GOOD: dict[str, Any] = {
    "iss": ISSUER, "aud": CLIENT, "sub": "7", "nonce": NONCE, "iat": NOW, "exp": NOW + 300,
    "email": "lan.lt@vss.gov.vn", "email_verified": True,
}  # fmt: skip


def signed(claims: dict[str, Any], key: Any = KEY, **header: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k1", **header}, claims, key)


def unsigned(claims: dict[str, Any]) -> str:
    return ".".join(_base64(json.dumps(part).encode()) for part in ({"alg": "none"}, claims)) + "."


def signed_with_the_public_key() -> str:
    head, body = (_base64(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": "k1"}, GOOD))
    mac = hmac.digest(KEY.as_pem(private=False), f"{head}.{body}".encode(), "sha256")
    return f"{head}.{body}.{_base64(mac)}"


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@pytest.mark.req("A-37")
def test_a_good_token_names_the_sector_mailbox():
    assert PROVIDER.verify(signed(GOOD), nonce=NONCE, now=NOW)["email"] == "lan.lt@vss.gov.vn"


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


FORGERIES = {
    "signed with another key of the same name": lambda: signed(GOOD, STRANGER),
    "not signed at all": lambda: unsigned(GOOD),
    "signed with the public key as a secret": signed_with_the_public_key,
    "a key nobody published": lambda: signed(GOOD, STRANGER, kid="k2"),
    "for another client": lambda: signed(GOOD | {"aud": "other"}),
    "for two clients, given to the other": lambda: signed(GOOD | {"aud": [CLIENT, "other"], "azp": "other"}),
    "from another issuer": lambda: signed(GOOD | {"iss": "https://evil.example"}),
    "run out": lambda: signed(GOOD | {"exp": NOW - 60}),
    "without an end": lambda: signed(without("exp")),
    "not valid yet": lambda: signed(GOOD | {"iat": NOW + 3600}),
    "of another sign-in": lambda: signed(GOOD | {"nonce": "n-2"}),
    "of no sign-in": lambda: signed(without("nonce")),
    "about nobody": lambda: signed(without("sub")),
    "changed after signing": lambda: signed(GOOD)[:-6] + "AAAAAA",
    "not a token": lambda: "abc",
    "empty": lambda: "",
}


@pytest.mark.req("A-02")
@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_token_is_refused(forge):
    with pytest.raises(SignInRefused):
        PROVIDER.verify(forge(), nonce=NONCE, now=NOW)


def test_a_token_that_does_not_belong_to_its_access_token_is_refused():
    with pytest.raises(SignInRefused):
        PROVIDER.verify(signed(GOOD | {"at_hash": "AAAA"}), nonce=NONCE, now=NOW, access_token="abc")


@pytest.mark.parametrize(
    ("answer", "later", "cause"),
    [({"code": "c", "state": "other"}, 0, "state"), ({"code": "c"}, 0, "state"),
     ({"code": "c", "state": "ố"}, 0, "state"),
     ({"code": "c", "state": "s-1"}, 601, "too_late"), ({"state": "s-1", "error": "access_denied"}, 0, "access_denied"),
     ({"code": "c", "state": "s-1", "iss": "https://evil.example"}, 0, "iss")],
)  # fmt: skip
def test_an_answer_to_something_else_is_refused_before_iam_is_asked(answer, later, cause):
    with pytest.raises(SignInRefused) as refused:
        PROVIDER.finish(answer, BEGUN, now=NOW + later)

    assert refused.value.facts["cause"] == cause


def test_a_sign_in_begins_with_state_nonce_and_a_pkce_challenge():
    url, begun = PROVIDER.begin(next_url="/bao-cao/", now=NOW)

    assert url.startswith(f"{ISSUER}/go?response_type=code")
    for part in (
        f"state={begun.state}",
        f"nonce={begun.nonce}",
        "code_challenge_method=S256",
        "scope=openid+email",
    ):
        assert part in url
    assert begun.verifier not in url


def test_a_provider_that_calls_itself_another_name_is_not_trusted():
    other = replace(PROVIDER, issuer="https://iam2.example")

    with pytest.raises(ProviderDown):
        other.begin(next_url="/", now=NOW)


LOGOUT = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "7",
    "iat": NOW,
    "exp": NOW + 60,
    "events": {BACK_CHANNEL_EVENT: {}},
}


def test_iam_may_say_that_a_person_is_out():
    assert PROVIDER.verify_logout(signed(LOGOUT), now=NOW) == "7"


@pytest.mark.parametrize(
    "claims",
    [
        GOOD,
        LOGOUT | {"nonce": NONCE},
        LOGOUT | {"events": {}},
        LOGOUT | {"aud": "x"},
        LOGOUT | {"exp": NOW - 60},
    ],
)
def test_what_is_no_logout_token_ends_no_session(claims):
    with pytest.raises(DwhError):
        PROVIDER.verify_logout(signed(claims), now=NOW)
