"""`tst_dong_ca_nhan`: the contribution lines, with the wrong ones among them."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.nation.contributions import Lines, make_contributions
from demo.sources.nation.money import FUNDS, WAGE_CAP, due, share
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import KY, REFORM_MONTH, stamps
from demo.sources.nation.world import World
from demo.sources.org import office_codes
from demo.sources.planting import Notebook
from demo.sources.writer import Database

Array = Any
TABLE = "tst_dong_ca_nhan"
COMPULSORY = 5  # the first five funds
PENSION = FUNDS.index("HTTT")
OVERPAID = 150_000
WRITE_ROWS = 200_000
UNKNOWN_PERSON, UNKNOWN_EMPLOYER = "98", "9999999999DNZ99"


def write_contributions(world: World, db: Database, notes: Notebook, count: int) -> None:
    """Write every line in the order it was entered."""
    lines = make_contributions(
        world.people, world.activity, (world.employers, world.jobs), world.homes, world.seed
    )
    numbers = world.second.numbers_in(world.people, lines.person, lines.month)
    firms = world.employers.codes[lines.employer]
    _plant(lines, (numbers, firms), (notes, count), stream(world.seed, "tst contribution defects"))
    db.table(TABLE)
    for start in range(0, len(lines), WRITE_ROWS):
        rows = np.arange(start, min(start + WRITE_ROWS, len(lines)))
        part = lines.take(rows)
        db.add(TABLE, len(rows), {"id": rows + 1, **_columns(part, numbers[rows], firms[rows])})


def _columns(part: Lines, numbers: Array, firms: Array) -> dict[str, Any]:
    corrected = part.updated > part.created
    return {
        "ky": KY[part.month], "ma_so_bhxh": numbers, "ma_don_vi": firms,
        "quy": np.array(FUNDS, dtype=object)[part.fund], "can_cu_dong": part.base, "so_tien_ld": part.worker,
        "so_tien_sd": part.firm, "so_tien_nsnn": part.budget, "so_tien_da_dong": part.paid,
        "ma_cq_bhxh": office_codes().on_month(part.district, part.month >= REFORM_MONTH),
        "created_at": stamps(part.created), "updated_at": stamps(part.updated),
        "updated_by": np.array(["tst.thu", "tst.phanbo"], dtype=object)[corrected.astype(int)],
        "is_deleted": part.deleted.astype(np.int64),
    }  # fmt: skip


def _plant(lines: Lines, codes: tuple[Array, Array], plan: tuple[Notebook, int], rng: Any) -> None:
    """Spoil a few compulsory lines, each in one way; ids are positions plus one."""
    (numbers, firms), (notes, count) = codes, plan
    usable = np.flatnonzero((lines.fund < COMPULSORY) & ~lines.deleted)
    zero_first = usable[np.array([n[0] == "0" for n in numbers[usable]])]
    short = np.sort(rng.choice(zero_first, size=count, replace=False))
    free = rng.permutation(np.setdiff1d(usable, short))
    unknown, no_firm, wrong_rate, too_high, too_low = free[: 5 * count].reshape(5, count)
    too_much, in_two = (
        _overpay(lines, free[5 * count :], count),
        _join(lines, codes, free[5 * count :], count),
    )
    numbers[short] = [n[1:] for n in numbers[short]]
    numbers[unknown] = [f"{UNKNOWN_PERSON}{i:08d}" for i in range(len(unknown))]
    firms[no_firm] = UNKNOWN_EMPLOYER
    lines.worker[wrong_rate] += share(lines.base[wrong_rate], np.full(count, 100))
    _rebase(lines, too_high, WAGE_CAP + 10_000_000 + lines.base[too_high])
    _rebase(lines, too_low, lines.base[too_low] // 1_000)
    for check, defect, note, rows in (
        ("TST-C01", "D-40", "mã số mất số 0 đầu", short),
        ("TST-C02", "D-02", "mã số không có trong danh sách", unknown),
        ("TST-C03", "D-08", "đơn vị không có trong danh sách", no_firm),
        ("TST-C04", "D-11", "cao hơn tỷ lệ đóng 1 %", wrong_rate),
        ("TST-C05", "D-10", "căn cứ vượt 20 lần lương cơ sở", too_high),
        ("TST-C06", "D-41", "nghìn đồng ghi là đồng", too_low),
        ("TST-C08", "D-09", "một người đóng ở hai đơn vị trong một tháng", in_two),
        ("TST-C09", "D-14", "tiền thừa ghi thành nợ âm", too_much),
    ):
        notes.write(TABLE, np.sort(rows) + 1, check=check, defect=defect, note=note)


def _overpay(lines: Lines, free: Array, count: int) -> Array:
    """Let more be paid than was due on a few lines that are paid; other funds than pensions."""
    settled = free[(lines.paid[free] > 0) & (lines.fund[free] != PENSION)]
    rows = settled[:count]
    lines.paid[rows] = lines.worker[rows] + lines.firm[rows] + lines.budget[rows] + OVERPAID
    return rows


def _join(lines: Lines, codes: tuple[Array, Array], free: Array, count: int) -> Array:
    """Write a few pension lines under the number of somebody who pays at another employer in that month."""
    numbers, firms = codes
    pensions = free[lines.fund[free] == PENSION]
    of_month: dict[int, list[int]] = {}
    for row in pensions.tolist():
        of_month.setdefault(int(lines.month[row]), []).append(row)
    pairs: list[tuple[int, int]] = []
    for rows in of_month.values():
        other = next((row for row in rows[1:] if firms[row] != firms[rows[0]]), None)
        if other is not None and len(pairs) < count:
            pairs.append((rows[0], other))
    for one, other in pairs:
        numbers[other] = numbers[one]
    return np.array([row for pair in pairs for row in pair], dtype=np.int64)


def _rebase(lines: Lines, rows: Array, base: Array) -> None:
    settled = lines.paid[rows] > 0
    lines.base[rows] = base
    lines.worker[rows], lines.firm[rows] = due(base, lines.fund[rows])
    lines.paid[rows] = np.where(settled, lines.worker[rows] + lines.firm[rows], 0)
