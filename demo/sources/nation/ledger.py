"""Accounting documents and entries of the 24 months: receipts and their allocation, spending, transfers, closings.

Receipts are the payments of the collection system's lines, as the money truly came: one per payer, district and month
that was due. Spending follows the national amounts of `data/ledger.toml` by population. Every entry has one amount,
so debit equals credit always.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np

from demo.sources.nation.bookkeeping import NO_FUND
from demo.sources.nation.geography import provinces
from demo.sources.nation.times import CUTOFF_SECOND, REFORM_MONTH, SECONDS_A_DAY
from demo.sources.org import CENTRAL_OFFICE, units

Array = Any
KINDS = ("thu", "báo có", "ủy nhiệm chi", "ghi sổ")
CASH, BANK, PAYMENT, RECORD = range(4)
LETTERS = np.array(["PT", "BC", "UC", "GS"], dtype=object)


@dataclass(slots=True)
class Documents:
    """One array per attribute; a document is a position. Draft and deleted ones are in the books of nobody."""

    kind: Array
    month: Array
    day: Array
    unit: Array  # position in `accounting_units()`
    office: Array  # ma_cq_bhxh of who wrote it
    about: Array  # the payer, or None
    settles: Array  # document this one allocates, or -1
    created: Array
    draft: Array
    deleted: Array

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(slots=True)
class Entries:
    """One array per attribute, one entry per debit and credit."""

    doc: Array
    debit: Array  # line
    credit: Array
    amount: Array
    fund: Array
    activity: Array
    subitem: Array  # of the state budget, or None
    payer: Array  # who owed it, and for which month; or None

    def __len__(self) -> int:
        return len(self.doc)

    def take(self, rows: Array) -> Entries:
        """Return the entries at these positions."""
        return Entries(*(getattr(self, f.name)[rows] for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Unit:
    """One accounting unit: a provincial BHXH, or the central office."""

    code: str
    province: int  # position of the old province, -1 for new ones and the centre


@cache
def accounting_units() -> tuple[Unit, ...]:
    """Return the 63 old provinces, the 23 new ones of the reform, and the central office last."""
    code = {u.ma_dv: u.office_code for u in units()}
    old = [Unit(code[p.unit], at) for at, p in enumerate(provinces())]
    new = {p.new_unit for p in provinces() if p.new_unit != p.unit}
    return (*old, *(Unit(code[u], -1) for u in sorted(new)), Unit(CENTRAL_OFFICE, -1))


@cache
def unit_of_province() -> Array:
    """Return the accounting unit of every old province, before (row 0) and since (row 1) the reform."""
    codes = [u.code for u in accounting_units()]
    now = {u.ma_dv: u.office_code for u in units()}
    return np.array([[codes.index(now[p.unit]), codes.index(now[p.new_unit])] for p in provinces()]).T


def unit_in(province: Array, month: Array) -> Array:
    """Return the accounting unit of old provinces in months of the demonstration."""
    return unit_of_province()[(np.asarray(month) >= REFORM_MONTH).astype(int), province]


def central() -> int:
    """Return the position of the central office."""
    return len(accounting_units()) - 1


def documents(n: int, **given: Any) -> Documents:
    """Return n documents; what is not given is usual: no payer, settles nothing, in the books."""
    usual: dict[str, Any] = {"about": None, "settles": -1, "draft": False, "deleted": False}
    columns: dict[str, Any] = {name: given.get(name, usual.get(name)) for name in Documents.__slots__}
    if columns["created"] is None:
        columns["created"] = columns["day"] * SECONDS_A_DAY + 3_600 + np.arange(n) % 25_200
    columns["created"] = np.minimum(columns["created"], CUTOFF_SECOND)
    objects = ("office", "about")
    return Documents(*(_column(v, n, object if k in objects else None) for k, v in columns.items()))


def entries(n: int, **given: Any) -> Entries:
    """Return n entries; without a fund, a payer or a budget sub-item unless given."""
    usual: dict[str, Any] = {"fund": NO_FUND, "subitem": None, "payer": None}
    columns = {name: given.get(name, usual.get(name)) for name in Entries.__slots__}
    objects = ("activity", "subitem", "payer")
    return Entries(*(_column(v, n, object if k in objects else None) for k, v in columns.items()))


def _column(value: Any, n: int, kind: Any) -> Array:
    if isinstance(value, np.ndarray) and value.ndim:
        return value.astype(kind) if kind is object else value
    return np.full(n, value, dtype=kind)


class Book:
    """Documents with their entries, gathered part by part."""

    def __init__(self) -> None:
        self._documents: list[Documents] = []
        self._entries: list[Entries] = []
        self.size = 0

    def add(self, papers: Documents, lines: Entries) -> Array:
        """Take documents whose entries name them by position; return their positions in the whole book."""
        places = np.arange(self.size, self.size + len(papers))
        lines.doc = lines.doc + self.size
        self._documents.append(papers)
        self._entries.append(lines)
        self.size += len(papers)
        return places

    def whole(self) -> tuple[Documents, Entries]:
        """Return everything, entries in the order of their documents."""
        papers: Documents = joined(Documents, self._documents)
        lines: Entries = joined(Entries, self._entries)
        return papers, lines.take(np.argsort(lines.doc, kind="stable"))


def joined(kind: Any, parts: Sequence[Any]) -> Any:
    """Return the parts as one."""
    return kind(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(kind)))
