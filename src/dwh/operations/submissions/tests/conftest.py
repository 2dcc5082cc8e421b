from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dwh.kernel.org.models import OrgUnit
from dwh.operations.submissions import services
from dwh.operations.submissions.models import Requirement
from dwh.operations.submissions.services import Wish
from tests.personas import clerk, dung, ha, lan, minh, nam, today, tuan  # noqa: F401 -- the cast

SET_AT = datetime(2026, 9, 1, 3, tzinfo=UTC)
UNITS = [("00", "BHXH Việt Nam", "central"), ("00.01", "BHXH Hà Nội", "province"),
         ("00.01.501", "BHXH cơ sở Một", "office"), ("00.48-2025", "BHXH Đà Nẵng", "province"),
         ("00.48-2025.501", "BHXH cơ sở Hai", "office")]  # fmt: skip


@pytest.fixture
def units(db: None) -> None:
    for code, name, tier in UNITS:
        OrgUnit.objects.create(
            code=code, name=name, tier=tier, valid_from=date(1995, 1, 1), current_code=code
        )


@pytest.fixture
def asked(units, tuan):  # noqa: F811 -- the cast
    """Return a function that makes the collection software ask for reports."""

    def ask(
        tier: str = "province", frequency: str = "monthly", day: str = "10", now: datetime = SET_AT
    ) -> Requirement:
        wish = Wish("collection", tier, frequency, day, "Hướng dẫn của phần mềm Thu, mục 3.")
        return services.set_requirement(wish, by=tuan.as_actor(), now=now)

    return ask
