"""Asks one question for every output through the site, as one signed-in person."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.compare_outputs import differences


def ask_everywhere(
    client: Client, question: dict[str, Any], document: dict[str, Any] | None = None, *, files: bool = True
) -> list[str]:
    """Return where the outputs of `question` differ from `document` (or the site's JSON); empty when equal.

    `files` False: this person may not take data out, so only the screen is compared.
    """
    asked = {"q": json.dumps(question)}
    answer = document or _ok(answer_of(client, question)).json()
    screen = _ok(client.post("/phan-tich/bang/", asked)).content.decode()
    made = {}
    for kind in ("csv", "xlsx", "pdf") if files else ():
        made[f"{kind}_file"] = _ok(client.post(f"/phan-tich/xuat/{kind}/", asked)).content
    return differences(answer, screen, **made)


def answer_of(client: Client, question: dict[str, Any]) -> HttpResponse:
    """Return the reply with the answer document."""
    return client.post("/phan-tich/tra-loi.json", json.dumps(question), "application/json")


def _ok(reply: HttpResponse) -> HttpResponse:
    assert reply.status_code == 200, reply.content.decode("utf-8", "replace")[:500]
    return reply
