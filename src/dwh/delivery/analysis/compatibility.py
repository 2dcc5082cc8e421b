"""Which fields cannot join the question on the screen, and why. Pure: the catalogue says which fact has what."""

from __future__ import annotations

from dwh.datapath.semantic.calculations.across import own_values, plain, shared, subjects_of
from dwh.datapath.semantic.check import measures_of
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.words import Catalog, Field, Indicator, Measure, Subject


def blocked_fields(query: Query, catalog: Catalog) -> dict[str, str]:
    """Return the reason beside each field of the question's subject that the present question cannot take."""
    subject = catalog.subject(query.subject)
    used = [
        subject.field(name) for name in (*query.rows, *query.columns, *(one.field for one in query.filters))
    ]
    values = [subject.value(name) for name in own_values(query)]
    blocked = _blocked_values(subject, used) | _blocked_levels(subject, values)
    for name in subjects_of(query)[1:]:
        other = catalog.subject(name)
        asked = [other.value(local) for local in plain(query, name).values]
        blocked = _not_shared(subject, other, asked) | blocked
    return blocked


def values_by(level: str, subject: Subject) -> list[str]:
    """Return the measures and indicators of `subject` that can be cut by one of its levels."""
    blocked = _blocked_values(subject, [subject.field(level)])
    return [name for name in (*subject.measures, *subject.indicators) if name not in blocked]


def _facts(subject: Subject, value: Measure | Indicator) -> set[str]:
    return {measure.fact for measure in measures_of(subject, [value])}


def _lacking(level: Field, subject: Subject, values: list[Measure | Indicator]) -> str:
    """Return the label of the first value that cannot be cut by `level`, "" when all can."""
    bad = (v.label for v in values if not all(level.reaches(fact) for fact in _facts(subject, v)))
    return next(bad, "")


def _blocked_values(subject: Subject, used: list[Field]) -> dict[str, str]:
    reasons = {}
    for name in (*subject.measures, *subject.indicators):
        facts = _facts(subject, subject.value(name))
        missing = [one.label for one in used if not all(one.reaches(fact) for fact in facts)]
        if missing:
            reasons[name] = f"không tách được theo «{missing[0]}»"
    return reasons


def _blocked_levels(subject: Subject, values: list[Measure | Indicator]) -> dict[str, str]:
    named = {name: _lacking(subject.field(name), subject, values) for name in subject.field_names()}
    return {name: f"«{label}» không có chiều này" for name, label in named.items() if label}


def _not_shared(subject: Subject, other: Subject, values: list[Measure | Indicator]) -> dict[str, str]:
    """Return the levels another subject of the question does not share, or that its values are not cut by."""
    reasons = {}
    for name in subject.field_names():
        theirs = shared(subject.field(name), other)
        if theirs is None:
            reasons[name] = f"chủ đề «{other.label}» không có chiều này"
        elif lacking := _lacking(theirs, other, values):
            reasons[name] = f"«{lacking}» không có chiều này"
    return reasons
