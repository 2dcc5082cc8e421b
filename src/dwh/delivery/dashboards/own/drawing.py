"""What a tile shows of its answer: a number, months, a ranking, a table. Pure; nothing is added up here."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from dwh.datapath.semantic.answer import TOTAL_LABEL, Answer, Column
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.tables.caption import condition_of
from dwh.datapath.tables.pivot import arrange
from dwh.delivery.dashboards.numbers import (
    Figure,
    Scale,
    figures_of,
    grand_total,
    members,
    scale_of,
    short_name,
)
from dwh.delivery.dashboards.own.tiles import OwnTile
from dwh.delivery.dashboards.parts import TableView
from dwh.kernel import vi

SHOWN_ROWS: Final = 100  # of a table tile; the analysis shows the rest, and the tile says so


@dataclass(frozen=True, slots=True)
class Drawn:
    """One tile ready to show. `said` stands in the place of figures the viewer may not or cannot see."""

    tile: OwnTile
    said: str = ""
    unit: str = ""
    number: str = ""
    exact: str = ""
    measure: str = ""
    chart: dict[str, Any] | None = None
    lines: tuple[tuple[str, str, float], ...] = ()  # name, figure, bar in hundredths of the largest
    table: TableView | None = None
    note: str = ""
    where: str = ""  # period and other filters in words; members by their codes: no name is read here
    open_url: str = ""
    draft: bool = field(default=False)

    @property
    def chart_id(self) -> str:
        return f"tile-{self.tile.key}"


def drawn(tile: OwnTile, answer: Answer, open_url: str) -> Drawn:
    """Return the tile with the figures of its answer."""
    if not answer.rows:
        return Drawn(tile, said="Chưa có số liệu trong phạm vi của ông/bà.", open_url=open_url)
    parts = {"number": _number, "trend": _trend, "ranking": _ranking, "table": _table}[tile.kind](answer)
    column = answer.values[0]
    said = {"measure": column.label, "where": _where(answer.query), **parts}
    return Drawn(tile, open_url=open_url, draft=column.status == "draft", **said)


def _where(query: Query) -> str:
    subject = load_catalog().subject(query.subject)
    return "; ".join(f"{subject.field(one.field).label} {condition_of(one, {})}" for one in query.filters)


def _number(answer: Answer) -> dict[str, Any]:
    figure = grand_total(answer)[answer.values[0].name]
    number, unit = figure.parts
    missing = figure.value is None
    return {
        "number": number,
        "unit": "" if missing else unit,
        "exact": f"{figure.exact} {figure.column.unit}",
    }


def _trend(answer: Answer) -> dict[str, Any]:
    column, rows = answer.values[0], sorted(members(answer), key=lambda row: row.keys[0] or "")
    figures = [figures_of(row, answer)[column.name] for row in rows]
    scale = scale_of(_largest(figures), column.unit)
    chart = {
        "kind": "line", "months": [_short(row.keys[0] or "") for row in rows],
        "names": [row.labels[0] for row in rows], "links": ["" for _ in rows], "chosen": None, "open": [],
        "unit": scale.unit, "line": None, "totals": [],
        "series": [_series(column, figures, scale)],
    }  # fmt: skip
    lines = tuple((str(row.labels[0]), "", (one.exact,)) for row, one in zip(rows, figures, strict=True))
    return {"chart": chart, "unit": scale.unit, "table": TableView("Tháng", _heads(column), lines)}


def _ranking(answer: Answer) -> dict[str, Any]:
    column = answer.values[0]
    found = [
        (short_name(row.labels[-1] or ""), figures_of(row, answer)[column.name]) for row in members(answer)
    ]
    largest = _largest([one for _, one in found]) or 1
    lines = tuple((name, _said(one), _share(one, largest)) for name, one in found)
    rest = f"còn {vi.number(answer.left_out)} dòng nhỏ hơn" if answer.left_out else ""
    return {"lines": lines, "unit": column.unit, "note": rest}


def _table(answer: Answer) -> dict[str, Any]:
    pivot = arrange(answer)
    heads = tuple(
        (" · ".join((*_named(leaf.labels, is_total=leaf.is_total), leaf.measure.label)), leaf.measure.unit)
        for leaf in pivot.leaves
    )  # fmt: skip
    rows = tuple(
        (
            "– " * max(row.depth - 1, 0) + row.label,
            "",
            tuple(vi.number(c.value, c.decimals) for c in row.cells),
        )
        for row in pivot.rows
    )
    more = len(rows) - SHOWN_ROWS
    note = f"còn {vi.number(more)} dòng, mở phân tích để xem hết" if more > 0 else ""
    corner = " › ".join(one.label for one in pivot.row_fields) or "Chỉ tiêu"
    return {"table": TableView(corner, heads, rows[:SHOWN_ROWS]), "note": note, "measure": ""}


def _named(labels: tuple[str | None, ...], *, is_total: bool) -> list[str]:
    named = [label for label in labels if label]
    return named or ([TOTAL_LABEL] if is_total and labels else [])


def _largest(figures: list[Figure]) -> int | Decimal | None:
    return max((abs(Decimal(one.value)) for one in figures if one.value is not None), default=None)


def _series(column: Column, figures: list[Figure], scale: Scale) -> dict[str, Any]:
    values = [scale.number(one.value) for one in figures]
    texts = [scale.text(one.value) for one in figures]
    return {"name": column.label, "colour": "s1", "values": values, "texts": texts}


def _heads(column: Column) -> tuple[tuple[str, str], ...]:
    return ((column.label, column.unit),)


def _said(figure: Figure) -> str:
    return figure.brief


def _share(figure: Figure, largest: int | Decimal) -> float:
    return float(100 * abs(Decimal(figure.value or 0)) / Decimal(largest))


def _short(month: str) -> str:
    return f"T{int(month[5:])}/{month[2:4]}"
