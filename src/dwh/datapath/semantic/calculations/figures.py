"""One number of a calculation, or the reason there is none. Exact: rounding is for what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from dwh.datapath.semantic.calculations.frames import Keys

NO_DATA: Final = "Không có dữ liệu"
NO_QUOTIENT: Final = "Không tính được: mẫu số bằng 0 hoặc thiếu số liệu"
NO_BASE: Final = "Không có số liệu ở kỳ gốc nên không so được"
SHORT_BASE: Final = "Kỳ gốc bắt đầu trước tháng đầu tiên có số liệu trong kho, nên so sẽ sai"
ZERO_BASE: Final = "Kỳ gốc bằng 0 nên không có tỷ lệ tăng trưởng"
NEGATIVE_BASE: Final = "Kỳ gốc âm nên tỷ lệ tăng trưởng không có nghĩa"
NO_RUN: Final = "Ô này gồm nhiều kỳ không liền nhau hoặc không rõ kỳ đầu, nên không có kỳ để so"
MANY_YEARS: Final = "Ô này gồm nhiều năm hoặc không rõ kỳ đầu, lũy kế từ đầu năm chỉ có nghĩa trong một năm"
ONLY_PERIODS: Final = "Trung bình trượt chỉ có nghĩa ở từng kỳ, không ở tổng các kỳ"
SHORT_WINDOW: Final = "Thiếu số liệu ở một trong các kỳ lấy trung bình"
NO_SHARE: Final = "Tổng bằng 0 hoặc không có số liệu nên không có tỷ trọng"
STOCK_SHARE: Final = "Số cuối kỳ không cộng qua thời gian, nên không có tỷ trọng trong tổng các kỳ"
NO_RANK: Final = "Chỉ xếp hạng từng dòng có tên, không xếp dòng tổng, «Khác» và «Không xác định»"
LOOSE_PERIODS: Final = "«Khác» gồm các kỳ rời nhau, nên không có kỳ trước hay lũy kế"
MANY_UNITS: Final = "Ô này gồm nhiều đơn vị hoặc nhiều vùng, nên không có một vùng hay một hạng để so"


class Figure(NamedTuple):
    """`reason` says why there is no value; empty when there is one, or when the group has no data at all."""

    value: Decimal | None
    reason: str = ""


Figures = Mapping[Keys, Figure]
NOTHING: Final = Figure(None, NO_DATA)


def first_reason(*figures: Figure) -> str:
    """Return why a result of these cannot be: what the first missing one says."""
    return next((one.reason or NO_DATA for one in figures if one.value is None), NO_DATA)


def difference(now: Figure, base: Figure) -> Figure:
    """Return now − base."""
    missing = _missing(now, base)
    return missing or Figure(_of(now) - _of(base))


def growth(now: Figure, base: Figure) -> Figure:
    """Return the difference in per cent of the base; none of a base that is zero, negative or not there."""
    missing = _missing(now, base)
    if missing:
        return missing
    if _of(base) <= 0:
        return Figure(None, ZERO_BASE if _of(base) == 0 else NEGATIVE_BASE)
    return Figure(100 * (_of(now) - _of(base)) / _of(base))


def share(part: Figure, whole: Figure) -> Figure:
    """Return part in per cent of whole."""
    if part.value is None:
        return Figure(None, part.reason or NO_DATA)
    return Figure(100 * part.value / whole.value) if whole.value else Figure(None, NO_SHARE)


def _missing(now: Figure, base: Figure) -> Figure | None:
    if now.value is None:
        return Figure(None, now.reason or NO_DATA)
    return Figure(None, _base_reason(base)) if base.value is None else None


def _base_reason(base: Figure) -> str:
    return base.reason if base.reason and base.reason != NO_DATA else NO_BASE


def _of(figure: Figure) -> Decimal:
    assert figure.value is not None
    return figure.value
