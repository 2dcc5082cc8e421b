"""Works a table out from plain questions: asks each once, and gives the exact column of every value on any frame.

`column` is the one way in: a measure, an indicator over its measures, or a calculation over another column. A
calculation of a calculation is the same calculation on the frame the outer one asks for, shifted or widened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from dwh.datapath.semantic.answer import Answer, Number
from dwh.datapath.semantic.calculations import compared, standing, timed
from dwh.datapath.semantic.calculations.across import own_values, split, subjects_of
from dwh.datapath.semantic.calculations.check import value_of
from dwh.datapath.semantic.calculations.document import Calculation
from dwh.datapath.semantic.calculations.figures import (
    NO_DATA,
    NO_QUOTIENT,
    NOTHING,
    Figure,
    Figures,
    first_reason,
)
from dwh.datapath.semantic.calculations.frames import WHOLE, Frame, Keys, Reader
from dwh.datapath.semantic.calculations.spans import Span, key_at, number
from dwh.datapath.semantic.formula import TOTAL_PREFIX, Name, Node, compiled, exactly, inputs, parse
from dwh.datapath.semantic.query import Filter, Query
from dwh.datapath.semantic.words import MASK, STOCKS, Additive, Catalog, Indicator
from dwh.kernel.errors import Invalid

MAX_KEPT: Final = 1_000  # members a filter can name
MAX_QUESTIONS: Final = 150  # plain ones for one table; each is a statement of its own
Given = Mapping[str, Figure]
Rule = Callable[["Workings", Calculation, Frame], Figures]
_RULES: Final[dict[str, Rule]] = {
    "previous": timed.before, "same_last_year": timed.before, "difference": timed.against, "growth": timed.against,
    "year_to_date": timed.running, "cumulative": timed.running, "moving_average": timed.averaged,
    "share_of_total": standing.share, "share_of_parent": standing.share, "share_of_column": standing.share,
    "rank": standing.rank, "nation": compared.nation, "region": compared.region, "peers": compared.peers,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Door:
    """What asks a plain question: as the person may see it, or as a declared aggregate over everybody's units."""

    ask: Callable[[Query], Answer]
    compare: Callable[[Query], Answer]


class Workings:
    """The columns of one question, worked out once each."""

    def __init__(
        self, query: Query, catalog: Catalog, span: tuple[str | None, str | None], door: Door
    ) -> None:
        self.query, self.catalog, self.door = query, catalog, door
        self.reader = Reader(catalog.subject(query.subject), latest=span[1], earliest=span[0])
        self.calculations = {one.name: one for one in query.calculations}
        self.base = Frame(
            replace(
                query, values=(), calculations=(), sort=(), limit=None, others=False, totals=True
            )  # what a total says is worked out whether it is shown or not
        )
        self.shown = {subject: self._measures(subject, query.values) for subject in subjects_of(query)}
        self.used = {subject: self._measures(subject, self._calculated()) for subject in subjects_of(query)}
        self.kept: tuple[str, ...] = ()  # the last keys of the rows a limit keeps, when the engine found them
        self.labels: dict[str, dict[str, str]] = {}
        self._answers: dict[tuple[Query, bool], Answer] = {}
        self._columns: dict[tuple[str, Frame], Figures] = {}

    def column(self, name: str, frame: Frame) -> Figures:
        """Return the exact figures of a value or calculation, one per group that has any."""
        known = self._columns.get((name, frame))
        if known is None:
            one = self.calculations.get(name)
            known = (
                _RULES[one.kind](self, one, frame) if one and one.kind in _RULES else self.plain(name, frame)
            )
            self._columns[name, frame] = known
        return known

    def plain(self, name: str, frame: Frame, *, compare: bool = False) -> Figures:
        """Return the figures of a measure, an indicator or a formula: from what it is made of, group by group."""
        compute = self.evaluator(name)
        return {keys: compute(given) for keys, given in self.given(name, frame, compare=compare).items()}

    def tree(self, name: str) -> Node:
        """Return the formula of a value; a measure is itself."""
        if name in self.calculations:
            return parse(self.calculations[name].formula)
        value = value_of(name, self.reader.subject, self.catalog)
        return value.tree if isinstance(value, Indicator) else Name(value.name)

    def evaluator(self, name: str) -> Callable[[Given], Figure]:
        """Return what works a value out from what `given` gives."""
        return evaluating(self.tree(name))

    def given(self, name: str, frame: Frame, *, compare: bool = False) -> dict[Keys, Given]:
        """Return per group what the formula of a value reads; total(x) is x over the whole question."""
        names = inputs(self.tree(name))
        whole = replace(frame, under=(), only=())
        columns = {n: self._input(name, n, frame, compare) for n in names if not n.startswith(TOTAL_PREFIX)}
        grand = (None,) * len(frame.names)
        fixed = {
            n: self._input(name, n.removeprefix(TOTAL_PREFIX), whole, compare).get(grand, NOTHING)
            for n in names
            if n.startswith(TOTAL_PREFIX)
        }
        over = list(columns.values()) or [
            self._input(name, n.removeprefix(TOTAL_PREFIX), frame, compare) for n in names
        ]
        groups = dict.fromkeys(keys for one in over for keys in one)
        return {keys: {n: one.get(keys, NOTHING) for n, one in columns.items()} | fixed for keys in groups}

    def _input(self, name: str, part: str, frame: Frame, compare: bool) -> Figures:
        if name in self.calculations:
            return self.column(part, frame)
        return self._measure(split(name)[0] or self.query.subject, part, frame, compare=compare)

    def answer(self, subject: str, frame: Frame, measure: str = "") -> Answer:
        """Return the answer of one subject to a frame, with every measure the calculations read of it.

        Those only shown are asked where they are shown: in the table itself, and of the members left out.
        """
        used = self.used[subject]
        is_shown = frame == self.base or not used or (measure and measure not in used)
        return self._ask(
            replace(frame.asked, subject=subject, values=self.shown[subject] if is_shown else used)
        )

    def _measure(self, subject: str, measure: str, frame: Frame, *, compare: bool) -> Figures:
        if compare:
            asked = replace(frame.asked, subject=subject, values=self.used[subject])
            return _read(self._ask(asked, compare=True), measure)
        if self.kept and not frame.only and frame.query.rows[-1:] == self.query.rows[-1:]:
            return self._of_kept(subject, measure, frame)
        is_stock = self._additive(subject, measure) in ("last", "first")
        if is_stock and frame.only and not self._is_period(frame.only[0].field):
            return self._stock(subject, measure, frame)
        return _read(self.answer(subject, frame, measure), measure)

    def _of_kept(self, subject: str, measure: str, frame: Frame) -> Figures:
        """Return the figures of the rows that are kept and of every total, without asking for all the others."""
        split = len(frame.query.rows)
        above = replace(frame, query=replace(frame.query, rows=frame.query.rows[:-1]))
        totals = self._measure(subject, measure, above, compare=False)
        found = {(*keys[: split - 1], None, *keys[split - 1 :]): one for keys, one in totals.items()}
        own = replace(frame, only=(Filter(frame.query.rows[-1], "in", self.kept),))
        members = self._measure(subject, measure, own, compare=False)
        return found | {keys: one for keys, one in members.items() if keys[split - 1] is not None}

    def head(self) -> Answer | None:
        """Return the rows the limit keeps, found by the engine; None when only the whole table can tell them."""
        query, own = self.query, (*self.query.rows, *own_values(self.query))
        by_engine = all(one.field in own for one in query.sort)
        ranked = any(one.kind == "rank" for one in query.calculations)
        nested = query.others and len(query.rows) > 1  # how many were left out under each parent
        if query.limit is None or query.limit > MAX_KEPT or not by_engine or ranked or nested:
            return None
        if self._is_period(query.rows[-1]):  # the period before one that is kept may be none of them
            return None
        asked = replace(self.base.query, values=own_values(query), sort=query.sort, limit=query.limit)
        head = self._ask(asked)
        last = len(query.rows) - 1
        keys = {row.keys[last] for row in head.rows if row.keys[last] is not None}
        if MASK in keys or not head.left_out:
            return None
        self.kept = tuple(sorted(str(key) for key in keys))
        return head

    def _stock(self, subject: str, measure: str, frame: Frame) -> Figures:
        """Return a stock of some members at the months the whole question takes it at: one month for every unit."""
        months = self._months_with(subject, measure, replace(frame, under=(), only=()))
        if self._additive(subject, measure) == "first":
            months.reverse()
        found: dict[Keys, Figure] = {}
        for grain in self.reader.grains(frame):
            derive = None if grain == WHOLE else self.reader.subject.field(grain).level.derive
            last = {"" if derive is None else key_at(derive, month): month for month in months}
            on = self.reader.on(frame, Span(tuple((month, month) for month in sorted(last.values()))))
            answer = self._ask(replace(on.asked, subject=subject, values=(measure,)))
            figures = _read(answer, measure)
            found |= {keys: f for keys, f in figures.items() if self.reader.grain(frame, keys) == grain}
        return found

    def _additive(self, subject: str, measure: str) -> Additive:
        return self.catalog.subject(subject).measures[measure].additive

    def _is_period(self, name: str) -> bool:
        return self.reader.subject.field(name).dimension.kind == "period"

    def _months_with(self, subject: str, measure: str, frame: Frame) -> list[int]:
        """Return the months in which the whole question has a stock, in order."""
        dimension = self.reader.dimension("period")
        month = next(
            f"{dimension.name}.{level.name}" for level in dimension.levels.values() if not level.derive
        )
        asked = replace(frame.asked, subject=subject, values=(measure,), rows=(), columns=(month,))
        keys = [keys[0] for keys, f in _read(self._ask(asked), measure).items() if f.value is not None]
        return sorted(number(key) for key in keys if key is not None)

    def _ask(self, asked: Query, *, compare: bool = False) -> Answer:
        known = self._answers.get((asked, compare))
        if known is None:
            if len(self._answers) >= MAX_QUESTIONS:
                raise Invalid(
                    f"Bảng này cần hơn {MAX_QUESTIONS} câu hỏi con. Hãy bớt phép tính, bớt kỳ, hoặc dùng kỳ dài hơn"
                    " (quý, năm)."
                )
            known = self.door.compare(asked) if compare else self.door.ask(asked)
            self._answers[asked, compare] = known
            if not compare:
                self._note_labels(known)
        return known

    def _note_labels(self, answer: Answer) -> None:
        for place, field in enumerate(answer.fields):
            known = self.labels.setdefault(field.name, {})
            for row in answer.rows:
                key, label = row.keys[place], row.labels[place]
                if key is not None and label is not None:
                    known.setdefault(key, label)

    def _calculated(self) -> tuple[str, ...]:
        """Return the plain values some calculation reads."""
        read = [n for one in self.query.calculations for n in reads(one)]
        return tuple(name for name in self.query.values if name in read)

    def _measures(self, subject: str, names: tuple[str, ...]) -> tuple[str, ...]:
        own = [name for name in names if (split(name)[0] or self.query.subject) == subject]
        trees = [self.tree(name) for name in own]
        return tuple(dict.fromkeys(n.removeprefix(TOTAL_PREFIX) for tree in trees for n in inputs(tree)))

    def sources(self, name: str) -> tuple[str, ...]:
        """Return the plain values a column comes from in the end."""
        one = self.calculations.get(name)
        if one is None:
            return (name,)
        return tuple(dict.fromkeys(source for part in reads(one) for source in self.sources(part)))

    def is_stock(self, name: str) -> bool:
        """Tell whether a column holds a number of one month, which does not add up over time."""
        for source in self.sources(name):
            words = self.catalog.subject(split(source)[0] or self.query.subject)
            if any(
                words.measures[n].additive in STOCKS for n in inputs(self.tree(source)) if n in words.measures
            ):
                return True
        return False


def reads(one: Calculation) -> tuple[str, ...]:
    """Return the names a calculation reads."""
    if one.kind != "formula":
        return (one.of,)
    return tuple(dict.fromkeys(n.removeprefix(TOTAL_PREFIX) for n in inputs(parse(one.formula))))


def evaluating(tree: Node) -> Callable[[Given], Figure]:
    """Return the function of a formula over figures, with the reason where there is no result."""
    compute = compiled(tree)

    def call(given: Given) -> Figure:
        with exactly():
            found = compute({name: figure.value for name, figure in given.items()})
        if found is not None:
            return Figure(found)
        missing = [figure for figure in given.values() if figure.value is None]
        return Figure(None, first_reason(*missing) if missing else NO_QUOTIENT)

    return call


def _read(answer: Answer, measure: str) -> Figures:
    place = [column.name for column in answer.values].index(measure)
    return {
        row.keys: _figure(row.values[place], row.reasons[place] if row.reasons else "") for row in answer.rows
    }


def _figure(value: Number, reason: str) -> Figure:
    if value is None:
        return Figure(None, reason or NO_DATA)
    return Figure(value if isinstance(value, Decimal) else Decimal(value))
