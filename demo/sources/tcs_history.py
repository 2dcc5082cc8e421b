"""`tcs_muc_huong_ls`, `tcs_di_chuyen`, `tcs_tu_tuat`: what became of the dossiers."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.nation.benefit_levels import CARRIED_OVER, DECREES, RAISED, Levels
from demo.sources.nation.dossiers import Dossiers
from demo.sources.nation.geography import province_of_district, provinces
from demo.sources.nation.payouts import Grants
from demo.sources.nation.people import People
from demo.sources.nation.times import CUTOFF_SECOND, MONTH_STARTS, REFORM_DAY, dates, stamps
from demo.sources.org import office_codes
from demo.sources.planting import Notebook
from demo.sources.tcs_dossiers import dossier_numbers, moment, places
from demo.sources.tcs_plan import RETROACTIVE_MONTHS, RETROACTIVE_VND, Plan
from demo.sources.writer import Database, maybe

Array = Any
HISTORY = "tcs_muc_huong_ls"


def write_levels(db: Database, parts: tuple[Dossiers, Levels, Plan], notes: Notebook) -> None:
    """Write every level with the day it takes effect; a few were changed for months already paid."""
    dossiers, levels, plan = parts
    n = len(dossiers)
    every = np.arange(n)
    carried = every[dossiers.since < CARRIED_OVER]
    raised = every[
        (levels.raised != levels.carried) & (dossiers.last >= np.searchsorted(MONTH_STARTS, RAISED))
    ]
    entered = MONTH_STARTS[plan.retroactive_month] + 9
    back = plan.retroactive_month - RETROACTIVE_MONTHS
    changed = levels.in_month(plan.retroactive, plan.retroactive_month) + RETROACTIVE_VND
    blocks = (
        (every, dossiers.since, levels.at_decision, "QĐ hưởng", dossiers.decided),
        (carried, np.full(len(carried), CARRIED_OVER), levels.carried[carried], DECREES[CARRIED_OVER],
         np.full(len(carried), CARRIED_OVER - 5)),
        (raised, np.full(len(raised), RAISED), levels.raised[raised], DECREES[RAISED],
         np.full(len(raised), RAISED - 5)),
        (plan.retroactive, MONTH_STARTS[back], changed, "QĐ điều chỉnh", entered),
    )  # fmt: skip
    row, since, level, day = (np.concatenate([b[i] for b in blocks]) for i in (0, 1, 2, 4))
    paper = np.concatenate([np.full(len(b[0]), b[3], dtype=object) for b in blocks])
    created = moment(day, dossiers.district[row])
    order = np.argsort(created, kind="stable")
    wrong = places(order)[len(row) - len(plan.retroactive) :]
    notes.write(
        HISTORY, np.sort(wrong), check="XD-M01", defect="D-12", note="điều chỉnh mức hưởng của tháng đã chi"
    )
    db.table(HISTORY)
    columns = {
        "so_ho_so": dossier_numbers(n)[row], "tu_ngay": dates(since), "muc_huong": level, "can_cu": paper,
        "ma_cq_bhxh": office_codes().on_month(dossiers.district[row], day >= REFORM_DAY),
        "created_at": stamps(created), "updated_at": stamps(created),
    }  # fmt: skip
    table = {name: value[order] for name, value in columns.items()}
    db.add(HISTORY, len(row), {"id": np.arange(1, len(row) + 1), "updated_by": "tcs.xetduyet", **table})


def write_moves(db: Database, dossiers: Dossiers) -> None:
    """Write one row per move to another province, with the numbers provinces had on that day."""
    row = np.flatnonzero(dossiers.moved >= 0)
    row = row[np.argsort(dossiers.moved_on[row], kind="stable")]
    moved_on = dossiers.moved_on[row]
    reformed = moved_on >= REFORM_DAY
    old = np.array([p.code for p in provinces()], dtype=object)[province_of_district()]
    new = np.array([p.new_code for p in provinces()], dtype=object)[province_of_district()]
    gone, came = dossiers.from_district[row], dossiers.district[row]
    created = moment(moved_on, gone)
    db.table("tcs_di_chuyen")
    db.add("tcs_di_chuyen", len(row), {
        "id": np.arange(1, len(row) + 1), "so_ho_so": dossier_numbers(len(dossiers))[row],
        "tinh_di": np.where(reformed, new[gone], old[gone]), "tinh_den": np.where(reformed, new[came], old[came]),
        "ngay": dates(moved_on), "ma_cq_bhxh": office_codes().on_month(gone, reformed), "created_at": stamps(created),
        "updated_at": stamps(created), "updated_by": "tcs.quanly",
    })  # fmt: skip


def write_deaths(db: Database, people: People, dossiers: Dossiers, grants: Grants) -> None:
    """Write one row per death with what the family gets."""
    order = np.argsort(dossiers.died[grants.row], kind="stable")
    row = grants.row[order]
    died = dossiers.died[row]
    created = np.minimum(moment(died + 8, dossiers.district[row]), CUTOFF_SECOND)
    relative = [f"{name.split()[0]} (con)" for name in people.names[dossiers.person[row]]]
    db.table("tcs_tu_tuat")
    db.add("tcs_tu_tuat", len(row), {
        "id": np.arange(1, len(row) + 1), "ma_so_bhxh_nguoi_chet": people.numbers[dossiers.person[row]],
        "ngay_chet": dates(died), "mai_tang": grants.funeral[order], "than_nhan": relative,
        "tuat_mot_lan": maybe(grants.survivors[order], grants.survivors[order] > 0),
        "ma_cq_bhxh": office_codes().on_month(dossiers.district[row], died >= REFORM_DAY),
        "created_at": stamps(created), "updated_at": stamps(created), "updated_by": "tcs.xetduyet",
    })  # fmt: skip
