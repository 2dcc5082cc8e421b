from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.drift import Drift
from dwh.governance.access.models import Account
from dwh.kernel.actor import Actor
from dwh.operations.changes import services, source_services
from dwh.operations.changes.models import ChangeRequest
from dwh.operations.changes.rules import Kind
from dwh.operations.changes.services import Acting, Assignment, Text
from tests.personas import clerk, dung, ha, hoa, khanh, lan, minh, nam, son, today, tuan  # noqa: F401 -- the cast

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
WHY = "Cần cho báo cáo tháng của Ban."
TEXT = Text(
    Kind.REPORT, "Thêm cột lũy kế vào B02", "Báo cáo B02 thêm cột lũy kế từ đầu năm.", WHY,
    wanted_by=(NOON + timedelta(days=20)).date(),
)  # fmt: skip
ELEMENT = Text(
    Kind.ELEMENT, "Mã vùng lương", "Thêm mã vùng lương tối thiểu vào dòng đóng.", WHY, table="core.fct_contribution",
    definition="Vùng lương tối thiểu của nơi làm việc, I đến IV.", completeness="Bắt buộc với mọi dòng từ 01/2027.",
)  # fmt: skip
ADDED = Drift("collection", "tst_dong_ca_nhan", "ghi_chu", "added", "", "TEXT", "evolve", stops=False)
RETYPED = Drift(
    "collection", "tst_dong_ca_nhan", "so_tien_ld", "retyped", "money", "TEXT", "evolve", stops=True
)
WORKER = Actor(email="worker@dwh", name="Tiến trình nền", unit="00.CNTT", origin="worker")


def acting(account: Account, now: datetime = NOON) -> Acting:
    return Acting(services.viewer_of(account, now.date()), account.as_actor(), now)


def heed(*drifts: Drift, run: int = 1, now: datetime = NOON) -> list[ChangeRequest]:
    """Tell of a check of «Phần mềm Thu» that found just these."""
    return source_services.heed_source(
        load_contract("collection"), drifts, source_services.Check(run, now, WORKER)
    )


@pytest.fixture
def opened(khanh: Account) -> Callable[..., ChangeRequest]:  # noqa: F811
    """Return a function that opens a request of Khanh's unit."""

    def do(text: Text = TEXT, by: Account = khanh) -> ChangeRequest:
        return services.open_request(text, unit_name=by.unit_name, by=acting(by))

    return do


@pytest.fixture
def approved(opened: Any, son: Account, dung: Account) -> Callable[..., ChangeRequest]:  # noqa: F811
    """Return a function that brings a request as far as the leader's approval."""

    def do(text: Text = TEXT) -> ChangeRequest:
        request = opened(text)
        for who in (son, dung):
            request = services.approve_request(request.pk, revision=1, by=acting(who))
        return request

    return do


def assign(
    request: ChangeRequest, who: Account, to: str = "Nguyễn Văn Bình", days: int = 10
) -> ChangeRequest:
    work = Assignment(to, (NOON + timedelta(days=days)).date())
    return services.assign_request(request.pk, work, by=acting(who))
