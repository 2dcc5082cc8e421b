"""The formulas of the figures people read: kept with each release, compared with those of today.

A changed formula of a figure changes no stored row: it holds as soon as it is asked. What changes is the figure, so
the release keeps the words it was built with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.words import Catalog, Indicator, Measure, Subject
from dwh.datapath.staleness.tables import StaleTable


@dataclass(frozen=True, slots=True)
class StaleFigure:
    """A measure or indicator whose figures may change, or have. `was` and `now` are empty for the same formula."""

    subject: str
    name: str
    label: str
    tables: tuple[str, ...] = ()  # stale tables it counts
    months: tuple[str, ...] = ()  # periods of these tables
    measures: tuple[str, ...] = ()  # measures in its formula that have another one
    was: str = ""
    now: str = ""

    @property
    def has_other_formula(self) -> bool:
        return self.was != self.now


@dataclass(frozen=True, slots=True)
class Shown:
    """A fixed report or a board: which values of which subject it prints."""

    label: str
    subject: str
    values: frozenset[str]


def formulas(catalog: Catalog | None = None) -> dict[str, str]:
    """Return subject.name → formula of every measure and indicator: what a release keeps of its catalogue."""
    return {
        f"{subject.name}.{value.name}": _formula(value, subject)
        for subject in (catalog or load_catalog()).subjects.values()
        for value in _values(subject)
    }


def stale_figures(
    catalog: Catalog, kept: Mapping[str, str], tables: Iterable[StaleTable]
) -> tuple[StaleFigure, ...]:
    """Return the figures that count a stale table, or whose formula is not the one the release keeps.

    A release that keeps none, older than this, tells nothing of formulas; a figure new since then is not stale.
    """
    stale = {one.table: one for one in tables}
    found = []
    for subject in catalog.subjects.values():
        changed = {v.name for v in _values(subject) if _was(v, subject, kept)}
        for value in _values(subject):
            figure = _figure(value, subject, stale, changed, kept)
            if figure.tables or figure.measures or figure.has_other_formula:
                found.append(figure)
    return tuple(found)


def stale_pages(figures: Iterable[StaleFigure], pages: Iterable[Shown]) -> tuple[str, ...]:
    """Return the labels of the reports and boards that print one of these figures."""
    stale = {(figure.subject, figure.name) for figure in figures}
    return tuple(page.label for page in pages if any((page.subject, value) in stale for value in page.values))


def _figure(
    value: Measure | Indicator,
    subject: Subject,
    stale: Mapping[str, StaleTable],
    changed: set[str],
    kept: Mapping[str, str],
) -> StaleFigure:
    parts = value.measures if isinstance(value, Indicator) else (value.name,)
    counted = sorted({subject.facts[subject.measures[name].fact].table for name in parts} & stale.keys())
    months = {month for table in counted for month in (*stale[table].months, *stale[table].perhaps)}
    was = _was(value, subject, kept)
    return StaleFigure(
        subject.name, value.name, value.label, tuple(counted), tuple(sorted(months)),
        tuple(name for name in parts if name in changed and name != value.name),
        was, _formula(value, subject) if was else "",
    )  # fmt: skip


def _was(value: Measure | Indicator, subject: Subject, kept: Mapping[str, str]) -> str:
    """Return the formula a release keeps of a value, empty when it is the one of today or unknown."""
    was = kept.get(f"{subject.name}.{value.name}", "")
    return "" if was == _formula(value, subject) else was


def _formula(value: Measure | Indicator, subject: Subject) -> str:
    if isinstance(value, Indicator):
        return " ".join(value.formula.split())
    words = f"{value.agg}({subject.facts[value.fact].table}{f'.{value.column}' if value.column else ''})"
    conditions = [f"{column} in ({', '.join(values)})" for column, values in value.where]
    return " where ".join([words, " and ".join(conditions)]) if conditions else words


def _values(subject: Subject) -> tuple[Measure | Indicator, ...]:
    return (*subject.measures.values(), *subject.indicators.values())
