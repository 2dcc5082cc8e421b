"""Nobody gets in without an active account and a right of today; looked at again on every request."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from dwh.governance.access import services
from dwh.kernel.audit.models import AuditRecord
from dwh.site.middleware import PUBLIC

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[4]


def _paths(patterns=None, prefix="/") -> Iterator[str]:
    for pattern in patterns or get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _paths(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield _filled(route)


def _filled(route: str) -> str:
    parts = [
        ("1" if part.startswith("<int") else "x") if part.startswith("<") else part
        for part in route.split("/")
    ]
    return "/".join(parts)


@pytest.mark.req("A-54")
def test_no_address_but_sign_in_and_health_answers_a_stranger(client):
    walked = [path for path in _paths() if not PUBLIC.match(path)]

    assert len(walked) >= 6
    for path in walked:
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/dang-nhap/"), path


def test_the_public_addresses_are_these_and_no_other():
    assert {path for path in _paths() if PUBLIC.match(path)} == {
        "/suc-khoe/", "/dang-nhap/", "/oidc/di/", "/oidc/ve/", "/oidc/dang-xuat/",
    }  # fmt: skip


def test_an_unknown_address_tells_a_stranger_nothing(client):
    assert client.get("/khong-co-trang-nay/")["Location"] == "/dang-nhap/?next=%2Fkhong-co-trang-nay%2F"


def test_a_program_without_a_session_gets_401_in_json(client):
    answer = client.get("/", headers={"accept": "application/json"})

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "signin.needed"


def test_a_part_of_a_page_sends_the_browser_to_sign_in(client):
    answer = client.get("/", headers={"hx-request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/dang-nhap/")


def test_a_locked_account_is_out_at_its_next_request(client, lan, clerk, today):
    client.force_login(lan)
    assert client.get("/").status_code == 200

    services.close_account(lan.pk, reason="Nghỉ việc", by=clerk, today=today)

    assert client.get("/")["Location"] == "/dang-nhap/?ly-do=khoa&next=%2F"
    assert "_auth_user_id" not in client.session
    ended = AuditRecord.objects.get(action="access.session_ended")
    assert ended.actor_email == lan.email


def test_an_account_without_any_right_left_is_out_at_its_next_request(client, lan, clerk, today):
    client.force_login(lan)
    services.revoke(lan.grants.get().pk, document_no="15/BHXH-CNTT", by=clerk, today=today.replace(day=1))

    assert client.get("/")["Location"].startswith("/dang-nhap/?ly-do=het-quyen")


@pytest.mark.parametrize(("key", "age"), [("seen_at", 31 * 60), ("signed_in_at", 8 * 3600 + 1)])
def test_a_session_ends_when_idle_for_half_an_hour_or_after_a_working_day(client, lan, key, age):
    client.force_login(lan)
    session = client.session
    session.update({"signed_in_at": int(time.time()), "seen_at": int(time.time())})
    session[key] -= age
    session.save()

    assert client.get("/")["Location"].startswith("/dang-nhap/?ly-do=het-phien")


def test_a_session_in_use_stays(client, lan):
    client.force_login(lan)
    session = client.session
    session.update({"signed_in_at": int(time.time()) - 7 * 3600, "seen_at": int(time.time()) - 29 * 60})
    session.save()

    assert client.get("/").status_code == 200
    assert client.session["seen_at"] > time.time() - 60


@pytest.mark.req("A-54")
def test_no_key_and_no_secret_lies_in_the_repository():
    secret = re.compile(
        r"BEGIN [A-Z ]*PRIVATE KEY|(?i:secret|password|token)\w*\s*=\s*[\"'][\w+/=-]{20,}[\"']"
    )
    kinds = {".py", ".toml", ".yaml", ".yml", ".env", ".json", ".pem", ".key", ".html", ".js"}
    tracked = [
        path for folder in ("src", "demo", "tests", "tools", "docs") for path in (ROOT / folder).rglob("*")
    ]

    for path in tracked:
        if path.suffix in kinds and "vendor" not in path.parts:
            assert not secret.search(path.read_text(encoding="utf-8", errors="replace")), path
