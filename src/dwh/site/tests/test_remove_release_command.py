"""`dwh remove-release`: blocked in one sentence until a decision names the release."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner

from dwh.datapath.pipeline.tests import kit
from dwh.kernel.actor import operator
from dwh.operations.retention.rules import Paper
from dwh.operations.retention.services import record_decision
from dwh.site import settings as site_settings
from dwh.site.cli import main

pytestmark = pytest.mark.django_db(transaction=True)
OLD = "2026-11-22.1"
WHY = "Bản lập thử trước khi vận hành, chưa dùng cho báo cáo nào."


@pytest.fixture
def dwh(tmp_path, monkeypatch):
    """The command line over a warehouse of two releases."""
    settings = kit.settings_in(tmp_path)
    kit.small_nation(settings, lines=[kit.line(1)])
    kit.make_public(settings)
    kit.land(settings, "tst_dong_ca_nhan", [kit.line(3, "2025-06")])
    kit.make_public(settings)
    monkeypatch.setattr(site_settings, "datapath_settings", lambda: settings)
    return lambda *words: CliRunner().invoke(main, words)


@pytest.mark.req("B-21")
def test_the_deletion_job_is_blocked_and_goes_on_with_a_decision(dwh, tmp_path):
    said = dwh("remove-release", OLD)
    assert (said.exit_code, "lưu lâu dài" in said.stderr) == (1, True)
    assert (tmp_path / "releases" / OLD).is_dir()

    paper = Paper(OLD, "Nguyễn Văn A, Tổng Giám đốc", "15/QĐ-BHXH", date(2026, 11, 20), WHY)
    now = datetime(2026, 11, 23, 5, tzinfo=UTC)
    record_decision(paper, by=operator("Kiểm thử"), today=date(2026, 11, 23), now=now)
    said = dwh("remove-release", OLD)
    assert (said.exit_code, f"Đã xóa bản {OLD}" in said.stdout) == (0, True)
    assert not (tmp_path / "releases" / OLD).exists()
