"""The invented configuration of the accounting system: funds, lines of the two charts of accounts, activities.

A line is what an account is for ("Tiền gửi chuyên thu"); its number depends on the chart in force and, in the new
one, on the fund. The numbers are ours, not those of Thông tư 102/2018 or 107/2025.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from demo.sources.nation.money import FUNDS as COMPONENTS
from demo.sources.nation.times import KY
from demo.sources.schema import DATA

Array = Any
FUNDS = ("HTTT", "ODTS", "TNLD", "BHTN", "BHYT", "NSNN", "QLBM")
NO_FUND = len(FUNDS)  # a receipt that is not allocated yet
OLD_CHART, NEW_CHART = "TT 102/2018", "TT 107/2025"
SWITCH_KY = "202601"
SWITCH_MONTH = int(np.searchsorted(KY.astype(str), SWITCH_KY))  # the first month of the new chart
(BANK_IN, BANK_OUT, FROM_BELOW, TO_BELOW, WAITING, TO_ABOVE, FROM_ABOVE, SURPLUS, INCOME, BENEFITS, RUNNING,
 SYSTEMS) = range(12)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """One number of one chart."""

    code: str
    name: str
    chart: str


@dataclass(frozen=True, slots=True)
class Books:
    """Everything that is configured. `number_at[chart, line, fund]` is a position in `accounts`."""

    accounts: tuple[Account, ...]
    number_at: Array
    spending: tuple[tuple[str, int, int, float, str, str], ...]  # activity, fund, line, đồng, item, sub-item
    receipt_fund: Array  # per component of the collection system
    receipt_activity: Array
    receipt_item: tuple[str, ...]
    chapter: str
    paragraph: str
    opening: Array  # đồng of the nation per fund

    def codes(self, line: Array, fund: Array, month: Array) -> Array:
        """Return the position of the account a line of a fund has in a month."""
        return self.number_at[(np.asarray(month) >= SWITCH_MONTH).astype(int), line, fund]


@cache
def books() -> Books:
    """Return the configuration of `data/ledger.toml`."""
    raw = tomllib.loads((DATA / "ledger.toml").read_text(encoding="utf-8"))
    lines = [line for line, _, _ in raw["old"]]
    accounts: dict[str, Account] = {code: Account(code, name, OLD_CHART) for _, code, name in raw["old"]}
    accounts |= {code: Account(code, name, NEW_CHART) for _, _, code, name in raw["new"]}
    place = {code: i for i, code in enumerate(accounts)}
    number_at: Array = np.empty((2, len(lines), NO_FUND + 1), dtype=np.int64)
    for line, code, _ in raw["old"]:
        number_at[0, lines.index(line), :] = place[code]
    for line, fund, code, _ in sorted(
        raw["new"], key=lambda row: row[1]
    ):  # every fund first, then the exceptions
        number_at[1, lines.index(line), FUNDS.index(fund) if fund else slice(None)] = place[code]
    spending = tuple((a, FUNDS.index(f), lines.index(n), v, i, s) for a, f, n, v, i, s in raw["spending"])
    by_component = {row[0]: row for row in raw["receipts"]}
    receipts = [by_component[component] for component in COMPONENTS]
    return Books(
        tuple(accounts.values()), number_at, spending, np.array([FUNDS.index(row[1]) for row in receipts]),
        np.array([row[2] for row in receipts], dtype=object), tuple(row[3] for row in receipts), raw["chapter"],
        raw["paragraph"], np.array([raw["opening"].get(fund, 0.0) for fund in FUNDS]),
    )  # fmt: skip


def line_of(code: str) -> int:
    """Return the line an account is for, the first of them where two were put together."""
    position = [account.code for account in books().accounts].index(code)
    return int(np.argwhere(books().number_at == position)[0][1])
