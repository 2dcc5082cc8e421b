"""What a viewer chose: months, unit, slice, one month or leaf of it, and what it is compared with. Pure values."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
class Against:
    """What a choice is compared with: another period, or another unit in the same period.

    Neither given is the same months a year before.
    """

    period: Period | None = None
    place: Place | None = None
    name: str = ""  # of the unit

    @property
    def key(self) -> str:
        """Return it as the address holds it."""
        if self.place:
            return self.place.code
        return self.period.last_month if self.period else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One state of the filter bar and of what was clicked; its link draws the same page again.

    `month` narrows every part but the months themselves; `leaf` every part but the list it was chosen from.
    """

    period: Period
    place: Place
    slice: str = ""
    month: str = ""
    leaf: str = ""
    against: Against = Against()

    def link(self, **changed: str | int) -> str:
        """Return the query string of this choice with some parts changed; another unit drops the leaf."""
        parts: dict[str, str | int] = {"ky": self.period.last_month, "don_vi": self.place.code}
        parts |= {"loai": self.slice, "thang": self.month, "muc": self.leaf, "so": self.against.key}
        if "don_vi" in changed and changed["don_vi"] != self.place.code:
            parts["muc"] = ""
        parts |= changed
        return "?" + urlencode({name: value for name, value in parts.items() if value != ""})

    def months_filter(self, *, whole: bool = False) -> dict[str, Any]:
        """Return the filter of the period, or of the one month that was clicked unless `whole`."""
        if whole or not self.month:
            return self.period.filter
        return {"field": "month.month", "op": "eq", "values": [self.month]}

    @property
    def months(self) -> list[str]:
        """Return the months the figures are of."""
        return [self.month] if self.month else self.period.months

    @property
    def span(self) -> str:
        """Return the months in words."""
        return f"Tháng {month_vi(self.month)}" if self.month else self.period.span

    @property
    def compared_with(self) -> Choice:
        """Return the choice the figures are set beside; a clicked month is the same month there."""
        to = self.against
        if to.place:
            return replace(self, place=to.place, leaf="", against=Against())
        period = to.period or self.period.year_before
        month = f"{period.year}-{self.month[5:]}" if self.month else ""
        return replace(self, period=period, month=month, against=Against())

    @property
    def compared_name(self) -> str:
        """Return what the comparison is called behind a change: `cùng kỳ`, `so với 6 tháng 2026`."""
        if self.against.place:
            return f"so với {self.against.name}"
        return f"so với {self.against.period.label.lower()}" if self.against.period else "cùng kỳ"

    @property
    def compared_line(self) -> str:
        """Return what the line of the comparison is called in a chart."""
        if self.against.place:
            return self.against.name
        return self.against.period.label if self.against.period else f"Cùng kỳ {self.period.year - 1}"


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
