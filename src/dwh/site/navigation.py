"""What a person may open, as the navigation shows it: nothing else is listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.urls import NoReverseMatch, reverse

from dwh.governance.access.rules import PERMISSION_LABELS


@dataclass(frozen=True, slots=True)
class Item:
    """One page of the navigation; `key` follows `g` on the keyboard."""

    label: str
    icon: str
    name: str
    permission: str
    key: str = ""
    about: str = ""
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    items: tuple[Item, ...]


_EVERYBODY = ""
GROUPS = (
    Group(
        "",
        (
            Item("Trang chủ", "home", "home", _EVERYBODY, "h"),
            Item(
                "Tổng quan",
                "dashboard",
                "dashboards:index",
                "dashboard:view",
                "t",
                "Bảng thông tin của từng mảng, từ toàn quốc đến đơn vị; bảng tự lập.",
            ),
            Item(
                "Báo cáo",
                "report",
                "reports:index",
                "report:run",
                "b",
                "Báo cáo tĩnh theo mẫu, chọn kỳ và đơn vị, xem hoặc tải XLSX, PDF.",
            ),
            Item(
                "Phân tích",
                "table",
                "analysis:page",
                "data:ask",
                "p",
                "Kéo chỉ tiêu và chiều vào hàng, cột để tự lập bảng, biểu đồ.",
            ),
        ),
    ),
    Group(
        "Dữ liệu",
        (
            Item(
                "Đồng bộ",
                "sync",
                "runs:sync",
                "sync:view",
                "d",
                "Tình trạng đọc dữ liệu từ các hệ thống nguồn, từng lượt chạy.",
            ),
            Item(
                "Dữ liệu lỗi",
                "alert",
                "quarantine:desk",
                "quarantine:view",
                "l",
                "Dòng dữ liệu đang giữ lại sau chuẩn hóa, lý do và số tiền.",
            ),
            Item(
                "Chất lượng",
                "percent",
                "quality:scorecard",
                "quarantine:view",
                "c",
                "Bảng điểm của từng tỉnh, cơ sở: dữ liệu có chính xác, đầy đủ, kịp thời không.",
            ),
            Item(
                "Đối soát",
                "check-circle",
                "reconciliation:index",
                "quarantine:view",
                "o",
                "Tổng kiểm soát của từng bảng so với phần mềm nguồn, chênh lệch và nguyên nhân.",
            ),
            Item(
                "Tổ chức",
                "building",
                "organisation:index",
                "dictionary:view",
                "e",
                "Đơn vị theo từng ngày, ai kế tục ai; nhập, xem trước, duyệt, hoàn tác thay đổi tổ chức.",
            ),
            Item(
                "Từ điển dữ liệu",
                "book",
                "dictionary:index",
                "dictionary:view",
                "u",
                "Mỗi bảng, cột, chỉ tiêu là gì, đơn vị tính, lấy từ đâu và dùng cho việc nào.",
            ),
        ),
    ),
    Group(
        "Yêu cầu",
        (
            Item(
                "Yêu cầu thay đổi",
                "inbox",
                "changes:index",
                "change:view",
                "y",
                "Đơn vị đề nghị, thủ trưởng và Lãnh đạo Ngành duyệt, Trung tâm CNTT làm; nguồn thay đổi cấu trúc.",
            ),
            Item(
                "Chia sẻ phân tích",
                "share",
                "analyses:shares",
                "share:view",
                "x",
                "Phân tích đang chia sẻ với ai; thủ trưởng duyệt việc chia sẻ ra ngoài đơn vị.",
            ),
        ),
    ),
    Group(
        "Giám sát",
        (
            Item(
                "Tham số",
                "sliders",
                "parameters:index",
                "parameter:set",
                "k",
                "Bộ nhớ, số luồng, mức giảm phải dừng, tốc độ và khung giờ đọc từng nguồn; lịch sử thay đổi.",
            ),
            Item(
                "Bảng tổng hợp sẵn",
                "table",
                "rollups:index",
                "parameter:set",
                "",
                "Bảng cộng sẵn của bản số liệu: trả lời bao nhiêu câu hỏi, câu hỏi nào còn phải đọc bảng gốc.",
            ),
            Item(
                "Gửi báo cáo CSDL",
                "calendar",
                "submissions:index",
                "submission:view",
                "i",
                "Phần mềm nào đòi báo cáo kỳ nào, đơn vị nào đã gửi, cấp trên đã nhận, ai trễ.",
            ),
            Item(
                "Kiểm tra CSDL",
                "shield",
                "checks:index",
                "dbcheck:sign",
                "m",
                "Hằng tháng: tệp có nguyên vẹn, đủ dòng, không trỏ sai, còn chỗ trên đĩa; biên bản có ký.",
            ),
            Item(
                "Lưu giữ",
                "lock",
                "retention:index",
                "dictionary:view",
                "r",
                "Mỗi lớp dữ liệu giữ bao lâu, theo điều nào; quyết định xóa bản công bố.",
            ),
            Item(
                "Nhật ký",
                "history",
                "log:index",
                _EVERYBODY,
                "n",
                "Ai đã xem, đã làm gì, lúc nào; niêm phong và kiểm tra toàn vẹn.",
            ),
        ),
    ),
)


def navigation_for(permissions: frozenset[str], path: str = "") -> tuple[Group, ...]:
    """Return the groups with the pages `permissions` open; the page at `path` is marked current."""
    groups = (Group(group.label, tuple(_open_items(group, permissions, path))) for group in GROUPS)
    return tuple(group for group in groups if group.items)


def _open_items(group: Group, permissions: frozenset[str], path: str) -> Iterator[Item]:
    for item in group.items:
        url = _url_of(item.name)
        if url and (item.permission == _EVERYBODY or item.permission in permissions):
            yield replace(item, url=url, current=_holds(url, path))


def _holds(url: str, path: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _url_of(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def phone_items(groups: tuple[Group, ...], most: int = 3) -> tuple[Item, ...]:
    """Return the first pages for the bottom bar of a phone; the rest is under «Thêm»."""
    items = [item for group in groups for item in group.items]
    return tuple(items[1 : most + 1] if len(items) > most else items[:most])


def permission_sentences(permissions: frozenset[str]) -> list[str]:
    """Return what the permissions allow, in words, in the order of the rules."""
    return [label for name, label in PERMISSION_LABELS.items() if name in permissions]
