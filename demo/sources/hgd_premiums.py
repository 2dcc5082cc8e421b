"""`hgd_dong_bhyt`: what households paid for their health insurance."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.nation.households import TENTHS
from demo.sources.nation.premiums import make_premiums
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import REFORM_DAY, dates, day, stamps
from demo.sources.nation.world import World
from demo.sources.org import office_codes
from demo.sources.planting import Notebook
from demo.sources.writer import Database

Array = Any
TABLE = "hgd_dong_bhyt"
CITIZEN_CODES = day("2025-08-01")  # from here the CCCD stands where the mã số stood (CV 1804/BHXH-QLT)


def write_premiums(world: World, db: Database, notes: Notebook, count: int) -> None:
    """Write every payment, a few at a wrong rate, a few of a number that lost a digit."""
    paid, people = make_premiums(world), world.people
    place = world.homes.place[paid.person]
    citizen = people.citizen_ids[paid.person]
    has = np.array([c is not None for c in citizen])
    number = np.where((paid.day >= CITIZEN_CODES) & has, citizen, people.numbers[paid.person])
    monthly = paid.monthly.copy()
    rng = stream(world.seed, "hgd premium defects")
    short, dear = rng.permutation(np.flatnonzero(~paid.deleted))[: 2 * count].reshape(2, count)
    number[short] = [n[1:] for n in number[short]]
    monthly[dear] += 10_000
    agent = world.employers.codes[world.employers.agent_of(people.province[paid.person])]
    n = len(paid)
    db.table(TABLE)
    db.add(
        TABLE, n,
        {
            "id": np.arange(1, n + 1), "ma_ho": world.homes.codes[paid.person], "thu_tu_nguoi": place + 1,
            "muc_dong": monthly, "ty_le_giam": 100 - 10 * TENTHS[place], "so_thang": paid.months,
            "ngay_dong": dates(paid.day), "ma_dai_ly": agent,
            "ma_so_bhxh": number,
            "ma_cq_bhxh": office_codes().on_month(people.district[paid.person], paid.day >= REFORM_DAY),
            "created_at": stamps(paid.created), "updated_at": stamps(paid.updated),
            "updated_by": np.where(paid.updated > paid.created, "hgd.suathu", "hgd.thu").astype(object),
            "is_deleted": paid.deleted.astype(np.int64),
        },
    )  # fmt: skip
    for check, defect, note, rows in (
        ("HGD-D01", "D-40", "mất một chữ số của mã số", short),
        ("HGD-D02", "D-11", "cao hơn mức đóng theo thứ tự 10.000 đồng", dear),
    ):
        notes.write(TABLE, np.sort(rows) + 1, check=check, defect=defect, note=note)
