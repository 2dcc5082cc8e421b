"""A board as data: boards/*.yaml read once into frozen values. Adding a tile touches the YAML only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from dwh.kernel.errors import NotFound

FOLDER: Final = Path(__file__).with_name("boards")
ORDER: Final = ("thu", "kham-chua-benh")
Better = Literal["up", "down", "none"]


@dataclass(frozen=True, slots=True)
class Slice:
    """The one category the filter bar offers beside period and unit."""

    field: str
    label: str
    all: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the first row.

    `stock` is taken at the end of the period, not summed over it; `compared` false means that last year's
    figure is not like this one; `of` is the value the bar is a part of.
    """

    value: str
    label: str
    better: Better
    note: str = ""
    beside: str = ""
    after: str = ""
    of: str = ""
    stock: bool = False
    compared: bool = True
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A query of the board and its title; `rank_by` names the value that orders and colours."""

    query: Mapping[str, Any]
    title: str = ""
    rank_by: str = ""
    better: Better = "none"
    name: str = ""
    series: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Board:
    """Everything one dashboard asks and how it shows the answers."""

    name: str
    title: str
    subject: str
    slice: Slice
    tiles: tuple[Tile, ...]
    totals: Part
    chart: Part
    places: Part
    leaves: Part

    @property
    def values(self) -> frozenset[str]:
        """Return every figure the board shows."""
        parts = (self.totals, self.chart, self.places, self.leaves)
        return frozenset(value for part in parts for value in part.query["values"])


@cache
def board_named(name: str) -> Board:
    """Return the board at /tong-quan/<name>/.

    Raises:
        NotFound: there is no such board.
    """
    if name not in ORDER:
        raise NotFound("Không có bảng thông tin này. Chọn một bảng trong mục Tổng quan.")
    data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return Board(
        name=data["board"],
        title=data["title"],
        subject=data["subject"],
        slice=Slice(**data["slice"]),
        tiles=tuple(Tile(**tile) for tile in data["tiles"]["show"]),
        totals=Part(query=data["tiles"]["query"]),
        chart=Part(**data["chart"]),
        places=Part(**data["places"]),
        leaves=Part(**data["leaves"]),
    )


def boards() -> list[Board]:
    """Return every board in the order of the page."""
    return [board_named(name) for name in ORDER]
