"""The system that issues numbers and keeps households (CMS-HGĐ): its six tables from one world."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.hgd_changes import write_changes
from demo.sources.hgd_households import TABLE, WrongPlaces, declared_on, write_households
from demo.sources.hgd_members import make_members, write_members
from demo.sources.hgd_numbers import write_issued, write_pairs
from demo.sources.hgd_premiums import write_premiums
from demo.sources.nation.people import HOUSEHOLD
from demo.sources.nation.residence import OTHER, Residence, make_residence
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import REFORM_DAY
from demo.sources.nation.world import World
from demo.sources.planting import Notebook
from demo.sources.writer import Database

Array = Any


def write_registration(world: World, db: Database, notes: Notebook, count: int) -> None:
    """Write the six tables; wrong places and missing heads are among the households that pay nothing."""
    rng = stream(world.seed, "hgd")
    homes = make_residence(world.people, world.homes, world.seed)
    declared = declared_on(world, homes, rng)
    free = rng.permutation(_quiet_homes(world, homes, declared))
    wrong = WrongPlaces.among(free[: 2 * count], count)
    headless = free[2 * count : 3 * count]
    write_households(world, homes, declared, wrong, db)
    members = make_members(world, homes, declared)
    members.relation[homes.head[headless]] = OTHER
    write_members(world, homes, members, wrong.unknown, (db, notes, count))
    write_issued(world, db)
    write_pairs(world, db, notes, count)
    write_changes(world, homes, declared, (members, wrong, db))
    write_premiums(world, db, notes, count)
    for check, defect, note, rows in (
        ("HGD-H01", "D-06", "mã tỉnh, huyện không còn dùng", np.concatenate([wrong.obsolete, wrong.strange])),
        ("HGD-H02", "D-35", "hộ không có chủ hộ", headless),
        ("HGD-H03", "D-06", "mã tỉnh không có trong danh mục nào", wrong.unknown),
    ):
        notes.write(TABLE, np.sort(rows) + 1, check=check, defect=defect, note=note)


def _quiet_homes(world: World, homes: Residence, declared: Array) -> Array:
    """Return households of several people, declared before the reform, in which nobody pays."""
    size = np.bincount(homes.home, minlength=len(homes.codes))
    paying = np.isin(np.arange(len(size)), homes.home[world.people.group == HOUSEHOLD])
    return np.flatnonzero(~paying & (size >= 2) & (declared < REFORM_DAY))
