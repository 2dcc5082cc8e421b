"""What stands over a calculated column: label, unit, decimals. Given by the person, else by the kind and its value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from dwh.datapath.semantic.answer import Column
from dwh.datapath.semantic.calculations.document import Calculation
from dwh.datapath.semantic.calculations.workings import reads

_SAID: Final = {
    "previous": "kỳ trước",
    "same_last_year": "cùng kỳ năm trước",
    "year_to_date": "lũy kế từ đầu năm",
    "cumulative": "lũy kế các kỳ",
    "share_of_total": "tỷ trọng trong tổng",
    "share_of_parent": "tỷ trọng trong cấp trên",
    "share_of_column": "tỷ trọng trong cột",
    "rank": "xếp hạng",
    "nation": "toàn quốc",
    "region": "vùng của đơn vị",
    "peers": "đơn vị cùng cấp",
    "difference": "chênh lệch so với",
    "growth": "tăng trưởng so với",
}
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*(?::[a-z][a-z0-9_]*)?")
_POINTS: Final = "điểm %"


def column_of(one: Calculation, known: Mapping[str, Column]) -> Column:
    """Return the column of a calculation; `known` are the columns of the values and of those before it."""
    of = [known[name] for name in reads(one)]
    kind = one.is_of
    unit, decimals = (kind.unit, kind.decimals) if kind.unit is not None else (of[0].unit, of[0].decimals)
    if one.kind == "difference" and unit == "%":
        unit = _POINTS  # two percentages differ by points
    if one.kind == "formula" and len({column.unit for column in of}) == 1 and _adds(one):
        unit, decimals = of[0].unit, max(column.decimals for column in of)
    return Column(
        name=one.name,
        label=one.label or _label(one, of),
        kind="measure",
        unit=unit if one.unit is None else one.unit,
        decimals=(decimals or 0) if one.decimals is None else one.decimals,
        additive="none",
        description=kind.description,
    )


def _label(one: Calculation, of: list[Column]) -> str:
    if one.kind == "formula":
        words = {column.name: column.label for column in of}
        return _NAME.sub(lambda found: words.get(found[0], found[0]), one.formula)[:120]
    if one.kind == "moving_average":
        return f"{of[0].label}, trung bình trượt {one.periods} kỳ"
    against = f" {_SAID[one.base]}" if one.base else ""
    return f"{of[0].label}, {_SAID[one.kind]}{against}"


def _adds(one: Calculation) -> bool:
    """Tell whether a formula keeps the unit of what it reads."""
    return "*" not in one.formula and "/" not in one.formula
