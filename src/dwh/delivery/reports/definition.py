"""A fixed report as data: definitions/*.yaml read once into frozen values."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

FOLDER: Final = Path(__file__).with_name("definitions")
AREAS: Final = Path(__file__).with_name(
    "areas_2025.csv"
)  # BHXH khu vực 01/03/2025–30/06/2025 by old province
AREAS_FROM, AREAS_UNTIL = "2025-03", "2025-07"


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """One column of figures: where it stands, its unit, and the value of the subject it prints."""

    letter: str
    head: str
    unit: str
    value: str
    group: str = ""
    provincial: str = ""

    def title(self, *, national: bool) -> str:
        return self.head if national or not self.provincial else self.provincial


@dataclass(frozen=True, slots=True)
class Layout:
    """The order of the columns for periods that end before `until` (a month)."""

    name: str
    until: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """Everything that is fixed about a report."""

    name: str
    form: str
    title: str
    subject: str
    unit_note: str
    parameters: tuple[str, ...]
    layouts: tuple[Layout, ...]
    keys: Mapping[str, Mapping[str, str]]
    figures: tuple[FigureColumn, ...]
    footnotes: tuple[str, ...]

    def layout_on(self, last_month: str) -> Layout:
        """Return the layout of a period by its last month."""
        return next(layout for layout in self.layouts if last_month < layout.until)


@cache
def definition_named(name: str) -> Definition:
    """Return the report `name`, as its YAML says it."""
    data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return Definition(
        name=data["report"],
        form=data["form"],
        title=data["title"],
        subject=data["subject"],
        unit_note=data["unit_note"],
        parameters=tuple(data["parameters"]),
        layouts=tuple(Layout(one["name"], one["until"], tuple(one["keys"])) for one in data["layouts"]),
        keys=data["keys"],
        figures=tuple(FigureColumn(**column) for column in data["figures"]),
        footnotes=tuple(data["footnotes"]),
    )


@cache
def areas() -> dict[str, str]:
    """Return the BHXH khu vực (1–35) of each province code before 01/07/2025."""
    with AREAS.open(encoding="utf-8") as lines:
        return {line["province_code"]: line["area_code"] for line in csv.DictReader(lines)}
