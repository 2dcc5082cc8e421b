"""What an export looks like, as data: the columns it may have and under which headers, its units, its relations.

A layout is a YAML file in layouts/; a new report, or a new label of an old one, is a change there and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, get_args

import yaml

from dwh.datapath.sources.contract import Column as ContractColumn
from dwh.datapath.sources.contract import TableContract
from dwh.datapath.sources.manual.relations import Relation, read_relation
from dwh.kernel import vi
from dwh.kernel.errors import NotFound

Kind = Literal["code", "name", "area", "region", "money", "count", "ratio"]
Level = Literal["nation", "region", "province", "facility"]
Path = tuple[str, ...]
_UNIT = re.compile(r"\([^)]*\)")
_NO_WORD = re.compile(r"[^\w%]+")
MONEY, RATIO = (20, 2), (14, 4)  # digits, after the comma: what is kept of a computed value, rounded half up


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `headers` are the ways exports head it, each a path from the top row down, without marks."""

    name: str
    kind: Kind
    label: str
    headers: tuple[Path, ...]
    unit: str = ""
    is_optional: bool = False

    @property
    def is_figure(self) -> bool:
        return self.kind in ("money", "count", "ratio")


@dataclass(frozen=True, slots=True)
class UnitRule:
    """How the scale of a group of money columns is found: `of`, or `of` by `per`, lies between these đồng."""

    group: str
    of: str
    per: str
    between: Mapping[str, tuple[float, float]]  # level of the file, or 'any'

    def bounds(self, level: Level) -> tuple[float, float]:
        return self.between.get(level) or self.between.get("any") or self.between["province"]


@dataclass(frozen=True, slots=True)
class Layout:
    """One report as it is exported."""

    id: str
    label: str
    table: str
    owner: str
    period: Literal["months", "day"]
    levels: tuple[Level, ...]
    parameters: tuple[str, ...]
    columns: tuple[Column, ...]
    units: tuple[UnitRule, ...]
    relations: tuple[Relation, ...]
    sums: tuple[str, ...]
    sums_code: str
    sums_within: float

    @property
    def figures(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_figure)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def contract(self) -> TableContract:
        """Return how the report lands: what every load carries, then the columns of the layout."""
        own = tuple(_landed(column) for column in self.columns if column.kind not in ("code", "name"))
        money = tuple(c.name for c in self.figures if c.kind == "money" and c.unit != "average")
        return TableContract(self.table, self.label, (*_FIRST, *own, *_LAST), money=money)


_FIRST: Final = (
    ContractColumn("id", "integer", nullable=False),
    ContractColumn("ky_tu", "text", nullable=False),  # 'YYYY-MM'
    ContractColumn("ky_den", "text", nullable=False),
    ContractColumn("tham_so", "text", nullable=False),  # the other parameters of the export, JSON, sorted
    ContractColumn("cap", "text", nullable=False),  # nation, region, province, facility
    ContractColumn("ma_don_vi", "text", nullable=False),
    ContractColumn("he_ma", "text", nullable=False),  # which list of provinces: 63 or 34
    ContractColumn("ten_don_vi", "text"),
)
_LAST: Final = (
    ContractColumn("ma_ke_hoach", "text", nullable=False),
    ContractColumn("so_tep", "integer", nullable=False),  # number of the file in the journal
    ContractColumn("created_at", "timestamp", nullable=False),
    ContractColumn("updated_at", "timestamp", nullable=False),
    ContractColumn("is_deleted", "boolean", nullable=False),
)


@cache
def load_layouts() -> dict[str, Layout]:
    """Return report id → its layout, of every file in layouts/."""
    folder = files(__package__).joinpath("layouts")
    found = [
        read_layout(path.read_text(encoding="utf-8"))
        for path in folder.iterdir()
        if path.name.endswith(".yaml")
    ]
    return {layout.id: layout for layout in sorted(found, key=lambda one: one.id)}


def layout_named(report: str) -> Layout:
    """Return the layout of a report. Raises NotFound when there is none."""
    layouts = load_layouts()
    if report not in layouts:
        raise NotFound(f"Không có bố cục biểu «{report}». Các biểu có: {', '.join(layouts)}.", report=report)
    return layouts[report]


def read_layout(text: str) -> Layout:
    """Return the layout written in the YAML `text`."""
    said = yaml.safe_load(text)
    sums = said.get("sums", {})
    return Layout(
        id=said["id"], label=said["label"], table=said["table"], owner=said["owner"], period=said["period"],
        levels=tuple(said["levels"]), parameters=tuple(said["parameters"]),
        columns=(*(_column(item) for item in said["columns"]), *_crossed(said.get("cross"))),
        units=tuple(_unit(group, rule) for group, rule in said.get("units", {}).items()),
        relations=tuple(read_relation(**item) for item in said.get("formulas", ())),
        sums=tuple(sums.get("of", ())), sums_code=sums.get("code", ""), sums_within=float(sums.get("within", 0)),
    )  # fmt: skip


def path_of(words: str) -> Path:
    """Return a header as it is compared: `Chi bình quân / Chung (đ)` is ('chi binh quan', 'chung')."""
    return tuple(filter(None, (plain(part) for part in words.split(" / "))))


def plain(text: str) -> str:
    """Return a header text without marks, capitals, punctuation and what stands in brackets."""
    return _NO_WORD.sub(" ", vi.strip_marks(_UNIT.sub(" ", text))).strip()


def _column(item: Mapping[str, Any]) -> Column:
    if item["kind"] not in get_args(Kind):
        raise ValueError(f"{item['name']} is of no known kind {item['kind']}")
    headers = tuple(path_of(words) for words in item["headers"])
    return Column(
        item["name"],
        item["kind"],
        item["headers"][0],
        headers,
        item.get("unit", ""),
        item.get("optional", False),
    )


def _crossed(cross: Mapping[str, Any] | None) -> list[Column]:
    """Return every group with every part; a part may be of a kind of its own (a per cent)."""
    if not cross:
        return []
    return [
        _column(
            {
                "name": f"{group['name']}_{part['name']}", "kind": part.get("kind", group["kind"]),
                "unit": "" if "kind" in part else group.get("unit", ""),
                "headers": [f"{top} / {low}" for top in group["headers"] for low in part["headers"]],
            }
        )
        for group in cross["groups"]
        for part in cross["parts"]
    ]  # fmt: skip


def _unit(group: str, rule: Mapping[str, Any]) -> UnitRule:
    between = {
        name: (float(bounds[0]), float(bounds[1]))
        for name, bounds in rule.items()
        if name not in ("of", "per")
    }
    return UnitRule(group, rule["of"], rule.get("per", ""), between)


def _landed(column: Column) -> ContractColumn:
    if column.kind in ("count", "area"):
        return ContractColumn(column.name, "integer")
    if column.kind == "region":
        return ContractColumn(column.name, "text")
    return ContractColumn(column.name, "decimal", precision=MONEY if column.kind == "money" else RATIO)
