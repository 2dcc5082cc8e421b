"""`hgd_cap_ma` and `hgd_trung_ma`: numbers as they were issued, and the pairs of numbers that may be one person."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.nation.people import EMPLOYEE, HOUSEHOLD, UNINSURED
from demo.sources.nation.second_numbers import MERGED, MOVED, TWICE, UNSEEN
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import (
    FIRST_DAY,
    LAST_DAY,
    MONTH_COUNT,
    MONTH_STARTS,
    REFORM_DAY,
    SECONDS_A_DAY,
    dates,
    day,
    stamps,
)
from demo.sources.nation.world import World
from demo.sources.org import office_codes
from demo.sources.planting import Notebook
from demo.sources.writer import Database, maybe

Array = Any
ISSUED, PAIRS = "hgd_cap_ma", "hgd_trung_ma"
MATCHED, DIFFERENT, NOT_FOUND = "khớp", "lệch", "không tìm thấy"
SUSPECTED, CONFIRMED, JOINED, DISTINCT = "nghi trùng", "xác nhận", "đã gộp", "không trùng"


def write_issued(world: World, db: Database) -> None:
    """Write one row per number, first and second, with what the population database said of it."""
    rng = stream(world.seed, "hgd numbers")
    people, second = world.people, world.second
    n = len(people) + len(second.number)
    person = np.concatenate([np.arange(len(people)), second.person])
    since = MONTH_STARTS[np.minimum(second.since, MONTH_COUNT - 1)]
    long_ago = rng.integers(day("2016-01-04"), day("2024-10-20"), size=n)
    born = np.maximum(long_ago, people.birth[person] + rng.integers(10, 20, size=n))
    issued = np.where(people.birth[person] > day("2024-09-01"), people.birth[person] + 12, born)
    issued[len(people) :] = np.where(second.since < MONTH_COUNT, since, issued[len(people) :])
    asked = np.maximum(issued + 1, rng.integers(day("2023-01-03"), LAST_DAY - 1, size=n))  # house by house
    known = np.array([c is not None for c in people.citizen_ids])[person]
    result = np.where(known, np.where(rng.random(n) < 0.965, MATCHED, DIFFERENT), NOT_FOUND).astype(object)
    moment = asked * SECONDS_A_DAY + 3_600
    created = issued * SECONDS_A_DAY + 7_200
    office = office_codes().on_month(people.district[person], issued >= REFORM_DAY)
    order = np.argsort(created, kind="stable")
    columns = {
        "ma_so_bhxh": np.concatenate([people.numbers, second.number]), "ngay_cap": dates(issued), "ma_cq": office,
        "nguon": _origin(world, issued)[person], "ket_qua_xac_thuc": result, "ngay_xac_thuc": dates(asked),
        "ma_cq_bhxh": office, "created_at": stamps(created), "updated_at": stamps(np.maximum(moment, created)),
    }  # fmt: skip
    db.table(ISSUED)
    rows = {name: np.asarray(value)[order] for name, value in columns.items()}
    db.add(ISSUED, n, {"id": np.arange(1, n + 1), "updated_by": "hgd.xacthuc", **rows})


def _origin(world: World, issued: Array) -> Array:
    group, n = world.people.group, len(world.people)
    out: Array = np.full(n, "CSDLQG", dtype=object)
    out[group == HOUSEHOLD], out[group == EMPLOYEE] = "hộ", "đơn vị"
    out[issued[:n] - world.people.birth < 60] = "trẻ khai sinh liên thông"
    return out


def write_pairs(world: World, db: Database, notes: Notebook, count: int) -> None:
    """Write the pairs: joined, confirmed, suspected (these two wait for somebody: D-01), found to be two people."""
    rng = stream(world.seed, "hgd pairs")
    people, second = world.people, world.second
    half = len(second.of(TWICE)) // 2 + 1
    listed = [
        (JOINED, second.of(MERGED)), (CONFIRMED, second.of(UNSEEN)), (CONFIRMED, second.of(TWICE)[:half]),
        (SUSPECTED, second.of(TWICE)[half:]), (SUSPECTED, second.of(MOVED)[:half]),
    ]  # fmt: skip
    at = np.concatenate([rows for _, rows in listed])
    status = np.concatenate([np.full(len(rows), word, dtype=object) for word, rows in listed])
    strangers = rng.permutation(people.at(UNINSURED))[: 2 * count].reshape(2, count)
    main = np.concatenate([people.numbers[second.person[at]], people.numbers[strangers[0]]])
    other = np.concatenate([second.number[at], people.numbers[strangers[1]]])
    status = np.concatenate([status, np.full(count, DISTINCT, dtype=object)])
    district = people.district[np.concatenate([second.person[at], strangers[0]])]
    seen = rng.integers(FIRST_DAY, LAST_DAY - 60, size=len(main))
    used = np.concatenate([second.since[at], np.full(count, MONTH_COUNT)])
    seen = np.where(
        used < MONTH_COUNT,
        np.minimum(MONTH_STARTS[np.minimum(used, MONTH_COUNT - 1)] + 25, LAST_DAY - 2),
        seen,
    )
    done = np.minimum(seen + rng.integers(1, 45, size=len(main)), LAST_DAY - 1)
    decided = status != SUSPECTED
    order = np.argsort(seen, kind="stable")
    moment = np.where(decided, done, seen) * SECONDS_A_DAY + 5_400
    columns = {
        "ma_chinh": main, "ma_phu": other, "tieu_chi": np.full(len(main), "họ tên, ngày sinh, giới tính", dtype=object),
        "trang_thai": status, "ngay_xu_ly": maybe(dates(done), decided),
        "ma_cq_bhxh": office_codes().on_month(district, seen >= REFORM_DAY),
        "created_at": stamps(seen * SECONDS_A_DAY + 5_400), "updated_at": stamps(moment),
    }  # fmt: skip
    waiting: Array = np.flatnonzero(np.isin(status[order], (SUSPECTED, CONFIRMED))) + 1
    notes.write(PAIRS, waiting, check="HGD-T01", defect="D-01", note="cặp mã số nghi trùng chưa gộp")
    db.table(PAIRS)
    rows = {name: value[order] for name, value in columns.items()}
    db.add(PAIRS, len(order), {"id": np.arange(1, len(order) + 1), "updated_by": "hgd.trungma", **rows})
