"""Which table answers a part of a question: the fact, or the cheapest rollup that covers it. Says why not another.

A rollup bears the column names of its fact, so the statement over it is the statement over the fact with another table
in it. It covers a part when it has every field, filter, measure and condition of it, and the unit when the scope
is not the whole nation. What covers is compared by rows: reading a bitmap costs as much as BITMAP_ROWS rows, counting
heads row by row DISTINCT_ROWS times as much as adding up (measured: docs/adr/0021).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from dwh.datapath.semantic.words import Dimension, Fact, Field, Level, Measure, Subject
from dwh.datapath.warehouse.rollups.definition import LINES, Rollup, load_rollups

BITMAP_ROWS, DISTINCT_ROWS = 60, 10


@dataclass(frozen=True, slots=True)
class Stock:
    """The tables of a release and their rows; without any, every question goes to the facts."""

    rows: frozenset[tuple[str, int]] = frozenset()

    def of(self, table: str) -> int | None:
        return dict(self.rows).get(table)


NO_STOCK = Stock()


@dataclass(frozen=True, slots=True)
class Stored:
    """A rollup as a subject's words know it: a fact of the rollup's own name, with another table."""

    rollup: Rollup
    fact: Fact
    base: Fact

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.rollup.keys, *(way.column for way in self.rollup.joined))


@dataclass(frozen=True, slots=True)
class Part:
    """What one block of a statement asks of one fact."""

    fact: Fact
    measures: tuple[Measure, ...]
    fields: tuple[Field, ...]  # of the axes and the filters
    is_national: bool  # the scope needs no unit


@dataclass(frozen=True, slots=True)
class Route:
    """The table that answers some measures, and why each rollup beside it does not: (table, reason)."""

    measures: tuple[str, ...]
    table: str
    rejected: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Supply:
    """The rollups of a subject and the tables a release has."""

    stored: tuple[Stored, ...] = ()
    stock: Stock = NO_STOCK


NO_SUPPLY = Supply()


@lru_cache(maxsize=64)
def with_rollups(subject: Subject) -> tuple[Subject, tuple[Stored, ...]]:
    """Return the subject with its rollups in the columns of its dimensions, and these rollups."""
    stored = tuple(
        Stored(one, replace(fact, name=one.name, table=one.table, lines=LINES), fact)
        for fact in subject.facts.values()
        for one in load_rollups()
        if one.of == fact.table
    )
    widened = {name: _widened(one, stored) for name, one in subject.dimensions.items()}
    return replace(subject, dimensions=MappingProxyType(widened)), stored


def _widened(dimension: Dimension, stored: Sequence[Stored]) -> Dimension:
    pointers = dict(dimension.columns)
    for one in stored:
        pointer = dimension.columns.get(one.base.name)
        if pointer in one.rollup.keys:
            pointers[one.fact.name] = str(pointer)
    levels = {name: _level(dimension, level, stored) for name, level in dimension.levels.items()}
    return replace(dimension, columns=MappingProxyType(pointers), levels=MappingProxyType(levels))


def _level(dimension: Dimension, level: Level, stored: Sequence[Stored]) -> Level:
    """Return the level with the columns in which rollups carry it: the fact's own, or a joined attribute."""
    columns = dict(level.columns)
    for one in stored:
        own, pointer = level.columns.get(one.base.name), dimension.columns.get(one.base.name)
        if own in one.rollup.keys:
            columns[one.fact.name] = str(own)
        elif any(
            (w.table, w.column, w.by) == (dimension.table, level.key, pointer) for w in one.rollup.joined
        ):
            columns[one.fact.name] = str(level.key)
    return replace(level, columns=MappingProxyType(columns))


def route(part: Part, supply: Supply, *, bitmaps: bool) -> tuple[Stored | None, Route]:
    """Return the rollup that answers `part` (None: the fact itself) and the route to tell.

    `bitmaps`: whether the engine of this statement can be handed counted heads.
    """
    rejected: list[tuple[str, str]] = []
    stock = supply.stock
    best: Stored | None
    best, cost = None, (stock.of(part.fact.table) or 0) * _weight(part)
    for one in supply.stored:
        if one.base.name != part.fact.name:
            continue
        reason = next(_faults(one, part, stock, bitmaps=bitmaps), "")
        needed = (stock.of(one.fact.table) or 0) * (BITMAP_ROWS if one.rollup.distinct else _weight(part))
        if reason or needed >= cost:
            rejected.append((one.rollup.name, reason or "không nhỏ hơn bảng được chọn"))
        else:
            if best is not None:
                rejected.append((best.rollup.name, "có bảng nhỏ hơn"))
            best, cost = one, needed
    table = best.fact.table if best else part.fact.table
    return best, Route(tuple(m.name for m in part.measures), table, tuple(rejected))


def _weight(part: Part) -> int:
    return DISTINCT_ROWS if any(m.agg == "count_distinct" for m in part.measures) else 1


def _faults(one: Stored, part: Part, stock: Stock, *, bitmaps: bool) -> Iterator[str]:
    """Yield why a rollup cannot answer, in words for an administrator."""
    if stock.of(one.fact.table) is None:
        yield "bản số liệu này chưa có bảng"
    if one.rollup.distinct and not bitmaps:
        yield "máy tính toán này không đọc được tập đếm người"
    if not part.is_national and part.fact.scope_column not in one.rollup.keys:
        yield "phạm vi không phải toàn quốc mà bảng không có đơn vị"
    for field in part.fields:
        if not field.reaches(one.fact.name):
            yield f"không có chiều «{field.label}» ({field.canonical})"
    for measure in part.measures:
        if not _has(one, measure):
            yield f"không có số liệu của chỉ tiêu «{measure.label}»"
        if one.rollup.distinct and measure.additive in ("first", "average"):
            yield f"không gộp theo thời gian như chỉ tiêu «{measure.label}» cần"
        if any(column not in one.columns for column, _ in measure.where):
            yield f"không có điều kiện của chỉ tiêu «{measure.label}»"


def _has(one: Stored, measure: Measure) -> bool:
    if measure.agg == "count_distinct":
        return measure.column in (one.rollup.distinct, *one.rollup.keys)
    if one.rollup.distinct:
        return False
    return measure.agg == "count" or measure.column in one.rollup.sums


def stock_of(manifest: Mapping[str, object]) -> Stock:
    """Return the tables of a release and their rows, as its manifest counts them."""
    counted = manifest.get("serving_rows")
    return Stock(frozenset(counted.items())) if isinstance(counted, dict) else NO_STOCK
