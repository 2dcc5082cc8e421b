"""What a browser is told with every page (ASVS 5.0, V3)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

import dwh
from dwh.site import settings

pytestmark = pytest.mark.django_db
STATIC = Path(settings.BASE) / "static"
SOURCES = Path(dwh.__file__).parent


def _directives(answer) -> dict[str, list[str]]:
    parts = (part.split() for part in answer["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


@pytest.mark.parametrize(
    "path", ["/dang-nhap/", "/suc-khoe/", "/", "/tai-khoan/", "/khong-co/", "/static/khong-co.js"]
)
def test_every_answer_carries_the_strict_policy(client, lan, path):
    if not path.startswith("/dang-nhap"):
        client.force_login(lan)

    answer = client.get(path)

    policy = _directives(answer)
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store"
    assert len(answer["X-Request-Id"]) == 12


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client, lan):
    client.force_login(lan)
    client.get("/")

    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


def _templates() -> list[Path]:
    return [path for config in apps.get_app_configs() for path in Path(config.path, "templates").rglob("*.html")
            if SOURCES in path.parents]  # fmt: skip


def test_no_template_needs_an_inline_script_or_style():
    forbidden = re.compile(
        r"\sstyle=|\son[a-z]+=\"|<style|javascript:|hx-on|<script(?![^>]*\b(src=|type=\"application/json\"))"
    )
    for path in _templates():
        assert not forbidden.search(path.read_text(encoding="utf-8")), path


def test_every_icon_a_template_names_is_in_the_sprite():
    sprite = (STATIC / "dwh" / "icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', sprite))
    named = {
        name for path in _templates() for name in re.findall(r'{% icon "([a-z-]+)"', path.read_text("utf-8"))
    }

    assert named - drawn == set()
    assert len(drawn) >= 45


def test_behind_https_cookies_are_bound_to_the_host_and_browsers_told_to_stay():
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
    surroundings = {**os.environ, "DWH_PUBLIC_URL": "https://dwh.example", "DWH_SECRET_KEY": "x"}
    surroundings["PYTHONPATH"] = str(SOURCES.parent)

    asked = (
        f"import dwh.site.settings as s; print(*(getattr(s, name) for name in {names}), s.ALLOWED_HOSTS[0])"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env=surroundings, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert told.stdout.split() == ["__Host-dwh_session", "True", "True", "63072000", "dwh.example"]
