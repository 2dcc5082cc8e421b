"""One answer from many: every value and calculation side by side, full outer; the rows kept, «Khác», and the totals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context
from typing import Final

from dwh.datapath.semantic.answer import Answer, Column, Number, Row
from dwh.datapath.semantic.calculations.across import split, subjects_of
from dwh.datapath.semantic.calculations.check import value_of
from dwh.datapath.semantic.calculations.columns import column_of
from dwh.datapath.semantic.calculations.figures import LOOSE_PERIODS, NO_DATA, NOTHING, Figure, Figures
from dwh.datapath.semantic.calculations.frames import WHOLE, Frame, Keys
from dwh.datapath.semantic.calculations.spans import NO_MONTH, Span, number
from dwh.datapath.semantic.calculations.workings import MAX_KEPT, Door, Workings, reads
from dwh.datapath.semantic.query import Filter, Query
from dwh.datapath.semantic.results import (
    Group,
    order_of,
    told_apart,
    value_column,
    without_empty_parents,
)
from dwh.datapath.semantic.words import OTHERS_KEY, Catalog, Field
from dwh.kernel.errors import Invalid
from dwh.kernel.vi import month_vi, rounded

_GUARD: Final = Context(
    prec=34
)  # worked out in 40 digits: the last ones are not known, and must not tip a half
_NOTHING_FITS: Final = "Không có số liệu nào khớp"
_SAID_ANEW: Final = (_NOTHING_FITS, "Chỉ hiện ")


def is_plain(query: Query) -> bool:
    """Tell whether one statement answers a question: nothing to work out, one subject, nothing put together."""
    return not query.calculations and not query.others and len(subjects_of(query)) == 1


def worked_out(query: Query, catalog: Catalog, span: tuple[str | None, str | None], door: Door) -> Answer:
    """Return the answer to a checked question that `is_plain` says is not plain.

    `span`: the first and the last month with data; None: not known.

    Raises: Invalid for a table of too many plain questions; what `door` raises.
    """
    table = _Table(Workings(query, catalog, span, door))
    table.cut()
    return table.answer()


@dataclass(frozen=True, slots=True)
class _Arranged:
    query: Query
    fields: tuple[Field, ...]


class _Table:
    """The groups of one question while they are put together."""

    def __init__(self, work: Workings) -> None:
        self.work, self.query = work, work.query
        self.head = work.head()
        self.base = self.head or work.answer(work.query.subject, work.base)
        self.columns = self._columns()
        self.names = tuple(column.name for column in self.columns)
        found = [work.column(name, work.base) for name in self.names]
        every = dict.fromkeys(keys for figures in found for keys in figures)
        self.groups: dict[Keys, tuple[Figure, ...]] = {
            keys: tuple(figures.get(keys, NOTHING) for figures in found) for keys in every
        }
        self.width, self.split = len(work.base.names), len(work.query.rows)
        self.left_out: dict[Keys, int] = {}  # parent -> members the limit cut

    def _columns(self) -> tuple[Column, ...]:
        work, known = self.work, dict[str, Column]()
        for name in self.query.values:
            value = value_of(name, work.reader.subject, work.catalog)
            known[name] = replace(value_column(value), name=name)
        twice = Counter(column.label for column in known.values())
        for name, column in known.items():
            subject = split(name)[0]
            if subject and twice[column.label] > 1:
                known[name] = replace(column, label=f"{column.label} – {work.catalog.subject(subject).label}")
        for one in self.query.calculations:
            known[one.name] = column_of(one, known)
        return tuple(known.values())

    def cut(self) -> None:
        """Keep the first `limit` members of the rows, and put the others together when that was asked."""
        if self.head is not None:
            rows = [row.keys[: self.split] for row in self.head.rows]
            self._keep(list(dict.fromkeys(k for k in rows if None not in k)), {(): self.head.left_out})
            return
        members = [
            k[: self.split] for k in self.groups if not any(k[self.split :]) and None not in k[: self.split]
        ]
        limit = self.query.limit
        if limit is None or len(members) <= limit:
            return
        order = self._ranked(members)
        self._keep(order[:limit], Counter(member[:-1] for member in order[limit:]))

    def _keep(self, kept: Sequence[Keys], left_out: Mapping[Keys, int]) -> None:
        inside = set(kept)
        self.groups = {
            k: v for k, v in self.groups.items() if None in k[: self.split] or k[: self.split] in inside
        }
        self.left_out = dict(left_out)
        if self.query.others:
            self._put_together(kept)

    def _ranked(self, members: Sequence[Keys]) -> list[Keys]:
        """Return the members by the sort items, then by their keys; without a number last."""
        order = sorted(members, key=lambda keys: [str(key) for key in keys])
        total = (None,) * (self.width - self.split)
        for one in reversed(self.query.sort):
            if one.field in self.names:
                place = self.names.index(one.field)
                found = {keys: self.groups[*keys, *total][place].value for keys in order}
                there = [keys for keys in order if found[keys] is not None]
                there.sort(key=lambda keys, v=found: v[keys], reverse=one.desc)  # type: ignore[misc]
                order = there + [keys for keys in order if found[keys] is None]
            else:
                axis = self.query.rows.index(one.field)
                order.sort(key=lambda keys, i=axis: str(keys[i]), reverse=one.desc)  # type: ignore[misc]
        return order

    def _put_together(self, kept: Sequence[Keys]) -> None:
        under: dict[Keys, list[str]] = defaultdict(list)
        for member in kept:
            under[member[:-1]].append(str(member[-1]))
        for parent in self.left_out:
            if len(under[parent]) > MAX_KEPT:
                raise Invalid(f"«others» chỉ dùng với «limit» tối đa {MAX_KEPT} dòng. Hãy giảm «limit».")
            frame = self._rest(parent, tuple(under[parent]))
            found = [self._of_rest(name, frame) for name in self.names]
            size = len(parent)
            for keys in dict.fromkeys(k for figures in found for k in figures if k[:size] == parent):
                row = (*parent, OTHERS_KEY, *keys[size:])
                self.groups[row] = tuple(figures.get(keys, NOTHING) for figures in found)

    def _rest(self, parent: Keys, kept: tuple[str, ...]) -> Frame:
        """Return the frame of the members left out under one parent; its period, if it names one, stays a field."""
        subject, query = self.work.reader.subject, self.work.base.query
        under = tuple(
            Filter(name, "eq", (str(key),))
            for name, key in zip(query.rows, parent, strict=False)
            if subject.field(name).dimension.kind != "period"
        )
        last = query.rows[-1]
        none = NO_MONTH if subject.field(last).dimension.kind == "period" else OTHERS_KEY
        return Frame(replace(query, rows=query.rows[:-1]), under, (Filter(last, "not_in", kept or (none,)),))

    def _of_rest(self, name: str, frame: Frame) -> Figures:
        loose = self.work.reader.subject.field(self.query.rows[-1]).dimension.kind == "period"
        if loose and self._is_timed(name):
            plain = self.work.column(self.work.sources(name)[0], frame)
            return {keys: Figure(None, LOOSE_PERIODS) for keys in plain}
        return self.work.column(name, frame)

    def _is_timed(self, name: str) -> bool:
        one = self.work.calculations.get(name)
        return one is not None and (one.is_of.time or any(self._is_timed(part) for part in reads(one)))

    def answer(self) -> Answer:
        """Return the table in order, with labels, rounded as it is shown, and what must be said."""
        fields = self.work.reader.fields(self.work.base)
        labels = [self._labels(place, field) for place, field in enumerate(fields)]
        asked = replace(self.query, values=self.names)
        shown = [Group(keys, self._rounded(figures)) for keys, figures in self.groups.items()]
        arranged = _Arranged(asked, fields)
        shown.sort(key=order_of(arranged, shown, labels))
        if self.left_out:
            shown = without_empty_parents(arranged, shown)
        if not self.query.totals:
            shown = [group for group in shown if None not in group.keys]
        return replace(
            self.base,
            query=self.query,
            columns=(*self.base.fields, *self.columns),
            rows=tuple(self._row(group, labels) for group in shown),
            complete=not self.left_out or self.query.others,
            left_out=sum(self.left_out.values()),
            notes=tuple(self._notes(bool(shown))),
        )

    def _rounded(self, figures: tuple[Figure, ...]) -> tuple[Number, ...]:
        return tuple(
            None if f.value is None else self._as_shown(f, column)
            for f, column in zip(figures, self.columns, strict=True)
        )

    def _as_shown(self, figure: Figure, column: Column) -> Number:
        """Return a measure as the engine gave it, everything worked out as it is shown."""
        assert figure.value is not None
        computed = column.name in self.work.calculations or bool(column.status)
        return rounded(_GUARD.plus(figure.value), column.decimals) if computed else _whole(figure)

    def _labels(self, place: int, field: Field) -> dict[str | None, str | None]:
        known = self.work.labels.get(field.name, {})
        found: dict[str | None, str | None] = {
            keys[place]: None if keys[place] is None else known.get(str(keys[place]), keys[place])
            for keys in self.groups
        }
        seen = Counter(found.values())
        return {key: told_apart(key, label, seen) for key, label in found.items()}

    def _row(self, group: Group, labels: Sequence[Mapping[str | None, str | None]]) -> Row:
        texts = tuple(known[key] for known, key in zip(labels, group.keys, strict=True))
        if OTHERS_KEY in group.keys:
            texts = tuple(
                self._others(group.keys) if key == OTHERS_KEY else text
                for key, text in zip(group.keys, texts, strict=True)
            )
        totals = tuple(n for n, key in zip(self.work.base.names, group.keys, strict=True) if key is None)
        said = tuple(
            "" if f.value is not None or f.reason == NO_DATA else f.reason for f in self.groups[group.keys]
        )
        return Row(group.keys, texts, group.values, totals, said if any(said) else ())

    def _others(self, keys: Keys) -> str:
        field = self.work.reader.subject.field(self.query.rows[-1])
        label = field.label[0].lower() + field.label[1:] if field.label[1:2].islower() else field.label
        return f"Khác ({self.left_out[keys[: self.split - 1]]} {label})"

    def _notes(self, some: bool) -> list[str]:
        top = replace(self.work.base, query=replace(self.work.base.query, rows=self.query.rows[:-1]))
        others = subjects_of(self.query)[1:]
        answers = [self.base, *(self.work.answer(s, top if self.head else self.work.base) for s in others)]
        notes = [n for one in answers for n in one.notes if not n.startswith(_SAID_ANEW)]
        notes = notes if some else [*notes, *(n for n in self.base.notes if n.startswith(_NOTHING_FITS))]
        cut, limit = sum(self.left_out.values()), self.query.limit or 0
        if cut:
            ends = (
                "phần còn lại gộp vào «Khác»" if self.query.others else "các dòng tổng vẫn tính trên toàn bộ"
            )
            notes.insert(0, f"Chỉ hiện {limit} dòng đầu trong {cut + limit} dòng; {ends}.")
        return list(dict.fromkeys([*notes, *self._period_notes()]))

    def _period_notes(self) -> list[str]:
        """Say when the period of the question is not over yet: it is compared with as many months."""
        reader, base = self.work.reader, self.work.base
        compares = any(
            one.base or one.kind in ("previous", "same_last_year") for one in self.query.calculations
        )
        has = reader.span(base)
        if not compares or has.is_empty or reader.latest is None or not self._is_partial(has):
            return []
        return [
            f"Số liệu mới đến hết tháng {month_vi(reader.latest)}: kỳ chưa hết được so với đúng từng ấy tháng"
            " của kỳ gốc."
        ]

    def _is_partial(self, has: Span) -> bool:
        """Tell whether the last period shown, or the one the filters name, goes on after the last month with data."""
        reader, base = self.work.reader, self.work.base
        said = Span.of(reader.of_kind(base, "period"), None)
        if said.begins and has.last < said.last and said.is_bounded:
            return True
        shown = [reader.length(name) for name in reader.grains(base) if name != WHOLE]
        at_end = reader.latest is not None and has.last == number(reader.latest)
        return at_end and any((has.last + 1) % months for months in shown)


def _whole(figure: Figure) -> Number:
    value = figure.value
    return int(value) if value is not None and value.as_tuple().exponent == 0 else value
