"""When a month's check is due, what became less or more since the last one, what a signature covers.

Pure functions over plain values.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from dwh.datapath.checking.findings import SERVED, Area, Finding
from dwh.kernel import vi
from dwh.kernel.law import QC_DWH, QD_2366, cites

# Our rule: the article says "hàng tháng" and no day. The tenth is by when the sector's other reports of IT are due
# (QĐ-3582 III.2a), so that whoever writes them has this month's check before him.
DUE_DAY = 10
FIRST_CHECK = timedelta(days=10)  # ours: so long after the first publication, if that leaves less time
SHORTEST_NOTE = 10  # characters; ours: a finding is a sentence

OFFICIAL = ("landed.", "core.")  # tables whose rows do not grow fewer without a reason


class TaskState(StrEnum):
    DUE = "due"
    TO_SIGN = "to_sign"
    OVERDUE = "overdue"
    SIGNED = "signed"


TASK_LABELS = {
    TaskState.DUE: "Chưa kiểm tra",
    TaskState.TO_SIGN: "Chờ ký",
    TaskState.OVERDUE: "Quá hạn",
    TaskState.SIGNED: "Đã ký",
}
AREA_LABELS = {
    Area.MANIFESTS: "Biên bản các bản công bố",
    Area.PARTS: "Phần số liệu đã công bố",
    Area.SERVING: "Tệp phục vụ các bản công bố",
    Area.LANDING: "Lô dữ liệu đã nhận",
    Area.ROWS: "Số dòng từng bảng",
    Area.SOURCES: "Đối chiếu với nguồn",
    Area.POINTERS: "Dòng trỏ vào danh mục không có",
    Area.SPACE: "Dung lượng đĩa",
    Area.LOG: "Nhật ký và niêm phong",
    Area.GOVERNANCE: "Cơ sở dữ liệu quản trị",
}
SPACE_LABELS = {
    "landing": "Dữ liệu đã nhận từ nguồn",
    "parts": "Phần số liệu đã lưu",
    "releases": "Các bản công bố",
    "work": "Tệp làm việc",
    "governance": "Cơ sở dữ liệu quản trị",
}


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


@cites(QD_2366.art("10.1.6"))
def months_to_check(first_published: date, today: date) -> Iterator[str]:
    """Yield every month from that of the first publication to this one, newest first: each has its check."""
    month = month_of(today)
    while month >= month_of(first_published):
        yield month
        month = month_of(date.fromisoformat(f"{month}-01") - timedelta(days=1))


@cites(QD_2366.art("10.1.6"))
def due_on(month: str, first_published: date) -> date:
    """Return the last day for the check of a month; the first one gets ten days from the first publication."""
    return max(date.fromisoformat(f"{month}-{DUE_DAY:02d}"), first_published + FIRST_CHECK)


@cites(QD_2366.art("10.1.6"))
def state_of(due: date, today: date, *, checked: bool, signed: bool) -> TaskState:
    """Return where a month's task stands; a check nobody signed is not done, so it becomes overdue too."""
    if signed:
        return TaskState.SIGNED
    if today > due:
        return TaskState.OVERDUE
    return TaskState.TO_SIGN if checked else TaskState.DUE


@dataclass(frozen=True, slots=True)
class Before:
    """What the last check of an earlier month counted: rows per table, bytes per area."""

    month: str
    record: int
    rows: Mapping[str, int]
    spaces: Mapping[str, int]

    @staticmethod
    def of(month: str, record: int, result: Mapping[str, Any]) -> Before:
        rows = {one["table"]: one["counted"] for one in result["rows"] if one["counted"] is not None}
        return Before(month, record, rows, {one["area"]: one["bytes"] for one in result["spaces"]})


@cites(QD_2366.art("10.1.6"))
def fewer_rows(rows: Mapping[str, int], before: Before) -> list[Finding]:
    """Return the tables of figures and of landed rows that have fewer rows than at the last check: to be explained."""
    remedy = (
        "Tìm lý do (dòng nguồn bị xóa, sắp xếp đơn vị, sửa dữ liệu lỗi) và ghi vào nhận xét trước khi ký."
    )
    return [
        Finding(
            Area.ROWS, table,
            f"Ít hơn lần kiểm tra tháng {vi.month_vi(before.month)}: từ {vi.number(before.rows[table])} "
            f"còn {vi.number(now)} dòng.", remedy, grave=False,
        )
        for table, now in rows.items()
        if table.startswith(OFFICIAL) and not table.endswith(SERVED) and now < before.rows.get(table, 0)
    ]  # fmt: skip


def digest_of(values: object) -> str:
    """Return the sha256 of plain values in one written form."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@cites(QD_2366.art("10.1.6"), QC_DWH.art("7.5"))
def may_correct(*, signed: bool, corrected: bool) -> bool:
    """Tell whether a correction of a record may be begun: of a signed one, which no other corrects yet."""
    return signed and not corrected
