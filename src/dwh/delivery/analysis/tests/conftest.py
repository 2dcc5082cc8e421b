"""A small published release behind the gate, and people at its pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from dwh.governance.access.models import Account
from tests.warehouse_fixture import tiny_release

FIRST = {
    "subject": "contributions",
    "rows": ["org.province"],
    "columns": ["month.year"],
    "values": ["collected_vnd", "collection_rate", "participants"],
    "filters": [],
    "org_basis": "as_was",
    "totals": True,
}


@pytest.fixture
def release(tmp_path: Path, settings: Any) -> None:
    """Publish the small release and let the gate read it."""
    settings.DATAPATH = tiny_release(tmp_path)


@pytest.fixture
def ask(client: Client, release: None) -> Callable[..., HttpResponse]:
    """Return a function that signs a person in and posts a question to an address."""

    def post(who: Account, question: dict[str, Any] | str, path: str = "bang/", **more: str) -> HttpResponse:
        client.force_login(who)
        text = question if isinstance(question, str) else json.dumps(question)
        if path.endswith(".json"):
            return client.post(
                f"/phan-tich/{path}", text, "application/json", headers={"Accept": "application/json"}
            )
        return client.post(f"/phan-tich/{path}", {"q": text, **more})

    return post
