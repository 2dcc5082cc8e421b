"""What the scorecard shows, from what the door gives: totals, one line per unit, how each share is worked out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from dwh.datapath.quality.criteria import Criterion, Rule
from dwh.datapath.quality.scorecard import UNKNOWN, Share, UnitCount
from dwh.datapath.sources.contract import load_contract, source_names
from dwh.governance.scorecard import UNKNOWN_UNIT, Scorecard
from dwh.kernel import vi
from dwh.kernel.org.scope import NATION, province_of
from dwh.kernel.org.services import current_codes, names_of, units_in
from dwh.operations.quality import words
from dwh.operations.quality.forms import (
    CRITERION_WORDS,
    ROWS_ONLY,
    SORT_WORDS,
    TABLE_ONLY,
    WORST_FIRST,
    Address,
)

_NONE = {criterion: Share(0, 0) for criterion in Criterion}
_HEADINGS = {"ten": "Đơn vị", "dong": "Dòng đọc"} | {
    word: words.LABELS[criterion] for word, criterion in CRITERION_WORDS.items()
}
_ORDER_LABELS = {
    "ten": "Tên từ A", "-ten": "Tên từ Z", "dong": "Nhiều dòng đứng trước", "-dong": "Ít dòng đứng trước",
    **{word: f"{words.LABELS[c]} thấp đứng trước" for word, c in CRITERION_WORDS.items()},
    **{f"-{word}": f"{words.LABELS[c]} cao đứng trước" for word, c in CRITERION_WORDS.items()},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One share: rows without objection in per cent, None when nothing was asked; `url` leads to the others."""

    label: str
    percent: Decimal | None
    good: int
    asked: int
    failed: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One unit, or the total. `url` leads to the offices of a province."""

    code: str
    name: str
    read: int
    figures: tuple[Figure, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column head; `order` is what aria-sort says, `url` sorts by it, or the other way round."""

    label: str
    order: str
    url: str


def context(found: Scorecard, address: Address, today: date) -> dict[str, Any]:
    """Return the context of the scorecard."""
    lines = _lines(found, address, today)
    search = address.word("tim")
    shown = [line for line in lines if vi.strip_marks(search) in vi.strip_marks(line.name)]
    whole = ", ".join(names_of(found.scope))
    return {
        "found": found, "address": address, "total": _total(found, address), "whole": whole,
        "unit": words.unit_name(found.asked.org) if found.asked.org else whole,
        "lines": _sorted(shown, _order(address)), "there_are": len(lines), "search": search,
        "headings": [_heading(word, address) for word in SORT_WORDS], "up": _up(found, address),
        "period": words.period_words(found.asked), "months": _months(found), "sources": _sources(),
        "kept": [(n, address.word(n)) for n in ("don_vi",) if address.word(n)],
        "orders": _orders(address), "order": _ORDER_LABELS[_order(address)].lower(),
        "rules": [_rule_words(rule) for rule in found.rules],
        "stopped": [(code, words.check_label(code)) for code in found.stopped],
        "is_filtered": any(address.word(n) for n in ("nguon", "tu", "den", "khong_ky", "tim")),
        "clear": address.to("nguon", "tu", "den", "khong_ky", "tim"),
    }  # fmt: skip


def _lines(found: Scorecard, address: Address, today: date) -> list[Line]:
    """Return a line per unit with rows, and per unit of the area that has none."""
    counts = {count.unit: count for count in found.counts}
    units = {code: UnitCount(code, 0, _NONE) for code in _units_there(found, today)} | counts
    names = words.unit_names(set(units))
    return [_line(count, names[code], found, address) for code, count in units.items()]


def _has_others_below(unit: str, found: Scorecard) -> bool:
    """Tell whether the table has lines for units below this one: then its own line is of its direct rows only."""
    return bool(unit) and any(one.unit.startswith(f"{unit}.") for one in found.counts)


def _units_there(found: Scorecard, today: date) -> list[str]:
    """Return the units the table has a line for even without rows: provinces, or the offices of the unit chosen."""
    org = found.asked.org
    if org == UNKNOWN_UNIT:
        return []
    tier = "province" if found.by_province else "office"
    root = current_codes([org])[org] if org else NATION
    return [
        u.code for u in units_in(found.scope, today) if u.tier == tier and f"{u.code}.".startswith(f"{root}.")
    ]


def _line(count: UnitCount, name: str, found: Scorecard, address: Address) -> Line:
    org = UNKNOWN_UNIT if count.unit == UNKNOWN else count.unit
    is_province = found.by_province and province_of(count.unit) == count.unit and count.read > 0
    url = address.to(*ROWS_ONLY, "tim", don_vi=org) if is_province else ""
    if not _has_others_below(count.unit, found):
        return Line(count.unit, name, count.read, _figures(count.shares, org, address), url)
    figures = _figures(count.shares, org, address, truc_tiep="1")
    return Line(count.unit, f"{name} (trực tiếp)", count.read, figures, url)


def _total(found: Scorecard, address: Address) -> Line:
    """Return the sums of the whole area: Σ rows without objection over Σ rows asked, never a mean of shares."""
    shares = {c: sum((one.shares[c] for one in found.counts), start=Share(0, 0)) for c in Criterion}
    return Line("", "Tổng", sum(one.read for one in found.counts), _figures(shares, found.asked.org, address))


def _figures(
    shares: dict[Criterion, Share], org: str | None, address: Address, **narrower: str
) -> tuple[Figure, ...]:
    return tuple(
        _figure(shares[criterion], word, address.to(*TABLE_ONLY, don_vi=org, tieu_chi=word, **narrower))
        for word, criterion in CRITERION_WORDS.items()
    )


def _figure(share: Share, word: str, query: str) -> Figure:
    url = reverse("quality:rows") + query
    return Figure(
        _HEADINGS[word], words.percent_of(share), share.asked - share.failed, share.asked, share.failed,
        url if share.failed else "",
    )  # fmt: skip


def _sorted(lines: Iterable[Line], order: str) -> list[Line]:
    """Return the lines as `order` says: shares the worst first, rows the most first; what has no figure goes last."""
    word, backwards = order.removeprefix("-"), order.startswith("-")
    named = sorted(lines, key=lambda line: vi.sort_key(line.name))
    if word == "ten":
        return named[::-1] if backwards else named
    if word == "dong":
        return sorted(named, key=lambda line: line.read if backwards else -line.read)
    at = tuple(CRITERION_WORDS).index(word)
    asked = [line for line in named if line.figures[at].asked]
    asked.sort(key=lambda line: Decimal(line.figures[at].good) / line.figures[at].asked, reverse=backwards)
    return [*asked, *(line for line in named if not line.figures[at].asked)]


def _order(address: Address) -> str:
    return str(address.word("sap") or WORST_FIRST)


def _orders(address: Address) -> list[tuple[str, str, bool]]:
    """Return (word, label, is chosen) of the orders: on a phone the table has no heads to press."""
    return [(word, label, word == _order(address)) for word, label in _ORDER_LABELS.items()]


def _heading(word: str, address: Address) -> Heading:
    chosen = _order(address)
    if chosen.removeprefix("-") != word:
        return Heading(_HEADINGS[word], "none", address.to(*ROWS_ONLY, sap=word))
    backwards = chosen.startswith("-")
    rises = backwards == (word == "dong")  # the most rows first, the worst share first, names from A
    other = word if backwards else f"-{word}"
    return Heading(_HEADINGS[word], "ascending" if rises else "descending", address.to(*ROWS_ONLY, sap=other))


def _up(found: Scorecard, address: Address) -> list[tuple[str, str]]:
    """Return (name, address) of what the unit chosen lies in, inside the area of the person."""
    org = found.asked.org
    if not org or org == NATION:
        return []
    province = province_of(org)
    path = [("", ", ".join(names_of(found.scope)))]
    if province and province != org and found.scope.covers(current_codes([province])[province]):
        path.append((province, words.unit_name(province)))
    return [(name, address.to(*ROWS_ONLY, "tim", don_vi=code)) for code, name in path]


def _months(found: Scorecard) -> list[tuple[str, str]]:
    """Return the months to choose from, the newest first, with those that were asked for."""
    months = {*found.months, found.asked.since, found.asked.until} - {""}
    return [(month, vi.month_vi(month)) for month in sorted(months, reverse=True)]


def _sources() -> list[tuple[str, str]]:
    return [(name, load_contract(name).label) for name in source_names()]


def _rule_words(rule: Rule) -> tuple[str, int, list[str]]:
    """Return what a criterion is called, how many checks it asks, and of which tables."""
    return words.LABELS[rule.criterion], len(rule.codes), [words.table_label(table) for table in rule.tables]
