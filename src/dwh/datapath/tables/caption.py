"""What stands around a table in words: title, period, conditions, footnotes. Pure; screen and files share it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dwh.datapath.semantic.periods import period_label
from dwh.datapath.semantic.query import Filter, Query
from dwh.datapath.semantic.words import Subject
from dwh.datapath.tables.pivot import PivotTable
from dwh.kernel.vi import month_vi

Labels = Mapping[tuple[str, str], str]  # (field, key) -> what people call the member
_TAKEN: Final = {
    "last": "số tại tháng cuối kỳ",
    "first": "số tại tháng đầu kỳ",
    "average": "bình quân số cuối tháng của kỳ",
}


def title_of(query: Query, subject: Subject) -> str:
    """Return «Thu BHXH, BHYT, BHTN theo tỉnh, thành phố và năm»."""
    axes = [
        " › ".join(_in_sentence(subject.field(name).label) for name in axis)
        for axis in (query.rows, query.columns)
        if axis
    ]
    return f"{subject.label} theo {' và '.join(axes)}" if axes else subject.label


def period_of(query: Query, subject: Subject, data_until: str) -> str:
    """Return the period of the figures: what the filters say, and the last month that has data."""
    said = [
        condition_of(one, {})
        for one in query.filters
        if subject.field(one.field).dimension.kind == "period"
    ]  # fmt: skip
    until = f"số liệu đến hết tháng {month_vi(data_until)}"
    return f"{'; '.join(said)}, {until}" if said else until[0].upper() + until[1:]


def condition_of(one: Filter, labels: Labels) -> str:
    """Return what a filter says: «Hà Nội, Đà Nẵng», «trừ 3/2025», «từ 1/2025 đến 6/2025»."""
    names = [labels.get((one.field, key)) or _period_or_key(key) for key in one.values]
    if one.op == "between":
        return f"từ {names[0]} đến {names[1]}"
    if one.op in ("gte", "lte"):
        return f"{'từ' if one.op == 'gte' else 'đến'} {names[0]}"
    return f"{'trừ ' if one.op == 'not_in' else ''}{', '.join(names)}"


def footnotes_of(table: PivotTable) -> dict[str, str]:
    """Return the note of each measure that needs one, by measure name: stocks and draft formulas."""
    notes = {}
    for measure in table.measures:
        if measure.additive in _TAKEN:
            notes[measure.name] = f"{measure.label} là {_TAKEN[measure.additive]}, không cộng qua các tháng."
        elif measure.status == "draft":
            notes[measure.name] = f"{measure.label}: công thức dự thảo, chờ đơn vị phụ trách duyệt."
    return notes


def _period_or_key(key: str) -> str:
    head, _, tail = key.partition("-")
    is_period = (
        len(head) == 4 and head.isdigit() and (not tail or tail.isdigit() or tail in {"Q1", "Q2", "Q3", "Q4"})
    )
    return period_label(key) if is_period else key


def _in_sentence(label: str) -> str:
    return label[0].lower() + label[1:] if label[1:2].islower() else label
