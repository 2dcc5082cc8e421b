"""The governance database's side of a check: its own integrity, the seal of the log, what was published on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

from dwh.datapath.checking.findings import Area, Finding, Looked, Space
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.audit.services import verify
from dwh.kernel.law import QC_DWH, QD_2366, cites
from dwh.kernel.progress import Progress
from dwh.operations.checks.models import CheckRecord

_RESTORE = (
    "Ngừng ghi, giữ nguyên máy chủ, báo lãnh đạo Trung tâm CNTT; khôi phục CSDL quản trị từ bản sao lưu."
)
_REPORT = "Giữ nguyên máy chủ làm chứng, báo lãnh đạo Trung tâm CNTT; đối chiếu với bản sao lưu gần nhất."


@dataclass(frozen=True, slots=True)
class GovernanceCheck:
    """What was looked at in the governance database, and what it takes on its disk."""

    looked: tuple[Looked, ...]
    space: Space


@cites(QD_2366.art("10.1.6"), QD_2366.art("9.7"), QC_DWH.art("7.5"))
def check_governance(manifests: Mapping[str, str], progress: Progress) -> GovernanceCheck:
    """Return what the log and the governance database look like; `manifests`: release → sha256 of its manifest.

    The log remembers the digest every manifest had when it was published: who changes a figure and makes the store
    agree with itself again still disagrees with it.

    Source: QĐ-2366 Điều 10.1.6, 10.5.1.
    """
    progress.step("Kiểm tra nhật ký và niêm phong", total=1)
    verdict = verify()
    of_log = [Finding(Area.LOG, "nhật ký", problem, _REPORT) for problem in verdict.problems]
    of_log += [*_published(manifests), *_signed_records()]
    progress.check()
    progress.step("Kiểm tra cơ sở dữ liệu quản trị", total=1)
    tables, of_database = _sqlite() if connection.vendor == "sqlite" else _postgresql()
    size = _size()
    return GovernanceCheck(
        (
            Looked(Area.LOG, verdict.records, 0, tuple(of_log)),
            Looked(Area.GOVERNANCE, tables, size, tuple(of_database)),
        ),
        Space("governance", size, 1),
    )


def _published(manifests: Mapping[str, str]) -> list[Finding]:
    """Return releases whose manifest is not the one the log saw published."""
    told = {
        row.object.removeprefix("release:"): row.facts.get("manifest_sha256")
        for row in AuditRecord.objects.filter(action="release.published").order_by("id")
    }
    found = []
    for release, digest in sorted(manifests.items()):
        if told.get(release) != digest:
            said = (
                "Biên bản khác với lúc công bố: dấu sha256 không khớp dấu ghi trong nhật ký."
                if release in told
                else "Nhật ký không có lần công bố bản này: bản được đặt vào ngoài quy trình."
            )
            found.append(Finding(Area.LOG, f"releases/{release}/manifest.json", said, _REPORT))
    return found


def _signed_records() -> list[Finding]:
    """Return signed records of checks that are not what was signed."""
    told = {
        row.object: row.facts.get("digest")
        for row in AuditRecord.objects.filter(action="dbcheck.signed").order_by("id")
    }
    said = "Biên bản kiểm tra đã ký khác với lúc ký."
    return [
        Finding(Area.GOVERNANCE, f"biên bản kiểm tra số {row.pk}", said, _REPORT)
        for row in CheckRecord.objects.signed()
        if not row.digest == row.computed_digest() == told.get(f"dbcheck:{row.pk}")
    ]


def _sqlite() -> tuple[int, list[Finding]]:
    faults = [row[0] for row in _rows("PRAGMA integrity_check") if row[0] != "ok"]
    faults += [
        f"bảng {row[0]}, dòng {row[1]} trỏ tới {row[2]} không có" for row in _rows("PRAGMA foreign_key_check")
    ]
    tables = int(_rows("SELECT count(*) FROM sqlite_master WHERE type = 'table'")[0][0])
    return tables, _broken(faults[:50])


def _postgresql() -> tuple[int, list[Finding]]:
    """Read every row of every table of ours, and ask the server what checksums it saw failing."""
    names = sorted(model._meta.db_table for model in apps.get_models())
    for name in names:
        every = f"SELECT t.* FROM {connection.ops.quote_name(name)} AS t OFFSET 0"  # noqa: S608 - our own names
        _rows(f"SELECT count(*) FROM ({every}) AS every")  # noqa: S608 - the same
    failed = _rows("SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()")[0][0]
    unheld = _rows("SELECT conname FROM pg_constraint WHERE NOT convalidated")
    said = [f"{failed} trang có dấu kiểm tra sai"] if failed else []
    said += [f"ràng buộc {row[0]} chưa được kiểm" for row in unheld]
    return len(names), _broken(said)


def _broken(faults: list[str]) -> list[Finding]:
    base = Path(str(connection.settings_dict["NAME"])).name
    return [Finding(Area.GOVERNANCE, base, f"Không toàn vẹn: {one}.", _RESTORE) for one in faults]


def _size() -> int:
    if connection.vendor == "postgresql":
        return int(_rows("SELECT pg_database_size(current_database())")[0][0])
    return int(_rows("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")[0][0])


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
