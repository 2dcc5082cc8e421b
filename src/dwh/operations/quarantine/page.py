"""What the pages of the desk show, from what the door gives: groups, rows, effects, decisions, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dwh.datapath.desk.reading import Group
from dwh.datapath.sources.contract import source_names
from dwh.governance.decisions.rules import DECIDABLE
from dwh.governance.desk import DeskPage
from dwh.governance.protection.effects import Lacking
from dwh.governance.protection.quarantine import FailedLine
from dwh.kernel import vi
from dwh.kernel.org.scope import NATION
from dwh.kernel.org.services import name_of, names_of, units_in
from dwh.operations.quarantine import words
from dwh.operations.quarantine.content import Value, looked_at
from dwh.operations.quarantine.forms import AGE_WORDS, STATE_WORDS, Address
from dwh.operations.quarantine.words import StateWords

SHOWN_VALUES = 2  # of a row in the list; the rest is on its page
LEAST_SHARE = Decimal("0.01")  # per cent; less is said in words


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One line of the left panel. Units: vnd in đồng; oldest in working days."""

    label: str
    code: str
    about: str
    rows: int
    vnd: Decimal
    undecided: int
    oldest: int
    is_overdue: bool
    is_chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class TrialLine:
    """A rule in trial with what it would hold in the area, or one that is stopped."""

    code: str
    label: str
    about: str
    rows: int | None
    vnd: Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    """One failed row of the list. `values` are the fields its checks looked at, masked."""

    row: FailedLine
    key: str
    table_label: str
    state: StateWords
    values: tuple[Value, ...]
    days: int
    is_overdue: bool
    may_choose: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What published figures lack some rows: the measure their đồng belong to, and every other, by subject.

    `share` is what is lacking beside what there should be, in words, when that may be known.
    """

    main_label: str
    subjects: tuple[tuple[str, tuple[str, ...]], ...]
    share: str = ""

    @property
    def count(self) -> int:
        return sum(len(measures) for _, measures in self.subjects)

    @property
    def subject_labels(self) -> list[str]:
        return [label for label, _ in self.subjects]


def desk_context(page: DeskPage, address: Address, today: date) -> dict[str, Any]:
    """Return the context of the list."""
    choice = page.asked.choice
    unit = name_of(choice.org) if choice.org else ", ".join(names_of(page.scope))
    trial = _trial(page) if page.asked.by == "check" else []
    return {
        "page": page, "address": address, "unit": unit, "whole": ", ".join(names_of(page.scope)),
        "kept": [(name, address.word(name)) for name in ("kiem_tra", "theo", "tinh_trang") if address.word(name)],
        "sources": [(name, words.source_label(name)) for name in source_names()],
        "units": _units(page, today), "tabs": _tabs(page, address), "views": _views(page, address),
        "groups": [_group(one, page, address, today) for one in _named(page)],
        "trial": trial, "trials": len([t for t in trial if t.rows is not None]),
        "stopped": len([t for t in trial if t.rows is None]),
        "lines": [_line(row, page, today) for row in page.lines], "orders": _orders(address),
        "value_names": _value_names(page),
        "title": words.check_label(choice.check) if choice.check else "", "view": address.word("tinh_trang") or "giu",
        "months": words.months_words(page.months), "ages": list(zip(AGE_WORDS, words.AGE_LABELS, strict=True)),
        "previous": address.to(trang=page.asked.page - 1) if page.asked.page > 1 else "",
        "next": address.to(trang=page.asked.page + 1) if page.asked.page < page.pages else "",
        "is_filtered": any((choice.source, choice.org, choice.search, page.asked.age is not None)),
    }  # fmt: skip


def _units(page: DeskPage, today: date) -> list[tuple[str, str]]:
    """Return the units to choose from: provinces for the nation, else the offices of the area."""
    tiers = {"province"} if NATION in page.scope.codes else {"province", "office"}
    units = [(unit.code, unit.name) for unit in units_in(page.scope, today) if unit.tier in tiers]
    chosen = page.asked.choice.org
    return units if not chosen or chosen in dict(units) else [(chosen, name_of(chosen)), *units]


def effect(lacking: Iterable[Lacking], vnd: Decimal = Decimal(0), published: Decimal | None = None) -> Effect:
    """Return what lacks rows that hold back `vnd`; `published` is the figure of the same months and unit."""
    ordered = sorted(lacking, key=lambda one: one.main is None)
    main = next((one.main_label for one in ordered if one.main), "")
    others = tuple((one.subject_label, one.others) for one in ordered if one.others)
    return Effect(main, others, _share(vnd, published) if main and published else "")


def _share(vnd: Decimal, published: Decimal) -> str:
    if vnd <= 0 or published <= 0:
        return ""
    share = 100 * vnd / (published + vnd)
    return f"dưới {vi.percent(LEAST_SHARE, 2)}" if share < LEAST_SHARE else vi.percent(share, 2)


def _value_names(page: DeskPage) -> list[Value]:
    """Return the fields a column of the list shows: those of the chosen check, which is of one table."""
    if not page.asked.choice.check or not page.lines:
        return []
    return looked_at(page.lines[0])[:SHOWN_VALUES]


def _named(page: DeskPage) -> list[tuple[Group, str, str]]:
    """Return the groups with what they are called and what is said of them."""
    if page.asked.by == "unit":
        names = words.unit_names({group.key for group in page.groups})
        return [(g, names.get(g.key, g.key) if g.key else "Chưa rõ đơn vị", "") for g in page.groups]
    if page.asked.by == "age":
        ordered = sorted(page.groups, key=lambda group: group.key)
        return [(group, words.AGE_LABELS[int(group.key)], "") for group in ordered]
    if page.asked.by == "source":
        return [(g, words.table_label(g.key), words.source_label(g.source)) for g in page.groups]
    return [(g, words.check_label(g.key), words.source_label(g.source)) for g in page.groups]


def _group(named: tuple[Group, str, str], page: DeskPage, address: Address, today: date) -> GroupLine:
    group, label, about = named
    word, value = {
        "check": ("kiem_tra", group.key), "unit": ("don_vi", group.key), "source": ("nguon", group.source),
        "age": ("tuoi", AGE_WORDS[int(group.key)] if page.asked.by == "age" else ""),
    }[page.asked.by]  # fmt: skip
    days, overdue = words.age_of(group.oldest, today)
    is_chosen = bool(value) and address.word(word) == value
    return GroupLine(
        label, group.key if page.asked.by == "check" else "", about, group.rows, group.amount_vnd, group.undecided,
        days, overdue, is_chosen, address.to(**{word: None if is_chosen else value}) if value else "",
    )  # fmt: skip


def _trial(page: DeskPage) -> list[TrialLine]:
    """Return the rules in trial, and those that are stopped because a code list they need is empty."""
    found: dict[str, TrialLine] = {}
    for total in page.trial:
        if page.asked.choice.source not in (None, total.source):
            continue
        before = found.get(total.check_code)
        rows, vnd = (before.rows or 0, before.vnd or Decimal(0)) if before else (0, Decimal(0))
        found[total.check_code] = TrialLine(
            total.check_code, words.check_label(total.check_code), words.source_label(total.source),
            rows + total.rows, vnd + total.amount_vnd,
        )  # fmt: skip
    stopped = [TrialLine(code, words.check_label(code), "", None, None) for code in page.stopped]
    return [*sorted(found.values(), key=lambda one: -(one.rows or 0)), *stopped]


def _line(row: FailedLine, page: DeskPage, today: date) -> Line:
    days, overdue = words.age_of(row.first_seen, today)
    return Line(
        row, f"{row.table}:{row.id}", words.table_label(row.table),
        words.state_words(row.state, is_locked=row.month in page.locked),
        tuple(looked_at(row)[:SHOWN_VALUES]), days, overdue, page.may_decide and row.state in DECIDABLE,
    )  # fmt: skip


def _tabs(page: DeskPage, address: Address) -> list[tuple[str, str, bool]]:
    """Return (label, address, is current) of the ways to group."""
    labels = {"kiem-tra": ("Kiểm tra", "check"), "don-vi": ("Đơn vị", "unit"), "nguon": ("Nguồn", "source"),
              "tuoi": ("Tuổi", "age")}  # fmt: skip
    return [(label, address.to(theo=word), page.asked.by == by) for word, (label, by) in labels.items()]


def _views(page: DeskPage, address: Address) -> list[tuple[str, str, int, bool]]:
    """Return (label, address, rows, is current) of the states to look at."""
    held = sum(
        page.states[s].rows for s in ("waiting", "fix", "proposed", "accepting", "locked") if s in page.states
    )
    found = []
    for word, states in STATE_WORDS.items():
        rows = held if word == "giu" else sum(page.states[s].rows for s in states if s in page.states)
        is_current = (address.word("tinh_trang") or "giu") == word
        found.append(
            (
                words.VIEW_LABELS[word],
                address.to(tinh_trang=None if word == "giu" else word),
                rows,
                is_current,
            )
        )
    return found


def _orders(address: Address) -> list[tuple[str, str, bool]]:
    chosen = address.word("sap") or "tien"
    return [(word, label, word == chosen) for word, label in words.ORDER_LABELS.items()]


def units_words(by_unit: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the units of a decision by name, most rows first."""
    names = words.unit_names({code for code, _ in by_unit})
    return [(names.get(code, code) if code else "Chưa rõ đơn vị", rows) for code, rows in by_unit]
