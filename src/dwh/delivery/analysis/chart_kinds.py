"""Charts that are no lines or bars: scatter, heat map, Pareto, map of provinces. Pure; none adds totals up."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from dwh.datapath.semantic.answer import Number
from dwh.datapath.tables import map as vietnam
from dwh.datapath.tables.pivot import PivotTable
from dwh.delivery.analysis.chart_parts import (
    Chart,
    column,
    largest_lines,
    left_out_note,
    lines_of,
    places_of,
    scale_of,
)
from dwh.kernel import vi

MAX_POINTS: Final = 400
MAX_SQUARES: Final = 40  # names on one side of a heat map
HEAT_STEPS: Final = 5
PROVINCE: Final = "org.province"


def scatter_of(table: PivotTable) -> Chart:
    """Return each row as a point: the first measure across, the second up."""
    across, up = table.measures[:2]
    at_x, at_y = places_of(table, across)[-1], places_of(table, up)[-1]
    lines = largest_lines(lines_of(table), at_x, MAX_POINTS)
    xs, ys = column(lines, at_x), column(lines, at_y)
    scale_x, scale_y = scale_of(across, xs), scale_of(up, ys)
    texts = list(
        zip((line.label for line in lines), scale_x.texts(xs, across), scale_y.texts(ys, up), strict=True)
    )
    points = [
        {"name": told[0], "x": scale_x.number(x), "y": scale_y.number(y), "texts": list(told[1:])}
        for told, x, y in zip(texts, xs, ys, strict=True)
        if x is not None and y is not None
    ]
    x_name, y_name = f"{across.label} ({scale_x.unit})", f"{up.label} ({scale_y.unit})"
    data = {"kind": "scatter", "points": points, "x": x_name, "y": y_name}
    note = left_out_note(len(lines), len(lines_of(table)) - len(lines))
    return Chart(
        f"{up.label} theo {across.label.lower()}", "", note, data, ("", x_name, y_name), tuple(texts)
    )


def heat_of(table: PivotTable) -> Chart:
    """Return rows by columns as squares in five steps of colour, each with its number."""
    measure = table.measures[0]
    parts = [at for at in places_of(table, measure) if not table.leaves[at].is_total][:MAX_SQUARES]
    lines = lines_of(table)[:MAX_SQUARES]
    columns = [column(lines, at) for at in parts]
    known = [Decimal(value) for one in columns for value in one if value is not None]
    scale, limits = scale_of(measure, known), vietnam.breaks(known)
    texts = [scale.texts(one, measure) for one in columns]
    heads = [" · ".join(label or "" for label in table.leaves[at].labels) for at in parts]
    cells = [
        [x, y, vietnam.step_of(Decimal(value), limits), texts[x][y]]
        for x, one in enumerate(columns)
        for y, value in enumerate(one)
        if value is not None
    ]
    names = [line.label for line in lines]
    rows = tuple((name, *(texts[x][y] for x in range(len(parts)))) for y, name in enumerate(names))
    data = {"kind": "heat", "names": names, "columns": heads, "cells": cells, "unit": scale.unit}
    more = len(lines_of(table)) - len(lines)
    note = f"Vẽ {len(lines)} dòng đầu của bảng; {vi.number(more)} dòng khác ở thẻ Bảng." if more else ""
    return Chart(measure.label, scale.unit, note, data, ("", *heads), rows)


def pareto_of(table: PivotTable) -> Chart:
    """Return rows from the largest down, with their running share of the engine's total of all rows."""
    measure, every = table.measures[0], lines_of(table)
    at = places_of(table, measure)[-1]
    lines = largest_lines(every, at)
    values = column(lines, at)
    total = sum((Decimal(v) for v in column(every, at) if v is not None), Decimal(0))
    scale = scale_of(measure, values)
    shares, so_far = [], Decimal(0)
    for value in values:
        so_far += Decimal(value or 0)
        shares.append(100 * so_far / total if total else None)
    bars, line = scale.texts(values, measure), [vi.number(share, 1) for share in shares]
    names = [one.label for one in lines]
    data = {
        "kind": "pareto", "names": names, "unit": scale.unit, "horizontal": False, "ordered": False, "totals": None,
        "series": [{"name": measure.label, "values": [scale.number(v) for v in values], "texts": bars, "open": False}],
        "line": {"name": "Lũy kế", "values": [None if s is None else float(s) for s in shares], "texts": line},
    }  # fmt: skip
    rows = tuple(zip(names, bars, line, strict=True))
    note = left_out_note(len(lines), len(every) - len(lines))
    return Chart(measure.label, scale.unit, note, data, ("", measure.label, "Lũy kế (%)"), rows)


def map_of(table: PivotTable) -> Chart:
    """Return the provinces coloured in five steps, with Hoàng Sa and Trường Sa, each with its number in words."""
    measure = table.measures[0]
    at = places_of(table, measure)[-1]
    found = [(line, line.cells[at].value) for line in lines_of(table) if line.cells]
    known = [(line, value) for line, value in found if value is not None]
    limits = vietnam.breaks([Decimal(value) for _, value in known])
    scale = scale_of(measure, (value for _, value in known))
    texts = scale.texts([value for _, value in known], measure)
    figures = {
        vietnam.geo_code(line.id): vietnam.Figure(
            vietnam.step_of(Decimal(value), limits), f"{text} {scale.unit}"
        )
        for (line, value), text in zip(known, texts, strict=True)
    }
    rows = tuple((line.label, text) for (line, _), text in zip(known, texts, strict=True))
    legend = scale.texts(list[Number](limits), measure)
    note = (
        f"Năm mức màu, ngăn ở: {'; '.join(legend)} {scale.unit}. {vietnam.CREDIT}."
        if limits
        else vietnam.CREDIT
    )
    heads = ("", f"{measure.label} ({scale.unit})")
    names = {vietnam.geo_code(line.id): line.label for line, _ in found} if is_before_2025(table) else None
    return Chart(measure.label, scale.unit, note, {}, heads, rows, drawing=vietnam.draw(figures, names=names))


def can_map(table: PivotTable) -> bool:
    """Tell whether the rows are provinces of one tree: today's 34, or the 63 before 01/07/2025."""
    if not table.row_fields or table.row_fields[0].name != PROVINCE:
        return False
    shapes = vietnam.province_shapes(before_2025=is_before_2025(table))
    return all(vietnam.geo_code(line.id) in shapes for line in lines_of(table))


def is_before_2025(table: PivotTable) -> bool:
    """Tell whether the rows are of the older tree: one of them is a province that is no more, none is a new one."""
    keys = [line.id for line in lines_of(table)]
    if any(key.endswith("-2025") for key in keys):
        return False
    return any(vietnam.geo_code(key) not in vietnam.province_shapes() for key in keys)
