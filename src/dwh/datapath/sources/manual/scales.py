"""Whether an amount is written in đồng, nghìn, triệu or tỷ: what the header says is not believed, the size decides.

Real exports head a column «tỷ đ» and fill it with đồng. The only scale with which the whole file, and the last load,
make sense is taken; where none or several do, the file is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dwh.datapath.sources.files.problem import FileRefused, Problem
from dwh.datapath.sources.manual.headers import FoundColumn
from dwh.datapath.sources.manual.layout import Layout, Level, UnitRule
from dwh.kernel import vi

POWERS: Final = {0: "đồng", 3: "nghìn đồng", 6: "triệu đồng", 9: "tỷ đồng"}
_FAR = 20  # times the last load, per month, beyond which a scale is not believed
_ROW_MARGIN = 50  # one facility may lie this far outside what a whole file may be
CHECK_UNIT = "kiểm tra đơn vị tính của cột tiền, xuất lại rồi xem trước lại"
Values = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of one group of money columns: values are multiplied by ten to `power`."""

    group: str
    power: int
    said: int | None  # by the header

    @property
    def factor(self) -> Decimal:
        return Decimal(10) ** self.power

    @property
    def note(self) -> str:
        """Return what people should know: the header says otherwise. '' when it does not."""
        if self.said is None or self.said == self.power:
            return ""
        return f"Tiêu đề ghi «{POWERS[self.said]}» nhưng giá trị là {POWERS[self.power]}."


def find_scales(
    layout: Layout,
    rows: Sequence[Values],
    columns: Mapping[str, FoundColumn],
    *,
    level: Level,
    last: Mapping[str, float],
) -> dict[str, Scale]:
    """Return the scale of each group. `rows` make the whole: the country's row, or all of the lowest level.

    `last` is the size each group had in the last load of the same export, per month; empty before there was one.

    Raises:
        FileRefused: no scale makes the file believable, or more than one does.
    """
    return {rule.group: _scale(layout, rule, rows, columns, level, last) for rule in layout.units}


def size_of(rule: UnitRule, rows: Sequence[Values]) -> Decimal | None:
    """Return what the rule weighs: a sum by another sum, a sum, or the middle one of averages."""
    values = sorted(value for row in rows if (value := row.get(rule.of)) is not None and value != 0)
    if not values:
        return None
    if rule.per:
        visits = sum((row.get(rule.per) or Decimal(0) for row in rows), Decimal(0))
        return sum(values, Decimal(0)) / visits if visits else None
    return sum(values, Decimal(0)) if rule.group != "average" else values[len(values) // 2]


def is_believable(rule: UnitRule, row: Values) -> bool:
    """Tell whether one row, scaled, lies anywhere near: amounts in thousands among đồng are found (D-41)."""
    if "any" not in rule.between:
        return True
    size, (low, high) = size_of(rule, [row]), rule.between["any"]
    return size is None or Decimal(low) / _ROW_MARGIN <= size <= Decimal(high) * _ROW_MARGIN


def _scale(
    layout: Layout,
    rule: UnitRule,
    rows: Sequence[Values],
    columns: Mapping[str, FoundColumn],
    level: Level,
    last: Mapping[str, float],
) -> Scale:
    powers = {found.power for c in layout.figures if c.unit == rule.group and (found := columns.get(c.name))}
    told = powers - {None}
    said = told.pop() if len(told) == 1 else None
    size = size_of(rule, rows)
    if size is None:
        return Scale(rule.group, said or 0, said)
    low, high = (Decimal(bound) for bound in rule.bounds(level))
    fitting = [power for power in POWERS if low <= size * 10**power <= high]
    before = last.get(rule.group)
    if before:
        near = [p for p in fitting if 1 / _FAR <= float(size * 10**p) / before <= _FAR]
        fitting = near
    if len(fitting) != 1:
        raise _refused(layout, rule, size, before)
    return Scale(rule.group, fitting[0], said)


def _refused(layout: Layout, rule: UnitRule, size: Decimal, before: float | None) -> FileRefused:
    label = layout.column(rule.of).label
    weighed = f"{label} trên một lượt" if rule.per else label
    beside = f", lần nạp trước là {vi.number(before)} đồng" if before else ""
    what = (
        f"không rõ đơn vị tính: {weighed} là {vi.number(size, 2)}{beside}; không đơn vị nào trong "
        f"{', '.join(POWERS.values())} cho số hợp lý"
    )
    return FileRefused(Problem("XLS-21", what.replace(";", ","), CHECK_UNIT))
