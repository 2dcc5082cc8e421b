"""Facilities of health care under contract: `gd_cskcb`. Invented, with the shape of the real network.

The code's first two characters are the old province and stay so after the reform, as the real ones do.
`tuyen` 1 trung ương, 2 tỉnh, 3 huyện, 4 xã; `hang` ĐB, 1-4 or 0 (not ranked); `loai_hinh` 1 công, 2 tư.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.geography import districts, districts_for, provinces, short_name
from demo.sources.nation.population import headcounts
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import day

Array = Any
CENTRAL, PROVINCIAL, DISTRICT, COMMUNE = 1, 2, 3, 4
CENTRAL_CITIES = ("01", "79", "46", "48", "92")
NATION = 13_000  # facilities under contract
OPEN_END = day("2099-12-31")
CLOSED_ON = day("2025-12-31")
LEAST, FEWEST_CLOSED = 4, 3


@dataclass(frozen=True, slots=True)
class Facilities:
    """One array per attribute; a facility is a position."""

    codes: Array
    province: Array
    district: Array
    level: Array
    rank: Array
    private: Array
    names: Array
    until: Array  # last day of the contract

    def __len__(self) -> int:
        return len(self.codes)


def make_facilities(scale: float, seed: int) -> Facilities:
    """Return the facilities: every province has a hospital and a station, more of them as the scale grows."""
    rng = stream(seed, "facilities")
    people = np.array([p.people for p in provinces()])
    total = max(LEAST * len(people), round(NATION * scale**0.5))
    province: Array = np.repeat(np.arange(len(people)), headcounts(people, total - 3 * len(people)) + 3)
    within = np.arange(len(province)) - np.searchsorted(province, province)
    level = np.select([within == 0, within % 3 == 1], [PROVINCIAL, DISTRICT], default=COMMUNE)
    big = np.isin(province, [i for i, p in enumerate(provinces()) if p.code in CENTRAL_CITIES])
    level[big & np.isin(within, (0, 6, 12))] = CENTRAL
    level[big & (within == 3)] = PROVINCIAL
    private = (level >= DISTRICT) & (rng.random(len(level)) < 0.12)
    district = districts_for(province, rng)
    rank = np.select(
        [level == CENTRAL, level == PROVINCIAL, level == DISTRICT],
        [
            np.where(within == 0, "ĐB", "1"),
            rng.choice(["1", "2"], size=len(level)),
            rng.choice(["2", "3"], len(level)),
        ],
        default="0",
    ).astype(object)
    codes = np.array(
        [f"{provinces()[p].code}{k + 1:03d}" for p, k in zip(province, within, strict=True)], dtype=object
    )
    return Facilities(
        codes=codes, province=province, district=district, level=level, rank=rank, private=private,
        names=_names(province, district, level, within), until=_ends(level, rng),
    )  # fmt: skip


def _names(province: Array, district: Array, level: Array, within: Array) -> Array:
    out = []
    for p, d, v, k in zip(province, district, level, within, strict=True):
        place = short_name(provinces()[p].name if v <= PROVINCIAL else districts()[d].name)
        kind = {
            CENTRAL: "Bệnh viện trung ương",
            PROVINCIAL: "Bệnh viện đa khoa tỉnh",
            DISTRICT: "Bệnh viện đa khoa",
        }
        out.append(f"{kind.get(v, 'Trạm y tế')} {place} số {k + 1}")
    return np.array(out, dtype=object)


def _ends(level: Array, rng: Any) -> Array:
    """Return the last day of each contract; a few small facilities lost theirs at the end of 2025."""
    until = np.full(len(level), OPEN_END)
    small = np.flatnonzero(level >= DISTRICT)
    until[rng.choice(small, size=max(FEWEST_CLOSED, len(small) // 60), replace=False)] = CLOSED_ON
    return until
