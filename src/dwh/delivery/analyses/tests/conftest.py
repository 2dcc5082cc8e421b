"""Saved analyses are tried by the cast, over the small published release."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dwh.delivery.analyses import services
from dwh.delivery.analyses.models import SavedAnalysis
from dwh.delivery.analyses.services import Document, Label
from dwh.governance.access.models import Account
from dwh.governance.sharing import people
from dwh.governance.sharing.people import Acting
from dwh.kernel.actor import Origin, operator
from dwh.kernel.org.scope import Tier
from dwh.kernel.org.services import Unit, load_units
from tests.warehouse_fixture import tiny_release

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
QUERY = {
    "subject": "contributions", "rows": ["org.province"], "columns": ["month.year"],
    "values": ["collected_vnd", "collection_rate"], "filters": [], "org_basis": "as_was", "totals": True,
}  # fmt: skip
DOCUMENT = Document(json.dumps(QUERY), json.dumps({"shown": "chart", "unit": "ty"}))
LIST = "/phan-tich/da-luu/"
REASON = "Phối hợp rà soát thu liên vùng."


def by(account: Account, now: datetime = NOON) -> Acting:
    return people.acting(account, Origin(), now)


@pytest.fixture
def release(tmp_path: Path, settings: Any) -> None:
    """Publish the small release and let the gate read it."""
    settings.DATAPATH = tiny_release(tmp_path)


@pytest.fixture
def units(db: None) -> None:
    """Load the units of the cast: the nation, a central unit, two provinces, an office."""
    names = {"00": "BHXH Việt Nam", "00.BTHU": "Ban Quản lý thu", "00.01": "BHXH thành phố Hà Nội",
             "00.01.501": "BHXH cơ sở ở Hà Nội", "00.48-2025": "BHXH thành phố Đà Nẵng"}  # fmt: skip
    tiers = {1: Tier.CENTRAL, 2: Tier.PROVINCE, 3: Tier.OFFICE}
    rows = [
        Unit(code, name, str(tiers[code.count(".") + 1]), date(2020, 1, 1), None, code)
        for code, name in names.items()
    ]
    load_units(rows, by=operator("Kiểm thử"), source="release:1")


@pytest.fixture
def saved(lan: Account) -> Callable[..., SavedAnalysis]:
    """Return a function that keeps an analysis of Lan's."""

    def do(name: str = "Thu theo tỉnh và năm", document: Document = DOCUMENT, **label: str) -> SavedAnalysis:
        return services.save_analysis(Label(name, **label), document, by=by(lan))

    return do


@pytest.fixture
def see(client: Client) -> Callable[..., tuple[int, str]]:
    """Return a function that opens or posts a page as somebody and returns its status and text."""

    def do(account: Account, path: str = "", form: dict[str, str] | None = None) -> tuple[int, str]:
        client.force_login(account)
        at = path if path.startswith("/") else LIST + path
        reply = client.get(at) if form is None else client.post(at, form, follow=True)
        return reply.status_code, reply.content.decode()

    return do
