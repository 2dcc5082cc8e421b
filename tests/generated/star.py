"""Makes the rows: every table the subjects name, filled by what its columns are for. The same seed, the same rows.

What is nasty in them: a pointer, an attribute or an amount in ten is missing; codes nobody declared; provinces that
merged, with rows of the month before and after; one person behind several numbers; the last months missing for some
units; negative amounts; a leap February and the months around Tết of two years, with gaps between.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from tests.further_tables import on_every_tree, with_kinds
from tests.generated.words import Place, Words, facts, places, subjects
from tests.units_fixture import SUCCESSOR, org_rows

Row = dict[str, Any]
Types = dict[str, dict[str, str]]  # table → column → type
MONTHS = (
    "2023-12", "2024-01", "2024-02", "2024-03", "2024-12", "2025-01", "2025-02", "2025-06", "2025-07", "2025-08"
)  # fmt: skip
REFORM = "2025-07"
MISSING = 0.1
OFFICES = [*SUCCESSOR, "00.01", "00.48", "00.49", "00.48-2025"]
ORG = ("core.dim_org", "core.dim_org_at")
WHOLE = ("BIGINT", "INTEGER", "SMALLINT", "HUGEINT", "TINYINT")


def make_star(types: Types, *, seed: int, lines: int) -> dict[str, list[Row]]:
    """Return table → rows of every fact and dimension the subjects name; `lines` rows in each fact."""
    dice = random.Random(seed)
    tables = {
        "core.dim_org": _named(types, "core.dim_org", with_kinds(org_rows())),
        "core.dim_org_at": _named(types, "core.dim_org_at", on_every_tree(org_rows())),
    }
    wanted = _conditions()
    for table, pairs in _dimension_tables().items():
        tables[table] = _members(dice, types[table], pairs, wanted)
    for subject, name, fact in facts():
        if fact["table"] not in tables:
            columns = _columns(subject, name, tables, wanted)
            tables[fact["table"]] = _lines(dice, types[fact["table"]], fact, columns, lines)
    return tables


def _named(types: Types, table: str, rows: Iterable[tuple[Any, ...]]) -> list[Row]:
    return [dict(zip(types[table], row, strict=True)) for row in rows]


def _conditions() -> dict[str, list[str]]:
    """Return column → the values that conditions of measures name: they must occur."""
    found: dict[str, list[str]] = defaultdict(list)
    for subject in subjects().values():
        for measure in subject["measures"].values():
            for column, values in measure.get("where", {}).items():
                found[column] += [str(value) for value in values if str(value) not in found[column]]
    return found


def _dimension_tables() -> dict[str, list[tuple[Words, Words]]]:
    """Return table → every (dimension, level) that any subject reads from it."""
    found: dict[str, list[tuple[Words, Words]]] = defaultdict(list)
    for name in subjects():
        for place in places(name).values():
            table = place.dimension.get("table")
            if table and table not in ORG:
                found[table].append((place.dimension, place.level))
    return found


def _members(
    dice: random.Random, types: dict[str, str], pairs: list[tuple[Words, Words]], wanted: dict[str, list[str]]
) -> list[Row]:
    key = pairs[0][0]["key"]
    grain = any(level.get("grain") for _, level in pairs)
    keys: list[Any] = [*dict.fromkeys([*wanted.get(key, []), *(f"{key[:2]}{n}" for n in range(4))])]
    if types[key] != "VARCHAR":
        keys = list(range(1, 13 if grain else 8))
    rows = [dict.fromkeys(types) | {key: one} for one in keys]
    for _, level in pairs:
        column = level.get("key")
        if column and column != key:
            choose = (
                _unique(column) if level.get("grain") else _few(dice, level, types[column], wanted, column)
            )
            for n, row in enumerate(rows):
                row[column] = choose(n) if row[column] is None else row[column]
    for _, level in pairs:  # names follow their keys
        for row in rows:
            if level.get("text") and row[level["text"]] is None and row[level["key"]] is not None:
                row[level["text"]] = f"Tên {row[level['key']]}"
    return rows


def _unique(column: str) -> Callable[[int], str]:
    return lambda n: f"{column[:2].upper()}{n:03d}"


def _few(
    dice: random.Random, level: Words, kind: str, wanted: dict[str, list[str]], column: str
) -> Callable[[int], Any]:
    pool = _pool(level, kind, wanted.get(column, []), column)
    return lambda _: None if dice.random() < MISSING else dice.choice(pool)


def _pool(level: Words, kind: str, named: list[str], column: str) -> list[Any]:
    """Return the values a column of a level may have, of its own type."""
    if level.get("derive") == "decade":
        return [1958, 1960, 1969, 1975, 1999, 2000]
    declared = [*dict.fromkeys([*named, *(str(key) for key in level.get("members", {}))])]
    if kind == "BOOLEAN":
        return [True, False]
    if kind in WHOLE:
        return [int(one) for one in declared] or [1, 2, 3, 10]
    return [*declared, *(f"{column[:3]}{n}" for n in range(2 if declared else 3))]


class _Column:
    """What a column of a fact may hold."""

    def __init__(self, pool: list[Any], *, optional: bool = True) -> None:
        self.pool, self.optional = pool, optional

    def draw(self, dice: random.Random) -> Any:
        return None if self.optional and dice.random() < MISSING else dice.choice(self.pool)


Spec = tuple[str, Any]  # kind of column and what it is made of


def _columns(
    subject: Words, fact: str, tables: dict[str, list[Row]], wanted: dict[str, list[str]]
) -> dict[str, Spec]:
    """Return column → what it is for: a member, a level, an amount, a head."""
    found: dict[str, Spec] = {}
    for place in places(subject["subject"]).values():
        dimension, level, own = place.dimension, place.level, place.own(fact)
        pointer = dimension["columns"].get(fact)
        if "table" in dimension and pointer and dimension["table"] not in ORG:
            found.setdefault(
                pointer, ("member", [row[dimension["key"]] for row in tables[dimension["table"]]])
            )
        if own is not None and own not in found:
            found[own] = ("level", (level, _known(place, tables)))
    for measure in subject["measures"].values():
        if measure["fact"] == fact:
            for column in measure.get("where", {}):
                found.setdefault(column, ("level", ({}, wanted[column])))
            if measure["agg"] != "count":
                kind = "amount" if measure["agg"] == "sum" else "head"
                found.setdefault(measure["column"], (kind, None))
    return found


def _known(place: Place, tables: dict[str, list[Row]]) -> list[Any]:
    table, column = place.dimension.get("table"), place.level.get("key")
    values = [row[column] for row in tables.get(table or "", []) if column]
    return [*dict.fromkeys(value for value in values if value is not None)]


def _lines(
    dice: random.Random, types: dict[str, str], fact: Words, columns: dict[str, Spec], count: int
) -> list[Row]:
    late = set(dice.sample([unit for unit in OFFICES if not unit.startswith("00.49")], 3))
    rows = []
    for _ in range(count):
        row = dict.fromkeys(types) | {
            name: _drawn(dice, types[name], name, spec) for name, spec in columns.items()
        }
        month = dice.choice(MONTHS)
        unit = dice.choice(OFFICES)
        unit = SUCCESSOR.get(unit, unit) if month >= REFORM else unit
        if month == MONTHS[-1] and unit in late:
            continue
        rows.append(row | {fact["month_column"]: month, fact["scope_column"]: unit} | _person(row, types))
    return rows


def _person(row: Row, types: dict[str, str]) -> Row:
    """Several numbers are one person."""
    number = row.get("participant_key", row.get("patient_key"))
    return {"person_key": number // 3} if "person_key" in types and number is not None else {}


def _drawn(dice: random.Random, kind: str, column: str, spec: Spec) -> Any:
    what, of = spec
    if dice.random() < MISSING:
        return None
    if what == "member":
        return dice.choice(of)
    if what == "level":
        level, known = of
        return dice.choice(
            _pool(level, kind, [str(one) for one in known] if kind == "VARCHAR" else [], column)
        )
    if what == "amount":
        return _amount(dice, kind)
    number = dice.randint(1, 25)
    return number if kind in WHOLE else date(2025, 1, number) if kind == "DATE" else f"{column[:2]}{number}"


def _amount(dice: random.Random, kind: str) -> Any:
    """Return an amount: one in six negative, one in twelve zero."""
    value = dice.choice([0, *[dice.randint(1, 90_000_000)] * 9, *[-dice.randint(1, 5_000_000)] * 2])
    if kind.startswith("DECIMAL"):
        digits = int(kind.rstrip(")").split(",")[1])
        return Decimal(value).scaleb(-digits)
    return value % 300 if kind in ("SMALLINT", "TINYINT") else value
