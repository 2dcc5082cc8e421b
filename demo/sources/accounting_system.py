"""The accounting system (KTTT): documents and entries, balances, budgets, funding, settlements, both charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.accounting_budget import write_budgets, write_settlements
from demo.sources.accounting_documents import PAPERS, book_late, spoil, write_documents
from demo.sources.accounting_tables import write_accounts, write_balances, write_funding
from demo.sources.nation.balances import CLOSED_MONTHS, make_balances
from demo.sources.nation.bookkeeping import FUNDS, books
from demo.sources.nation.cashflow import (
    MILLION,
    Spending,
    book_closings,
    book_spending,
    book_transfers,
    make_spending,
)
from demo.sources.nation.contributions import make_contributions
from demo.sources.nation.geography import provinces
from demo.sources.nation.ledger import Book, Documents, accounting_units, unit_in
from demo.sources.nation.receipts import Receipts, book_receipts, make_receipts
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import MONTH_COUNT
from demo.sources.nation.world import World
from demo.sources.planting import Notebook
from demo.sources.writer import Database

Array = Any
DRAFT_SHARE, DELETED_SHARE = 0.02, 0.004
CALENDAR_YEARS = {1: range(2), 13: range(2, 14)}  # the closing month of a year: the months it covers


@dataclass(slots=True)
class Story:
    """What was booked, and where the documents stand that may be spoilt."""

    book: Book
    receipts: Receipts
    spending: Spending
    funding: Array
    received: Array
    paid_out: Array


def write_accounting_system(world: World, db: Database, notes: Notebook, count: int) -> None:
    """Write the seven tables of the accounting system."""
    rng = stream(world.seed, "accounting")
    lines = make_contributions(
        world.people, world.activity, (world.employers, world.jobs), world.homes, world.seed
    )
    receipts = make_receipts(lines)
    lost = rng.permutation(len(receipts))[: 2 * count].reshape(2, count)
    story = _booked(world, receipts, (lost[0][::2], lost[1][::2]), rng)
    pairs = _closed_pairs(count, rng)
    late = book_late(story.book, pairs, rng)
    papers, entries = story.book.whole()
    _draft_and_take_back(papers, story, rng)
    totals: Array = np.zeros(len(papers), dtype=np.int64)
    np.add.at(totals, entries.doc, entries.amount)
    sound = story.paid_out[~(papers.draft | papers.deleted)[story.paid_out]]
    spoilt = spoil(papers, entries, sound, late, (count, rng))
    row = write_documents(db, notes, papers, entries, totals, spoilt)
    wrong = story.received[np.sort(np.concatenate([lost[0][::2], lost[1][::2]]))]
    notes.write(
        PAPERS, np.sort(row[wrong]), check="KT-C01", defect="D-13", note="chưa phân bổ hoặc phân bổ hai lần"
    )
    before_late = np.flatnonzero(~np.isin(entries.doc, late))
    balances = make_balances(papers, entries.take(before_late), world.scale)
    write_accounts(db)
    write_balances(db, notes, balances, pairs, (count, rng))
    write_funding(db, story.funding)
    write_budgets(db, notes, (receipts, story.spending), (count, rng))
    write_settlements(db, balances)


def _booked(world: World, receipts: Receipts, lost: tuple[Array, Array], rng: Any) -> Story:
    """Enter everything that happened; `lost` are receipts nobody allocated and those allocated two times."""
    book = Book()
    waiting, twice = (np.isin(np.arange(len(receipts)), rows) for rows in lost)
    received = book_receipts(book, receipts, world.employers.codes, waiting, twice)
    spending = make_spending(world.scale, rng)
    paid_out = book_spending(book, spending, rng)
    funding = -(-spending.of_units() // MILLION) * MILLION
    book_transfers(book, _income(receipts), funding)
    papers, lines = book.whole()
    book_closings(book, CALENDAR_YEARS, lines, (papers.unit[lines.doc], papers.month[lines.doc]))
    return Story(book, receipts, spending, funding, received, paid_out)


def _income(receipts: Receipts) -> Array:
    """Return whole đồng per accounting unit, month and fund."""
    out: Array = np.zeros((len(accounting_units()), MONTH_COUNT, len(FUNDS)), dtype=np.int64)
    at, component = np.nonzero(receipts.amounts)
    fund = books().receipt_fund[component]
    np.add.at(out, (receipts.unit[at], receipts.month[at], fund), receipts.amounts[at, component])
    return out


def _closed_pairs(count: int, rng: Any) -> tuple[Array, Array]:
    """Draw different (unit, month) of months closed long enough ago, of units that stood in that month."""
    months, old = np.arange(CLOSED_MONTHS - 1), np.arange(len(provinces()))
    standing = [(u, m) for m in months for u in np.unique(unit_in(old, np.full(len(old), m)))]
    chosen = np.array(standing)[np.sort(rng.permutation(len(standing))[:count])]
    return chosen[:, 0], chosen[:, 1]


def _draft_and_take_back(papers: Documents, story: Story, rng: Any) -> None:
    """Leave a few payment orders of the open month in draft; take a few of any month back."""
    mine = story.paid_out
    open_month = mine[papers.month[mine] >= CLOSED_MONTHS]
    papers.draft[rng.permutation(open_month)[: max(3, round(len(open_month) * DRAFT_SHARE))]] = True
    papers.deleted[rng.permutation(mine)[: max(3, round(len(mine) * DELETED_SHARE))]] = True
