"""The chart of an arranged answer: one measure, at most 15 names and 5 series, formatted on the server. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from dwh.datapath.semantic.answer import Answer, Column, Number
from dwh.datapath.tables.outline import Line
from dwh.datapath.tables.pivot import PivotTable
from dwh.datapath.tables.view import CHARTS
from dwh.delivery.analysis.chart_kinds import can_map, heat_of, map_of, pareto_of, scatter_of
from dwh.delivery.analysis.chart_parts import (
    MAX_MONTHS,
    MAX_NAMES,
    MAX_SERIES,
    Chart,
    Scale,
    Series,
    column,
    is_period,
    largest_lines,
    left_out_note,
    lines_of,
    places_of,
    scale_of,
)

TWO: Final = 2
DRAWN_APART: Final = {"scatter": scatter_of, "heat": heat_of, "pareto": pareto_of, "map": map_of}


def chart_of(table: PivotTable, answer: Answer, *, data_until: str, kind: str = "auto") -> Chart | None:
    """Return the chart of the kind wanted; None when there is nothing to draw, or not in this kind.

    «auto»: a period makes lines over time; sums that add over the columns are stacked; the rest stands side by side.
    """
    if reasons_against(table)[kind] or not lines_of(table):
        return None
    if kind in DRAWN_APART:
        chart = DRAWN_APART[kind](table)
        return replace(chart, note=_noted(chart.note, table, answer.state))
    return _of_series(table, answer, data_until, kind)


def reasons_against(table: PivotTable) -> dict[str, str]:
    """Return kind → why this table cannot be drawn so; empty when it can."""
    measure = table.measures[0]
    has_axis = bool(table.row_fields or table.column_fields)
    adds = "" if measure.additive == "all" else f"«{measure.label}» không cộng được"
    rows = "" if table.row_fields else "cần một chiều ở Hàng"
    both = rows or ("" if table.column_fields else "cần một chiều ở Cột")
    time = "" if is_period((*table.row_fields[:1], *table.column_fields[:1])) else "cần kỳ ở Hàng hoặc Cột"
    reasons = {
        "line": time, "area": time or adds, "stacked": both or adds, "heat": both, "pareto": rows or adds,
        "scatter": rows or ("" if len(table.measures) >= TWO else "cần hai chỉ tiêu ở Giá trị"),
        "map": "" if can_map(table) else "cần Tỉnh, thành phố đứng đầu ở Hàng, theo tổ chức của một ngày",
    }  # fmt: skip
    none = "" if has_axis else "cần một chiều ở Hàng hoặc Cột"
    return {kind: none or reasons.get(kind, "") for kind in CHARTS}


def _of_series(table: PivotTable, answer: Answer, data_until: str, kind: str) -> Chart | None:
    measure = table.measures[0]
    turned = kind in ("line", "area") and not is_period(table.row_fields[:1]) and bool(table.row_fields)
    marks = _by_period(table, data_until) if turned else _marks(table, data_until)
    names, series, totals, left_out = marks
    drawn = [one for one in series if any(value is not None for value in one.values)]
    if not names or not drawn:
        return None
    scale = scale_of(measure, (value for one in drawn for value in one.values))
    over_time = turned or is_period(table.row_fields[:1])
    shown = _kind(kind, measure, over_time=over_time, many=len(drawn) > 1)
    stacked = shown == "stacked"
    data = {
        "kind": shown,
        "horizontal": not over_time and shown not in ("line", "area"),
        "unit": scale.unit,
        "names": names,
        "ordered": is_period(table.column_fields[:1]) and not turned,
        "totals": scale.texts(totals, measure) if stacked and totals else None,
        "series": [_series_json(one, scale, measure) for one in drawn],
    }
    heads, rows = _as_table(data)
    note = _noted(left_out_note(len(names), left_out), table, answer.state)
    return Chart(measure.label, scale.unit, note, data, heads, rows)


def _kind(wanted: str, measure: Column, *, over_time: bool, many: bool) -> str:
    if wanted != "auto":
        return wanted
    stacked = many and measure.additive == "all" and not over_time
    return "line" if over_time else "stacked" if stacked else "bar"


def _marks(table: PivotTable, data_until: str) -> tuple[list[str], list[Series], tuple[Number, ...], int]:
    """Return category names, series, the totals over the columns, and how many categories were left out."""
    places = places_of(table, table.measures[0])
    parts = [at for at in places if not table.leaves[at].is_total]
    lines = lines_of(table)
    if not table.row_fields:
        return _across(table, lines, parts)
    over_time = is_period(table.row_fields[:1])
    kept = lines[-MAX_MONTHS:] if over_time else _largest(lines, places[-1])
    series = [
        Series(_name(table, at), column(kept, at), _is_open(table.leaves[at].keys, data_until))
        for at in parts[:MAX_SERIES]
    ]
    totals = column(kept, places[-1]) if len(places) > len(parts) and len(parts) <= MAX_SERIES else ()
    return [line.label for line in kept], series, totals, len(lines) - len(kept)


def _by_period(table: PivotTable, data_until: str) -> tuple[list[str], list[Series], tuple[Number, ...], int]:
    """Return the periods of the columns as names and the largest rows as series."""
    places = places_of(table, table.measures[0])
    parts = [at for at in places if not table.leaves[at].is_total][-MAX_MONTHS:]
    lines = lines_of(table)
    kept = largest_lines(lines, places[-1], MAX_SERIES)
    series = [Series(one.label, tuple(column([one], at)[0] for at in parts)) for one in kept]
    return [_name(table, at) for at in parts], series, (), len(lines) - len(kept)


def _across(
    table: PivotTable, lines: Sequence[Line], parts: list[int]
) -> tuple[list[str], list[Series], tuple[Number, ...], int]:
    """Return the columns as names when nothing lies on rows."""
    if not lines or not table.column_fields:
        return [], [], (), 0
    names = [_name(table, at) for at in parts[:MAX_NAMES]]
    values = tuple(column(lines, at)[0] for at in parts[:MAX_NAMES])
    return names, [Series(table.measures[0].label, values)], (), max(0, len(parts) - MAX_NAMES)


def _name(table: PivotTable, at: int) -> str:
    return " · ".join(label or "" for label in table.leaves[at].labels) or table.measures[0].label


def _is_open(keys: Sequence[str | None], data_until: str) -> bool:
    """Tell whether one of `keys` is the period of the last month that has data."""
    year, month = data_until.split("-")
    return bool({data_until, year, f"{year}-Q{(int(month) + 2) // 3}"} & set(keys))


def _largest(lines: list[Line], at: int) -> list[Line]:
    """Return all lines in the order of the table, or the MAX_NAMES largest when they are more."""
    return lines if len(lines) <= MAX_NAMES else largest_lines(lines, at)


def _series_json(one: Series, scale: Scale, measure: Column) -> dict[str, Any]:
    return {
        "name": f"{one.name} (tạm tính)" if one.open else one.name,
        "values": [scale.number(value) for value in one.values],
        "texts": scale.texts(one.values, measure),
        "open": one.open,
    }


def _as_table(data: dict[str, Any]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the numbers of the chart as heads and rows: what a person reads who does not see it."""
    heads = ("", *(one["name"] for one in data["series"]), *(["Cộng"] if data["totals"] else []))
    columns = [one["texts"] for one in data["series"]] + ([data["totals"]] if data["totals"] else [])
    rows = tuple((name, *(texts[at] for texts in columns)) for at, name in enumerate(data["names"]))
    return heads, rows


def _noted(note: str, table: PivotTable, state: str) -> str:
    said = [f"Vẽ chỉ tiêu đầu tiên ở Giá trị: {table.measures[0].label}.", note]
    if state == "provisional":
        said.append("Số liệu tạm tính.")
    return " ".join(one for one in said if one)
