"""Counts heads from bitmaps: each once, whichever months and units a cell covers. Pure.

Coarser sets are united from the smallest finer one. A stock keeps its months apart until the set is known: in each
period of a set only the last month with data counts, one month for every unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pyroaring import BitMap64

from dwh.datapath.semantic.statement.blocks import Set, total_flags
from dwh.datapath.semantic.statement.heads import FLAGS, MONTH, NUMBER, HeadsStep
from dwh.datapath.warehouse.rollups.bitmaps import united

Keys = tuple[str | None, ...]
Groups = dict[tuple[Keys, str], BitMap64]  # (key of every kept field, else None; month of a stock) → heads
Check = Callable[[], None]


def counted(
    step: HeadsStep, rows: Iterable[Sequence[Any]], check: Check = lambda: None
) -> dict[str, list[Any]]:
    """Return the columns of what `step` counted: k…, total flags, the number, the month of a stock.

    `check` is called between unions; it raises when nobody waits for the answer any more.
    """
    width = len(step.fields)
    found: dict[Set, Groups] = {tuple(range(width)): _finest(step, rows, check)}
    columns: dict[str, list[Any]] = defaultdict(list, {f"k{i}": [] for i in range(width)})
    columns |= {FLAGS: [], NUMBER: [], MONTH: []}
    for one in sorted(step.sets, key=len, reverse=True):
        if one not in found:
            parent = min((known for known in found if set(one) <= set(known)), key=len)
            found[one] = _coarser(step, one, found[parent], check)
        for (keys, month), heads in found[one].items():
            if not heads and not step.keeps_empty:
                continue
            for place, key in enumerate(keys):
                columns[f"k{place}"].append(key)
            columns[FLAGS].append(total_flags(one, width))
            columns[NUMBER].append(len(heads))
            columns[MONTH].append(month or None)
    return columns


def _finest(step: HeadsStep, rows: Iterable[Sequence[Any]], check: Check) -> Groups:
    width = len(step.fields)
    sets: dict[tuple[Keys, str], list[bytes]] = defaultdict(list)
    for row in rows:
        group = sets[tuple(row[:width]), row[width] if step.is_stock else ""]
        if row[width + 1] is not None:
            group.append(row[width + 1])
    return _united(sets, check)


def _coarser(step: HeadsStep, one: Set, groups: Groups, check: Check) -> Groups:
    last = _last_months(step, one, groups) if step.is_stock else None
    sets: dict[tuple[Keys, str], list[BitMap64]] = defaultdict(list)
    for (keys, month), heads in groups.items():
        if last is None or month == last[_period(step, one, keys)]:
            sets[tuple(key if i in one else None for i, key in enumerate(keys)), month].append(heads)
    return _united(sets, check)


def _last_months(step: HeadsStep, one: Set, groups: Groups) -> dict[Keys, str]:
    last: dict[Keys, str] = {}
    for keys, month in groups:
        period = _period(step, one, keys)
        last[period] = max(last.get(period, ""), month)
    return last


def _period(step: HeadsStep, one: Set, keys: Keys) -> Keys:
    return tuple(keys[i] for i in step.times if i in one)


def _united(sets: dict[tuple[Keys, str], list[Any]], check: Check) -> Groups:
    groups: Groups = {}
    for name, some in sets.items():
        check()
        groups[name] = united(some)
    return groups
