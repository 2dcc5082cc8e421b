"""The people of the demonstration: who they are, where they live, which group of insurance they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation import population
from demo.sources.nation.geography import districts_for, provinces, regions
from demo.sources.nation.names import full_names
from demo.sources.nation.population import GROUPS
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import LAST_DAY, years_of

Array = Any
EMPLOYEE, SI_FUND, BUDGET, SUPPORTED, HOUSEHOLD, UNINSURED = range(6)
SPARE_POOL = {
    "employee": 1.14,
    "household": 1.10,
}  # people who come and go: the pool is larger than any month
UNINSURED_SHARE, FEWEST_UNINSURED = 0.055, 90
YEAR = 365.25
HIGHLAND_SHARE = {"V01": 0.55, "V02": 0.02, "V03": 0.08, "V04": 0.35, "V05": 0.03, "V06": 0.08}
PEOPLE_OF = {
    "V01": ("02", "03", "06", "07", "08", "09"),
    "V04": ("10", "12", "13", "17", "19"),
    "V06": ("05", "04"),
}

# (share, youngest, oldest) in years at the end of the demonstration
AGES = {
    EMPLOYEE: ((0.40, 19, 32), (0.42, 30, 44), (0.18, 42, 60)),
    SI_FUND: ((0.65, 57, 72), (0.35, 70, 88)),
    BUDGET: ((0.30, 0, 7), (0.45, 8, 60), (0.25, 58, 86)),
    SUPPORTED: ((0.64, 7, 18), (0.12, 18, 23), (0.24, 20, 70)),
    HOUSEHOLD: ((0.35, 22, 40), (0.45, 38, 60), (0.20, 58, 80)),
    UNINSURED: ((0.7, 18, 45), (0.3, 40, 70)),
}


@dataclass(frozen=True, slots=True)
class People:
    """One array per attribute; a person is a position."""

    group: Array
    province: Array
    district: Array
    women: Array
    birth: Array
    names: Array
    numbers: Array  # mã số BHXH, ten digits
    citizen_ids: Array  # CCCD, twelve digits, or None
    ethnic: Array

    def __len__(self) -> int:
        return len(self.group)

    def at(self, group: int) -> Array:
        """Return the positions of a group."""
        return np.flatnonzero(self.group == group)

    @property
    def quiet(self) -> Array:
        """Mark the people who never appear in a claim: their cards may be made wrong on purpose."""
        return np.arange(len(self)) % 50 == 0


def make_people(scale: float, seed: int) -> People:
    """Return everybody who has a mã số BHXH, in the proportions of the published totals."""
    rng = stream(seed, "people")
    group, province = _who_lives_where(scale)
    n = len(group)
    district = districts_for(province, rng)
    women = rng.random(n) < np.where(group == EMPLOYEE, 0.48, 0.515)
    birth = _births(group, rng)
    region = regions()[province]
    highland = rng.random(n) < np.array([HIGHLAND_SHARE[r] for r in regions()])[province]
    return People(
        group=group, province=province, district=district, women=women, birth=birth,
        names=full_names(women, region, highland, rng), numbers=_numbers(province, rng),
        citizen_ids=_citizen_ids(province, women, birth, rng), ethnic=_ethnic(region, highland, rng),
    )  # fmt: skip


def _who_lives_where(scale: float) -> tuple[Array, Array]:
    table = population.fitted()
    groups: list[Array] = []
    places: list[Array] = []
    for at, name in enumerate(GROUPS):
        share = table[:, at]
        total = round(share.sum() * SPARE_POOL.get(name, 1.0) * scale * 1e6)
        counts = population.headcounts(share, max(total, len(share)))
        places.append(np.repeat(np.arange(len(counts)), counts))
        groups.append(np.full(counts.sum(), at))
    covered = population.covered()
    spare = max(FEWEST_UNINSURED, round(covered.sum() * scale * 1e6 * UNINSURED_SHARE))
    places.append(np.repeat(np.arange(len(covered)), population.headcounts(covered, spare)))
    groups.append(np.full(spare, UNINSURED))
    return np.concatenate(groups).astype(np.int8), np.concatenate(places)


def _births(group: Array, rng: Any) -> Array:
    days: Array = np.empty(len(group), dtype=np.int64)
    for code, parts in AGES.items():
        mine = np.flatnonzero(group == code)
        which = rng.choice(len(parts), size=len(mine), p=[share for share, _, _ in parts])
        low, high = (np.array([p[i] for p in parts])[which] for i in (1, 2))
        days[mine] = LAST_DAY - ((low + rng.random(len(mine)) * (high - low)) * YEAR).astype(np.int64)
    return np.minimum(days, LAST_DAY - 20)


def _numbers(province: Array, rng: Any) -> Array:
    """Return ten digits each: the old province of first issue, then eight that never repeat."""
    serial = (rng.permutation(len(province)) * 48_271 + 7_919) % 99_999_989
    codes = [p.code for p in provinces()]
    return np.array(
        [f"{codes[p]}{s:08d}" for p, s in zip(province.tolist(), serial.tolist(), strict=True)], dtype=object
    )


def _citizen_ids(province: Array, women: Array, birth: Array, rng: Any) -> Array:
    """Return twelve digits each: province of birth, century and sex, year, six that never repeat within those."""
    years = years_of(birth)
    century = (years >= 2000) * 2 + women
    key = (province * 10 + century) * 100 + years % 100
    order = np.argsort(key, kind="stable")
    rank: Array = np.empty(len(key), dtype=np.int64)
    rank[order] = np.arange(len(key)) - np.searchsorted(key[order], key[order])
    serial = (rank * 7_919 + 104_729 + key) % 1_000_000
    codes = [p.code for p in provinces()]
    parts = zip(province.tolist(), century.tolist(), (years % 100).tolist(), serial.tolist(), strict=True)
    ids = np.array([f"0{codes[p]}{c}{y:02d}{s:06d}" for p, c, y, s in parts], dtype=object)
    old = LAST_DAY - birth > 60 * YEAR
    ids[old & (rng.random(len(ids)) < 0.12)] = None  # older people who still hold a nine-digit CMND
    return ids


def _ethnic(region: Array, highland: Array, rng: Any) -> Array:
    out: Array = np.full(len(region), "01", dtype=object)
    for name, codes in PEOPLE_OF.items():
        mine = np.flatnonzero(highland & (region == name))
        out[mine] = np.array(codes, dtype=object)[rng.integers(len(codes), size=len(mine))]
    return out
