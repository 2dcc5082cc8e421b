"""Provinces and districts before the reform, and what each became: the facts of `demo/data`, in arrays."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from demo.sources.schema import DATA

Array = Any
UNCHANGED = frozenset(["01", "04", "11", "12", "14", "20", "22", "38", "40", "42", "46"])
URBAN = ("Quận", "Thành phố", "Thị xã")
LIGHTER = {
    "77": 0.45,
    "06": 0.45,
}  # provinces whose published participants are far below their share of communes


@dataclass(frozen=True, slots=True)
class Province:
    """One of the 63 provinces before 2025-07-01."""

    code: str
    name: str
    region: str
    new_code: str
    people: float  # registered people of today's province, shared among its parts by number of communes

    @property
    def unit(self) -> str:
        """Return ma_dv of the province office before the reform."""
        return self.code

    @property
    def new_unit(self) -> str:
        """Return ma_dv of the province office since the reform."""
        return self.new_code if self.new_code in UNCHANGED else f"{self.new_code}-2025"


@dataclass(frozen=True, slots=True)
class District:
    """One of the 696 districts before 2025-07-01; `province` is a position in `provinces()`."""

    code: str
    name: str
    province: int
    weight: float


@cache
def read(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a file of `demo/data`."""
    with (DATA / name).open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@cache
def provinces() -> tuple[Province, ...]:
    """Return the 63 old provinces in code order."""
    people = {row["code"]: float(row["registered_population_2025"]) for row in read("provinces_2025.csv")}
    old = read("province_map_2025.csv")
    size = {r["old_code"]: int(r["old_communes"]) * LIGHTER.get(r["old_code"], 1.0) for r in old}
    whole = {c: sum(size[r["old_code"]] for r in old if r["new_code"] == c) for c in people}
    region = {row["ma_tinh"]: row["ma_vung_vss"] for row in read("provinces_63_old.csv")}
    return tuple(
        Province(
            r["old_code"], r["old_name"], region[r["old_code"]], r["new_code"],
            people[r["new_code"]] * size[r["old_code"]] / whole[r["new_code"]],
        )
        for r in old
    )  # fmt: skip


@cache
def new_province_names() -> dict[str, str]:
    """Return the names of the 34 provinces by their code."""
    return {row["code"]: row["name"] for row in read("provinces_2025.csv")}


@cache
def districts() -> tuple[District, ...]:
    """Return the 696 old districts, grouped by province in code order."""
    at = {p.code: i for i, p in enumerate(provinces())}
    rows = sorted(read("districts_pre2025.csv"), key=lambda r: (r["province_code"], r["district_code"]))
    return tuple(
        District(r["district_code"], r["district_name"], at[r["province_code"]], _weight(r)) for r in rows
    )


def short_name(name: str) -> str:
    """Return a place name without its kind: 'Quận Ba Đình' becomes 'Ba Đình'."""
    for kind in ("Thành phố ", "Tỉnh ", "Quận ", "Huyện ", "Thị xã "):
        name = name.removeprefix(kind)
    return name


@cache
def province_of_district() -> Array:
    """Return the province position of every district."""
    return np.array([d.province for d in districts()])


@cache
def regions() -> Array:
    """Return the VSS region ('V01'…'V06') of every old province."""
    return np.array([p.region for p in provinces()])


def districts_for(province_at: Array, rng: Any) -> Array:
    """Return a district of the given province for every person, larger places more often."""
    out: Array = np.empty(len(province_at), dtype=np.int64)
    owner = province_of_district()
    weight = np.array([d.weight for d in districts()])
    for place in np.unique(province_at):
        here, mine = np.flatnonzero(owner == place), np.flatnonzero(province_at == place)
        out[mine] = rng.choice(here, size=len(mine), p=weight[here] / weight[here].sum())
    return out


def _weight(row: dict[str, str]) -> float:
    return max(1, int(row["communes"])) * (2.0 if row["district_name"].startswith(URBAN) else 1.0)
