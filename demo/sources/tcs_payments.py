"""`tcs_chi_tra_thang`: the payment lists, with the payments that should not have been made among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.benefit_levels import Levels
from demo.sources.nation.dossiers import Dossiers
from demo.sources.nation.out_of_work import Awards, LumpSums
from demo.sources.nation.payouts import (
    BACK_PAY,
    BY_ACCOUNT,
    REGULAR,
    Grants,
    Payouts,
    after_deaths,
    joined,
    monthly,
    of_awards,
    of_lump_sums,
    of_turns,
    recovered,
    regular,
)
from demo.sources.nation.seeds import some, stream
from demo.sources.nation.times import (
    CUTOFF_SECOND,
    KY,
    MONTH_ENDS,
    MONTH_STARTS,
    REFORM_MONTH,
    SECONDS_A_DAY,
    dates,
    month_of,
    stamps,
)
from demo.sources.nation.turns import Turns
from demo.sources.nation.world import World
from demo.sources.org import office_codes
from demo.sources.planting import Notebook
from demo.sources.tcs_awards import award_numbers, turn_numbers
from demo.sources.tcs_dossiers import dossier_numbers, places
from demo.sources.tcs_plan import RETROACTIVE_MONTHS, RETROACTIVE_VND, Plan
from demo.sources.writer import Database

Array = Any
TABLE = "tcs_chi_tra_thang"
WRITE_ROWS = 200_000
DELETED_SHARE, CORRECTED_SHARE = 0.001, 0.006
LATE_DAYS = (45, 80)  # after the end of the month


@dataclass(frozen=True, slots=True)
class Paid:
    """Everything there is to pay."""

    dossiers: Dossiers
    levels: Levels
    plan: Plan
    grants: Grants
    turns: Turns
    lumps: LumpSums
    awards: Awards


def write_payments(world: World, db: Database, paid: Paid, notes: Notebook) -> None:
    """Write every line of the payment lists in the order it was entered."""
    rng = stream(world.seed, "tcs payments")
    parts = [monthly(paid.dossiers, paid.levels, rng), *_wrong(paid, rng), *_others(world, paid, rng)]
    sizes = np.cumsum([0, *(len(p) for p in parts)])
    lines = joined(parts)
    dead, moved = (np.arange(sizes[i], sizes[i + 1]) for i in (1, 2))
    regulars = np.arange(sizes[1])
    late = _send_late(lines, paid.plan, regulars, rng)
    _raise(lines, paid.plan, regulars)
    working = regulars[np.isin(lines.row[regulars], paid.plan.working)]
    _correct(lines, np.concatenate([dead, moved, late, working]), rng)
    lines, order = _with_mistakes(lines, np.concatenate([dead, moved, late, working]), rng)
    place = places(order)
    for check, defect, note, rows in (
        ("XD-T02", "D-31", "chi cho người đã chết", dead), ("XD-T03", "D-31", "tỉnh chuyển đi vẫn chi", moved),
        ("XD-T04", "D-32", "đang đóng BHXH bắt buộc mà hưởng lương hưu", working),
        ("XD-T05", "D-29", "danh sách chi gửi muộn", late),
    ):  # fmt: skip
        notes.write(TABLE, np.sort(place[rows]), check=check, defect=defect, note=note)
    _write(world, db, lines.take(order), paid, rng)


def _wrong(paid: Paid, rng: Any) -> list[Payouts]:
    """Return the payments to the dead and those of provinces that had sent the dossier away."""
    plan, dossiers = paid.plan, paid.dossiers
    after = month_of(dossiers.died[plan.dead]) + 1
    dead = regular(dossiers, paid.levels, plan.dead, after, rng)
    moved = regular(dossiers, paid.levels, plan.moved, dossiers.moved[plan.moved] + 1, rng)
    moved.district = dossiers.from_district[plan.moved]
    return [dead, moved]


def _others(world: World, paid: Paid, rng: Any) -> list[Payouts]:
    people, dossiers = world.people, paid.dossiers
    return [
        after_deaths(dossiers, paid.grants), recovered(dossiers, paid.levels, rng),
        of_turns(paid.turns, world.employers.district[paid.turns.employer], rng),
        of_lump_sums(paid.lumps, people, rng), of_awards(paid.awards, people, rng), _back_pay(paid, rng),
    ]  # fmt: skip


def _back_pay(paid: Paid, rng: Any) -> Payouts:
    """Return what the months before a retroactive change were paid too little."""
    row, month = paid.plan.retroactive, paid.plan.retroactive_month
    lines = regular(paid.dossiers, paid.levels, row, month, rng)
    lines.item[:] = BACK_PAY
    lines.amount = np.full(len(row), RETROACTIVE_MONTHS * RETROACTIVE_VND)
    entered = (MONTH_STARTS[month] + 12) * SECONDS_A_DAY
    lines.paid_on, lines.created, lines.updated = (
        MONTH_STARTS[month] + 14,
        entered,
        entered + 2 * SECONDS_A_DAY,
    )
    return lines


def _raise(lines: Payouts, plan: Plan, regulars: Array) -> None:
    for row, month in zip(plan.retroactive, plan.retroactive_month, strict=True):
        mine = regulars[(lines.row[regulars] == row) & (lines.month[regulars] >= month)]
        lines.amount[mine] += RETROACTIVE_VND


def _send_late(lines: Payouts, plan: Plan, regulars: Array, rng: Any) -> Array:
    """Let one payment of a few dossiers arrive months later; return the lines."""
    late = [
        regulars[(lines.row[regulars] == row) & (lines.month[regulars] == month)][0]
        for row, month in zip(plan.late, plan.late_month, strict=True)
    ]
    chosen = np.array(late)
    wait = rng.integers(*LATE_DAYS, size=len(chosen))
    lines.created[chosen] = (MONTH_ENDS[lines.month[chosen]] + wait) * SECONDS_A_DAY + 7_200
    lines.updated[chosen] = lines.created[chosen]
    return chosen


def _correct(lines: Payouts, spared: Array, rng: Any) -> None:
    """Touch a few lines again weeks later."""
    chosen = np.setdiff1d(np.flatnonzero(rng.random(len(lines)) < CORRECTED_SHARE), spared)
    later = lines.updated[chosen] + rng.integers(5, 60, size=len(chosen)) * SECONDS_A_DAY
    lines.updated[chosen] = np.where(later <= CUTOFF_SECOND, later, lines.updated[chosen])


def _with_mistakes(lines: Payouts, spared: Array, rng: Any) -> tuple[Payouts, Array]:
    """Return the lines with a few entered twice and taken back, and the order of entry."""
    usual = np.setdiff1d(np.flatnonzero(lines.item == REGULAR), spared)
    twice = lines.take(some(rng, usual, max(3, round(len(lines) * DELETED_SHARE))))
    twice.deleted[:] = True
    twice.created = np.minimum(twice.created + 7_200, CUTOFF_SECOND)
    twice.updated = np.minimum(np.maximum(twice.updated, twice.created) + SECONDS_A_DAY, CUTOFF_SECOND)
    both = joined([lines, twice])
    return both, np.argsort(both.created, kind="stable")


def _write(world: World, db: Database, lines: Payouts, paid: Paid, rng: Any) -> None:
    n = len(lines)
    by_account = (lines.person * 2_654_435_761 % 1_000) < BY_ACCOUNT * 1_000  # a person stays with his way
    way = np.where(by_account, "tài khoản", "tiền mặt").astype(object)
    numbers = _numbers(paid, lines)
    db.table(TABLE)
    for start in range(0, n, WRITE_ROWS):
        rows = np.arange(start, min(start + WRITE_ROWS, n))
        part = lines.take(rows)
        db.add(TABLE, len(rows), {
            "id": rows + 1, "ky": KY[part.month], "so_ho_so": numbers[rows],
            "ma_so_bhxh": world.people.numbers[part.person], "loai_che_do": part.benefit, "nguon": part.source,
            "khoan": part.item, "so_tien": part.amount, "hinh_thuc": way[rows], "ngay_chi": dates(part.paid_on),
            "trang_thai": part.status,
            "ma_cq_bhxh": office_codes().on_month(part.district, part.month >= REFORM_MONTH),
            "created_at": stamps(part.created), "updated_at": stamps(part.updated), "updated_by": "tcs.chitra",
            "is_deleted": part.deleted.astype(np.int64),
        })  # fmt: skip


def _numbers(paid: Paid, lines: Payouts) -> Array:
    """Return so_ho_so of what each line pays; a lump sum has the number of its decision."""
    lump_sums = np.array([f"{i + 1}/QĐ-BHXH1L" for i in range(len(paid.lumps.person))], dtype=object)
    owners = (
        dossier_numbers(len(paid.dossiers)), turn_numbers(len(paid.turns)), lump_sums,
        award_numbers(len(paid.awards.person)),
    )  # fmt: skip
    out: Array = np.empty(len(lines), dtype=object)
    for of, names in enumerate(owners):
        mine = np.flatnonzero(lines.of == of)
        out[mine] = names[lines.row[mine]]
    return out
