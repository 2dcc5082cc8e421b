"""The field panel of one subject: what may be dragged, with its unit, kind and levels. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dwh.kernel.errors import NotFound

OPEN_DIMENSIONS = ("org", "month")  # shown with their levels from the start
HEADS = frozenset({"người", "đơn vị", "cơ sở", "lượt người"})
ADDITIVITY_HELP = {
    "all": "Cộng được theo mọi chiều.",
    "none": "Không cộng được: dòng tổng do máy chủ tính lại từ số gốc.",
    "last": "Số tại tháng cuối kỳ, không cộng qua các tháng.",
    "first": "Số tại tháng đầu kỳ, không cộng qua các tháng.",
    "average": "Bình quân số cuối tháng của kỳ, không cộng qua các tháng.",
}


@dataclass(frozen=True, slots=True)
class MeasureField:
    """One measure or indicator; `glyph` is Σ, % or `heads` (drawn as people)."""

    name: str
    label: str
    unit: str
    glyph: str
    help: str


@dataclass(frozen=True, slots=True)
class LevelField:
    field: str
    label: str


@dataclass(frozen=True, slots=True)
class DimensionField:
    name: str
    label: str
    period: bool
    levels: tuple[LevelField, ...]
    default: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class FieldPanel:
    """All fields of a subject a person may use."""

    subject: str
    label: str
    measures: tuple[MeasureField, ...]
    dimensions: tuple[DimensionField, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the names and labels pivot.js needs; it knows nothing else of a field."""
        return {
            "subject": self.subject,
            "measures": {one.name: {"label": one.label, "unit": one.unit} for one in self.measures},
            "dimensions": {one.name: _dimension_json(one) for one in self.dimensions},
        }

    def label_of(self, field: str) -> str:
        """Return what people call a measure, a dimension or a level."""
        labels = {one.name: one.label for one in self.measures}
        for dimension in self.dimensions:
            labels[dimension.name] = dimension.label
            labels |= {level.field: level.label for level in dimension.levels}
        return labels.get(field, field)


def _dimension_json(one: DimensionField) -> dict[str, Any]:
    levels = [{"field": level.field, "label": level.label} for level in one.levels]
    return {"label": one.label, "period": one.period, "default": one.default, "levels": levels}


def subject_in(catalog: dict[str, Any], name: str) -> dict[str, Any]:
    """Return subject `name` of a catalogue cut to one person's rights.

    Raises:
        NotFound: no such subject for this person.
    """
    for subject in catalog["subjects"]:
        if subject["name"] == name:
            found: dict[str, Any] = subject
            return found
    raise NotFound(
        "Không có chủ đề phân tích này trong quyền của ông/bà. Chọn chủ đề khác ở trang Phân tích."
    )


def panel_of(subject: dict[str, Any]) -> FieldPanel:
    """Return the field panel of a catalogue's subject: measures first, then indicators."""
    return FieldPanel(
        subject["name"],
        subject["label"],
        tuple(_measure(one) for one in (*subject["measures"], *subject["indicators"])),
        tuple(_dimension(one) for one in subject["dimensions"]),
    )


def _measure(one: dict[str, Any]) -> MeasureField:
    additive = one["additive"] if isinstance(one["additive"], str) else one["additive"]["take"]
    glyph = "%" if one["unit"] == "%" else "heads" if one["unit"] in HEADS else "Σ"
    draft = " Công thức dự thảo, chờ đơn vị phụ trách duyệt." if one.get("status") == "draft" else ""
    words = f"{one.get('description', '')} {ADDITIVITY_HELP[additive]}{draft}".strip()
    return MeasureField(one["name"], one["label"], one["unit"], glyph, words)


def _dimension(one: dict[str, Any]) -> DimensionField:
    levels = tuple(LevelField(level["name"], level["label"]) for level in one["levels"])
    return DimensionField(
        one["name"],
        one["label"],
        one["kind"] == "period",
        levels,
        one["default"],
        one["name"] in OPEN_DIMENSIONS,
    )
