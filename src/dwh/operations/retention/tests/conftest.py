from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dwh.operations.retention.rules import Paper
from tests.personas import clerk, khanh, lan, minh, today, tuan  # noqa: F401 -- the cast

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
OLD, NEW = "2026-11-22.1", "2026-11-22.2"


@pytest.fixture
def paper() -> Paper:
    why = "Bản lập thử trước khi vận hành, chưa dùng cho báo cáo nào."
    return Paper(OLD, "Nguyễn Văn A, Tổng Giám đốc", "15/QĐ-BHXH", date(2026, 11, 20), why)
