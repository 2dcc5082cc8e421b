from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dwh.datapath.checking.findings import (
    SERVED,
    Area,
    Disk,
    Finding,
    Looked,
    Pointer,
    SourceRows,
    Space,
    StoreCheck,
    TableRows,
)
from dwh.kernel.actor import Actor
from dwh.kernel.progress import Silent
from dwh.operations.checks import services
from dwh.operations.checks.governance import check_governance
from dwh.operations.checks.models import CheckRecord
from tests.personas import clerk, khanh, lan, minh, nam, today, tuan  # noqa: F401 -- the cast

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
RELEASE, SHA = "2026-10-03.1", "a" * 64
WORKER = Actor(email="worker@dwh", name="Tiến trình nền", unit="00.CNTT", origin="worker")
FAULT = Finding(
    Area.PARTS, "parts/core.fct_contribution/2025-06-0123456789ab.parquet",
    "Phần số liệu: nội dung khác với lúc ghi.", "Khôi phục tệp từ bản sao lưu.",
)  # fmt: skip


def store(
    *findings: Finding,
    at: datetime = NOON,
    rows: int = 100,
    used: int = 5_000_000,
    manifests: dict[str, str] | None = None,
) -> StoreCheck:
    """Return what a check of a small store found."""
    return StoreCheck(
        release_id=RELEASE, began_at=at, looked=(Looked(Area.PARTS, 12, used, findings),),
        rows=(TableRows("core.fct_contribution", rows, rows), TableRows(f"core.fct_contribution{SERVED}", rows, rows)),
        sources=(SourceRows("collection", "tst_dong_ca_nhan", "Số phải đóng", rows + 2, rows, 2, 0, 0, 0),),
        pointers=(Pointer("core.fct_contribution", "org_code", "core.dim_org", 0),),
        spaces=(Space("parts", used, 12),), disks=(Disk(("parts",), 10_000_000, 4_000_000),),
        findings=findings, manifests=manifests or {},
    )  # fmt: skip


@pytest.fixture
def checked(db: None) -> Any:
    """Return a function that keeps a check and returns its record."""

    def keep(*findings: Finding, **named: Any) -> CheckRecord:
        found = store(*findings, **named)
        governance = check_governance(found.manifests, Silent())
        return services.keep(found, governance, asked_by="tuan.nm@vss.gov.vn", by=WORKER, now=found.began_at)

    return keep
