"""The units of the small release: rows of dim_org made by kind, before and after the reform."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

REFORM = date(2025, 7, 1)
ALWAYS = date(9999, 12, 31)
START = date(1995, 2, 16)
HN, DN_OLD, QN_OLD, DN = "00.01", "00.48", "00.49", "00.48-2025"

# province org_code: region code and name, province code and name
_PROVINCES = {
    HN: ("V02", "Đồng bằng sông Hồng", "01", "Hà Nội"),
    DN_OLD: ("V03", "Bắc Trung Bộ và duyên hải miền Trung", "48", "Đà Nẵng"),
    QN_OLD: ("V03", "Bắc Trung Bộ và duyên hải miền Trung", "49", "Quảng Nam"),
    DN: ("V03", "Bắc Trung Bộ và duyên hải miền Trung", "48", "Đà Nẵng"),
}
_OFFICES = [  # org_code, name, from, until, successor
    ("00.01.001", "BHXH quận Ba Đình", START, REFORM, "00.01.501"),
    ("00.01.002", "BHXH quận Hoàn Kiếm", START, REFORM, "00.01.501"),
    ("00.01.006", "BHXH quận Đống Đa", START, REFORM, "00.01.502"),
    ("00.01.500", "BHXH thành phố Hà Nội (trực tiếp)", REFORM, ALWAYS, "00.01.500"),
    ("00.01.501", "BHXH cơ sở Hoàn Kiếm", REFORM, ALWAYS, "00.01.501"),
    ("00.01.502", "BHXH cơ sở Đống Đa", REFORM, ALWAYS, "00.01.502"),
    ("00.48.490", "BHXH quận Liên Chiểu", START, REFORM, "00.48-2025.501"),
    ("00.48.492", "BHXH quận Hải Châu", START, REFORM, "00.48-2025.502"),
    ("00.49.502", "BHXH thành phố Tam Kỳ", START, REFORM, "00.48-2025.503"),
    ("00.48-2025.501", "BHXH cơ sở Liên Chiểu", REFORM, ALWAYS, "00.48-2025.501"),
    ("00.48-2025.502", "BHXH cơ sở Hải Châu", REFORM, ALWAYS, "00.48-2025.502"),
    ("00.48-2025.503", "BHXH cơ sở Tam Kỳ", REFORM, ALWAYS, "00.48-2025.503"),
]
SUCCESSOR = {code: successor for code, _, _, _, successor in _OFFICES}


def _province(code: str) -> str:
    return ".".join(code.split(".")[:2])


def org_rows() -> list[tuple[Any, ...]]:
    """dim_org: the nation, two central units, four provinces, their offices and two IT departments."""
    return [*_central_rows(), *_province_rows(), *_office_rows(), *_it_rows()]


def _central_rows() -> Iterator[tuple[Any, ...]]:
    for code, name in (
        ("00", "BHXH Việt Nam"),
        ("00.BTHU", "Ban Quản lý thu và phát triển người tham gia"),
        ("00.CNTT", "Trung tâm CNTT và Chuyển đổi số"),
    ):
        yield (code, name, "central", *(None,) * 7, START, ALWAYS, code, *(None,) * 5)


def _province_rows() -> Iterator[tuple[Any, ...]]:
    for code, (region, region_name, number, name) in _PROVINCES.items():
        start = REFORM if code == DN else START
        until = REFORM if code in (DN_OLD, QN_OLD) else ALWAYS
        now = DN if code in (DN_OLD, QN_OLD) else code
        title = f"BHXH tỉnh {name}" if code == QN_OLD else f"BHXH thành phố {name}"
        head = (code, title, "province", region, region_name, code, number, name, None, None)
        yield (*head, start, until, now, now, _PROVINCES[now][2], _PROVINCES[now][3], None, None)


def _office_rows() -> Iterator[tuple[Any, ...]]:
    names = {code: name for code, name, _, _, _ in _OFFICES}
    for code, name, start, until, successor in _OFFICES:
        home, now = _province(code), _province(successor)
        region, region_name, number, province_name = _PROVINCES[home]
        current = (successor, now, _PROVINCES[now][2], _PROVINCES[now][3], successor, names[successor])
        head = (code, name, "office", region, region_name, home, number, province_name, code, name)
        yield (*head, start, until, *current)


def _it_rows() -> Iterator[tuple[Any, ...]]:
    for home in (HN, DN):
        region, region_name, number, province_name = _PROVINCES[home]
        code, start = f"{home}.CNTT", REFORM if home == DN else START
        place = (region, region_name, home, number, province_name, None, None)
        now = (code, home, number, province_name, None, None)
        yield (code, "Phòng Công nghệ thông tin", "department", *place, start, ALWAYS, *now)
