"""The months a question covers, as numbers: cut at the last month with data, shifted, and written as filters again.

Months are counted, never days: the month before March is February in every year, leap or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dwh.datapath.semantic.periods import Months, parse_period
from dwh.datapath.semantic.query import Filter

MONTHS_OF: Final = {"": 1, "quarter": 3, "year": 12}  # of one period of a level, by what the level derives
_FIRST: Final = 1000 * 12  # January 1000: no question says where it begins
_LAST: Final = 2999 * 12 + 11
NO_MONTH: Final = "1000-01"  # a period without a row in any fact

Run = tuple[int, int]  # first and last month, both included


def number(month: str) -> int:
    """Return 'YYYY-MM' as a count of months."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def written(count: int) -> str:
    """Return a count of months as 'YYYY-MM'."""
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def key_at(derive: str, count: int) -> str:
    """Return the key of the period of a level that holds the month."""
    if derive == "year":
        return f"{count // 12:04d}"
    return f"{count // 12:04d}-Q{count % 12 // 3 + 1}" if derive == "quarter" else written(count)


@dataclass(frozen=True, slots=True)
class Span:
    """Runs of months in order, apart from each other."""

    runs: tuple[Run, ...]

    @classmethod
    def of(cls, filters: Sequence[Filter], until: str | None) -> Span:
        """Return the months that pass every filter, none after `until`, the last month with data."""
        span = cls(((_FIRST, number(until) if until else _LAST),))
        for one in filters:
            span = span.both(_passing(one))
        return span

    @property
    def is_empty(self) -> bool:
        return not self.runs

    @property
    def first(self) -> int:
        return self.runs[0][0]

    @property
    def last(self) -> int:
        return self.runs[-1][1]

    @property
    def begins(self) -> bool:
        """Tell whether a question says where it begins."""
        return bool(self.runs) and self.first > _FIRST

    @property
    def is_bounded(self) -> bool:
        """Tell whether a question says where it ends."""
        return bool(self.runs) and self.last < _LAST

    @property
    def is_one_run(self) -> bool:
        return len(self.runs) == 1

    def both(self, other: Span) -> Span:
        """Return the months of both."""
        cut = [(max(a, c), min(b, d)) for a, b in self.runs for c, d in other.runs]
        return Span(tuple(sorted((a, b) for a, b in cut if a <= b)))

    def until(self, last: int) -> Span:
        return self.both(Span(((_FIRST, last),)))

    def shifted(self, months: int) -> Span:
        """Return the months `months` earlier; where no beginning is said, there is still none."""
        return Span(tuple((a if a == _FIRST else a - months, b - months) for a, b in self.runs))

    def filters(self, field: str) -> tuple[Filter, ...]:
        """Return the filters that let exactly these months pass."""
        if self.is_empty:
            return (Filter(field, "between", (NO_MONTH, NO_MONTH)),)
        first, last = written(max(self.first, _FIRST)), written(self.last)
        bounds = Filter(field, "between", (first, last)) if self.begins else Filter(field, "lte", (last,))
        gaps = [range(a[1] + 1, b[0]) for a, b in zip(self.runs, self.runs[1:], strict=False)]
        missing = tuple(written(month) for gap in gaps for month in gap)
        return (bounds, Filter(field, "not_in", missing)) if missing else (bounds,)


def months_of(key: str) -> Span:
    """Return the months of a period key: 2025, 2025-Q3 or 2025-09."""
    return Span((_run(parse_period(key)),))


def _run(months: Months) -> Run:
    return number(months.first), number(months.last)


def _passing(one: Filter) -> Span:
    runs = [_run(parse_period(value)) for value in one.values]
    if one.op == "gte":
        return Span(((runs[0][0], _LAST),))
    if one.op == "lte":
        return Span(((_FIRST, runs[0][1]),))
    if one.op == "between":
        return Span(((runs[0][0], runs[1][1]),))
    inside = _merged(runs)
    return Span(_outside(inside)) if one.op == "not_in" else Span(inside)


def _merged(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return the runs in order, those that touch as one."""
    found: list[Run] = []
    for first, last in sorted(runs):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def _outside(runs: Sequence[Run]) -> tuple[Run, ...]:
    edges = [_FIRST - 1, *(edge for run in runs for edge in run), _LAST + 1]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return tuple((before + 1, after - 1) for before, after in gaps if before + 1 <= after - 1)
