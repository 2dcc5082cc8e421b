"""A row of an export as it was read, and a row that is held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from dwh.datapath.sources.files.problem import Place, Problem
from dwh.datapath.sources.manual.unit_codes import Unit


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One unit's figures. `number` is the row of the sheet as people count; money is in đồng once scaled."""

    number: int
    place: Place
    unit: Unit
    name: str
    area: int | None  # BHXH khu vực 1 to 35
    region: str | None  # V01 to V06
    values: Mapping[str, Decimal | None]

    def scaled(self, values: Mapping[str, Decimal | None]) -> ReadRow:
        return replace(self, values=values)


@dataclass(frozen=True, slots=True)
class Held:
    """One row that does not land, and why."""

    problem: Problem
    number: int
