"""What a question must give, computed row by row in plain Python: groups, every set of totals, heads, stocks, ratios.

Rows are filtered by the right and by the filters, their keys are read from the dimension rows, and each set of
the question is gone through on its own from the rows themselves: no total is made of another total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext
from typing import Any, NamedTuple

from tests.generated.formula import at, names, worked_out
from tests.generated.words import Place, Words, places, subjects

Row = dict[str, Any]
Keys = tuple[str | None, ...]
Cells = dict[Keys, tuple[Any, ...]]
UNKNOWN, MASKED = "~", "***"
STOCKS = ("last", "first", "average")


class Asked(NamedTuple):
    """A question with the eyes that ask it."""

    question: Words
    scope: tuple[str, ...]
    cleared: frozenset[str]

    @property
    def subject(self) -> Words:
        return subjects()[self.question["subject"]]

    @property
    def fields(self) -> list[Place]:
        known = places(self.question["subject"])
        return [known[name] for name in (*self.question["rows"], *self.question["columns"])]


class Lines(NamedTuple):
    """The rows of one fact that count, each with its month and the keys of the fields."""

    rows: Sequence[Row]
    months: Sequence[str]
    keys: Sequence[Keys]


class Recount:
    """Answers questions over tables of plain rows; keys of a field are read once per fact."""

    def __init__(self, tables: Mapping[str, list[Row]]) -> None:
        self.tables = tables
        self._read: dict[Any, list[str]] = {}
        self._owner = {row["org_code"]: row["cur_org_code"] for row in tables["core.dim_org"]}

    def answer(self, question: Words, scope: tuple[str, ...], cleared: frozenset[str] = frozenset()) -> Cells:
        """Return keys (None: a total) → one value per measure or indicator."""
        with localcontext() as context:
            context.prec = 40
            return self._answer(Asked(question, scope, cleared))

    def _answer(self, asked: Asked) -> Cells:
        subject, question, lines = asked.subject, asked.question, dict[str, Lines]()
        found: dict[Keys, dict[str, Any]] = defaultdict(dict)
        for name in dict.fromkeys(n for value in question["values"] for n in _inputs(subject, value)):
            measure = subject["measures"][name]
            if measure["fact"] not in lines:
                lines[measure["fact"]] = self._lines(asked, measure["fact"])
            here = lines[measure["fact"]]
            for one in _sets(question):
                for keys, value in _counted(measure, here, asked.fields, one):
                    found[keys][name] = value
        whole = found.get((None,) * len(asked.fields), {})
        shown = found if question["totals"] else {k: v for k, v in found.items() if None not in k}
        return {
            keys: tuple(_value(subject, name, given, whole) for name in question["values"])
            for keys, given in shown.items()
        }

    def _lines(self, asked: Asked, fact: str) -> Lines:
        words = asked.subject["facts"][fact]
        rows = self.tables[words["table"]]
        fields = [self.keys(asked, place, fact) for place in asked.fields]
        tests = [self._passes(asked, one, fact) for one in asked.question["filters"]]
        kept = [
            n
            for n, row in enumerate(rows)
            if self._visible(row[words["scope_column"]], asked.scope) and all(test(n) for test in tests)
        ]
        months = [rows[n][words["month_column"]] for n in kept]
        return Lines([rows[n] for n in kept], months, [tuple(keys[n] for keys in fields) for n in kept])

    def _visible(self, unit: str | None, scope: Iterable[str]) -> bool:
        owner = self._owner.get(unit or "", "")
        return any(root == "00" or f"{owner}.".startswith(f"{root}.") for root in scope)

    def keys(self, asked: Asked, place: Place, fact: str) -> list[str]:
        """Return the key of `place` for every row of the fact."""
        if place.level.get("personal", "") not in ("", *asked.cleared):
            return [MASKED] * len(self.tables[asked.subject["facts"][fact]["table"]])
        basis = asked.question["org_basis"] if place.dimension.get("kind") == "org" else ""
        name = (asked.question["subject"], fact, place.name, basis)
        if name not in self._read:
            self._read[name] = [self._key(asked, place, fact, row) for row in self._table(asked, fact)]
        return self._read[name]

    def _table(self, asked: Asked, fact: str) -> list[Row]:
        return self.tables[asked.subject["facts"][fact]["table"]]

    def _key(self, asked: Asked, place: Place, fact: str, row: Row) -> str:
        level, own = place.level, place.own(fact)
        if "constant" in level:
            return str(level["constant"][0])
        if own is not None:
            return _written(level, row[own])
        basis = asked.question["org_basis"]
        pointer = row[place.dimension["columns"][fact]]
        members = self._members(place.dimension, basis)
        member = next((one for one in members if one[place.dimension["key"]] == pointer), None)
        column = level["key"] if basis == "as_was" else level.get("key_as_is", level["key"])
        return UNKNOWN if member is None or pointer is None else _written(level, member[column])

    def _members(self, dimension: Words, basis: str) -> Iterable[Row]:
        if not basis.startswith("as_of:") or "table_as_of" not in dimension:
            return self.tables[dimension["table"]]
        day = date.fromisoformat(basis.removeprefix("as_of:"))
        every = self.tables[dimension["table_as_of"]]
        return [one for one in every if one["valid_from"] <= day < one["valid_until"]]

    def _passes(self, asked: Asked, one: Words, fact: str) -> Callable[[int], bool]:
        place, values, op = places(asked.question["subject"])[one["field"]], one["values"], one["op"]
        if place.is_period:
            column = asked.subject["facts"][fact]["month_column"]
            months = [row[column] for row in self._table(asked, fact)]
            return lambda n: _in_period(op, values, months[n])
        keys = self.keys(asked, place, fact)
        if op in ("in", "eq"):
            return lambda n: keys[n] in values
        if op == "not_in":
            return lambda n: keys[n] not in values
        low, high = {"gte": (values[0], None), "lte": (None, values[0])}.get(op, values)
        return lambda n: (
            keys[n] != UNKNOWN and (low is None or keys[n] >= low) and (high is None or keys[n] <= high)
        )


def _in_period(op: str, values: list[str], month: str) -> bool:
    runs = [_run(value) for value in values]
    if op == "gte":
        return month >= runs[0][0]
    if op == "lte":
        return month <= runs[0][1]
    if op == "between":
        return runs[0][0] <= month <= runs[1][1]
    return any(first <= month <= last for first, last in runs) != (op == "not_in")


def _run(period: str) -> tuple[str, str]:
    """Return the first and the last month of 2025, 2025-Q3 or 2025-09."""
    year, _, rest = period.partition("-")
    if rest.startswith("Q"):
        return f"{year}-{int(rest[1]) * 3 - 2:02d}", f"{year}-{int(rest[1]) * 3:02d}"
    return (period, period) if rest else (f"{year}-01", f"{year}-12")


def _written(level: Words, value: Any) -> str:
    """Return the key of a level from what the row holds."""
    if value is None:
        return UNKNOWN
    match level.get("derive"):
        case "year":
            return str(value)[:4]
        case "quarter":
            return f"{value[:4]}-Q{(int(value[5:7]) + 2) // 3}"
        case "decade":
            return str(value - value % 10)
    return _text(value)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sets(question: Words) -> list[list[int]]:
    """Return the fields each set keeps: every beginning of the rows with every beginning of the columns."""
    rows, columns = len(question["rows"]), len(question["columns"])
    if not question["totals"]:
        every = [list(range(rows + columns)), []]
        return every if rows + columns else every[:1]
    return [[*range(r), *range(rows, rows + c)] for r in range(rows + 1) for c in range(columns + 1)]


def _inputs(subject: Words, value: str) -> list[str]:
    return [value] if value in subject["measures"] else names(subject["indicators"][value]["formula"])


def _counted(measure: Words, lines: Lines, fields: list[Place], one: list[int]) -> Iterable[tuple[Keys, Any]]:
    """Yield the keys and the number of every group of one set."""
    if measure["additive"] in STOCKS:
        return _stocks(measure, lines, fields, one)
    groups: dict[Keys, list[Any]] = defaultdict(list)
    for row, keys in zip(lines.rows, lines.keys, strict=True):
        _take(measure, row, groups, _kept(keys, one))
    return ((kept, _put_together(measure, group)) for kept, group in groups.items())


def _kept(keys: Keys, one: list[int]) -> Keys:
    return tuple(key if i in one else None for i, key in enumerate(keys))


def _stocks(measure: Words, lines: Lines, fields: list[Place], one: list[int]) -> Iterable[tuple[Keys, Any]]:
    """Yield groups of a stock: the month or the months of a period are those of all units together."""
    times = [i for i in one if fields[i].is_period]
    found: dict[Keys, set[str]] = defaultdict(set)
    for keys, month in zip(lines.keys, lines.months, strict=True):
        found[tuple(keys[i] for i in times)].add(month)
    chosen = {period: _chosen(measure["additive"], months) for period, months in found.items()}
    groups: dict[Keys, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row, month, keys in zip(lines.rows, lines.months, lines.keys, strict=True):
        if month in chosen[tuple(keys[i] for i in times)]:
            _take(measure, row, groups[_kept(keys, one)], month)
    for kept, by_month in groups.items():
        parts = [_put_together(measure, some) for some in by_month.values()]
        if parts and measure["additive"] == "average":
            yield kept, Decimal(sum(parts)) / len(found[tuple(kept[i] for i in times)])
        elif parts:
            yield kept, parts[0]  # one month: of each period its own


def _chosen(additive: str, months: set[str]) -> set[str]:
    return {"last": {max(months)}, "first": {min(months)}}.get(additive, months)


def _take(measure: Words, row: Row, groups: dict[Any, list[Any]], name: Any) -> None:
    """Add a row to its group; heads and stocks leave out rows without the counted value, unless a condition is set."""
    where = measure.get("where", {})
    value = 1 if measure["agg"] == "count" else row[measure["column"]]
    if where:
        holds = all(row[c] is not None and _text(row[c]) in map(str, values) for c, values in where.items())
        groups[name].append(value if holds else None)
    elif measure["additive"] == "all" or value is not None:
        groups[name].append(value)


def _put_together(measure: Words, group: list[Any]) -> Any:
    values = [value for value in group if value is not None]
    if measure["agg"] == "count_distinct":
        return len(set(values))
    if not values and not measure.get("where"):
        return 0 if measure["agg"] == "count" else None
    return sum(values)


def _value(subject: Words, name: str, given: dict[str, Any], whole: dict[str, Any]) -> Any:
    if name in subject["measures"]:
        measure, value = subject["measures"][name], given.get(name)
        is_mean = measure["additive"] == "average" and value is not None
        return at(value, measure.get("decimals", 0)) if is_mean else value
    words = subject["indicators"][name]
    inputs = {n: _exact(given.get(n)) for n in names(words["formula"])}
    wholes = {n: _exact(value) for n, value in whole.items()}
    return worked_out(words["formula"], inputs, wholes, words.get("decimals", 0))


def _exact(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
