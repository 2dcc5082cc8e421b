"""One plain question of the table being worked out, as the calculations turn it: shifted, narrowed, without a field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from dwh.datapath.semantic.calculations.spans import MONTHS_OF, Span, key_at, months_of
from dwh.datapath.semantic.query import Filter, Query
from dwh.datapath.semantic.words import UNKNOWN_KEY, Dimension, Field, Subject

Keys = tuple[str | None, ...]
WHOLE: Final = ""  # the grain of a group that names no period: all the months the question covers


@dataclass(frozen=True, slots=True)
class Frame:
    """A plain question with totals. `under` and `only` narrow it to some members, as for «Khác» under one parent.

    They stand apart from its filters: the whole of a share and the month of a stock are those of the whole question.
    """

    query: Query
    under: tuple[Filter, ...] = ()
    only: tuple[Filter, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.query.rows, *self.query.columns)

    @property
    def asked(self) -> Query:
        return replace(self.query, filters=(*self.query.filters, *self.under, *self.only))

    def is_group(self, keys: Keys) -> bool:
        """Tell whether the engine makes this group: on each axis a total is over everything further in."""
        split = len(self.query.rows)
        return all(
            axis[i] is not None or axis[i + 1] is None
            for axis in (keys[:split], keys[split:])
            for i in range(len(axis) - 1)
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads frames of one subject whose months with data run from `earliest` to `latest`; None: not known."""

    subject: Subject
    latest: str | None
    earliest: str | None = None

    def fields(self, frame: Frame) -> tuple[Field, ...]:
        return tuple(self.subject.field(name) for name in frame.names)

    def dimension(self, kind: str) -> Dimension:
        return next(one for one in self.subject.dimensions.values() if one.kind == kind)

    def places(self, frame: Frame, kind: str) -> tuple[int, ...]:
        """Return where the fields of a kind of dimension stand among the keys."""
        return tuple(i for i, field in enumerate(self.fields(frame)) if field.dimension.kind == kind)

    def of_kind(self, frame: Frame, kind: str) -> tuple[Filter, ...]:
        return tuple(f for f in frame.query.filters if self.subject.field(f.field).dimension.kind == kind)

    def span(self, frame: Frame) -> Span:
        """Return the months the frame covers, none without data."""
        return Span.of(self.of_kind(frame, "period"), self.latest)

    def whole(self, frame: Frame) -> int | None:
        """Return how many months the filters name, with or without data; None when they name no run of months."""
        said = Span.of(self.of_kind(frame, "period"), None)
        if not said.begins or not said.is_one_run:
            return None
        if any(one.op == "gte" for one in self.of_kind(frame, "period")):
            said = self.span(frame)  # open at the end: as far as there are data
        return None if said.is_empty else said.last - said.first + 1

    def on(self, frame: Frame, span: Span) -> Frame:
        """Return the frame on other months."""
        kept = tuple(f for f in frame.query.filters if f not in self.of_kind(frame, "period"))
        filters = (*kept, *span.filters(self.dimension("period").name))
        return replace(frame, query=replace(frame.query, filters=filters))

    def without(self, frame: Frame, kind: str, *, rows: tuple[str, ...] = ()) -> Frame:
        """Return the frame without the fields of a kind of dimension; `rows` come first in their place."""

        def kept(axis: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(name for name in axis if self.subject.field(name).dimension.kind != kind)

        query = replace(frame.query, rows=(*rows, *kept(frame.query.rows)), columns=kept(frame.query.columns))
        return replace(frame, query=query)

    def grain(self, frame: Frame, keys: Keys) -> str:
        """Return the name of the finest period a group names, or WHOLE."""
        named = [i for i in self.places(frame, "period") if keys[i] is not None]
        if not named:
            return WHOLE
        fields = self.fields(frame)
        return frame.names[min(named, key=lambda i: MONTHS_OF[fields[i].level.derive])]

    def grains(self, frame: Frame) -> tuple[str, ...]:
        """Return every grain the groups of a frame can have."""
        names = [frame.names[i] for i in self.places(frame, "period")]
        return (WHOLE, *names)

    def length(self, name: str) -> int:
        """Return the months of one period of a field."""
        return MONTHS_OF[self.subject.field(name).level.derive]

    def months(self, frame: Frame, keys: Keys) -> Span:
        """Return the months of a group: of its finest period, as far as the question covers it."""
        grain = self.grain(frame, keys)
        covered = self.span(frame)
        return covered if grain == WHOLE else covered.both(months_of(str(keys[frame.names.index(grain)])))

    def later(self, frame: Frame, keys: Keys, months: int) -> Keys | None:
        """Return the same group `months` later; None where its period is unknown."""
        grain = self.grain(frame, keys)
        if grain == WHOLE:
            return keys
        own = keys[frame.names.index(grain)]
        if own is None or own == UNKNOWN_KEY:
            return None
        at = months_of(own).first + months
        fields, times = self.fields(frame), self.places(frame, "period")
        return tuple(
            key_at(fields[i].level.derive, at) if i in times and key is not None else key
            for i, key in enumerate(keys)
        )


def merged(keys: Keys, places: tuple[int, ...], part: Keys) -> Keys:
    """Return `keys` with the keys of `part` put in at `places`."""
    rest, put = iter(keys), dict(zip(places, part, strict=True))
    return tuple(put[i] if i in put else next(rest) for i in range(len(keys) + len(part)))


def taken(keys: Keys, places: tuple[int, ...]) -> tuple[Keys, Keys]:
    """Return the keys at `places`, and the others."""
    return tuple(keys[i] for i in places), tuple(k for i, k in enumerate(keys) if i not in places)
