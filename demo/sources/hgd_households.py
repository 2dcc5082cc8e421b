"""`hgd_ho`: households as they are declared today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.geography import districts, province_of_district, provinces
from demo.sources.nation.residence import Residence
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import FIRST_DAY, LAST_DAY, REFORM_DAY, SECONDS_A_DAY, dates, day, stamps
from demo.sources.nation.world import World
from demo.sources.org import office_codes
from demo.sources.writer import Database, maybe

Array = Any
TABLE = "hgd_ho"
ACTIVE = "đang quản lý"
DECLARED_LATELY = 0.015  # of the households, within the 24 months
UNKNOWN_PROVINCE, STRANGE_DISTRICT = "98", "999"  # no list of any time has them


@dataclass(frozen=True, slots=True)
class WrongPlaces:
    """Households whose place is wrong: codes of before the reform, a strange district, a province nobody knows."""

    obsolete: Array
    strange: Array
    unknown: Array

    @staticmethod
    def among(free: Array, count: int) -> WrongPlaces:
        """Take 2 x count of these households."""
        return WrongPlaces(free[count // 3 : count], free[: count // 3], free[count : 2 * count])


def declared_on(world: World, homes: Residence, rng: Any) -> Array:
    """Return the day each household was declared: those that pay before the story, a few others within it."""
    n = len(homes.codes)
    declared = rng.integers(day("2016-01-04"), day("2024-10-20"), size=n)
    paying = np.isin(np.arange(n), homes.home[np.array([c is not None for c in world.homes.codes])])
    lately = ~paying & (rng.random(n) < DECLARED_LATELY)
    return np.where(lately, rng.integers(FIRST_DAY, LAST_DAY - 30, size=n), declared)


def reform_moment(homes: Residence) -> Array:
    """Return the second at which each household was moved to its new office: one transaction per office."""
    _, offices = np.unique(office_codes().after, return_inverse=True)
    return REFORM_DAY * SECONDS_A_DAY + 10_000 + offices[homes.district] * 30


def write_households(
    world: World, homes: Residence, declared: Array, wrong: WrongPlaces, db: Database
) -> None:
    """Write the households, in the order of their codes' making."""
    rng = stream(world.seed, "hgd households")
    n = len(homes.codes)
    created = declared * SECONDS_A_DAY + 3_600 + (homes.district * 53 % 480) * 60
    updated = np.where(declared < REFORM_DAY, reform_moment(homes), created)
    province, district = _place_codes(homes, wrong)
    address = np.array([f"{d.name}, {provinces()[d.province].name}" for d in districts()], dtype=object)
    phones = np.array([f"09{v:08d}" for v in rng.integers(10**8, size=n).tolist()], dtype=object)
    db.table(TABLE)
    db.add(
        TABLE, n,
        {
            "id": np.arange(1, n + 1), "ma_ho": homes.codes, "ten_chu_ho": world.people.names[homes.head],
            "so_dien_thoai": maybe(phones, rng.random(n) < 0.8), "ma_tinh": province, "ma_huyen": district,
            "dia_chi": address[homes.district], "loai_giay_to": "CSDLQG dân cư", "ngay_ke_khai": dates(declared),
            "trang_thai": ACTIVE, "ma_cq_bhxh": office_codes().after[homes.district], "created_at": stamps(created),
            "updated_at": stamps(updated),
            "updated_by": np.where(declared < REFORM_DAY, "he-thong", "hgd.kekhai").astype(object),
        },
    )  # fmt: skip


def _place_codes(homes: Residence, wrong: WrongPlaces) -> tuple[Array, Array]:
    """Return ma_tinh and ma_huyen as they stand today: since the reform there are no districts."""
    old, new = province_codes(homes)
    codes = np.array([d.code for d in districts()], dtype=object)
    province = new.copy()
    district: Array = np.full(len(new), None, dtype=object)
    province[wrong.obsolete], district[wrong.obsolete] = (
        old[wrong.obsolete],
        codes[homes.district[wrong.obsolete]],
    )
    district[wrong.strange] = STRANGE_DISTRICT
    province[wrong.unknown] = UNKNOWN_PROVINCE
    return province, district


def province_codes(homes: Residence) -> tuple[Array, Array]:
    """Return the province number of every household before and since the reform."""
    owner = province_of_district()[homes.district]
    old = np.array([p.code for p in provinces()], dtype=object)
    new = np.array([p.new_code for p in provinces()], dtype=object)
    return old[owner], new[owner]
