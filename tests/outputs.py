"""Asks one question for every output through the site, as one signed-in person."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.compare_outputs import differences

LAZY = re.compile(r'<tr [^>]*data-id="([^"]*)"[^>]*data-lazy="1".*?</tr>', re.DOTALL)
NEXT = re.compile(r'<tr data-depth="0"><td class="more".*?data-from="(\d+)".*?</tr>', re.DOTALL)


def ask_everywhere(
    client: Client, question: dict[str, Any], document: dict[str, Any] | None = None, *, files: bool = True
) -> list[str]:
    """Return where the outputs of `question` differ from `document` (or the site's JSON); empty when equal.

    `files` False: this person may not take data out, so only the screen is compared.
    """
    asked = {"q": json.dumps(question)}
    answer = document or _ok(answer_of(client, question)).json()
    screen = whole_screen(client, question)
    made = {}
    for kind in ("csv", "xlsx", "pdf") if files else ():
        made[f"{kind}_file"] = _ok(client.post(f"/phan-tich/xuat/{kind}/", asked)).content
    return differences(answer, screen, **made)


def whole_screen(client: Client, question: dict[str, Any]) -> str:
    """Return the table with every group opened and every window brought, as a patient reader would see it."""

    def part(**more: str) -> str:
        return _ok(client.post("/phan-tich/bang/", {"q": json.dumps(question), **more})).content.decode()

    def opened(rows: str) -> str:
        rows = LAZY.sub(lambda row: row[0] + opened(part(under=unescape(row[1]))), rows)
        return NEXT.sub(lambda row: opened(part(**{"from": row[1]})), rows)

    return opened(part())


def answer_of(client: Client, question: dict[str, Any]) -> HttpResponse:
    """Return the reply with the answer document."""
    return client.post("/phan-tich/tra-loi.json", json.dumps(question), "application/json")


def _ok(reply: HttpResponse) -> HttpResponse:
    assert reply.status_code == 200, reply.content.decode("utf-8", "replace")[:500]
    return reply
