"""Money that went out and between units: spending by activity, transfers to the centre, funding, closings of a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.bookkeeping import (
    BANK_IN,
    BANK_OUT,
    FROM_ABOVE,
    FROM_BELOW,
    FUNDS,
    INCOME,
    SURPLUS,
    TO_ABOVE,
    TO_BELOW,
    books,
)
from demo.sources.nation.geography import provinces
from demo.sources.nation.ledger import (
    BANK,
    PAYMENT,
    RECORD,
    Book,
    Entries,
    accounting_units,
    central,
    documents,
    entries,
    unit_in,
)
from demo.sources.nation.times import MONTH_COUNT, MONTH_ENDS, MONTH_STARTS, SECONDS_A_DAY

Array = Any
MILLION = 1_000_000
YEARLY_GROWTH, NOISE, SENT_UP = 0.06, 0.03, 0.98
UP_DAY, FUNDED_DAY = 27, 2  # of the month, counted from zero
SENDS, FUNDS_BELOW, MOVES, CLOSES = "H401", "H402", "H403", "H901"


@dataclass(frozen=True, slots=True)
class Spending:
    """Whole đồng per old province, month and configured spending activity."""

    amounts: Array

    def of_units(self) -> Array:
        """Return the same per accounting unit, month and fund."""
        out: Array = np.zeros((len(accounting_units()), MONTH_COUNT, len(FUNDS)), dtype=np.int64)
        funds = np.array([fund for _, fund, *_ in books().spending])
        place, month, activity = np.indices(self.amounts.shape)
        np.add.at(out, (unit_in(place, month), month, funds[activity]), self.amounts)
        return out


def make_spending(scale: float, rng: Any) -> Spending:
    """Return what every province spends a month: the nation's amount by population, growing, with some noise."""
    people = np.array([p.people for p in provinces()])
    share = people / people.sum()
    national = np.array([amount for _, _, _, amount, _, _ in books().spending])
    growth = (1 + YEARLY_GROWTH) ** ((np.arange(MONTH_COUNT) - 8) / 12)
    noise = np.exp(rng.normal(0, NOISE, size=(len(share), MONTH_COUNT, len(national))))
    exact = share[:, None, None] * growth[None, :, None] * national[None, None, :] * scale * noise
    return Spending(np.maximum(exact.astype(np.int64), 1_000))


def book_spending(book: Book, spending: Spending, rng: Any) -> Array:
    """Enter one payment order per accounting unit, month and activity; return where they stand."""
    units, n = len(accounting_units()), len(books().spending)
    sums: Array = np.zeros((units, MONTH_COUNT, n), dtype=np.int64)
    place, month, activity = np.indices(spending.amounts.shape)
    np.add.at(sums, (unit_in(place, month), month, activity), spending.amounts)
    unit, month, activity = np.nonzero(sums)
    day = MONTH_STARTS[month] + rng.integers(3, 25, size=len(unit))
    papers = documents(
        len(unit), kind=PAYMENT, month=month, day=day, unit=unit, office=_codes()[unit],
        created=day * SECONDS_A_DAY + 3_600 + rng.integers(25_200, size=len(unit)) + _late(len(unit), rng),
    )  # fmt: skip
    what = books().spending
    lines = entries(
        len(unit), doc=np.arange(len(unit)), debit=np.array([row[2] for row in what])[activity], credit=BANK_OUT,
        amount=sums[unit, month, activity], fund=np.array([row[1] for row in what])[activity],
        activity=np.array([row[0] for row in what], dtype=object)[activity],
        subitem=np.array([row[5] or None for row in what], dtype=object)[activity],
    )  # fmt: skip
    return book.add(papers, lines)


def _late(n: int, rng: Any) -> Array:
    """Return how much later a few papers are entered: days, always before the month is closed."""
    return (rng.random(n) < 0.03) * rng.integers(1, 8, size=n) * SECONDS_A_DAY


def book_transfers(book: Book, income: Array, funding: Array) -> None:
    """Enter what the provinces send up, what the centre hands down, and its own moving of money between accounts.

    `income` and `funding` are whole đồng per accounting unit, month and fund.
    """
    sent = (income * SENT_UP).astype(np.int64) // 1_000 * 1_000
    sent[central()] = 0
    _both_ends(book, sent, UP_DAY, SENDS, ((TO_ABOVE, BANK_IN), (BANK_IN, FROM_BELOW)))
    _both_ends(book, funding, FUNDED_DAY, FUNDS_BELOW, ((BANK_OUT, FROM_ABOVE), (TO_BELOW, BANK_OUT)))
    moved = funding.sum(axis=0)
    month, fund = np.nonzero(moved)
    first = np.unique(month)
    papers = documents(
        len(first),
        kind=RECORD,
        month=first,
        day=MONTH_STARTS[first],
        unit=central(),
        office=_codes()[central()],
    )
    book.add(
        papers,
        entries(
            len(month), doc=np.searchsorted(first, month), debit=BANK_OUT, credit=BANK_IN, amount=moved[month, fund],
            fund=fund, activity=MOVES,
        ),
    )  # fmt: skip


def _both_ends(
    book: Book, amounts: Array, day: int, activity: str, sides: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    """Enter one document at the province and one at the centre per unit and month, an entry per fund in each."""
    unit, month, fund = np.nonzero(amounts)
    pairs, doc = np.unique(unit * MONTH_COUNT + month, return_inverse=True)
    here, when = np.divmod(pairs, MONTH_COUNT)
    for at_centre, (debit, credit) in enumerate(sides):
        place = np.full(len(pairs), central()) if at_centre else here
        papers = documents(
            len(pairs), kind=BANK if debit in (BANK_IN, BANK_OUT) else PAYMENT, month=when,
            day=MONTH_STARTS[when] + day, unit=place, office=_codes()[place],
        )  # fmt: skip
        book.add(
            papers,
            entries(len(doc), doc=doc, debit=debit, credit=credit, amount=amounts[unit, month, fund], fund=fund,
                    activity=activity),
        )  # fmt: skip


def book_closings(book: Book, months: dict[int, range], lines: Entries, where: tuple[Array, Array]) -> None:
    """Enter, in each closing month, the transfer of the year's income and spending to the surplus of the fund.

    `months` gives the months each closing covers; `where` the (unit, month) of every entry of `lines`.
    """
    written_by, month = where
    for last, covered in months.items():
        now, unit = np.isin(month, list(covered)), _heirs(last)[written_by]
        into: Array = np.where(lines.credit == INCOME, lines.credit, lines.debit)
        counted = np.flatnonzero(now & (into >= INCOME))
        key = (unit[counted] * 16 + into[counted]) * 16 + lines.fund[counted]
        groups, at = np.unique(key, return_inverse=True)
        sums: Array = np.zeros(len(groups), dtype=np.int64)
        np.add.at(sums, at, lines.amount[counted])
        rest, fund = np.divmod(groups, 16)
        place, line = np.divmod(rest, 16)
        homes, doc = np.unique(place, return_inverse=True)
        papers = documents(
            len(homes), kind=RECORD, month=last, day=MONTH_ENDS[last], unit=homes, office=_codes()[homes]
        )  # fmt: skip
        income = line == INCOME
        debit, credit = np.where(income, INCOME, SURPLUS), np.where(income, SURPLUS, line)
        moved = {"debit": debit, "credit": credit, "amount": sums, "fund": fund, "activity": CLOSES}
        book.add(papers, entries(len(groups), doc=doc, **moved))


def _heirs(month: int) -> Array:
    """Return the unit that answers, in a month, for the books of every unit."""
    heirs = np.arange(len(accounting_units()))
    old = np.arange(len(provinces()))
    heirs[old] = unit_in(old, np.full(len(old), month))
    return heirs


def _codes() -> Array:
    return np.array([unit.code for unit in accounting_units()], dtype=object)
