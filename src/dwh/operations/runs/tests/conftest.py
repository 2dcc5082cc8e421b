from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dwh.kernel.actor import Actor

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


@pytest.fixture
def tuan_acts() -> Actor:
    return Actor(email="tuan.nm@vss.gov.vn", name="Nguyễn Minh Tuấn", unit="00.CNTT")


@pytest.fixture
def noon() -> datetime:
    return NOON
