"""The kinds of calculation: what people call them and which keys each one needs. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

BASES: Final = ("previous", "same_last_year")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. `needs` are its keys beside name and kind; `time`: it needs a period; `rows`: a row axis."""

    name: str
    label: str
    description: str
    needs: tuple[str, ...] = ("of",)
    time: bool = False
    rows: bool = False
    unit: str | None = None  # None: that of `of`
    decimals: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.name, "label": self.label, "description": self.description, "needs": list(self.needs),
            "needs_period": self.time, "needs_rows": self.rows, "unit": self.unit,
        }  # fmt: skip


_ALL: Final = (
    Kind("previous", "Kỳ trước", "Giá trị của kỳ liền trước, cùng độ dài (tháng, quý, năm).", time=True),
    Kind("same_last_year", "Cùng kỳ năm trước", "Giá trị của cùng kỳ năm trước.", time=True),
    Kind("difference", "Chênh lệch", "Kỳ này trừ kỳ gốc: kỳ liền trước hoặc cùng kỳ năm trước.", ("of", "base"),
         time=True),
    Kind("growth", "Tăng trưởng", "Chênh lệch so với kỳ gốc, tính theo phần trăm của kỳ gốc.", ("of", "base"),
         time=True, unit="%", decimals=2),
    Kind("year_to_date", "Lũy kế từ đầu năm", "Từ tháng 1 của năm đến hết kỳ; người đếm lại một lần.", time=True),
    Kind("cumulative", "Lũy kế các kỳ", "Từ kỳ đầu tiên của câu hỏi đến hết kỳ; người đếm lại một lần.", time=True),
    Kind("moving_average", "Trung bình trượt", "Trung bình của n kỳ liền nhau, tính cả kỳ này; tỷ lệ tính lại từ tổng.",
         ("of", "periods"), time=True),
    Kind("share_of_total", "Tỷ trọng trong tổng", "Phần trăm của toàn bộ câu hỏi.", unit="%", decimals=2),
    Kind("share_of_parent", "Tỷ trọng trong cấp trên", "Phần trăm của dòng cha, cùng cột.", rows=True, unit="%",
         decimals=2),
    Kind("share_of_column", "Tỷ trọng trong cột", "Phần trăm của tổng cả cột.", unit="%", decimals=2),
    Kind("rank", "Xếp hạng", "Thứ hạng giữa các dòng cùng cha, lớn nhất là 1.", rows=True, unit="", decimals=0),
    Kind("nation", "Toàn quốc", "Giá trị của cả nước, tỷ lệ tính từ tổng tử số và tổng mẫu số."),
    Kind("region", "Vùng của đơn vị", "Giá trị của vùng có đơn vị, tỷ lệ tính từ tổng tử số và tổng mẫu số."),
    Kind("peers", "Đơn vị cùng hạng", "Giá trị gộp của mọi đơn vị cùng cấp, kể cả đơn vị đó."),
    Kind("formula", "Công thức", "Phép tính trên các chỉ tiêu của bảng: + - * / ( ) abs min max total.", ("formula",),
         unit="", decimals=2),
)  # fmt: skip
KINDS: Final = {kind.name: kind for kind in _ALL}
COMPARED: Final = ("nation", "region", "peers")
SHARES: Final = ("share_of_total", "share_of_parent", "share_of_column")
RUNNING: Final = ("year_to_date", "cumulative", "moving_average")
