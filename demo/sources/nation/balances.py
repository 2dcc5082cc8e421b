"""The balance table: opening, turnover and closing of every account, unit and fund, month by month.

The last month is still open, so it has none. At the reform a new province opens with what its old ones closed with;
on the day of the new chart an account opens with what its predecessor closed with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.bookkeeping import BANK_IN, FUNDS, NO_FUND, SURPLUS, SWITCH_MONTH, books
from demo.sources.nation.ledger import Documents, Entries, accounting_units, central, unit_of_province
from demo.sources.nation.times import MONTH_COUNT, MONTH_STARTS, REFORM_MONTH, SECONDS_A_DAY, years_of

Array = Any
CLOSED_MONTHS = MONTH_COUNT - 1
CLOSING_DAY = 5  # of the month after, counted from zero


@dataclass(slots=True)
class Balances:
    """One array per attribute; `account` is a position in `books().accounts`."""

    month: Array
    unit: Array
    account: Array
    fund: Array
    opening: Array  # debit is positive
    debit: Array
    credit: Array
    year_debit: Array
    year_credit: Array
    closing: Array

    def __len__(self) -> int:
        return len(self.month)


def closed_at(month: Array, unit: Array) -> Array:
    """Return the second at which a unit closed a month."""
    after = MONTH_STARTS[np.minimum(np.asarray(month) + 1, MONTH_COUNT - 1)]
    return (after + CLOSING_DAY) * SECONDS_A_DAY + 3_600 + (np.asarray(unit) * 37) % 25_200


def make_balances(papers: Documents, lines: Entries, scale: float) -> Balances:
    """Return every row of the closed months in which an account opened with something or moved."""
    turnover = _turnover(papers, lines)
    standing, year = _opening(scale), np.zeros_like(turnover[:, 0])
    parts = []
    for month in range(CLOSED_MONTHS):
        standing, year = _carried_over(month, standing, year)
        moved = turnover[:, month]
        year = year + moved
        closing = standing + moved[0] - moved[1]
        cell = np.nonzero((standing != 0) | (moved[0] != 0) | (moved[1] != 0))
        values = [standing[cell], moved[0][cell], moved[1][cell], year[0][cell], year[1][cell], closing[cell]]
        parts.append([np.full(len(cell[0]), month), *cell, *values])
        standing = closing
    return Balances(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _shape() -> tuple[int, int, int]:
    return len(accounting_units()), len(books().accounts), len(FUNDS) + 1


def _turnover(papers: Documents, lines: Entries) -> Array:
    """Return side x month x unit x account x fund: what moved, without drafts and what was taken back."""
    counted = np.flatnonzero(~(papers.draft | papers.deleted)[lines.doc])
    month, unit = papers.month[lines.doc[counted]], papers.unit[lines.doc[counted]]
    fund, amount = lines.fund[counted], lines.amount[counted]
    out: Array = np.zeros((2, MONTH_COUNT, *_shape()), dtype=np.int64)
    for side, line in enumerate((lines.debit, lines.credit)):
        account = books().codes(line[counted], fund, month)
        np.add.at(out[side], (month, unit, account, fund), amount)
    return out


def _opening(scale: float) -> Array:
    """Return what stood in the books when the demonstration begins: the funds at the central office."""
    standing: Array = np.zeros(_shape(), dtype=np.int64)
    for fund, amount in enumerate((books().opening * scale).astype(np.int64)):
        standing[central(), books().number_at[0, BANK_IN, fund], fund] += amount
        standing[central(), books().number_at[0, SURPLUS, fund], fund] -= amount
    return standing


def _carried_over(month: int, standing: Array, year: Array) -> tuple[Array, Array]:
    if month == REFORM_MONTH:
        before, since = unit_of_province()
        standing, *year = (merged(cells, before, since) for cells in (standing, *year))
        year = np.stack(year)
    if month == SWITCH_MONTH:
        standing = _renumbered(standing)
    if month == 0 or years_of(MONTH_STARTS[month]) != years_of(MONTH_STARTS[month - 1]):
        year = np.zeros_like(year)
    return standing, year


def merged(cells: Array, before: Array, since: Array) -> Array:
    """Return cells (units first) after old units handed over to new ones."""
    out = cells.copy()
    gone = before != since
    out[before[gone]] = 0
    np.add.at(out, since[gone], cells[before[gone]])
    return out


def _renumbered(cells: Array) -> Array:
    out = np.zeros_like(cells)
    old, new = books().number_at
    for line in range(len(old)):
        for fund in range(NO_FUND + 1):
            out[:, new[line, fund], fund] += cells[:, old[line, fund], fund]
    return out
