"""Who belongs to which group, what each group may do, who decides on it.

Pure functions over plain values: no database, no request, no clock of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum

from dwh.kernel.calendar import add_working_days
from dwh.kernel.law import QC_DWH, QD_2366, cites
from dwh.kernel.org.scope import NATION, Tier, is_under, province_of

LEADERSHIP_UNIT = f"{NATION}.LDN"  # where Lãnh đạo Ngành work
IT_UNIT = "CNTT"  # last part of the org_code of the IT Centre and of a province's IT office
ALL_SUBJECTS = "*"
DECISION_DAYS = 2  # working days, QC-DWH Điều 17.5


class Group(StrEnum):
    CENTRAL_ADMIN = "central_admin"  # Điều 3.4a
    PROVINCE_ADMIN = "province_admin"  # Điều 3.4b
    ANALYST = "analyst"  # Điều 3.4c
    LEADERSHIP = "leadership"  # our group: reads dashboards and reports, docs/adr


GROUP_LABELS: dict[Group, str] = {
    Group.CENTRAL_ADMIN: "Quản trị ứng dụng Trung ương",
    Group.PROVINCE_ADMIN: "Quản trị ứng dụng Tỉnh",
    Group.ANALYST: "Nhóm khai thác các chỉ tiêu, báo cáo",
    Group.LEADERSHIP: "Lãnh đạo xem bảng thông tin",
}

PERMISSION_LABELS: dict[str, str] = {
    "dashboard:view": "xem bảng thông tin tổng hợp",
    "report:run": "chạy báo cáo tĩnh",
    "dictionary:view": "xem từ điển dữ liệu",
    "data:ask": "phân tích động",
    "data:export": "kết xuất số liệu ra tệp",
    "share:view": "xem các chia sẻ phân tích",
    "share:decide": "duyệt chia sẻ phân tích ra ngoài đơn vị",
    "sync:view": "theo dõi đồng bộ dữ liệu",
    "sync:run": "chạy, dừng tiến trình đồng bộ",
    "alert:acknowledge": "ghi đã biết cảnh báo đồng bộ của đơn vị mình",
    "quarantine:view": "xem dữ liệu lỗi sau chuẩn hóa",
    "quarantine:decide": "quyết định dữ liệu lỗi sau chuẩn hóa",
    "reconcile:sign": "ký kết quả đối soát, trả lời phiếu chênh lệch",
    "parameter:set": "đặt tham số kỹ thuật",
    "organisation:set": "nhập, duyệt thay đổi tổ chức",
    "dbcheck:sign": "kiểm tra cơ sở dữ liệu hằng tháng, ký biên bản",
    "retention:decide": "ghi quyết định xóa bản công bố",
    "submission:view": "xem lịch gửi báo cáo CSDL",
    "submission:send": "ghi đơn vị đã gửi báo cáo CSDL",
    "submission:receive": "xác nhận đã nhận báo cáo CSDL",
    "submission:set": "đặt lịch gửi báo cáo CSDL",
    "log:view": "xem nhật ký truy cập",
    "access:manage": "cấp, thu hồi quyền truy cập",
    "change:view": "xem yêu cầu thay đổi",
    "change:open": "lập yêu cầu thay đổi",
    "change:decide": "duyệt yêu cầu thay đổi",
    "change:carry_out": "giao việc và đóng yêu cầu thay đổi",
    "load:prepare": "chuẩn bị tệp nạp theo kế hoạch",
    "load:approve": "duyệt tệp nạp theo kế hoạch",
}

_READING = frozenset({"dashboard:view", "report:run", "dictionary:view", "change:view"})
PERMISSIONS: dict[Group, frozenset[str]] = {
    # an administrator does not take data out by default: QĐ-2366 Điều 10.5.2; the IT Centre carries out what others
    # asked for and leaders approved: QC-DWH Điều 8.4; it receives what units send, never sends for them
    Group.CENTRAL_ADMIN: frozenset(PERMISSION_LABELS)
    - {"data:export", "change:open", "change:decide", "share:decide", "submission:send"},
    Group.PROVINCE_ADMIN: _READING
    | {
        "data:ask",
        "sync:view",
        "quarantine:view",
        "quarantine:decide",
        "log:view",
        "access:manage",
        "share:view",
        "change:open",
    }
    | {"submission:view", "submission:send", "submission:receive"},
    Group.ANALYST: _READING
    | {"data:ask", "data:export", "quarantine:view", "load:prepare", "change:open", "alert:acknowledge"}
    | {"share:view"}
    | {"submission:view", "submission:send"},
    Group.LEADERSHIP: _READING | {"change:decide", "alert:acknowledge", "share:view", "share:decide"},
}


class Authority(StrEnum):
    SECTOR_LEADERSHIP = "sector_leadership"
    IT_CENTRE = "it_centre"
    PROVINCE_DIRECTOR = "province_director"
    UNIT_HEAD = "unit_head"


@cites(QC_DWH.art("18.1"), QD_2366.art("5.2"), QD_2366.art("10.5.2"))
def permissions_in(groups: Iterable[str]) -> frozenset[str]:
    """Return everything that membership in these groups allows."""
    return frozenset().union(*(PERMISSIONS[Group(g)] for g in groups))


@cites(QC_DWH.art("6.2"), QC_DWH.art("6.3"), QC_DWH.art("6.4"), QC_DWH.art("6.5"))
def decider_of(group: str, tier: Tier, *, heads_unit: bool = False) -> Authority:
    """Return the authority that grants and revokes access for `group` at `tier`.

    `heads_unit` is true when the person asking leads a central unit.
    """
    if group == Group.CENTRAL_ADMIN or (heads_unit and tier is Tier.CENTRAL):
        return Authority.SECTOR_LEADERSHIP
    if group == Group.PROVINCE_ADMIN:
        return Authority.IT_CENTRE
    return Authority.UNIT_HEAD if tier is Tier.CENTRAL else Authority.PROVINCE_DIRECTOR


@cites(QC_DWH.art("8.4"))
def post_of(groups: Collection[str], unit_code: str) -> Authority | None:
    """Return the post of a person: who is in the group of leaders leads the unit where he works; else none.

    Our rule, not the law's: docs/adr/0018.
    """
    if Group.LEADERSHIP not in groups:
        return None
    if is_under(unit_code, LEADERSHIP_UNIT):
        return Authority.SECTOR_LEADERSHIP
    return Authority.PROVINCE_DIRECTOR if province_of(unit_code) == unit_code else Authority.UNIT_HEAD


@cites(QC_DWH.art("17.5"))
def due_on(received_on: date, holidays: Collection[date] = ()) -> date:
    """Return the last day to act on a request whose letter came on `received_on`."""
    return add_working_days(received_on, DECISION_DAYS, holidays)


@cites(QC_DWH.art("12.3"), QC_DWH.art("13.1"))
def may_carry_out(groups: Collection[str], given: str) -> bool:
    """Tell whether a person in `groups` over the area may carry out decisions there on the group `given`.

    A province administrator manages users, never administrators.
    """
    if Group.CENTRAL_ADMIN in groups:
        return True
    return Group.PROVINCE_ADMIN in groups and given not in {Group.CENTRAL_ADMIN, Group.PROVINCE_ADMIN}


@cites(QC_DWH.art("3.4a"), QC_DWH.art("3.4b"), QC_DWH.art("7.4"))
def unit_may_hold(group: str, unit_code: str, org_code: str) -> bool:
    """Tell whether a person of `unit_code` may be in `group` over `org_code`."""
    if group == Group.CENTRAL_ADMIN:
        return unit_code == f"{NATION}.{IT_UNIT}" and org_code == NATION
    if group == Group.PROVINCE_ADMIN:
        return org_code != NATION and unit_code == f"{org_code}.{IT_UNIT}"
    return True


@cites(QC_DWH.art("3.5"))
def is_sector_mailbox(email: str, domains: Collection[str]) -> bool:
    """Tell whether `email` is a mailbox of the sector: a name, and one of its domains."""
    name, at, domain = email.partition("@")
    return bool(name and at) and domain in domains
