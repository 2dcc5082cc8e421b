"""Reads the filter bar. A wrong value gets one sentence with the remedy; authority is checked elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from dwh.delivery.dashboards.choice import Against, Choice, Period, Place, latest
from dwh.kernel.errors import Invalid, NotFound
from dwh.kernel.org.scope import NATION, OrgScope
from dwh.kernel.org.services import name_of
from dwh.kernel.vi import month_vi

_UNIT: Final = re.compile(r"00(\.\d{2}(-2025)?(\.\d{3})?)?")
_MONTH: Final = re.compile(r"20\d{2}-(0[1-9]|1[0-2])")
_MEMBER: Final = re.compile(r"[\w ./\-]{1,60}")


def read_choice(asked: Mapping[str, str], *, scope: OrgScope, root: Place, data_until: str) -> Choice:
    """Return the choice of a query string; what is left out is the latest period of the viewer's own root.

    Raises:
        Invalid: a month that is none, or lies after the last month with data.
        NotFound: a unit outside the viewer's area (or none at all: the two are not told apart).
    """
    period = _period(asked.get("ky", ""), data_until)
    return Choice(
        period,
        _place(asked.get("don_vi", ""), scope, root),
        _member(asked.get("loai", "")),
        _month_of(period, asked.get("thang", "")),
        _member(asked.get("muc", "")),
        _against(asked.get("so", ""), scope, data_until),
    )


def _member(asked: str) -> str:
    if asked and not _MEMBER.fullmatch(asked):
        raise Invalid("Giá trị lọc không đúng. Chọn lại trong ô lọc của trang.")
    return asked


def _month_of(period: Period, asked: str) -> str:
    """Return the clicked month; one outside the period is let go, for the period was changed since."""
    if asked and not _MONTH.fullmatch(asked):
        raise Invalid("Tháng lọc phải ghi theo dạng năm-tháng, ví dụ 2025-09. Bấm lại tháng trên biểu đồ.")
    return asked if asked in period.months else ""


def _against(asked: str, scope: OrgScope, data_until: str) -> Against:
    if not asked:
        return Against()
    if _MONTH.fullmatch(asked):
        return Against(period=_period(asked, data_until))
    if not _UNIT.fullmatch(asked) or not scope.covers(asked):
        raise NotFound(
            "Không có đơn vị hoặc kỳ này để so sánh trong phạm vi được giao. Chọn lại trong ô «So với».",
            unit=asked,
        )
    return Against(place=Place(asked, whole=True), name="Toàn quốc" if asked == NATION else name_of(asked))


def _period(asked: str, data_until: str) -> Period:
    if not asked:
        return latest(data_until)
    if not _MONTH.fullmatch(asked):
        raise Invalid("Kỳ phải ghi theo dạng năm-tháng, ví dụ 2025-09. Chọn lại trong ô «Kỳ».")
    if asked > data_until:
        raise Invalid(
            f"Chưa có số liệu đến tháng {month_vi(asked)}; tháng gần nhất có số liệu là "
            f"{month_vi(data_until)}. Chọn tháng {month_vi(data_until)} hoặc sớm hơn.",
            data_until=data_until,
        )
    return Period(int(asked[:4]), int(asked[5:]))


def _place(code: str, scope: OrgScope, root: Place) -> Place:
    if not code or code == root.code:
        return root
    if not _UNIT.fullmatch(code) or not scope.covers(code):
        raise NotFound(
            "Không có đơn vị này trong phạm vi được giao. Chọn đơn vị trong ô «Đơn vị».", unit=code
        )
    return Place(code, whole=True)
