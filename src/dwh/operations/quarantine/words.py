"""What the states, checks and groups of failed rows are called on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dwh.datapath.sources.contract import load_contract
from dwh.datapath.standardise.checks import check_named
from dwh.governance.decisions.rules import OVERDUE_DAYS
from dwh.governance.protection.effects import contract_of
from dwh.kernel import vi
from dwh.kernel.calendar import working_days_since
from dwh.kernel.org.models import OrgUnit

AGE_LABELS = ("Trên 20 ngày làm việc", "Từ 6 đến 20 ngày", "Từ 2 đến 5 ngày", "Trong 1 ngày làm việc")
VIEW_LABELS = {
    "giu": "Đang giữ", "cho": "Chờ quyết định", "sua": "Đề nghị sửa", "nhan": "Đã nhận", "loai": "Đã loại",
}  # fmt: skip
ORDER_LABELS = {
    "tien": "Tiền lớn trước",
    "cu": "Cũ trước",
    "moi": "Mới trước",
    "don-vi": "Đơn vị",
    "ky": "Kỳ mới trước",
}


@dataclass(frozen=True, slots=True)
class StateWords:
    """A state of a row as it is drawn: never by colour alone."""

    label: str
    icon: str
    css: str


_STATES = {
    "waiting": StateWords("Chờ quyết định", "hourglass", "off"),
    "fix": StateWords("Đã đề nghị sửa", "pencil", "adj"),
    "proposed": StateWords("Chờ người duyệt", "users", "warn"),
    "accepting": StateWords("Chấp nhận, chờ tổng hợp", "check", "ok"),
    "accepted": StateWords("Đã nhận vào số liệu", "check-circle", "ok"),
    "rejecting": StateWords("Loại, chờ tổng hợp", "x", "err"),
    "rejected": StateWords("Đã loại", "x-circle", "err"),
}
_LOCKED = StateWords("Chờ mở khóa tháng", "lock", "warn")
_STUCK = StateWords("Đã chấp nhận, thiếu khóa nên chưa vào được", "alert", "warn")


def state_words(state: str, *, is_locked: bool) -> StateWords:
    """Return how a state is called; a decided row still waits for its month, or for a key it lacks."""
    return _STATES.get(state) or (_LOCKED if is_locked else _STUCK)


def check_label(code: str) -> str:
    """Return what a check says; its code when the contracts do not know it any more."""
    try:
        return check_named(code).message
    except KeyError:
        return "Kiểm tra không còn trong hợp đồng dữ liệu"


def source_label(source: str) -> str:
    return load_contract(source).label if source else ""


def table_label(table: str) -> str:
    """Return what people call a source table."""
    try:
        return contract_of(table)[1].label
    except KeyError:
        return table


def unit_names(codes: set[str]) -> dict[str, str]:
    """Return unit → its name."""
    return dict(OrgUnit.objects.filter(pk__in=codes).values_list("code", "name"))


def age_of(first_seen: datetime, today: date) -> tuple[int, bool]:
    """Return working days since a row was first seen, and whether that is too long."""
    seen = vi.datetime_vi(first_seen)[:10]
    day, month, year = map(int, seen.split("/"))
    days = working_days_since(date(year, month, day), today)
    return days, days > OVERDUE_DAYS


def months_words(months: tuple[str, ...]) -> str:
    """Return `tháng 5/2025`, or the span of several."""
    if not months:
        return ""
    if len(months) == 1:
        return f"tháng {vi.month_vi(months[0])}"
    return f"{len(months)} tháng từ {vi.month_vi(months[0])} đến {vi.month_vi(months[-1])}"
