"""`kt_du_toan` and `kt_quyet_toan`: what was assigned to whom for a year, and the cells of the settlement forms.

Decisions give whole million đồng. At the reform what is left of an old province's budget moves to the new one.
Form codes are those of reports that exist (B07a-QBH, B08b-BH); which line means what is our reconstruction.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.nation.balances import CLOSED_MONTHS, Balances, merged
from demo.sources.nation.bookkeeping import (
    BENEFITS,
    FROM_ABOVE,
    FUNDS,
    INCOME,
    RUNNING,
    SYSTEMS,
    books,
    line_of,
)
from demo.sources.nation.cashflow import MILLION, Spending
from demo.sources.nation.geography import province_of_district, provinces
from demo.sources.nation.ledger import accounting_units, unit_of_province
from demo.sources.nation.receipts import Receipts
from demo.sources.nation.times import (
    KY,
    MONTH_COUNT,
    MONTH_STARTS,
    REFORM_MONTH,
    SECONDS_A_DAY,
    day,
    stamps,
    years_of,
)
from demo.sources.planting import Notebook
from demo.sources.writer import Database

Array = Any
BUDGETS, SETTLEMENTS = "kt_du_toan", "kt_quyet_toan"
BEFORE, SINCE = 0, 1
QUARTER_ENDS = np.arange(1, CLOSED_MONTHS, 3)  # 2024-12, 2025-03, …
SPENT = (BENEFITS, RUNNING, SYSTEMS)
INCOME_LINES = (("03", "ODTS"), ("04", "TNLD"), ("05", "HTTT"), ("07", "BHTN"), ("10", "BHYT"))
Decision = tuple[int, int, int, str, tuple[int, int, int], str]  # year, unit, item, day, three amounts, kind


def write_budgets(
    db: Database, notes: Notebook, flows: tuple[Receipts, Spending], plan: tuple[int, Any]
) -> None:
    """Write the decisions of 2025 and 2026; a few assigned amounts are in million đồng instead of đồng (D-41)."""
    count, rng = plan
    items, executed = _executed(*flows)
    rows = [*_decisions(2025, executed[0], rng), *_reform(executed[0]), *_decisions(2026, executed[1], rng)]
    rows = sorted(rows, key=lambda row: (row[3], row[1], row[2]))
    fit = [i for i, row in enumerate(rows) if row[4][0] >= MILLION and row[4][0] // MILLION % MILLION]
    wrong = np.sort(rng.permutation(fit)[:count])
    for i in wrong.tolist():
        year, unit, item, when, amounts, kind = rows[i]
        rows[i] = (year, unit, item, when, (amounts[0] // MILLION, *amounts[1:]), kind)
    notes.write(BUDGETS, wrong + 1, check="KT-D01", defect="D-41", note="triệu đồng ghi là đồng")
    db.table(BUDGETS)
    db.add(BUDGETS, len(rows), _budget_columns(rows, items))


def _executed(receipts: Receipts, spending: Spending) -> tuple[list[str], Array]:
    """Return the budget items, and year x old province x item: what a whole year takes (2026 from ten months)."""
    items = sorted({*books().receipt_item, *(row[4] for row in books().spending)})
    out = np.zeros((2, len(provinces()), len(items)))
    year = years_of(MONTH_STARTS) - 2025
    month, place = receipts.month, province_of_district()[receipts.district]
    mine = year[month] >= 0
    for component, item in enumerate(books().receipt_item):
        amounts = receipts.amounts[mine, component]
        np.add.at(out[:, :, items.index(item)], (year[month[mine]], place[mine]), amounts)
    for activity, row in enumerate(books().spending):
        for m in np.flatnonzero(year >= 0):
            out[year[m], :, items.index(row[4])] += spending.amounts[:, m, activity]
    out[1] *= 12 / 10
    return items, out


def _decisions(year: int, executed: Array, rng: Any) -> list[Decision]:
    """Return the assignment of January, supplements of August to some, and corrections of December 2025."""
    era = BEFORE if year == 2025 else SINCE
    homes, whole = _per_unit(executed, unit_of_province()[era])
    assigned = _millions(whole * rng.uniform(0.93, 1.04, size=whole.shape))
    rows: list[Decision] = []
    for at, unit in enumerate(homes.tolist()):
        rows += [
            (year, unit, i, f"{year}-01-10", (v, 0, 0), "G") for i, v in enumerate(assigned[at].tolist())
        ]
    now, today = _per_unit(executed, unit_of_province()[SINCE])
    more = _millions(today * 0.03)
    for at, item in zip(*np.nonzero(rng.random(more.shape) < 0.4), strict=True):
        rows.append((year, int(now[at]), int(item), f"{year}-08-20", (0, int(more[at, item]), 0), "B"))
    return rows


def _reform(executed: Array) -> list[Decision]:
    """Return the moving of what was left at old provinces to the new ones: the two sides add up to nothing."""
    before, since = unit_of_province()
    left = _millions(executed * 0.5)
    rows: list[Decision] = []
    for at in np.flatnonzero(before != since).tolist():
        for item, amount in enumerate(left[at].tolist()):
            rows.append((2025, int(before[at]), item, "2025-06-30", (0, 0, -amount), "D"))
            rows.append((2025, int(since[at]), item, "2025-07-01", (0, 0, amount), "D"))
    return rows


def _per_unit(executed: Array, unit: Array) -> tuple[Array, Array]:
    homes, at = np.unique(unit, return_inverse=True)
    out = np.zeros((len(homes), executed.shape[1]))
    np.add.at(out, at, executed)
    return homes, out


def _millions(amounts: Array) -> Array:
    return (np.round(amounts / MILLION) * MILLION).astype(np.int64)


def _budget_columns(rows: list[Decision], items: list[str]) -> dict[str, Any]:
    codes = [unit.code for unit in accounting_units()]
    made = stamps(np.array([day(row[3]) for row in rows]) * SECONDS_A_DAY + 9_000)
    office = [codes[row[1]] for row in rows]
    return {
        "id": np.arange(1, len(rows) + 1), "nam": [row[0] for row in rows], "ma_cq": office,
        "chi_tieu": [items[row[2]] for row in rows], "so_giao_dau_nam": [row[4][0] for row in rows],
        "bo_sung": [row[4][1] for row in rows], "dieu_chinh": [row[4][2] for row in rows],
        "so_qd": [f"{row[0]}.{row[5]}/QĐ-BHXH" for row in rows], "ngay": [row[3] for row in rows],
        "ma_cq_bhxh": office, "created_at": made, "updated_at": made, "updated_by": "kttt.kehoach",
    }  # fmt: skip


def write_settlements(db: Database, balances: Balances) -> None:
    """Write the quarterly forms of every unit: income per fund, and the funds handed down, used and carried on."""
    income, received, used = _per_quarter(balances)
    cells = [("B07a-QBH", line, "1", income[:, :, FUNDS.index(fund)]) for line, fund in INCOME_LINES]
    opening = _carried(received - used)
    flow = {"01": opening, "02": received, "04": used, "05": opening + received - used}
    cells += [
        ("B08b-BH", line, fund, of[:, :, f]) for line, of in flow.items() for f, fund in enumerate(FUNDS)
    ]
    rows = [
        (int(q), int(u), form, line, column, int(values[q, u]))
        for form, line, column, values in cells
        for q, u in zip(*np.nonzero(values), strict=True)
    ]
    db.table(SETTLEMENTS)
    db.add(SETTLEMENTS, len(rows), _settlement_columns(sorted(rows)))


def _per_quarter(balances: Balances) -> tuple[Array, Array, Array]:
    """Return income, funds received and funds used: quarter x unit x fund, closed quarters only."""
    shape = (len(QUARTER_ENDS), len(accounting_units()), len(FUNDS))
    lines = np.array([line_of(account.code) for account in books().accounts])[balances.account]
    quarter: Array = np.searchsorted(QUARTER_ENDS, balances.month)
    out = []
    for wanted, amount in (
        ((INCOME,), balances.credit),
        ((FROM_ABOVE,), balances.credit),
        (SPENT, balances.debit),
    ):
        mine = np.isin(lines, wanted) & (balances.fund < len(FUNDS)) & (quarter < len(QUARTER_ENDS))
        sums: Array = np.zeros(shape, dtype=np.int64)
        np.add.at(sums, (quarter[mine], balances.unit[mine], balances.fund[mine]), amount[mine])
        out.append(sums)
    return out[0], out[1], out[2]


def _carried(left: Array) -> Array:
    """Return what every quarter begins with; at the reform a new unit takes over from its old ones."""
    opening = np.zeros_like(left)
    for quarter in range(1, len(left)):
        opening[quarter] = opening[quarter - 1] + left[quarter - 1]
        if QUARTER_ENDS[quarter - 1] + 1 == REFORM_MONTH:
            opening[quarter] = merged(opening[quarter], *unit_of_province())
    return opening


def _settlement_columns(rows: list[tuple[int, int, str, str, str, int]]) -> dict[str, Any]:
    codes = [unit.code for unit in accounting_units()]
    office = [codes[row[1]] for row in rows]
    quarter = np.array([row[0] for row in rows])
    made = (MONTH_STARTS[np.minimum(QUARTER_ENDS[quarter] + 1, MONTH_COUNT - 1)] + 14) * SECONDS_A_DAY + 9_000
    status = np.array(["duyệt"] * (len(QUARTER_ENDS) - 2) + ["thẩm định", "lập"], dtype=object)
    return {
        "id": np.arange(1, len(rows) + 1), "ky": KY[QUARTER_ENDS[quarter]], "ma_cq": office,
        "mau_bieu": [row[2] for row in rows], "dong": [row[3] for row in rows], "cot": [row[4] for row in rows],
        "gia_tri": [row[5] for row in rows], "trang_thai": status[quarter], "ma_cq_bhxh": office,
        "created_at": stamps(made), "updated_at": stamps(made), "updated_by": "kttt.quyettoan",
    }  # fmt: skip
