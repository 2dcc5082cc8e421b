"""The visible parts of a board, built from answers: tiles and the table of units. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from dwh.datapath.semantic.answer import Answer
from dwh.delivery.dashboards.board import Tile
from dwh.delivery.dashboards.numbers import (
    Change,
    Figure,
    change,
    figures_of,
    grand_total,
    members,
    short_name,
)
from dwh.kernel import vi


@dataclass(frozen=True, slots=True)
class Beside:
    """What a figure is set beside: the compared one with its name, the plan, and filters it does not know."""

    before: Figure | None
    name: str
    compared: bool
    target: Decimal | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TileView:
    """One tile ready to draw. `refused`: the person was not given its subject."""

    label: str
    number: str
    unit: str
    change: Change | None
    against: str
    compared: bool
    note: str
    colour: str
    bar: Decimal
    full: Decimal
    mark: Decimal | None
    is_draft: bool
    without: str = ""
    refused: bool = False


def tile_view(tile: Tile, now: Mapping[str, Figure], beside: Beside) -> TileView:
    """Return one tile; where there is a plan its bar is full at the plan."""
    figure = now[tile.value]
    number, unit = figure.parts
    bar = Decimal(figure.value or 0)
    before = beside.before
    mark = Decimal(before.value) if before and before.value is not None else None
    return TileView(
        label=tile.label,
        number=number,
        unit="" if figure.value is None else unit,
        change=change(figure, before, tile.better),
        against=beside.name,
        compared=beside.compared,
        note=_note(tile, now, beside.target),
        colour=tile.colour,
        bar=bar,
        full=max(beside.target, bar) if beside.target else _full(tile, now, max(bar, mark or Decimal(0))),
        mark=mark,
        is_draft=figure.column.status == "draft",
        without=", ".join(beside.without),
    )


def missing_tile(tile: Tile) -> TileView:
    """Return the tile of a subject the person was not given: its name, and no figure."""
    nothing = Decimal(0)
    return TileView(
        tile.label,
        vi.NO_DATA,
        "",
        None,
        "",
        False,
        "",
        tile.colour,
        nothing,
        Decimal(1),
        None,
        False,
        refused=True,
    )


def _note(tile: Tile, now: Mapping[str, Figure], target: Decimal | None) -> str:
    """Return the words behind the change: the share of the plan where there is one, else the figure beside."""
    if target:
        share = 100 * Decimal(now[tile.value].value or 0) / target
        label = tile.target.label if tile.target else ""
        return f"{vi.percent(share)} {label}"
    return f"{tile.note} {now[tile.beside].brief} {tile.after}".strip() if tile.beside else ""


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
    keys: tuple[str, ...] = ()
    marked: str = ""  # name of the row that was clicked

    @property
    def names(self) -> dict[str, str]:
        """Return key → name of the rows that have a key."""
        return {key: row[0] for key, row in zip(self.keys, self.rows, strict=False)}


def place_table(answer: Answer, name: str, links: Mapping[str, str]) -> TableView:
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
    total = tuple(figure.exact for figure in grand_total(answer).values())
    return TableView(name, heads, lines, total, tuple(str(row.keys[-1]) for row in rows))
