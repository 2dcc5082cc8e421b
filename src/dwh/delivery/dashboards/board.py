"""A board as data: boards/*.yaml read once into frozen values. Adding a tile touches the YAML only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from dwh.kernel.errors import NotFound

FOLDER: Final = Path(__file__).with_name("boards")
ORDER: Final = ("thu", "nguoi-tham-gia", "chi", "kham-chua-benh", "giao-dich-dien-tu", "nhan-su")
Better = Literal["up", "down", "none"]


@dataclass(frozen=True, slots=True)
class Slice:
    """The one category the filter bar offers beside period and unit."""

    field: str
    label: str
    all: str


@dataclass(frozen=True, slots=True)
class Target:
    """The plan of the year a figure is held against, as another subject has it.

    `slices` names the members of `field` that belong to each slice; a slice that is not named has no plan.
    """

    subject: str
    value: str
    field: str
    slices: Mapping[str, tuple[str, ...]]
    label: str = "dự toán năm"


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
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A question of the board and its title; `rank_by` names the value that orders and colours.

    `kind` is how months are drawn; `against` says that a unit is set beside the whole; `elsewhere` is what rows of no
    unit below are called, by tier.
    """

    query: Mapping[str, Any]
    subject: str = ""
    title: str = ""
    rank_by: str = ""
    better: Better = "none"
    name: str = ""
    kind: Literal["stack", "line"] = "stack"
    against: bool = True
    series: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Tiles answered by one question."""

    part: Part
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything one dashboard asks and how it shows the answers. `short` is its name among the others."""

    name: str
    title: str
    short: str
    subject: str
    slice: Slice
    groups: tuple[Group, ...]
    chart: Part
    places: Part
    leaves: Part

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """Return the tiles in the order of the page."""
        return tuple(tile for group in self.groups for tile in group.tiles)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return every question of the board but those for targets."""
        return (*(group.part for group in self.groups), self.chart, self.places, self.leaves)

    @property
    def leaf_field(self) -> str:
        """Return what stands below an office: employers, facilities, procedures."""
        return str(self.leaves.query["rows"][0])

    @property
    def shown(self) -> dict[str, frozenset[str]]:
        """Return subject → every figure of it the board shows."""
        found: dict[str, set[str]] = {}
        for part in self.parts:
            found.setdefault(part.subject, set()).update(part.query["values"])
        for tile in self.tiles:
            if tile.target:
                found.setdefault(tile.target.subject, set()).add(tile.target.value)
        return {subject: frozenset(values) for subject, values in found.items()}


@cache
def board_named(name: str) -> Board:
    """Return the board at /tong-quan/<name>/.

    Raises:
        NotFound: there is no such board.
    """
    if name not in ORDER:
        raise NotFound("Không có bảng thông tin này. Chọn một bảng trong mục Tổng quan.")
    data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    subject = data["subject"]
    return Board(
        name=data["board"],
        title=data["title"],
        short=data["short"],
        subject=subject,
        slice=Slice(**data["slice"]),
        groups=tuple(_groups(data["tiles"], subject)),
        chart=Part(**{"subject": subject, **data["chart"]}),
        places=Part(**{"subject": subject, **data["places"]}),
        leaves=Part(**{"subject": subject, **data["leaves"]}),
    )


def _groups(groups: list[dict[str, Any]], subject: str) -> Iterator[Group]:
    for one in groups:
        part = Part(query=one["query"], subject=one.get("subject", subject))
        yield Group(part, tuple(_tile(tile) for tile in one["show"]))


def _tile(data: dict[str, Any]) -> Tile:
    target = data.pop("target", None)
    return Tile(**data, target=_target(**target) if target else None)


def _target(slices: Mapping[str, list[str]], **data: Any) -> Target:
    return Target(slices={key: tuple(members) for key, members in slices.items()}, **data)


def boards() -> list[Board]:
    """Return every board in the order of the page."""
    return [board_named(name) for name in ORDER]
