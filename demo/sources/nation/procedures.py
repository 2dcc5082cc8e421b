"""Administrative procedures: 115 until 30/06/2025, 25 since; their names, fields and time limits by date."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from demo.sources.nation.times import REFORM_DAY, day
from demo.sources.schema import DATA

Array = Any
EMPLOYER = "đơn vị"
WORKING, CALENDAR = "làm việc", "lịch"
OLD_SINCE = "2020-01-01"


@dataclass(frozen=True, slots=True)
class Procedures:
    """One array per attribute of the 25 procedures of today."""

    codes: Array
    names: Array
    fields: Array
    by_employer: Array
    days: Array  # the limit of 2025-07-01, which the old procedures had too
    calendar: Array  # the limit counts calendar days
    share: Array
    first_old: Array  # number of the first old procedure that went into it
    old_count: Array

    def __len__(self) -> int:
        return len(self.codes)

    def limit_on(self, procedure: Array, days: Array) -> Array:
        """Return the time limit of each dossier's procedure on the day it was received."""
        out = self.days[procedure].copy()
        for code, since, shorter in _source()["shortened"]:
            at = int(np.flatnonzero(self.codes == code)[0])
            out[(procedure == at) & (days >= day(str(since)))] = shorter
        return out

    def code_on(self, procedure: Array, days: Array, rng: Any) -> Array:
        """Return the code each dossier is filed under: one of the old ones before the reform."""
        which = rng.integers(0, self.old_count[procedure])
        return np.where(days >= REFORM_DAY, self.codes[procedure], self.old_code(procedure, which))

    def old_code(self, procedure: Array, which: Array) -> Array:
        """Return the code of the which-th old procedure that went into each procedure."""
        numbers = self.first_old[procedure] + which
        return np.array([f"TT.{number:03d}" for number in numbers.tolist()], dtype=object)


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the source's list of procedures; `until` is half open, None while it is in force."""

    code: str
    name: str
    days: int
    unit: str
    since: str
    until: str | None


@cache
def procedures() -> Procedures:
    """Return the procedures of `data/procedures.toml`."""
    codes, names, fields, filer, days, unit, share, old = zip(*_source()["procedures"], strict=True)
    weight = np.array(share, dtype=float)
    return Procedures(
        codes=np.array(codes, dtype=object), names=np.array(names, dtype=object),
        fields=np.array(fields, dtype=object), by_employer=np.array([f == EMPLOYER for f in filer]),
        days=np.array(days), calendar=np.array([u == CALENDAR for u in unit]), share=weight / weight.sum(),
        first_old=1 + np.cumsum([0, *old[:-1]]), old_count=np.array(old),
    )  # fmt: skip


@cache
def listed() -> tuple[Listed, ...]:
    """Return the list of procedures as the source keeps it: every version of every code."""
    found, shorter = [], {code: (str(since), days) for code, since, days in _source()["shortened"]}
    since = str(_source()["since"])
    number = 0
    for code, name, _, _, days, unit, _, old in _source()["procedures"]:
        for case in range(old):
            number += 1
            found.append(
                Listed(f"TT.{number:03d}", f"{name} (trường hợp {case + 1})", days, unit, OLD_SINCE, since)
            )
        change, fewer = shorter.get(code, (None, days))
        found.append(Listed(code, name, days, unit, since, change))
        if change:
            found.append(Listed(code, name, fewer, unit, change, None))
    return tuple(found)


@cache
def _source() -> dict[str, Any]:
    return tomllib.loads((DATA / "procedures.toml").read_text(encoding="utf-8"))
