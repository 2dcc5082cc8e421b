"""The parameters an export was run with: a row of names and a row of values above the table. They give its period."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Final

from dwh.datapath.sources.files.claim_values import day_of
from dwh.datapath.sources.files.grid import text_of
from dwh.datapath.sources.files.problem import FileRefused, Place, Problem, shown
from dwh.datapath.sources.manual.headers import Heading

_PERIOD: Final = ("tu_thang", "den_thang", "nam", "thoi_gian")
_FIRST_YEAR = 2010  # before it no such export was made
RUN_AGAIN = "chạy lại báo cáo với đủ tham số kỳ rồi xem trước lại"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the export covers. `first` and `last` are months 'YYYY-MM'; `province` is '00' for the nation."""

    first: str
    last: str
    province: str
    of_facilities: bool
    others: str  # all that is not the period, as sorted JSON

    @property
    def months(self) -> int:
        (y1, m1), (y2, m2) = (map(int, month.split("-")) for month in (self.first, self.last))
        return (y2 - y1) * 12 + m2 - m1 + 1


def read_parameters(heading: Heading, today: date) -> Parameters:
    """Return the parameters above the headers.

    Raises:
        FileRefused: none are there, or the period is missing, impossible or still to come.
    """
    said = _said(heading)
    first, last = _of_day(said) if heading.layout.period == "day" else _of_months(said)
    if last > f"{today:%Y-%m}":
        raise _refused(f"kỳ số liệu kết thúc ở tháng {last}, chưa tới")
    others = {name: value for name, value in sorted(said.items()) if name not in _PERIOD}
    province = said.get("ma_tinh", "")
    if not province.isdigit() or len(province) > 2:
        raise _refused("tham số ma_tinh bỏ trống hoặc không phải mã tỉnh hai chữ số", "ma_tinh")
    others["ma_tinh"] = province.zfill(2)
    of_facilities = said.get("cs", "").lower() in ("true", "1", "có", "co")
    return Parameters(first, last, others["ma_tinh"], of_facilities, json.dumps(others, ensure_ascii=False))


def _said(heading: Heading) -> dict[str, str]:
    """Return parameter → value, of the row above the headers with the most parameter names."""
    grid, names = heading.grid, set(heading.layout.parameters)
    best: dict[str, str] = {}
    for row in range(heading.top):
        found = {
            text_of(cell).lower(): text_of(grid.at(row + 1, place))
            for place, cell in enumerate(grid.rows[row])
            if text_of(cell).lower() in names
        }
        best = found if len(found) > len(best) else best
    if len(best) < 2:
        raise _refused("không tìm thấy hàng tham số (tên ở một hàng, giá trị ở hàng dưới) phía trên bảng")
    return best


def _of_months(said: dict[str, str]) -> tuple[str, str]:
    year = _whole(said, "nam", _FIRST_YEAR, 2100)
    first, last = (_whole(said, name, 1, 12) for name in ("tu_thang", "den_thang"))
    if first > last:
        raise _refused(f"tham số tu_thang ({first}) sau den_thang ({last})")
    return f"{year}-{first:02d}", f"{year}-{last:02d}"


def _of_day(said: dict[str, str]) -> tuple[str, str]:
    day = day_of(said.get("thoi_gian", ""))
    if day is None or len(said["thoi_gian"]) != 8:
        raise _refused("tham số thoi_gian không phải ngày yyyymmdd có thật", "thoi_gian")
    return f"{day:%Y-%m}", f"{day:%Y-%m}"


def _whole(said: dict[str, str], name: str, low: int, high: int) -> int:
    text = said.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 5 and low <= int(text) <= high):
        what = (
            f"tham số {name} ghi «{shown(text)}», phải từ {low} đến {high}"
            if text
            else f"thiếu tham số {name}"
        )
        raise _refused(what, name)
    return int(text)


def _refused(what: str, name: str = "") -> FileRefused:
    return FileRefused(Problem("XLS-30", what, RUN_AGAIN, Place(field=name)))
