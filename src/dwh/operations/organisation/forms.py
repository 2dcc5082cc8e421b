"""What a person typed about a reorganisation, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from dwh.datapath.sources.org_events import EventKind
from dwh.kernel.errors import Invalid
from dwh.kernel.org.scope import Tier
from dwh.operations.organisation.rules import KIND_LABELS, MOST_PARTS, NewUnit, Wish

OLDS = {"merge": MOST_PARTS, "split": 1, "move": MOST_PARTS, "rename": 1, "abolish": MOST_PARTS, "create": 0}
NEWS = {"merge": 1, "split": MOST_PARTS, "move": 1, "rename": 1, "abolish": 0, "create": 1}
HELP = {
    "merge": "Các đơn vị cũ kết thúc, một đơn vị mới (hoặc một đơn vị đang có) nhận toàn bộ. Phòng, BHXH cơ sở trực"
    " thuộc tự động chuyển theo.",
    "split": "Một đơn vị kết thúc, nhiều đơn vị mới nhận phần việc. Số liệu các kỳ trước không tách được chính xác nên"
    " đứng chung một dòng gộp tên; tỷ lệ chỉ để đơn vị nhận phần lớn hơn giữ hồ sơ cũ.",
    "move": "Đơn vị kết thúc ở cấp trên cũ và bắt đầu ở cấp trên mới, cùng tên, cùng đuôi mã nếu còn trống.",
    "rename": "Đơn vị giữ nguyên mã và số liệu; tên cũ vẫn đứng trên văn bản, báo cáo của những ngày trước.",
    "abolish": "Đơn vị và các đơn vị trực thuộc kết thúc, không có đơn vị nhận. Số liệu cũ vẫn đứng tên đơn vị cũ.",
    "create": "Một đơn vị bắt đầu từ ngày hiệu lực, không nhận số liệu của đơn vị nào.",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """Which parts of the form a kind of event has."""

    kind: EventKind
    label: str
    about: str
    olds: range
    news: range

    @property
    def has_into(self) -> bool:
        return self.kind == "merge"

    @property
    def has_share(self) -> bool:
        return self.kind == "split"

    @property
    def names_unit(self) -> bool:
        """Does the new unit have a code of its own?"""
        return self.kind not in ("rename", "abolish")

    @property
    def has_tier(self) -> bool:
        return self.kind == "create"


def shape_of(asked: Mapping[str, str]) -> Shape:
    """Return the form of the kind that was asked for, merging when none was."""
    named = asked.get("loai", "merge")
    kind: EventKind = named if named in KIND_LABELS else "merge"
    return Shape(kind, KIND_LABELS[kind], HELP[kind], range(OLDS[kind]), range(NEWS[kind]))


def wish_of(typed: QueryDict) -> Wish:
    """Return the event that was typed; lines left empty do not count.

    Raises: Invalid when the day is none.
    """
    shape = shape_of(typed.dict())  # type: ignore[arg-type]
    news = [NewUnit(*(_word(typed, f"{part}_{at}") for part in _PARTS)) for at in shape.news]
    is_one = len(shape.news) == 1
    return Wish(
        shape.kind, _day(typed.get("hieu_luc", "")), typed.get("van_ban", ""),
        typed.get("ly_do", ""), tuple(code for at in shape.olds if (code := _code(typed, f"cu_{at}"))),
        tuple(unit for unit in news if is_one or unit.name), _code(typed, "vao"),
    )  # fmt: skip


def rows_of(shape: Shape, typed: Mapping[str, str]) -> dict[str, object]:
    """Return the lines of the form with what was typed in them."""
    return {
        "olds": [(at, typed.get(f"cu_{at}", "")) for at in shape.olds],
        "news": [(at, {part: typed.get(f"{part}_{at}", "") for part in _PARTS}) for at in shape.news],
    }


_PARTS = ("ten", "ma", "cap_tren", "ma_co_quan", "ty_le", "cap")
TIERS = {str(tier): label for tier, label in {
    Tier.CENTRAL: "Đơn vị trung ương", Tier.PROVINCE: "Tỉnh, thành phố", Tier.OFFICE: "BHXH cơ sở",
    Tier.DEPARTMENT: "Phòng, bộ phận",
}.items()}  # fmt: skip


def _word(typed: QueryDict, name: str) -> str:
    return _code(typed, name) if name.startswith("cap_tren") else str(typed.get(name, "")).strip()


def _code(typed: QueryDict, name: str) -> str:
    """Return the code of «code – name» as the list of suggestions writes it, or of a code typed alone."""
    return str(typed.get(name, "")).partition(" – ")[0].strip()


def _day(text: str) -> date:
    if not text.strip():
        raise Invalid("Chọn ngày thay đổi có hiệu lực.")
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("Ngày hiệu lực không đúng. Chọn lại ngày.") from None
