"""Which fields cannot join the question on the screen, and why. Pure: the catalogue says which fact has what."""

from __future__ import annotations

from dwh.datapath.semantic.check import measures_of
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.words import Field, Indicator, Measure, Subject


def blocked_fields(query: Query, subject: Subject) -> dict[str, str]:
    """Return the reason beside each field of `subject` that the present question cannot take."""
    used = [
        subject.field(name) for name in (*query.rows, *query.columns, *(one.field for one in query.filters))
    ]
    values = [subject.value(name) for name in query.values]
    return _blocked_values(subject, used) | _blocked_levels(subject, values)


def values_by(level: str, subject: Subject) -> list[str]:
    """Return the measures and indicators of `subject` that can be cut by one of its levels."""
    blocked = _blocked_values(subject, [subject.field(level)])
    return [name for name in (*subject.measures, *subject.indicators) if name not in blocked]


def _facts(subject: Subject, value: Measure | Indicator) -> set[str]:
    return {measure.fact for measure in measures_of(subject, [value])}


def _blocked_values(subject: Subject, used: list[Field]) -> dict[str, str]:
    reasons = {}
    for name in (*subject.measures, *subject.indicators):
        facts = _facts(subject, subject.value(name))
        missing = [one.label for one in used if not all(one.reaches(fact) for fact in facts)]
        if missing:
            reasons[name] = f"không tách được theo «{missing[0]}»"
    return reasons


def _blocked_levels(subject: Subject, values: list[Measure | Indicator]) -> dict[str, str]:
    reasons = {}
    for name in subject.field_names():
        level = subject.field(name)
        lacking = [v.label for v in values if not all(level.reaches(fact) for fact in _facts(subject, v))]
        if lacking:
            reasons[name] = f"«{lacking[0]}» không có chiều này"
    return reasons
