"""How an answer is shown: table or chart, unit of money, kind of chart, conditional formats. It changes no question.

Screen, saved analyses and the workbook read the same document; whatever it does not understand is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal, cast

from dwh.kernel.errors import Invalid

SHOWN: Final = ("table", "chart")
UNITS: Final = ("dong", "trieu", "ty")
CHARTS: Final = {
    "auto": "Tự chọn", "line": "Đường", "bar": "Thanh", "stacked": "Thanh chồng", "area": "Miền",
    "scatter": "Điểm (phân tán)", "heat": "Bản đồ nhiệt", "pareto": "Pareto", "map": "Bản đồ tỉnh, thành phố",
}  # fmt: skip
KINDS: Final = {"scale": "Thang màu", "bars": "Thanh dữ liệu", "threshold": "Ngưỡng"}
OPS: Final = {"lt": "nhỏ hơn", "lte": "không quá", "gt": "lớn hơn", "gte": "từ", "between": "trong khoảng"}
LOOKS: Final = {"bad": "Cần chú ý", "good": "Tốt", "note": "Đánh dấu"}
MAX_FORMATS: Final = 12
KEYS: Final = frozenset({"shown", "unit", "chart", "formats"})


@dataclass(frozen=True, slots=True)
class Format:
    """One conditional format of a measure. `at` are its limits. Units: those of the measure, money in đồng."""

    value: str
    kind: Literal["scale", "bars", "threshold"]
    op: str = ""
    at: tuple[Decimal, ...] = ()
    look: str = ""

    def holds(self, number: Decimal) -> bool:
        """Tell whether a number is on the marked side of a threshold."""
        low, high = self.at[0], self.at[-1]
        return {
            "lt": number < low, "lte": number <= low, "gt": number > low, "gte": number >= low,
            "between": low <= number <= high,
        }[self.op]  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        if self.kind != "threshold":
            return {"value": self.value, "kind": self.kind}
        at = [format(one, "f") for one in self.at]
        return {"value": self.value, "kind": self.kind, "op": self.op, "at": at, "look": self.look}


@dataclass(frozen=True, slots=True)
class View:
    """How one answer is shown. Immutable, so that it can be stored beside the question."""

    shown: str = "table"
    unit: str = "dong"
    chart: str = "auto"
    formats: tuple[Format, ...] = ()

    @classmethod
    def from_json(cls, document: Any) -> View:
        """Return the view of a decoded document.

        Raises:
            Invalid: an unknown key or word, too many formats, a limit that is no number.
        """
        if not isinstance(document, Mapping) or set(document) - KEYS:
            raise Invalid("Cách xem không đúng dạng. Tải lại trang rồi chọn lại cách xem.")
        formats = document.get("formats", [])
        if not isinstance(formats, list) or len(formats) > MAX_FORMATS:
            raise Invalid(f"Định dạng theo điều kiện có nhiều nhất {MAX_FORMATS} mục. Bớt đi rồi thử lại.")
        return cls(
            shown=_one_of(document.get("shown", "table"), SHOWN, "Cách xem"),
            unit=_one_of(document.get("unit", "dong"), UNITS, "Đơn vị tiền"),
            chart=_one_of(document.get("chart", "auto"), CHARTS, "Kiểu biểu đồ"),
            formats=tuple(_format(one) for one in formats),
        )

    @classmethod
    def from_text(cls, text: str) -> View:
        """Return the view of a JSON text; of an empty one, the usual view. Raises Invalid as `from_json`."""
        try:
            return cls.from_json(json.loads(text) if text else {})
        except (ValueError, RecursionError) as broken:
            raise Invalid("Cách xem không đọc được. Tải lại trang rồi chọn lại cách xem.") from broken

    def to_json(self) -> dict[str, Any]:
        return {
            "shown": self.shown,
            "unit": self.unit,
            "chart": self.chart,
            "formats": [one.to_json() for one in self.formats],
        }


def view_of(shown: str, unit: str, chart: str, formats: str) -> View:
    """Return the view of the words an address or a form carries; an empty word is the usual one.

    Raises:
        Invalid: a word that is none of them, or formats that cannot be read.
    """
    try:
        listed = json.loads(formats) if formats else []
    except (ValueError, RecursionError) as broken:
        raise Invalid("Định dạng theo điều kiện không đọc được. Tải lại trang rồi đặt lại.") from broken
    said = {"shown": shown, "unit": unit, "chart": chart}
    return View.from_json({name: word for name, word in said.items() if word} | {"formats": listed})


def _one_of(word: Any, known: Any, what: str) -> str:
    if not isinstance(word, str) or word not in known:
        raise Invalid(f"{what} «{str(word)[:40]}» không có. Chọn: {', '.join(known)}.")
    return word


def _format(one: Any) -> Format:
    if not isinstance(one, Mapping) or set(one) - {"value", "kind", "op", "at", "look"}:
        raise Invalid("Một định dạng theo điều kiện không đúng dạng. Xóa nó rồi đặt lại.")
    value = one.get("value")
    kind = cast('Literal["scale", "bars", "threshold"]', _one_of(one.get("kind"), KINDS, "Kiểu định dạng"))
    if not isinstance(value, str) or not value or len(value) > 80:
        raise Invalid("Định dạng theo điều kiện phải chọn một chỉ tiêu.")
    if kind != "threshold":
        return Format(value, kind)
    op, look = _one_of(one.get("op"), OPS, "Phép so sánh"), _one_of(one.get("look"), LOOKS, "Cách đánh dấu")
    limits = one.get("at")
    if not isinstance(limits, list) or len(limits) != (2 if op == "between" else 1):
        raise Invalid("Ngưỡng cần một số; «trong khoảng» cần hai số. Nhập lại ngưỡng.")
    return Format(value, kind, op, tuple(sorted(_number(limit) for limit in limits)), look)


def _number(text: Any) -> Decimal:
    try:
        number = Decimal(text) if isinstance(text, str) and len(text) <= 30 else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number.adjusted() > 24:  # longer than any figure here, and never 1e999999
        raise Invalid(f"Ngưỡng «{str(text)[:30]}» không phải là số. Nhập số như 94.5.")
    return number
