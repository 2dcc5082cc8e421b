"""Which technical parameters there are, what may be typed, which value is in force. Functions over plain values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from dwh.datapath.settings import DataPathSettings, SourceSettings
from dwh.kernel import vi
from dwh.kernel.errors import Invalid
from dwh.kernel.law import QC_DWH, cites

LONGEST_AHEAD = timedelta(days=366)  # ours: a change set further ahead is forgotten before it comes
_HOURS = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII)
_MEMORY = re.compile(r"(\d+(?:\.\d+)?)\s*(KB|MB|GB|TB|KiB|MiB|GiB|TiB)", re.IGNORECASE)
_MB = {
    "kb": 1e-3, "mb": 1, "gb": 1e3, "tb": 1e6,
    "kib": 1024 / 1e6, "mib": 1024**2 / 1e6, "gib": 1024**3 / 1e6, "tib": 1024**4 / 1e6,
}  # fmt: skip


class Kind(StrEnum):
    NUMBER = "number"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value people may set. `optional`: nothing typed means no limit."""

    code: str
    label: str
    about: str
    unit: str = ""
    kind: Kind = Kind.NUMBER
    low: int = 0
    high: int = 0
    optional: bool = False

    @property
    def source(self) -> str:
        """Return the source system it is about, nothing when it is about the builder."""
        return self.code.split(".")[1] if self.code.startswith("source.") else ""

    @property
    def allowed(self) -> str:
        """Return what may be typed, in words."""
        if self.kind == Kind.HOURS:
            return "khung giờ viết như 22:00-05:00, để trống là đọc mọi giờ"
        words = f"số nguyên từ {vi.number(self.low)} đến {vi.number(self.high)}"
        return f"{words}, để trống là không giới hạn" if self.optional else words


BUILDER = (
    Parameter(
        "build.memory_mb", "Bộ nhớ khi tổng hợp",
        "Quá mức này máy tính dữ liệu ghi tạm ra đĩa thay vì dừng.", "MB", low=256, high=4_000_000,
    ),
    Parameter("build.threads", "Số luồng khi tổng hợp", "Không nên quá số lõi của máy chủ.", "luồng", low=1, high=512),
    Parameter(
        "sync.sources", "Số nguồn đọc cùng lúc",
        "Mỗi nguồn là một hệ thống riêng; đọc nhiều nguồn một lúc cần nhiều bộ nhớ hơn.", "nguồn", low=1, high=16,
    ),
    Parameter(
        "loss.percent", "Mức giảm phải dừng, theo tỷ lệ",
        "Bảng nguồn mất hơn tỷ lệ này và hơn số dòng bên dưới thì không tổng hợp.", "%", low=1, high=100,
    ),
    Parameter(
        "loss.rows", "Mức giảm phải dừng, theo số dòng",
        "Đi cùng tỷ lệ ở trên: bảng nhỏ giảm vài dòng không phải là sự cố.", "dòng", low=0, high=1_000_000_000,
    ),
    Parameter(
        "check.free_percent", "Ngưỡng cảnh báo chỗ trống trên đĩa",
        "Lần kiểm tra CSDL hằng tháng cảnh báo khi đĩa còn trống dưới tỷ lệ này.", "%", low=1, high=90,
    ),
)  # fmt: skip


@cites(QC_DWH.art("3.1"), QC_DWH.art("12.1"))
def parameters_of(source: str, label: str) -> tuple[Parameter, Parameter]:
    """Return the parameters of reading one source without harm to it."""
    return (
        Parameter(
            f"source.{source}.max_rows_s", f"{label}: tốc độ đọc tối đa",
            "Không đọc nhanh hơn, để phần mềm nghiệp vụ không chậm đi.", "dòng/giây",
            low=100, high=100_000_000, optional=True,
        ),
        Parameter(
            f"source.{source}.window", f"{label}: khung giờ được đọc", "Ngoài khung giờ này nguồn không bị đọc.",
            "", Kind.HOURS, optional=True,
        ),
    )  # fmt: skip


def read_value(parameter: Parameter, text: str) -> str:
    """Return what was typed in its one written form; nothing for no limit.

    Raises:
        Invalid: it is not a value of this parameter.
    """
    value = re.sub(r"[\s–]", lambda found: "-" if found[0] == "–" else "", text)
    if not value and parameter.optional:
        return ""
    if parameter.kind == Kind.HOURS:
        opens, _, closes = value.partition("-")
        if _HOURS.fullmatch(value) and opens != closes:
            return value
    else:
        digits = value.replace(".", "")  # 1.000 as people write it
        if re.fullmatch(r"[0-9]{1,12}", digits) and parameter.low <= int(digits) <= parameter.high:
            return str(int(digits))
    raise Invalid(f"«{parameter.label}» nhận {parameter.allowed}. Sửa lại rồi lưu.", parameter=parameter.code)


@cites(QC_DWH.art("12.1"))
def begins(asked: datetime | None, now: datetime) -> datetime:
    """Return when a change takes effect: at once, or at the moment asked for.

    Raises:
        Invalid: that moment is over, or more than a year ahead.
    """
    if asked is None:
        return now
    if asked < now - timedelta(minutes=1):
        raise Invalid(
            "Thời điểm hiệu lực đã qua. Chọn thời điểm sau bây giờ, hoặc để trống để có hiệu lực ngay."
        )
    if asked > now + LONGEST_AHEAD:
        raise Invalid("Thời điểm hiệu lực cách quá một năm. Chọn thời điểm gần hơn.")
    return max(asked, now)


class Change(Protocol):
    """What the rule needs to know of a change."""

    pk: int
    code: str
    value: str
    takes_effect_at: datetime
    withdrawn_at: datetime | None


def values_in_force(changes: Iterable[Change], moment: datetime) -> dict[str, str]:
    """Return code → value of every parameter somebody has set, as it holds at a moment."""
    held = [c for c in changes if c.withdrawn_at is None and c.takes_effect_at <= moment]
    return {c.code: c.value for c in sorted(held, key=lambda c: (c.takes_effect_at, c.pk))}


def configured(settings: DataPathSettings, sources: Iterable[str]) -> dict[str, str]:
    """Return code → value as the configuration of the machine gives them, before anybody set anything."""
    memory = _MEMORY.fullmatch(settings.memory_limit.strip())
    values = {
        "build.memory_mb": str(round(float(memory[1]) * _MB[memory[2].lower()])) if memory else "",
        "build.threads": str(settings.threads),
        "sync.sources": str(settings.sources_at_once),
        "loss.percent": str(settings.loss_percent),
        "loss.rows": str(settings.loss_rows),
        "check.free_percent": str(settings.free_percent),
    }
    for source in sources:
        reading = settings.reading.get(source, SourceSettings())
        values[f"source.{source}.max_rows_s"] = str(reading.max_rows_s or "")
        values[f"source.{source}.window"] = str(reading.window).replace("–", "-") if reading.window else ""
    return values
