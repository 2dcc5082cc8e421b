"""Random questions with calculations equal a recount of the rows, cell by cell, totals included."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest

from dwh.datapath.semantic.calculations.tests.recount import REGION, STEP, Cell, Recount, Value
from dwh.datapath.semantic.calculations.tests.world import MONTHS, ask, cells

SEEDS = range(60)
ROWS = ("org.province", "org.office", "org.region", "employer.sector", "month.year", "month.quarter")
COLUMNS = ("month.month", "month.quarter", "month.year", "fund")
VALUES = (
    "collected_vnd",
    "participants",
    "participants_end",
    "collection_rate",
    "collected_per_participant_vnd",
)
RANGES: tuple[tuple[str, ...], ...] = (
    ("2025",), ("2024",), ("2025-Q1",), ("2024-02",), ("2024-11", "2025-02"), ("2025-03", "2025-08"), (),
)  # fmt: skip
PARTS = {
    "collection_rate": ("collected_vnd", "due_vnd"),
    "collected_per_participant_vnd": ("collected_vnd", "participants"),
}


def rounded(value: Value, decimals: int) -> Decimal | None:
    if value is None:
        return None
    scaled = value * 10**decimals
    whole = abs(scaled.numerator) * 2 + scaled.denominator
    half_up = whole // (2 * scaled.denominator)
    return (Decimal(half_up if scaled >= 0 else -half_up) / 10**decimals).quantize(
        Decimal(1).scaleb(-decimals), ROUND_HALF_UP
    )


def question(dice: random.Random) -> tuple[dict[str, Any], Recount]:
    rows = dice.sample(ROWS, dice.choice([0, 1, 1, 2]))
    columns = dice.sample(COLUMNS, dice.choice([0, 1, 1, 2]))
    columns = [c for c in columns if c not in rows]
    chosen = dice.choice(RANGES)
    if not chosen and not any(f in STEP for f in (*rows, *columns)):
        chosen = ("2025",)
    value, basis = dice.choice(VALUES), dice.choice(["as_was", "as_is"])
    op = "between" if len(chosen) > 1 else "in"
    first, last = covered_by(chosen)
    months = [m for m in MONTHS if first <= m <= last]
    said = None if not chosen else 12 * (int(last[:4]) - int(first[:4])) + int(last[5:]) - int(first[5:]) + 1
    asked = {
        "rows": rows, "columns": columns, "values": list(dict.fromkeys([value, "collected_vnd", "due_vnd"])),
        "filters": [{"field": "month", "op": op, "values": list(chosen)}] if chosen else [],
        "org_basis": basis, "calculations": calculations(value, bool(rows)),
    }  # fmt: skip
    return asked, Recount((*rows, *columns), len(rows), months, basis=basis, said=said)


def covered_by(chosen: tuple[str, ...]) -> tuple[str, str]:
    if not chosen:
        return "2000-01", "2999-12"
    first = {"2025": "2025-01", "2024": "2024-01", "2025-Q1": "2025-01"}.get(chosen[0], chosen[0])
    last = {"2025": "2025-12", "2024": "2024-12", "2025-Q1": "2025-03"}.get(chosen[-1], chosen[-1])
    return first, last


def calculations(value: str, has_rows: bool) -> list[dict[str, Any]]:
    made = [
        {"name": "prev", "kind": "previous", "of": value}, {"name": "same", "kind": "same_last_year", "of": value},
        {"name": "diff", "kind": "difference", "of": value, "base": "same_last_year"},
        {"name": "grow", "kind": "growth", "of": value, "base": "previous"},
        {"name": "ytd", "kind": "year_to_date", "of": value}, {"name": "cum", "kind": "cumulative", "of": value},
        {"name": "avg", "kind": "moving_average", "of": value, "periods": 3},
        {"name": "ytd_growth", "kind": "growth", "of": "ytd", "base": "same_last_year"},
        {"name": "share", "kind": "share_of_total", "of": "collected_vnd"},
        {"name": "whole", "kind": "nation", "of": value}, {"name": "home", "kind": "region", "of": value},
        {"name": "own", "kind": "formula", "formula": "100 * collected_vnd / total(due_vnd)"},
    ]  # fmt: skip
    for one in made:
        one["decimals"] = 4
    return made if not has_rows else [*made[:-1], {"name": "rank", "kind": "rank", "of": value}]


@pytest.mark.parametrize("seed", SEEDS)
def test_random_questions_equal_the_recount(seed):
    asked, recount = question(random.Random(seed))
    answer = ask(asked)
    value = asked["values"][0]
    for column in (c.name for c in answer.values):
        found = cells(answer, column)
        for cell in recount.cells():
            if recount.is_whole(cell):
                decimals = next(c.decimals for c in answer.values if c.name == column)
                wanted = rounded(expected(recount, column, value, cell), decimals)
                assert found.get(cell) == wanted, (asked, column, cell)


def expected(recount: Recount, column: str, value: str, cell: Cell) -> Value:
    if column in ("grow", "diff", "ytd_growth"):
        return _compared(recount, column, value, cell)
    if column in ("whole", "home"):
        return _wider(recount, column, value, cell)
    if column == "rank":
        return _rank(recount, value, cell)
    grand: Cell = (None,) * len(cell)
    if column in ("share", "own"):
        top = recount.of("collected_vnd", cell)
        below = recount.of("collected_vnd" if column == "share" else "due_vnd", grand)
        return 100 * top / below if top is not None and below else None
    if column == "avg":
        parts = recount.average(PARTS.get(value, (value,)), cell, 3)
        return _ratio(value, parts)
    return {
        "prev": lambda: recount.base(value, cell, "previous"),
        "same": lambda: recount.base(value, cell, "same_last_year"),
        "ytd": lambda: recount.running(value, cell, "year_to_date"),
        "cum": lambda: recount.running(value, cell, "cumulative"),
    }.get(column, lambda: recount.of(column, cell))()


def _ratio(value: str, parts: list[Value]) -> Value:
    if None in parts or value not in PARTS:
        return None if None in parts else parts[0]
    top, below = parts
    assert top is not None
    return (100 if value == "collection_rate" else 1) * top / below if below else None


def _compared(recount: Recount, column: str, value: str, cell: Cell) -> Value:
    now = recount.running(value, cell, "year_to_date") if column == "ytd_growth" else recount.of(value, cell)
    if column == "ytd_growth":
        before = _year_before(recount).running(value, _earlier(recount, cell), "year_to_date")
    else:
        before = recount.base(value, cell, "previous" if column == "grow" else "same_last_year")
    if now is None or before is None:
        return None
    if column == "diff":
        return now - before
    return 100 * (now - before) / before if before > 0 else None


def _year_before(recount: Recount) -> Recount:
    months = [f"{int(m[:4]) - 1}{m[4:]}" for m in recount.months]
    return Recount(recount.fields, recount.split, months, basis=recount.basis, said=recount.said)


def _earlier(recount: Recount, cell: Cell) -> Cell:
    return tuple(
        f"{int(k[:4]) - 1}{k[4:]}" if k is not None and f in STEP else k
        for f, k in zip(recount.fields, cell, strict=True)
    )


def _wider(recount: Recount, column: str, value: str, cell: Cell) -> Value:
    if recount.of(value, cell) is None:
        return None
    named = [
        (f, k) for f, k in zip(recount.fields, cell, strict=True) if f.startswith("org.") and k is not None
    ]
    elsewhere = tuple(None if f.startswith("org.") else k for f, k in zip(recount.fields, cell, strict=True))
    if column == "whole":
        return recount.of(value, elsewhere)
    if not named:
        return None
    order = ["org.region", "org.province", "org.office"]
    level, unit = max(named, key=lambda one: order.index(one[0]))
    home = (
        unit
        if level == "org.region"
        else REGION[unit if level == "org.province" else unit.rpartition(".")[0]]
    )
    places = recount.places(elsewhere)
    return recount.value(
        value, lambda row: places(row) and recount.key("org.region", row) == home, recount.covered(cell)
    )


def _rank(recount: Recount, value: str, cell: Cell) -> Value:
    depth = sum(key is not None for key in cell[: recount.split])
    own = recount.of(value, cell)
    if not depth or own is None or cell[depth - 1] == "~":
        return None
    sisters = [
        other for other in recount.cells()
        if other[: depth - 1] == cell[: depth - 1] and other[depth:] == cell[depth:]
        and other[depth - 1] not in (None, "~") and recount.is_whole(other)
    ]  # fmt: skip
    values = [recount.of(value, other) for other in sisters]
    return Fraction(1 + sum(v > own for v in values if v is not None))
