"""Where a figure stands in its table: its share of a whole, its place among its sisters."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from dwh.datapath.semantic.calculations import figures
from dwh.datapath.semantic.calculations.document import Calculation
from dwh.datapath.semantic.calculations.figures import NO_RANK, NOTHING, STOCK_SHARE, Figure, Figures
from dwh.datapath.semantic.calculations.frames import Frame, Keys
from dwh.datapath.semantic.formula import exactly
from dwh.datapath.semantic.words import UNKNOWN_KEY

if TYPE_CHECKING:
    from dwh.datapath.semantic.calculations.workings import Workings


def share(work: Workings, one: Calculation, frame: Frame) -> Figures:
    """Return each figure in per cent of its whole; the unknown member is part of the whole."""
    wholes = work.column(one.of, replace(frame, under=(), only=()))
    split, is_stock = len(frame.query.rows), work.is_stock(one.of)
    times = work.reader.places(frame, "period")
    found = {}
    with exactly():
        for keys, figure in work.column(one.of, frame).items():
            of_rest = one.kind == "share_of_parent" and frame.only  # its keys are already those of the parent
            whole = keys if of_rest else _whole(one.kind, keys, split)
            if is_stock and any(keys[i] != whole[i] for i in times):
                found[keys] = Figure(None, STOCK_SHARE)
            else:
                found[keys] = figures.share(figure, wholes.get(whole, NOTHING))
    return found


def _whole(kind: str, keys: Keys, split: int) -> Keys:
    if kind == "share_of_total":
        return (None,) * len(keys)
    if kind == "share_of_column":
        return (*((None,) * split), *keys[split:])
    depth = _depth(keys, split)
    return (*keys[: max(0, depth - 1)], *((None,) * (split - max(0, depth - 1))), *keys[split:])


def _depth(keys: Keys, split: int) -> int:
    return sum(key is not None for key in keys[:split])


def rank(work: Workings, one: Calculation, frame: Frame) -> Figures:
    """Return the place of each row among the rows of its parent, in its column: the largest is 1, equals share."""
    split = len(frame.query.rows)
    sisters: dict[Keys, list[tuple[Keys, Figure]]] = defaultdict(list)
    found: dict[Keys, Figure] = {}
    for keys, figure in work.column(one.of, frame).items():
        depth = _depth(keys, split)
        if not depth or keys[depth - 1] == UNKNOWN_KEY or frame.only or frame.under:
            found[keys] = Figure(None, NO_RANK)
        elif figure.value is None:
            found[keys] = figure
        else:
            sisters[(*keys[: depth - 1], None, str(depth), *keys[split:])].append((keys, figure))
    for members in sisters.values():
        found |= _places(members)
    return found


def _places(members: list[tuple[Keys, Figure]]) -> Figures:
    values = sorted((figure.value for _, figure in members if figure.value is not None), reverse=True)
    first: dict[Decimal, int] = {}
    for place, value in enumerate(values, 1):
        first.setdefault(value, place)
    return {k: Figure(Decimal(first[f.value])) for k, f in members if f.value is not None}
