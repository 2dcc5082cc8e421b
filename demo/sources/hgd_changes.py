"""`hgd_bien_dong`: what was changed in a household, with the value before and after."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.hgd_households import WrongPlaces, province_codes, reform_moment
from demo.sources.hgd_members import Members
from demo.sources.nation.residence import Residence
from demo.sources.nation.seeds import some, stream
from demo.sources.nation.times import FIRST_DAY, LAST_DAY, REFORM_DAY, SECONDS_A_DAY, dates, stamps
from demo.sources.nation.world import World
from demo.sources.org import office_codes
from demo.sources.writer import Database

Array = Any
TABLE = "hgd_bien_dong"
REFORM_PAPER, FORM = "NQ 202/2025/QH15", "TK1-TS"
PHONE_EDITS = 0.01


def write_changes(
    world: World, homes: Residence, declared: Array, plan: tuple[Members, WrongPlaces, Database]
) -> None:
    """Write the log: every household moved to its new office and province at the reform, births, moves, edits."""
    members, wrong, db = plan
    rng = stream(world.seed, "hgd changes")
    blocks = [*_reform(homes, declared, wrong), *_moves(world, homes, members), _edits(homes, rng)]
    table = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    order = np.argsort(table.pop("_moment"), kind="stable")
    db.table(TABLE)
    db.add(TABLE, len(order), {"id": np.arange(1, len(order) + 1), **{k: v[order] for k, v in table.items()}})


def _block(homes: Residence, home: Array, words: dict[str, Any], moment: Array) -> dict[str, Array]:
    """Return rows about these households at these seconds; words given once are those of every row."""
    n = len(home)
    reformed = moment >= REFORM_DAY * SECONDS_A_DAY
    given = {
        "ma_so_bhxh": None,
        "truong": None,
        "gia_tri_cu": None,
        "gia_tri_moi": None,
        "can_cu": FORM,
    } | words
    return {
        "ma_ho": homes.codes[home],
        **{k: v if isinstance(v, np.ndarray) else np.full(n, v, dtype=object) for k, v in given.items()},
        "ngay_bien_dong": dates(moment // SECONDS_A_DAY),
        "ma_cq_bhxh": office_codes().on_month(homes.district[home], reformed), "created_at": stamps(moment),
        "updated_at": stamps(moment), "updated_by": np.full(n, "hgd.nhatky", dtype=object), "_moment": moment,
    }  # fmt: skip


def _reform(homes: Residence, declared: Array, wrong: WrongPlaces) -> list[dict[str, Array]]:
    older = np.flatnonzero(declared < REFORM_DAY)
    moment = reform_moment(homes)
    codes = office_codes()
    office = {
        "loai": "sửa thông tin", "truong": "ma_cq_bhxh", "gia_tri_cu": codes.before[homes.district[older]],
        "gia_tri_moi": codes.after[homes.district[older]], "can_cu": REFORM_PAPER,
    }  # fmt: skip
    before, after = province_codes(homes)
    changed = np.setdiff1d(
        older[before[older] != after[older]], np.concatenate([wrong.obsolete, wrong.unknown])
    )
    province = {
        "loai": "sửa thông tin", "truong": "ma_tinh", "gia_tri_cu": before[changed], "gia_tri_moi": after[changed],
        "can_cu": REFORM_PAPER,
    }  # fmt: skip
    return [_block(homes, older, office, moment[older]), _block(homes, changed, province, moment[changed])]


def _moves(world: World, homes: Residence, members: Members) -> list[dict[str, Array]]:
    """Return who came and who went within the 24 months."""
    numbers = world.people.numbers[members.person]
    lately = members.since >= FIRST_DAY
    came = np.flatnonzero(lately & ~members.deleted)
    went = np.flatnonzero(members.until >= 0)
    return [
        _block(
            homes,
            members.home[rows],
            {"loai": kind, "ma_so_bhxh": numbers[rows]},
            days[rows] * SECONDS_A_DAY + 4_500,
        )
        for kind, rows, days in (("thêm", came, members.since), ("chuyển hộ", went, members.until))
    ]


def _edits(homes: Residence, rng: Any) -> dict[str, Array]:
    home = some(rng, np.arange(len(homes.codes)), max(3, round(len(homes.codes) * PHONE_EDITS)))
    moment = rng.integers(FIRST_DAY, LAST_DAY, size=len(home)) * SECONDS_A_DAY + 8_100
    phones = [
        np.array([f"09{v:08d}" for v in rng.integers(10**8, size=len(home))], dtype=object) for _ in range(2)
    ]
    words = {
        "loai": "sửa thông tin",
        "truong": "so_dien_thoai",
        "gia_tri_cu": phones[0],
        "gia_tri_moi": phones[1],
    }
    return _block(homes, home, words, moment)
