"""What a viewer chose in the filter bar: months, unit, slice. Pure values that make the query filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from dwh.kernel.org.scope import NATION, OrgScope
from dwh.kernel.vi import month_vi

REFORM_MONTH: Final = "2025-07"  # 34 provinces from 01/07/2025; earlier months are shown on today's tree

Filters = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Period:
    """The months 1 to `last` of `year`."""

    year: int
    last: int

    @property
    def first_month(self) -> str:
        return f"{self.year}-01"

    @property
    def last_month(self) -> str:
        return f"{self.year}-{self.last:02d}"

    @property
    def months(self) -> list[str]:
        return [f"{self.year}-{month:02d}" for month in range(1, self.last + 1)]

    @property
    def year_before(self) -> Period:
        return Period(self.year - 1, self.last)

    @property
    def label(self) -> str:
        return f"Năm {self.year}" if self.last == 12 else f"{self.last} tháng {self.year}"

    @property
    def span(self) -> str:
        """Return the months in words for the strip: `Tháng 1–10/2026`."""
        return f"Tháng {'1–' if self.last > 1 else ''}{month_vi(self.last_month)}"

    @property
    def filter(self) -> dict[str, Any]:
        return {"field": "month.month", "op": "between", "values": [self.first_month, self.last_month]}

    @property
    def needs_conversion(self) -> bool:
        """Tell whether some month is older than today's tree of units."""
        return self.first_month < REFORM_MONTH


@dataclass(frozen=True, slots=True)
class Place:
    """Where the viewer stands: the nation, a province or an office (by the depth of its org_code)."""

    code: str
    whole: bool  # false: the viewer's area is only a part of it, so nothing is filtered but by his scope

    @property
    def tier(self) -> str:
        return ("nation", "province", "office")[min(self.code.count("."), 2)]

    @property
    def province(self) -> str:
        return ".".join(self.code.split(".")[:2]) if "." in self.code else ""

    @property
    def child_field(self) -> str:
        """Return the level one step below: provinces of the nation, offices of a province, else none."""
        return {"nation": "org.province", "province": "org.office"}.get(self.tier, "")

    @property
    def name_fields(self) -> list[str]:
        return {"nation": [], "province": ["org.province"]}.get(self.tier, ["org.province", "org.office"])

    @property
    def filters(self) -> Filters:
        if self.tier == "nation" or not self.whole:
            return []
        return [{"field": f"org.{self.tier}", "op": "in", "values": [self.code]}]


@dataclass(frozen=True, slots=True)
class Choice:
    """One state of the filter bar; its link draws the same page again."""

    period: Period
    place: Place
    slice: str = ""

    def link(self, **changed: str | int) -> str:
        """Return the query string of this choice with some parts changed."""
        parts: dict[str, str | int] = {"ky": self.period.last_month, "don_vi": self.place.code}
        parts |= {"loai": self.slice} | changed
        return "?" + urlencode({name: value for name, value in parts.items() if value != ""})


def root_of(scope: OrgScope) -> Place:
    """Return where a viewer starts: the smallest unit that holds everything he may see."""
    if scope.covers(NATION):
        return Place(NATION, whole=True)
    paths = [code.split(".") for code in sorted(scope.codes)]
    shared = 0
    while all(len(path) > shared and path[shared] == paths[0][shared] for path in paths):
        shared += 1
    code = ".".join(paths[0][: min(max(shared, 1), 3)])
    return Place(code, whole=scope.covers(code))


def latest(data_until: str) -> Period:
    """Return the period shown first: the year of the last month with data, up to that month."""
    return Period(int(data_until[:4]), int(data_until[5:7]))
