"""Money that came in: one receipt per payer, district and month that was due, and its allocation to the funds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.bookkeeping import BANK_IN, INCOME, WAITING, books
from demo.sources.nation.contributions import Lines
from demo.sources.nation.geography import province_of_district
from demo.sources.nation.ledger import (
    BANK,
    CASH,
    RECORD,
    Book,
    Documents,
    documents,
    entries,
    unit_in,
)
from demo.sources.nation.money import FUNDS as COMPONENTS
from demo.sources.nation.times import KY, MONTH_COUNT, REFORM_MONTH, SECONDS_A_DAY, month_of
from demo.sources.org import office_codes

Array = Any
WAITING_ACTIVITY = "H100"


@dataclass(frozen=True, slots=True)
class Receipts:
    """One array per attribute; `amounts` has a column per component fund, whole đồng."""

    employer: Array
    district: Array
    due_month: Array
    paid: Array  # second
    amounts: Array

    def __len__(self) -> int:
        return len(self.employer)

    @property
    def month(self) -> Array:
        """Return the accounting month: that of the payment."""
        return month_of(self.paid // SECONDS_A_DAY)

    @property
    def unit(self) -> Array:
        """Return the accounting unit that received the money."""
        return unit_in(province_of_district()[self.district], self.month)


def make_receipts(lines: Lines) -> Receipts:
    """Return the payments behind the living lines that something was paid of."""
    rows = np.flatnonzero(~lines.deleted & (lines.paid > 0))
    district = len(office_codes().before)
    key = (lines.employer[rows] * district + lines.district[rows]) * MONTH_COUNT + lines.month[rows]
    groups, at = np.unique(key, return_inverse=True)
    amounts: Array = np.zeros((len(groups), len(COMPONENTS)), dtype=np.int64)
    np.add.at(amounts, (at, lines.fund[rows]), lines.paid[rows])
    paid: Array = np.full(len(groups), np.iinfo(np.int64).max)
    np.minimum.at(paid, at, lines.updated[rows])
    rest, month = np.divmod(groups, MONTH_COUNT)
    return Receipts(rest // district, rest % district, month, paid, amounts)


def book_receipts(book: Book, receipts: Receipts, payers: Array, waiting: Array, twice: Array) -> Array:
    """Enter the receipts and their allocations; return where the receipts stand.

    `waiting` marks receipts that nobody allocated, `twice` those that were allocated two times (D-13).
    """
    papers = _papers(receipts, payers)
    lines = entries(
        len(papers), doc=np.arange(len(papers)), debit=BANK_IN, credit=WAITING, amount=receipts.amounts.sum(axis=1),
        activity=WAITING_ACTIVITY,
    )  # fmt: skip
    places = book.add(papers, lines)
    _allocate(book, receipts, payers, (np.flatnonzero(~waiting), places), 600)
    _allocate(book, receipts, payers, (np.flatnonzero(twice), places), 4_200)
    return places


def _papers(receipts: Receipts, payers: Array) -> Documents:
    n = len(receipts)
    by_cash = np.char.find(payers[receipts.employer].astype(str), "TH") == 10  # collection agents bring cash
    return documents(
        n, kind=np.where(by_cash, CASH, BANK), month=receipts.month, day=receipts.paid // SECONDS_A_DAY,
        unit=receipts.unit, office=_offices(receipts), about=payers[receipts.employer], created=receipts.paid + 60,
    )  # fmt: skip


def _allocate(
    book: Book, receipts: Receipts, payers: Array, which: tuple[Array, Array], seconds_later: int
) -> None:
    rows, places = which
    part = Receipts(*(getattr(receipts, name)[rows] for name in Receipts.__slots__))
    papers = documents(
        len(part), kind=RECORD, month=part.month, day=part.paid // SECONDS_A_DAY, unit=part.unit,
        office=_offices(part), settles=places[rows], created=part.paid + seconds_later,
    )  # fmt: skip
    at, component = np.nonzero(part.amounts)
    owed = zip(payers[part.employer[at]], KY[part.due_month[at]], strict=True)
    lines = entries(
        len(at), doc=at, debit=WAITING, credit=INCOME, amount=part.amounts[at, component],
        fund=books().receipt_fund[component], activity=books().receipt_activity[component],
        payer=np.array([f"{payer}/{ky}" for payer, ky in owed], dtype=object),
    )  # fmt: skip
    book.add(papers, lines)


def _offices(receipts: Receipts) -> Array:
    return office_codes().on_month(receipts.district, receipts.month >= REFORM_MONTH)
