"""The tree of units: the personnel system's `ns_don_vi`, before and after the reform of 2025-07-01.

The 63 and 34 provinces, the 696 districts and the 23 BHXH cơ sở of Hà Nội are real. The other BHXH cơ sở are invented:
one per two or three neighbouring old districts, named after the first. Every old office goes whole into one new office.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import count, pairwise
from typing import Any

import numpy as np

from demo.sources.nation.geography import (
    UNCHANGED,
    District,
    districts,
    new_province_names,
    provinces,
    read,
    short_name,
)

Array = Any
BORN, RESTRUCTURED, REFORMED = "1995-02-16", "2025-03-01", "2025-07-01"
CENTRAL_OFFICE = "00000"
IT_FUNCTION = "CNTT"
HANOI_INTO = {
    "Nam Từ Liêm": "Từ Liêm", "Bắc Từ Liêm": "Tây Tựu", "Phúc Thọ": "Sơn Tây", "Hoài Đức": "Đan Phượng",
    "Quốc Oai": "Thạch Thất", "Thanh Oai": "Chương Mỹ", "Phú Xuyên": "Thường Tín", "Mỹ Đức": "Ứng Hòa",
}  # fmt: skip
HANOI_DIRECT = "Hà Đông"  # its communes belong to no cơ sở: the city office serves them itself

# ma_dv, name, kind, predecessors (units of before 2025-03-01 whose name says so)
CENTRAL = (
    ("LDN", "Lãnh đạo Ngành", "lãnh đạo", ""),
    ("BXH", "Ban Thực hiện chính sách BHXH", "chuyên môn giúp việc", "BXH-CU"),
    ("BYT", "Ban Thực hiện chính sách BHYT", "chuyên môn giúp việc", "BYT-CU"),
    ("BTHU", "Ban Quản lý thu và phát triển người tham gia", "chuyên môn giúp việc", "BTST-CU"),
    ("BDT", "Ban Quản lý đầu tư quỹ", "chuyên môn giúp việc", "VDT-CU"),
    ("BKT", "Ban Kiểm toán nội bộ", "chuyên môn giúp việc", "VKT-CU"),
    ("BPC", "Ban Pháp chế", "chuyên môn giúp việc", "VPC-CU"),
    ("BTC", "Ban Tài chính - Kế toán", "chuyên môn giúp việc", "VTC-CU"),
    ("BTCCB", "Ban Tổ chức cán bộ", "chuyên môn giúp việc", "VTCCB-CU"),
    ("BTT", "Ban Tuyên truyền và Hỗ trợ người tham gia", "chuyên môn giúp việc", ""),
    ("KTRA", "Kiểm tra", "chuyên môn giúp việc", "VTT-CU"),
    ("VPHO", "Văn phòng", "chuyên môn giúp việc", "VP-CU"),
    ("CNTT", "Trung tâm Công nghệ thông tin và Chuyển đổi số", "sự nghiệp", "TTCN-CU"),
    ("TTLT", "Trung tâm Lưu trữ", "sự nghiệp", "TTLT-CU"),
    ("KSTT", "Trung tâm Kiểm soát thanh toán BHXH, BHYT điện tử", "sự nghiệp", ""),
)
FORMER = (
    ("BXH-CU", "Ban Thực hiện chính sách BHXH"), ("BYT-CU", "Ban Thực hiện chính sách BHYT"),
    ("BTST-CU", "Ban Quản lý Thu - Sổ, Thẻ"), ("VDT-CU", "Vụ Quản lý đầu tư quỹ"),
    ("VKT-CU", "Vụ Kiểm toán nội bộ"), ("VPC-CU", "Vụ Pháp chế"), ("VTC-CU", "Vụ Tài chính - Kế toán"),
    ("VTCCB-CU", "Vụ Tổ chức cán bộ"), ("VTT-CU", "Vụ Thanh tra - Kiểm tra"), ("VP-CU", "Văn phòng"),
    ("TTCN-CU", "Trung tâm Công nghệ thông tin"), ("TTLT-CU", "Trung tâm Lưu trữ"),
    ("VKH-CU", "Vụ Kế hoạch và Đầu tư"), ("VHT-CU", "Vụ Hợp tác quốc tế"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """One version of one unit; dates are half open, an empty `until` is still in force."""

    ma_dv: str
    name: str
    level: int  # 1 trung ương, 2 tỉnh, 3 huyện hoặc cơ sở, 4 phòng
    parent: str
    kind: str
    province: str
    since: str
    until: str
    decision: str
    predecessors: str
    office_code: str


@dataclass(frozen=True, slots=True)
class OfficeCodes:
    """ma_cq_bhxh of the office that serves each old district, before and after the reform."""

    before: Array
    after: Array

    def on_month(self, district_at: Array, reformed: Array) -> Array:
        """Return the five-character office code of each row."""
        return np.where(reformed, self.after[district_at], self.before[district_at])


@cache
def units() -> tuple[Unit, ...]:
    """Return every unit of the organisation over time, parents before children."""
    return (*_central(), *_old_provinces(), *_new_provinces(), *_old_offices(), *_new_offices())


@cache
def office_codes() -> OfficeCodes:
    """Return the two office codes of every old district."""
    old = [f"{provinces()[d.province].code}{d.code}" for d in districts()]
    return OfficeCodes(
        np.array(old, dtype=object), np.array([_code(u) for u in new_unit_of_district()], dtype=object)
    )


@cache
def new_unit_of_district() -> tuple[str, ...]:
    """Return ma_dv of the office that took over each old district's office."""
    counters = {p.new_unit: count(1) for p in provinces()}
    out: list[str] = []
    for at, province in enumerate(provinces()):
        mine = [d for d in districts() if d.province == at]
        if province.code == "01":
            out += [_hanoi_unit(d) for d in mine]
            continue
        for group in _groups(mine):
            unit = f"{province.new_unit}.5{next(counters[province.new_unit]):02d}"
            out += [unit] * len(group)
    return tuple(out)


@cache
def hanoi_offices() -> tuple[str, ...]:
    """Return the names of Hà Nội's 23 BHXH cơ sở, in the order of the decision."""
    return tuple(dict.fromkeys(row["bhxh_co_so"] for row in read("bhxh_co_so_hanoi_2025.csv")))


def _hanoi_unit(district: District) -> str:
    name = short_name(district.name)
    if name == HANOI_DIRECT:
        return "01.500"
    at = hanoi_offices().index(f"BHXH cơ sở {HANOI_INTO.get(name, name)}")
    return f"01.{501 + at}"


def _groups(mine: list[District]) -> list[list[District]]:
    """Split a province's districts into runs of three, the last one or two of two."""
    cuts, left = [], len(mine)
    while left > 0:
        size = left if left <= 3 else 2 if left == 4 else 3
        cuts.append(size)
        left -= size
    starts = np.cumsum([0, *cuts])
    return [mine[a:b] for a, b in pairwise(starts)]


def _code(ma_dv: str) -> str:
    province, _, office = ma_dv.partition(".")
    return province[:2] + office


def _central() -> list[Unit]:
    nation = Unit(
        "00", "Bảo hiểm xã hội Việt Nam", 1, "", "ngành", "", BORN, "", "NĐ 19/CP", "", CENTRAL_OFFICE
    )
    former = [
        Unit(c, n, 1, "00", "chuyên môn giúp việc", "", BORN, RESTRUCTURED, "NĐ 89/2020", "", CENTRAL_OFFICE)
        for c, n in FORMER
    ]
    today = [
        Unit(
            c, n, 1, "00", k, "", BORN if c == "LDN" else RESTRUCTURED, "", "QĐ 391/QĐ-BTC", p, CENTRAL_OFFICE
        )
        for c, n, k, p in CENTRAL
    ]
    return [nation, *former, *today]


def _old_provinces() -> list[Unit]:
    out = []
    for p in provinces():
        end = "" if p.code in UNCHANGED else REFORMED
        out += _province(p.code, p.name, p.code, (BORN, end), "")
    return out


def _new_provinces() -> list[Unit]:
    out = []
    for code, name in new_province_names().items():
        if code not in UNCHANGED:
            came_from = ";".join(p.code for p in provinces() if p.new_code == code)
            out += _province(f"{code}-2025", name, code, (REFORMED, ""), came_from)
    return out


def _province(ma_dv: str, name: str, code: str, span: tuple[str, str], came_from: str) -> list[Unit]:
    since, until = span
    paper = "QĐ 2286/QĐ-BTC" if since == REFORMED else "NĐ 19/CP"
    office = f"{code}{'500' if since == REFORMED else '000'}"
    title = f"BHXH {name[0].lower()}{name[1:]}"
    it_before = ";".join(f"{c}.{IT_FUNCTION}" for c in came_from.split(";") if c)
    return [
        Unit(ma_dv, title, 2, "00", "tỉnh", code, since, until, paper, came_from, office),
        Unit(
            f"{ma_dv}.{IT_FUNCTION}", f"Phòng Công nghệ thông tin, {title}", 4, ma_dv, "phòng", code,
            since, until, paper, it_before, office,
        ),
    ]  # fmt: skip


def _old_offices() -> list[Unit]:
    out = []
    for d in districts():
        p = provinces()[d.province]
        out.append(
            Unit(
                f"{p.code}.{d.code}", f"BHXH {d.name[0].lower()}{d.name[1:]}", 3, p.code, "huyện", p.code,
                BORN, REFORMED, "", "", f"{p.code}{d.code}",
            )
        )  # fmt: skip
    return out


def _new_offices() -> list[Unit]:
    members: dict[str, list[District]] = {}
    for d, unit in zip(districts(), new_unit_of_district(), strict=True):
        members.setdefault(unit, []).append(d)
    for at in range(len(hanoi_offices())):  # every one exists even if no old district went there whole
        members.setdefault(f"01.{501 + at}", [])
    return [_new_office(unit, came) for unit, came in sorted(members.items())]


def _new_office(unit: str, came: list[District]) -> Unit:
    province = unit.split(".")[0]
    code = province[:2]
    before = ";".join(f"{provinces()[d.province].code}.{d.code}" for d in came)
    if unit == "01.500":
        name = "BHXH thành phố Hà Nội (trực tiếp)"
    elif code == "01":
        name = hanoi_offices()[int(unit[-3:]) - 501]
    else:
        name = f"BHXH cơ sở {short_name(came[0].name)}"
    return Unit(unit, name, 3, province, "cơ sở", code, REFORMED, "", "QĐ 2286/QĐ-BTC", before, _code(unit))
