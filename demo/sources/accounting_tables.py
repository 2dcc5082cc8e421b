"""`kt_tai_khoan`, `kt_so_du`, `kt_cap_kinh_phi`: both charts of accounts, balances, funding from the centre."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.nation.balances import Balances, closed_at
from demo.sources.nation.bookkeeping import BANK_OUT, FUNDS, OLD_CHART, RUNNING, books
from demo.sources.nation.cashflow import FUNDED_DAY
from demo.sources.nation.ledger import accounting_units
from demo.sources.nation.times import CUTOFF_SECOND, KY, MONTH_STARTS, SECONDS_A_DAY, dates, stamps
from demo.sources.org import CENTRAL_OFFICE
from demo.sources.planting import Notebook
from demo.sources.writer import Database

Array = Any
BALANCES = "kt_so_du"
NEW_CHART_ENTERED = "2025-12-15 02:00:00"
ADMIN_FUND = FUNDS.index("QLBM")


def write_accounts(db: Database) -> None:
    """Write the accounts of both charts, each with its days of force."""
    every = books().accounts
    old = np.array([account.chart == OLD_CHART for account in every])
    db.table("kt_tai_khoan")
    db.add(
        "kt_tai_khoan", len(every),
        {
            "id": np.arange(1, len(every) + 1), "ma_tk": [a.code for a in every], "ten": [a.name for a in every],
            "cap": 1, "loai": [a.code[0] for a in every],
            "hieu_luc_tu": np.where(old, "2018-01-01", "2026-01-01").astype(object),
            "hieu_luc_den": np.where(old, "2025-12-31", None), "che_do": [a.chart for a in every],
            "created_at": np.where(old, "2020-01-06 02:00:00", NEW_CHART_ENTERED).astype(object),
            "updated_at": NEW_CHART_ENTERED, "updated_by": "kttt.danhmuc", "ma_cq_bhxh": CENTRAL_OFFICE,
        },
    )  # fmt: skip


def write_balances(
    db: Database, notes: Notebook, balances: Balances, late: tuple[Array, Array], plan: tuple[int, Any]
) -> None:
    """Write the balances; the (unit, month) of `late` miss an entry, and a few more do not add up by themselves."""
    count, rng = plan
    shifted = _touched_by(balances, late)
    others = np.setdiff1d(np.arange(len(balances)), shifted)
    off = np.sort(rng.permutation(others)[:count])
    balances.closing[off] += rng.integers(1, 90, size=len(off)) * 1_000_003
    n = len(balances)
    db.table(BALANCES)
    db.add(BALANCES, n, {"id": np.arange(1, n + 1), **_columns(balances)})
    wrong = np.union1d(shifted, off)
    notes.write(BALANCES, wrong + 1, check="KT-S01", defect="D-33", note="số dư không bằng tổng bút toán")


def _touched_by(balances: Balances, late: tuple[Array, Array]) -> Array:
    """Return the rows whose account got an entry after the closing."""
    unit, month = late
    fund = np.full(len(unit), ADMIN_FUND)
    wanted = set()
    for line in (RUNNING, BANK_OUT):
        account = books().codes(np.full(len(unit), line), fund, month)
        wanted |= set(zip(unit.tolist(), month.tolist(), account.tolist(), strict=True))
    rows = zip(balances.unit.tolist(), balances.month.tolist(), balances.account.tolist(), strict=True)
    mine = balances.fund == ADMIN_FUND
    return np.flatnonzero(mine & np.array([row in wanted for row in rows]))


def _columns(b: Balances) -> dict[str, Any]:
    codes = np.array([unit.code for unit in accounting_units()], dtype=object)
    at = stamps(np.minimum(closed_at(b.month, b.unit), CUTOFF_SECOND))
    return {
        "ky": KY[b.month], "ma_cq": codes[b.unit],
        "ma_tk": np.array([a.code for a in books().accounts], dtype=object)[b.account],
        "ma_quy": np.array([*FUNDS, None], dtype=object)[b.fund],
        "dau_ky_no": np.maximum(b.opening, 0), "dau_ky_co": np.maximum(-b.opening, 0), "ps_no": b.debit,
        "ps_co": b.credit, "luy_ke_no": b.year_debit, "luy_ke_co": b.year_credit,
        "cuoi_ky_no": np.maximum(b.closing, 0), "cuoi_ky_co": np.maximum(-b.closing, 0),
        "ma_cq_bhxh": codes[b.unit], "created_at": at, "updated_at": at, "updated_by": "kttt.khoaso",
    }  # fmt: skip


def write_funding(db: Database, funding: Array) -> None:
    """Write what the centre handed to every unit, per month and fund."""
    unit, month, fund = np.nonzero(funding)
    codes = np.array([u.code for u in accounting_units()], dtype=object)
    order = np.lexsort((fund, unit, month))
    unit, month, fund = unit[order], month[order], fund[order]
    n, day = len(unit), MONTH_STARTS[month] + FUNDED_DAY
    made = stamps(day * SECONDS_A_DAY + 7_200)
    papers = [f"{ky}/{code}/QĐ-CKP" for ky, code in zip(KY[month], codes[unit], strict=True)]
    db.table("kt_cap_kinh_phi")
    db.add(
        "kt_cap_kinh_phi", n,
        {
            "id": np.arange(1, n + 1), "so_qd": papers, "tu_cq": CENTRAL_OFFICE, "den_cq": codes[unit],
            "ma_quy": np.array(FUNDS, dtype=object)[fund], "so_tien": funding[unit, month, fund], "ngay": dates(day),
            "ma_cq_bhxh": codes[unit], "created_at": made, "updated_at": made, "updated_by": "kttt.kehoach",
        },
    )  # fmt: skip
