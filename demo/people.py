"""The demonstration's people: who signs in, where they work, and what right they are to be given."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PEOPLE_FILE = Path(__file__).with_name("people.toml")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One invented person. An empty `group` means: known to IAM, without a DWH account."""

    email: str
    name: str
    staff_code: str
    unit: str
    position: str
    group: str
    org_code: str
    subjects: tuple[str, ...]
    note: str

    @property
    def unit_code(self) -> str:
        """Return the warehouse's code of the unit the person works in."""
        return org_code_of(self.unit)


def org_code_of(ma_dv: str) -> str:
    """Return the warehouse's organisation code of a unit of the personnel system."""
    return ma_dv if ma_dv == "00" else f"00.{ma_dv}"


@cache
def load_people() -> tuple[DemoPerson, ...]:
    """Return the people of `people.toml`, in its order."""
    rows = tomllib.loads(PEOPLE_FILE.read_text(encoding="utf-8"))["person"]
    return tuple(
        DemoPerson(org_code=row.pop("org"), subjects=tuple(row.pop("subjects")), **row) for row in rows
    )
