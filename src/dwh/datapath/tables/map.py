"""The map of Vietnam's 34 provinces, drawn by the server: it prints, works by keyboard and needs no script.

The only place that knows shapes. Always with the framed insets Hoàng Sa (TP Đà Nẵng) and Trường Sa (tỉnh
Khánh Hòa). Shapes: @svg-maps/vietnam 2.0.0 by Victor Cazanave, CC BY 4.0, joined by province of 01/07/2025
and simplified; names: map_shapes.csv.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

CREDIT: Final = "Nền @svg-maps/vietnam, CC BY 4.0"
NAMES: Final = Path(__file__).with_name("map_shapes.csv")
DRAWING: Final = Path(__file__).resolve().parents[2] / "site" / "map" / "vietnam.svg"
STEPS: Final = 5
VIEW_BOX: Final = (
    "-14 -14 1300 1644"  # half units of the source drawing, room for the two insets at the right
)

Point = tuple[float, float]
_TOKEN: Final = re.compile(r"[a-df-zA-DF-Z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
_ARGUMENTS: Final = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6}


@dataclass(frozen=True, slots=True)
class Box:
    """Where an inset stands: frame, and the room for its islands inside it."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def title_y(self) -> int:
        return self.y + 66

    @property
    def owner_y(self) -> int:
        return self.y + self.height - 30


@dataclass(frozen=True, slots=True)
class Area:
    """One province (or inset) as the template draws it; `step` 1–5 is its colour, 0 means no data."""

    code: str
    name: str
    path: str
    step: int = 0
    text: str = ""
    url: str = ""
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Inset:
    """An archipelago in its frame, coloured as the province that administers it."""

    title: str
    owner: str
    box: Box
    area: Area


@dataclass(frozen=True, slots=True)
class Figure:
    """What the map shows of one province: its value's step, words and link."""

    step: int
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Map:
    """The whole drawing."""

    provinces: tuple[Area, ...]
    insets: tuple[Inset, ...]
    view_box: str = VIEW_BOX
    credit: str = CREDIT


INSETS: Final = (
    ("hoangsa", "Hoàng Sa", "TP Đà Nẵng", "48", Box(770, 560, 500, 390)),
    ("truongsa", "Trường Sa", "tỉnh Khánh Hòa", "56", Box(800, 1130, 470, 470)),
)


def draw(figures: Mapping[str, Figure], *, selected: str = "", names: Mapping[str, str] | None = None) -> Map:
    """Return the map, each province coloured by its figure; one without is «không có số liệu».

    With `names` it is the map of the 63 provinces before 01/07/2025, called so.
    """
    provinces = tuple(
        _area(code, (names or {}).get(code, name), path, figures, selected)
        for code, (name, path) in sorted(province_shapes(before_2025=names is not None).items())
    )
    insets = tuple(
        Inset(title, owner, box, _area(code, f"{title} ({owner})", inset_path(shape), figures, selected))
        for shape, title, owner, code, box in INSETS
    )
    return Map(provinces, insets)


def _area(code: str, name: str, path: str, figures: Mapping[str, Figure], selected: str) -> Area:
    figure = figures.get(code, Figure(0, "không có số liệu"))
    return Area(code, name, path, figure.step, figure.text, figure.url, selected == code)


def geo_code(org_code: str) -> str:
    """Return the province code of today from a unit: `00.48-2025.501` is `48`."""
    return org_code.split(".")[1].removesuffix("-2025") if org_code.count(".") else ""


def breaks(values: Sequence[Decimal]) -> list[Decimal]:
    """Return up to four limits between five steps: round numbers, about as many provinces in each step."""
    ordered = sorted(set(values))
    if len(ordered) < STEPS:
        return ordered[1:]
    grain = Decimal(1).scaleb(((ordered[-1] - ordered[0]) / (4 * STEPS)).adjusted())
    near = (ordered[len(ordered) * step // STEPS] for step in range(1, STEPS))
    return sorted({(limit / grain).to_integral_value() * grain for limit in near})


def step_of(value: Decimal, limits: Sequence[Decimal]) -> int:
    """Return 1–5: how many limits `value` has reached, plus one."""
    return 1 + sum(value >= limit for limit in limits)


@cache
def province_shapes(*, before_2025: bool = False) -> dict[str, tuple[str, str]]:
    """Return the provinces, code → name and path in half units: today's 34, or the 63 before 01/07/2025."""
    key = "old_code" if before_2025 else "new_code"
    drawn = _rings()
    shapes: dict[str, tuple[str, str]] = {}
    with NAMES.open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            if line["shape"] in {inset[0] for inset in INSETS}:
                continue
            name, so_far = shapes.get(line[key], (line["new_name"], ""))
            shapes[line[key]] = (name, so_far + _path(drawn[line["shape"]], 2, 0, 0))
    return shapes


@cache
def inset_path(shape: str) -> str:
    """Return the islands of an inset, enlarged to their frame."""
    box = next(inset[4] for inset in INSETS if inset[0] == shape)
    rings = _rings()[shape]
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    room_w, room_h = box.width - 60, box.height - 200
    scale = min(room_w / (max(xs) - min(xs)), room_h / (max(ys) - min(ys)))
    left = box.x + 30 + (room_w - scale * (max(xs) - min(xs))) / 2 - scale * min(xs)
    top = box.y + 92 + (room_h - scale * (max(ys) - min(ys))) / 2 - scale * min(ys)
    return _path(rings, scale, left, top)


@cache
def _rings() -> dict[str, list[list[Point]]]:
    drawing = ElementTree.parse(DRAWING).getroot()  # noqa: S314 - a file of this repository
    return {shape.attrib["id"]: _read_path(shape.attrib["d"]) for shape in drawing}


def _read_path(path: str) -> list[list[Point]]:
    """Return the rings of an SVG path as absolute points; a curve is taken by its end point."""
    tokens, at, command = _TOKEN.findall(path), 0, "M"
    rings: list[list[Point]] = []
    here: Point = (0.0, 0.0)
    while at < len(tokens):
        if tokens[at].isalpha():
            command, at = tokens[at], at + 1
        if command in "zZ":
            here = rings[-1][0]
            continue
        count = _ARGUMENTS[command.lower()]
        here = _moved(command, here, [float(token) for token in tokens[at : at + count]])
        at += count
        if command in "mM":
            rings.append([])
            command = "l" if command == "m" else "L"
        rings[-1].append(here)
    return rings


def _moved(command: str, here: Point, numbers: list[float]) -> Point:
    x0, y0 = here if command.islower() else (0.0, 0.0)
    if command in "hH":
        return x0 + numbers[0], here[1]
    if command in "vV":
        return here[0], y0 + numbers[0]
    return x0 + numbers[-2], y0 + numbers[-1]


def _path(rings: list[list[Point]], scale: float, left: float, top: float) -> str:
    """Return a compact path on whole units; neighbours fall on the same grid, so borders still meet."""
    return "".join(
        _ring_path([(round(x * scale + left), round(y * scale + top)) for x, y in r]) for r in rings
    )


def _ring_path(points: list[tuple[int, int]]) -> str:
    kept = [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]
    moves = [(x - kept[at][0], y - kept[at][1]) for at, (x, y) in enumerate(kept[1:])]
    steps = " ".join(f"{dx} {dy}" for dx, dy in moves)
    return f"M{kept[0][0]} {kept[0][1]}l{steps}z" if moves else f"M{kept[0][0]} {kept[0][1]}h1v1z"
