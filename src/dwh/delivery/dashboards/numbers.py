"""Reads answers for a board: totals by name, scales for charts, changes against the same period last year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dwh.datapath.semantic.answer import Answer, Column, Number, Row
from dwh.kernel import vi

_SCALES: Final = ((10**12, "nghìn tỷ đồng"), (10**9, "tỷ đồng"), (10**6, "triệu đồng"), (10**3, "nghìn đồng"))
ABOVE_SCALE: Final = 10  # a scale is used once the largest figure has two digits before the comma


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with what it needs to be read."""

    value: Number
    column: Column

    @property
    def parts(self) -> tuple[str, str]:
        """Return the number and its unit for a board: money in tỷ or triệu, counts in triệu when large."""
        if self.column.unit == "đồng":
            return vi.money_short(self.value)
        if self.column.unit == "%" or self.column.decimals:
            return vi.number(self.value, self.column.decimals), self.column.unit
        return vi.count_short(self.value, self.column.unit)

    @property
    def text(self) -> str:
        """Return number and unit in one: `96,84 %`."""
        number, unit = self.parts
        return number if self.value is None else f"{number}{vi.GAP}{unit}"

    @property
    def brief(self) -> str:
        """Return number and unit where room is short: `22,35 tỷ`."""
        return self.text.removesuffix(" đồng")

    @property
    def exact(self) -> str:
        """Return the whole number, as tables show it."""
        return vi.number(self.value, self.column.decimals)


def figures_of(row: Row | None, answer: Answer) -> dict[str, Figure]:
    """Return the values of one row by name; without a row every value is «no data»."""
    values: tuple[Number, ...] = row.values if row else (None,) * len(answer.values)
    return {column.name: Figure(value, column) for column, value in zip(answer.values, values, strict=True)}


def grand_total(answer: Answer) -> dict[str, Figure]:
    """Return the total of the whole question, computed by the engine, not from the rows."""
    return figures_of(next((row for row in answer.rows if all(k is None for k in row.keys)), None), answer)


def short_name(label: str) -> str:
    """Return a unit's name without the words all its neighbours share."""
    return label.removeprefix("BHXH cơ sở ")


def members(answer: Answer) -> list[Row]:
    """Return the rows that are no total."""
    return [row for row in answer.rows if not row.total_over]


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure moved against the same period last year: `9,4 %`, or `0,40 điểm` for a rate."""

    text: str
    direction: str  # up | down | same
    tone: str  # pos | neg | ""


def change(now: Figure, before: Figure | None, better: str) -> Change | None:
    """Return the change, or None where either period has no figure to compare."""
    if before is None or now.value is None or before.value is None:
        return None
    is_rate = now.column.unit == "%"
    if not is_rate and not before.value:
        return None
    decimals = now.column.decimals if is_rate else 1
    moved = Decimal(now.value) - Decimal(before.value)
    shown = vi.rounded(moved if is_rate else 100 * moved / abs(Decimal(before.value)), decimals)
    unit = "điểm" if is_rate else "%"
    direction = "up" if shown > 0 else "down" if shown < 0 else "same"
    tone = "" if better == "none" or direction == "same" else "pos" if direction == better else "neg"
    return Change(f"{vi.number(abs(shown), decimals)}{vi.GAP}{unit}", direction, tone)


@dataclass(frozen=True, slots=True)
class Scale:
    """The unit of a chart's axis and how its labels are written."""

    size: int
    unit: str
    decimals: int

    def number(self, value: Number) -> float | None:
        return None if value is None else float(vi.rounded(Decimal(value) / self.size, self.decimals + 3))

    def text(self, value: Number) -> str:
        return vi.NO_DATA if value is None else vi.number(Decimal(value) / self.size, self.decimals)


def scale_of(largest: Number, unit: str) -> Scale:
    """Return the scale in which the largest figure of a drawing reads well; `đồng/lượt` keeps its `/lượt`."""
    money, per, what = unit.partition("/")
    if money != "đồng" or not largest:
        return Scale(1, unit, 0)
    size, name = next(((s, n) for s, n in _SCALES if largest >= ABOVE_SCALE * s), _SCALES[-1])
    return Scale(size, f"{name}{per}{what}", 1 if largest / size < 1000 else 0)


def by_keys(answer: Answer) -> Mapping[tuple[str | None, ...], Row]:
    """Return the rows by their keys; a total has None where it adds up."""
    return {row.keys: row for row in answer.rows}
