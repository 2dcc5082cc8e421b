"""Boards are tried by the cast, over the small published release."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dwh.delivery.dashboards.own import services
from dwh.delivery.dashboards.own.models import OwnBoard
from dwh.delivery.dashboards.own.services import NewTile
from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.governance.sharing import people
from dwh.governance.sharing.people import Acting
from dwh.kernel.actor import Origin, operator
from tests.warehouse_fixture import tiny_release

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
TODAY = date(2026, 11, 23)
QUERY = {
    "subject": "contributions", "rows": ["org.province"], "columns": [], "values": ["collected_vnd", "due_vnd"],
    "filters": [], "org_basis": "as_is", "totals": True,
}  # fmt: skip
LIST = "/tong-quan/cua-toi/"
REASON = "Phối hợp rà soát thu liên vùng."


def by(account: Account, now: datetime = NOON) -> Acting:
    return people.acting(account, Origin(), now)


def free(tile: object) -> float:
    """Return that a tile takes no time: for tests that are not about the budget."""
    return 0.0


@pytest.fixture
def release(tmp_path: Path, settings: Any, db: None) -> None:
    """Publish the small release, let the gate read it, load its units."""
    settings.DATAPATH = tiny_release(tmp_path)
    gate.refresh_units(by=operator("Kiểm thử"))


@pytest.fixture
def built(lan: Account) -> Callable[..., OwnBoard]:
    """Return a function that builds a board of Lan's with a tile of each kind named."""

    def do(*kinds: str, title: str = "Thu của Hà Nội", subject: str = "contributions") -> OwnBoard:
        board = services.create_board(title, by=by(lan))
        for kind in kinds:
            new = NewTile(
                kind, f"Ô {kind}", json.dumps(QUERY | {"subject": subject}), "Họp giao ban thứ hai."
            )
            board = services.add_tile(board.pk, new, by=by(lan), cost=free)
        return board

    return do


@pytest.fixture
def see(client: Client) -> Callable[..., tuple[int, str]]:
    """Return a function that opens or posts a page as somebody and returns its status and text."""

    def do(account: Account, path: str = "", form: dict[str, str] | None = None) -> tuple[int, str]:
        client.force_login(account)
        reply = client.get(LIST + path) if form is None else client.post(LIST + path, form, follow=True)
        return reply.status_code, reply.content.decode()

    return do
