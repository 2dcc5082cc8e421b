from __future__ import annotations

from datetime import UTC, datetime

import pytest

from demo.sources.monitoring_exports import export, write_xlsx
from dwh.datapath.settings import DataPathSettings
from dwh.kernel.actor import Origin
from dwh.operations.loads.services import Plan
from tests.personas import clerk, give, hire, lan, tuan  # noqa: F401 -- the cast

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
PLAN = Plan("1234/KH-BHXH")


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def area(tmp_path) -> DataPathSettings:
    return DataPathSettings(home=tmp_path / "home")


@pytest.fixture
def huong(db):
    """Analyst of a central unit over the nation: prepares planned loads."""
    account = hire(
        "huong.dt@vss.gov.vn", "Đặng Thu Hương", "00.BYT", "Ban Thực hiện chính sách BHYT", "NV00000041"
    )
    give(account, "analyst", "00")
    return account


@pytest.fixture
def file(tmp_path):
    """B02 of May 2025, as exported in 2025."""
    return write_xlsx(tmp_path / "B02 thang 5.xlsx", export("b02", "2025-05", style=2025))


@pytest.fixture
def acting():
    """Return the actor of an account at the machine."""
    return lambda account: account.as_actor(Origin("cli"))
