from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dwh.datapath.pipeline.tests import kit
from dwh.operations.retention.rules import Paper
from tests.personas import clerk, khanh, lan, minh, today, tuan  # noqa: F401 -- the cast

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
OLD, NEW = "2026-11-22.1", "2026-11-22.2"


@pytest.fixture
def paper() -> Paper:
    why = "Bản lập thử trước khi vận hành, chưa dùng cho báo cáo nào."
    return Paper(OLD, "Nguyễn Văn A, Tổng Giám đốc", "15/QĐ-BHXH", date(2026, 11, 20), why)


@pytest.fixture
def nation(tmp_path):
    """Two published releases; the newer is in use."""
    settings = kit.settings_in(tmp_path)
    kit.small_nation(settings, lines=[kit.line(1)])
    kit.make_public(settings)
    kit.land(settings, "tst_dong_ca_nhan", [kit.line(3, "2025-06")])
    kit.make_public(settings)
    return settings
