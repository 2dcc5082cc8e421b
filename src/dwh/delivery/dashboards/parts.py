"""The visible parts of a board, built from answers: tiles, chart, ranking, table of units. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dwh.datapath.semantic.answer import Answer, Row
from dwh.delivery.dashboards.board import Part, Tile
from dwh.delivery.dashboards.choice import Choice
from dwh.delivery.dashboards.numbers import (
    Change,
    Figure,
    Scale,
    by_keys,
    change,
    figures_of,
    grand_total,
    members,
    scale_of,
    short_name,
)
from dwh.kernel import vi


@dataclass(frozen=True, slots=True)
class TileView:
    """One tile ready to draw."""

    label: str
    number: str
    unit: str
    change: Change | None
    compared: bool
    note: str
    colour: str
    bar: Decimal
    full: Decimal
    mark: Decimal | None
    is_draft: bool


def tile_views(
    tiles: Sequence[Tile],
    now: Mapping[str, Figure],
    before: Mapping[str, Figure],
    comparable: Mapping[str, bool],
) -> list[TileView]:
    """Return the tiles; `comparable` says for which values last year has every month."""
    return [_tile(tile, now, before.get(tile.value) if comparable[tile.value] else None) for tile in tiles]


def _tile(tile: Tile, now: Mapping[str, Figure], before: Figure | None) -> TileView:
    figure, compared_with = now[tile.value], before if tile.compared else None
    number, unit = figure.parts
    bar = Decimal(figure.value or 0)
    mark = Decimal(compared_with.value) if compared_with and compared_with.value is not None else None
    return TileView(
        label=tile.label,
        number=number,
        unit="" if figure.value is None else unit,
        change=change(figure, compared_with, tile.better),
        compared=tile.compared,
        note=f"{tile.note} {now[tile.beside].brief} {tile.after}".strip() if tile.beside else "",
        colour=tile.colour,
        bar=bar,
        full=_full(tile, now, max(bar, mark or Decimal(0))),
        mark=mark,
        is_draft=figure.column.status == "draft",
    )


def _full(tile: Tile, now: Mapping[str, Figure], largest: Decimal) -> Decimal:
    """Return what a full bar stands for: 100 %, the value it is a part of, or a quarter more than the larger."""
    if now[tile.value].column.unit == "%":
        return Decimal(100)
    whole = now[tile.of].value if tile.of else None
    return Decimal(whole or largest * Decimal("1.25") or 1)


@dataclass(frozen=True, slots=True)
class TableView:
    """The table behind a drawing: column heads with unit, rows of (name, url, texts), and a total."""

    name: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChartView:
    """The stacked bars by month: `data` is what charts.js draws, `table` the same numbers whole."""

    title: str
    unit: str
    data: dict[str, Any]
    table: TableView
    legend: tuple[tuple[str, str], ...]
    line: str


def chart_view(part: Part, now: Answer, before: Answer, *, choice: Choice, data_until: str) -> ChartView:
    """Return months × members of the column field, with last year's totals as a line where they are whole."""
    found, last_year = by_keys(now), by_keys(before)
    series = _series(part, now)
    months = choice.period.months
    totals = [_value(found, month, None) for month in months]
    past = [_value(last_year, month, None) for month in choice.period.year_before.months]
    column = now.values[0]
    scale = scale_of(max((v for v in totals + past if v is not None), default=None), column.unit)
    line = f"Cùng kỳ {choice.period.year - 1}" if any(v is not None for v in past) else ""
    data = {
        "months": [f"T{int(month[5:])}" for month in months],
        "names": [f"Tháng {vi.month_vi(month)}" for month in months],
        "links": [choice.link(ky=month) for month in months],
        "open": [at for at, month in enumerate(months) if month == data_until],
        "unit": scale.unit,
        "series": [
            _drawn(name, colour, [_value(found, m, key) for m in months], scale)
            for key, name, colour in series
        ],
        "totals": [scale.text(value) for value in totals],
        "line": _drawn(line, "ink", past, scale) if line else None,
    }
    table = _month_table(now, months, series, [*past, _value(last_year, None, None)] if line else None, line)
    legend = tuple((name, colour) for _, name, colour in series)
    return ChartView(part.title, scale.unit, data, table, legend, line)


def _series(part: Part, answer: Answer) -> list[tuple[str, str, str]]:
    """Return key, name and colour of each series: a colour keeps its meaning from board to board."""
    names = {row.keys[1]: row.labels[1] for row in answer.rows if row.keys[1] is not None}
    known = [(key, str(names[key]), colour) for key, colour in part.series.items() if key in names]
    return known + [(key, str(label), "s5") for key, label in names.items() if key and key not in part.series]


def _value(found: Mapping[tuple[str | None, ...], Row], month: str | None, key: str | None) -> Any:
    row = found.get((month, key))
    return row.values[0] if row else None


def _drawn(name: str, colour: str, values: Sequence[Any], scale: Scale) -> dict[str, Any]:
    return {
        "name": name,
        "colour": colour,
        "values": [scale.number(value) for value in values],
        "texts": [scale.text(value) for value in values],
    }


def _month_table(
    answer: Answer,
    months: Sequence[str],
    series: Sequence[tuple[str, str, str]],
    past: Sequence[Any] | None,
    line: str,
) -> TableView:
    found, column = by_keys(answer), answer.values[0]
    heads = [(name, column.unit) for _, name, _ in series] + [("Cộng", column.unit)]
    keys: list[str | None] = [*(key for key, _, _ in series), None]
    lines = []
    for at, month in enumerate(months):
        values = [_value(found, month, key) for key in keys] + ([past[at]] if past is not None else [])
        lines.append((vi.month_vi(month), "", tuple(vi.number(value, column.decimals) for value in values)))
    total = [found.get((None, key)) for key in keys]
    texts = tuple(vi.number(row.values[0] if row else None, column.decimals) for row in total)
    if past is not None:
        heads.append((line, column.unit))
        texts += (vi.number(past[-1], column.decimals),)
    return TableView("Tháng", tuple(heads), tuple(lines), texts)


def place_table(part: Part, answer: Answer, name: str, links: Mapping[str, str]) -> TableView:
    """Return every unit with its values whole and the total of the place, which they add up to."""
    rows = sorted(members(answer), key=lambda row: vi.sort_key(row.labels[-1] or ""))
    heads = tuple((column.label, column.unit) for column in answer.values)
    lines = tuple(
        (
            short_name(row.labels[-1] or ""),
            links.get(row.keys[-1] or "", ""),
            tuple(f.exact for f in figures_of(row, answer).values()),
        )
        for row in rows
    )
    return TableView(name, heads, lines, tuple(figure.exact for figure in grand_total(answer).values()))
