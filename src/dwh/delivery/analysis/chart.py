"""The chart of an arranged answer: one measure, at most 15 names and 5 series, formatted on the server. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from dwh.datapath.semantic.answer import Answer, Column, Number
from dwh.datapath.tables.outline import ROOT, Line, outline
from dwh.datapath.tables.pivot import PivotTable
from dwh.kernel import vi

MAX_NAMES: Final = 15
MAX_SERIES: Final = 5
MAX_MONTHS: Final = 36
PERIOD_LEVELS: Final = frozenset({"year", "quarter", "month"})
SCALES: Final = ((10**9, "tỷ đồng"), (10**6, "triệu đồng"))


@dataclass(frozen=True, slots=True)
class Series:
    """One row of marks. Units: the chart's."""

    name: str
    values: tuple[Number, ...]
    open: bool = False  # it still receives data: drawn hatched


@dataclass(frozen=True, slots=True)
class Chart:
    """What charts.js draws, and what stands around it in words."""

    title: str
    unit: str
    note: str
    data: dict[str, Any]


def chart_of(table: PivotTable, answer: Answer, *, data_until: str) -> Chart | None:
    """Return the chart of the first measure; None when there is nothing to draw.

    A period makes lines over time; sums that add over the columns are stacked; the rest stands side by side.
    """
    measure = table.measures[0]
    names, series, totals, left_out = _marks(table, data_until)
    drawn = [one for one in series if any(value is not None for value in one.values)]
    if not names or not drawn:
        return None
    scale, unit = _scale(measure, drawn)
    over_time = _is_period(table.row_fields[:1])
    stacked = len(drawn) > 1 and measure.additive == "all" and not over_time
    kind = "line" if over_time else "stacked" if stacked else "bar"
    return Chart(
        title=measure.label,
        unit=unit,
        note=_note(table, names, left_out, answer.state),
        data={
            "kind": kind,
            "horizontal": not over_time,
            "unit": unit,
            "names": names,
            "ordered": _is_period(table.column_fields[:1]),
            "totals": _texts(totals, scale, measure) if stacked and totals else None,
            "series": [_series_json(one, scale, measure) for one in drawn],
        },
    )


def _marks(table: PivotTable, data_until: str) -> tuple[list[str], list[Series], tuple[Number, ...], int]:
    """Return category names, series, the totals over the columns, and how many categories were left out."""
    places = [at for at, leaf in enumerate(table.leaves) if leaf.measure == table.measures[0]]
    parts = [at for at in places if not table.leaves[at].is_total]
    lines = [line for line in outline(table).children_of(ROOT) if line.cells is not None]
    if not table.row_fields:
        return _across(table, lines, parts)
    over_time = _is_period(table.row_fields[:1])
    kept = lines[-MAX_MONTHS:] if over_time else _largest(lines, places)
    series = [
        Series(_name(table, at), _column(kept, at), _is_open(table.leaves[at].keys, data_until))
        for at in parts[:MAX_SERIES]
    ]
    totals = _column(kept, places[-1]) if len(places) > len(parts) and len(parts) <= MAX_SERIES else ()
    return [line.label for line in kept], series, totals, len(lines) - len(kept)


def _across(
    table: PivotTable, lines: Sequence[Line], parts: list[int]
) -> tuple[list[str], list[Series], tuple[Number, ...], int]:
    """Return the columns as names when nothing lies on rows."""
    if not lines or not table.column_fields:
        return [], [], (), 0
    names = [_name(table, at) for at in parts[:MAX_NAMES]]
    values = tuple(_column(lines, at)[0] for at in parts[:MAX_NAMES])
    return names, [Series(table.measures[0].label, values)], (), max(0, len(parts) - MAX_NAMES)


def _name(table: PivotTable, at: int) -> str:
    return " · ".join(label or "" for label in table.leaves[at].labels) or table.measures[0].label


def _column(lines: Sequence[Line], at: int) -> tuple[Number, ...]:
    return tuple(line.cells[at].value if line.cells else None for line in lines)


def _is_open(keys: Sequence[str | None], data_until: str) -> bool:
    """Tell whether one of `keys` is the period of the last month that has data."""
    year, month = data_until.split("-")
    return bool({data_until, year, f"{year}-Q{(int(month) + 2) // 3}"} & set(keys))


def _largest(lines: list[Line], places: list[int]) -> list[Line]:
    """Return the MAX_NAMES lines with the largest total, in the order of the table."""
    if len(lines) <= MAX_NAMES:
        return lines
    last = places[-1]  # the total over the columns stands last

    def size(line: Line) -> Decimal:
        value = line.cells[last].value if line.cells else None
        return Decimal(value) if value is not None else Decimal("-Infinity")

    kept = {line.id for line in sorted(lines, key=size, reverse=True)[:MAX_NAMES]}
    return sorted((line for line in lines if line.id in kept), key=size, reverse=True)


def _is_period(fields: Sequence[Column]) -> bool:
    return any(one.name.rpartition(".")[2] in PERIOD_LEVELS for one in fields)


def _scale(measure: Column, series: list[Series]) -> tuple[int, str]:
    if measure.unit != "đồng":
        return 1, measure.unit
    largest = _largest_of(value for one in series for value in one.values)
    return next(((size, unit) for size, unit in SCALES if largest >= size), (1, "đồng"))


def _series_json(one: Series, scale: int, measure: Column) -> dict[str, Any]:
    return {
        "name": f"{one.name} (tạm tính)" if one.open else one.name,
        "values": [None if value is None else float(Decimal(value) / scale) for value in one.values],
        "texts": _texts(one.values, scale, measure),
        "open": one.open,
    }


def _texts(values: Sequence[Number], scale: int, measure: Column) -> list[str]:
    """Return the numbers as people read them, all with the same decimals."""
    if scale == 1:
        return [vi.number(value, measure.decimals) for value in values]
    largest = _largest_of(values)
    decimals = 0 if largest >= 1000 * scale else 1 if largest >= 10 * scale else 2
    return [vi.number(None if value is None else Decimal(value) / scale, decimals) for value in values]


def _largest_of(values: Iterable[Number]) -> Decimal:
    return max((abs(Decimal(value)) for value in values if value is not None), default=Decimal(0))


def _note(table: PivotTable, names: list[str], left_out: int, state: str) -> str:
    said = [f"Vẽ chỉ tiêu đầu tiên ở Giá trị: {table.measures[0].label}."]
    if left_out:
        said.append(f"{len(names)} dòng có số lớn nhất; {vi.number(left_out)} dòng khác ở thẻ Bảng.")
    if state == "provisional":
        said.append("Số liệu tạm tính.")
    return " ".join(said)
