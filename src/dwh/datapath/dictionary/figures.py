"""The figures of the subjects as the dictionary shows them, down to the columns of the source systems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from dwh.datapath.dictionary.entries import Figure, Level, Ref, Subject, Use
from dwh.datapath.dictionary.tracing import Trace
from dwh.datapath.semantic import words
from dwh.datapath.semantic.words import Catalog, Dimension, Indicator, Measure

ADDITIVE = {
    "all": "cộng được theo mọi chiều",
    "last": "không cộng theo thời gian: lấy tháng cuối",
    "first": "không cộng theo thời gian: lấy tháng đầu",
    "average": "không cộng theo thời gian: bình quân các tháng",
    "none": "không cộng được",
}
_FORMULAS = {"sum": "SUM({0})", "count": "COUNT(*)", "count_distinct": "COUNT(DISTINCT {0})"}


def subject_of(subject: words.Subject, trace: Trace) -> Subject:
    """Return a subject of the catalogue with the lineage of its figures."""
    measures = {name: _measure(measure, subject, trace) for name, measure in subject.measures.items()}
    used: dict[str, list[str]] = defaultdict(list)
    for indicator in subject.indicators.values():
        for name in indicator.measures:
            used[name].append(indicator.name)
    with_uses = (_with_uses(figure, tuple(used[name])) for name, figure in measures.items())
    indicators = (_indicator(one, measures, trace) for one in subject.indicators.values())
    levels = tuple(
        level for dimension in subject.dimensions.values() for level in _levels(dimension, subject)
    )
    tables = [fact.table for fact in subject.facts.values()]
    tables += [dimension.table for dimension in subject.dimensions.values() if dimension.table]
    return Subject(
        subject.name, subject.label, subject.owner, subject.description, tuple(dict.fromkeys(tables)), (),
        (*with_uses, *indicators), levels,
    )  # fmt: skip


def uses(catalog: Catalog, subjects: dict[str, Subject]) -> dict[Ref, tuple[Use, ...]]:
    """Return column → the measures and levels that read it."""
    found: dict[Ref, list[Use]] = defaultdict(list)
    for name in catalog.subjects:
        parts: list[Figure | Level] = [one for one in subjects[name].figures if one.kind == "measure"]
        for one in (*parts, *subjects[name].levels):
            for ref in one.made_from:
                found[ref].append(Use(name, one.name, one.label))
    return {ref: tuple(dict.fromkeys(values)) for ref, values in found.items()}


def known_of_columns(catalog: Catalog) -> tuple[dict[Ref, str], dict[Ref, str]]:
    """Return what the subjects say of columns: their labels, and the units of those that are added up whole."""
    labels: dict[Ref, str] = {}
    units: dict[Ref, str] = {}
    for subject in catalog.subjects.values():
        for measure in subject.measures.values():
            if measure.agg == "sum" and not measure.where:
                ref = Ref(subject.facts[measure.fact].table, measure.column or "")
                units.setdefault(ref, measure.unit)
                labels.setdefault(ref, measure.label)
        for dimension in subject.dimensions.values():
            for level in dimension.levels.values():
                if dimension.table and level.text:
                    labels.setdefault(Ref(dimension.table, level.text), level.label)
    return labels, units


def _measure(measure: Measure, subject: words.Subject, trace: Trace) -> Figure:
    table = subject.facts[measure.fact].table
    formula = _FORMULAS[measure.agg].format(f"{table}.{measure.column}")
    if measure.agg == "count":
        formula = f"COUNT({table})"
    if measure.where:
        formula += " WHERE " + " AND ".join(f"{c} IN ({', '.join(values)})" for c, values in measure.where)
    read = [measure.column, *(column for column, _ in measure.where)]
    made_from = tuple(Ref(table, column) for column in read if column) or (Ref(table),)
    return Figure(
        measure.name, measure.label, "measure", measure.unit, ADDITIVE[measure.additive], measure.description,
        formula, made_from=made_from, sources=_ends(made_from, trace),
    )  # fmt: skip


def _ends(columns: tuple[Ref, ...], trace: Trace) -> tuple[Ref, ...]:
    return trace.sources_of([ref for ref in columns if ref.column])


def _with_uses(figure: Figure, part_of: tuple[str, ...]) -> Figure:
    return Figure(
        figure.name, figure.label, figure.kind, figure.unit, figure.additive, figure.description, figure.formula,
        made_from=figure.made_from, sources=figure.sources, part_of=part_of,
    )  # fmt: skip


def _indicator(indicator: Indicator, measures: dict[str, Figure], trace: Trace) -> Figure:
    refs = tuple(dict.fromkeys(ref for name in indicator.measures for ref in measures[name].made_from))
    return Figure(
        indicator.name, indicator.label, "indicator", indicator.unit, ADDITIVE[indicator.additive],
        indicator.description, indicator.formula, indicator.status, indicator.source, refs, _ends(refs, trace),
        indicator.measures,
    )  # fmt: skip


def _levels(dimension: Dimension, subject: words.Subject) -> Iterator[Level]:
    for level in dimension.levels.values():
        names = (level.key, level.text, level.key_as_is, level.text_as_is)
        refs = [Ref(dimension.table, name) for name in names if name and dimension.table]
        refs += [Ref(subject.facts[fact].table, column) for fact, column in level.columns.items()]
        if not refs and level.constant is None:  # the fact carries the value itself
            refs = [Ref(subject.facts[fact].table, column) for fact, column in dimension.columns.items()]
        yield Level(f"{dimension.name}.{level.name}", level.label, level.personal, tuple(dict.fromkeys(refs)))
