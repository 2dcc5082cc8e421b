"""Makes the dictionary of the contracts, the models and the subjects; the only place that knows all three."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from threading import Lock

from dwh.datapath.dictionary import completeness, figures
from dwh.datapath.dictionary.entries import (
    CORE,
    LANDED,
    SEED,
    STAGING,
    Check,
    Column,
    Dictionary,
    Ref,
    Subject,
    Table,
    Use,
)
from dwh.datapath.dictionary.tracing import Trace, trace
from dwh.datapath.dictionary.words import audit_words, described, label_of, note_in_words, unit_of
from dwh.datapath.pipeline.lineage import checked_columns
from dwh.datapath.pipeline.plan import LANDED_EXTRA, Plan, load_plan
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.words import Catalog
from dwh.datapath.sources import contract as contracts
from dwh.datapath.sources.contract import Contract, TableContract, load_contract, source_names
from dwh.datapath.standardise.scans import is_standardise, sql_type
from dwh.datapath.warehouse.model import Model, ModelColumn

_SOURCE = re.compile(r"(?ms)^Source: +(.*?)(?=^\w+: |\Z)")
_PLACING = ("org_code", "month", "batch_id", "flags")
_CALENDAR = ("core.dim_month",)
IT_CENTRE = "00.CNTT"
_ARTICLE = "QC-DWH Điều {}"
_MAKING = Lock()
_ORDER = (LANDED, SEED, STAGING, CORE)


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that is read once and asked about every column."""

    plan: Plan
    trace: Trace
    classes: dict[Ref, str]
    labels: dict[Ref, str]
    units: dict[Ref, str]
    figures: dict[Ref, tuple[Use, ...]]
    checked: dict[str, list[str]]
    read_by: dict[str, list[str]]
    subjects: dict[str, list[str]]
    owners: dict[str, str]


def load_dictionary() -> Dictionary:
    """Return the dictionary of this program; made once, in about two seconds, and kept. Others wait for the first."""
    with _MAKING:
        return _made()


@cache
def _made() -> Dictionary:
    return make_dictionary(load_plan(), load_catalog())


def make_dictionary(plan: Plan, catalog: Catalog) -> Dictionary:
    """Return the dictionary of a plan and a catalogue: tables by layer and name, subjects in their own order."""
    lineage = trace(plan)
    subjects = {name: figures.subject_of(one, lineage) for name, one in catalog.subjects.items()}
    known = _known(plan, lineage, catalog, subjects)
    sources = {name: load_contract(name) for name in source_names()}
    tables = [_landed(table, contract, known) for contract in sources.values() for table in contract.tables]
    tables += [_seed(name, known) for name in sorted(plan.seeds)]
    tables += [_model(model, known) for model in plan.models]
    ordered = sorted(
        tables, key=lambda table: (_ORDER.index(table.layer), "" if table.layer == LANDED else table.name)
    )
    by_name = {table.name: table for table in ordered}
    systems = {name: contract.label for name, contract in sources.items()}
    return Dictionary(by_name, {n: _with_sources(s, by_name, catalog) for n, s in subjects.items()}, systems)


def _known(plan: Plan, lineage: Trace, catalog: Catalog, subjects: dict[str, Subject]) -> _Known:
    read_by: dict[str, list[str]] = defaultdict(list)
    for model in plan.models:
        for table in sorted(plan.reads[model.table] - {model.table}):
            read_by[table].append(model.table)
    of_table: dict[str, list[str]] = defaultdict(list)
    for name, subject in subjects.items():
        for table in subject.tables:
            of_table[table].append(name)
    labels, units = figures.known_of_columns(catalog)
    used = figures.uses(catalog, subjects)
    return _Known(
        plan,
        lineage,
        _classes(),
        labels,
        units,
        used,
        checked_columns(plan),
        read_by,
        of_table,
        _owners(plan),
    )


def _classes() -> dict[Ref, str]:
    return {
        Ref(f"landed.{table.name}", column.name): column.personal
        for name in source_names()
        for table in load_contract(name).tables
        for column in table.columns
        if column.personal
    }


def _owners(plan: Plan) -> dict[str, str]:
    """Return the short name of an owner in a header → the unit, as the contract of the source it standardises says."""
    return {
        model.owner: load_contract(plan.landed[model.follows or ""].source).owner
        for model in plan.models
        if is_standardise(model)
    }


def _landed(table: TableContract, contract: Contract, known: _Known) -> Table:
    name = f"{LANDED}.{table.name}"
    checks = tuple(
        Check(
            check.code, check.message, "shadow" if check.is_shadow else check.severity,
            tuple(known.checked.get(check.code, ())),
        )
        for check in table.checks
    )  # fmt: skip
    own = [_landed_column(name, column, table, known, checks) for column in table.columns]
    extra = [_extra_column(name, column, known) for column in LANDED_EXTRA]
    return Table(
        name=name,
        label=table.label,
        layer=LANDED,
        grain=(table.key,),
        columns=(*own, *extra),
        owner=contract.owner,
        article=_articles([contract]),
        sources=(contract.name,),
        read_by=tuple(known.read_by[name]),
        checks=checks,
    )


def _extra_column(name: str, column: ModelColumn, known: _Known) -> Column:
    note = note_in_words(column.comment)
    made = _column(known, Ref(name, column.name), column.type, origin="generated", note=note)
    return replace(made, completeness=completeness.PROGRAM_FILLS)


def _landed_column(
    name: str, column: contracts.Column, table: TableContract, known: _Known, checks: tuple[Check, ...]
) -> Column:
    ref = Ref(name, column.name)
    asking = {check.code for check in table.checks if check.dimension == completeness.COMPLETENESS}
    is_money = column.type == "money" or column.name in table.money
    made = _column(known, ref, sql_type(column), origin="source" if column.land else "absent")
    return replace(
        made, label=column.label or made.label, unit="đồng" if is_money else made.unit, reason=column.reason,
        completeness=completeness.of_landed(column, checks, asking),
    )  # fmt: skip


def _seed(name: str, known: _Known) -> Table:
    columns = tuple(
        replace(_column(known, Ref(name, c.name), c.type, origin="list"), completeness=completeness.OF_LIST)
        for c in known.plan.columns(name)
    )
    label = label_of(name) or name.partition(".")[2]
    return Table(name, label, SEED, (), columns, owner=_keeper(), read_by=tuple(known.read_by[name]))


def _keeper() -> str:
    """Return the unit that keeps the program and the code lists that come with it (QC-DWH Điều 10.3)."""
    return next(
        contract.owner for contract in map(load_contract, source_names()) if contract.owner_org == IT_CENTRE
    )


def _model(model: Model, known: _Known) -> Table:
    columns = tuple(_model_column(model, column, known) for column in model.columns)
    sources = _sources(model, known)
    said = _SOURCE.search(model.about)
    article = (_documents(said[1]) if said else "") or _articles(load_contract(name) for name in sources)
    return Table(
        name=model.table,
        label=label_of(model.table) or model.table.partition(".")[2],
        layer=model.layer,
        grain=model.grain,
        columns=columns,
        owner=known.owners.get(model.owner, model.owner),
        description=described(model.table),
        about=_SOURCE.sub("", model.about).strip(),
        article=article,
        sources=sources,
        reads=tuple(sorted(known.plan.reads[model.table] - {model.table})),
        read_by=tuple(known.read_by[model.table]),
        audits=tuple(Check(call.partition("(")[0], audit_words(call, model.grain)) for call in model.audits),
        subjects=tuple(known.subjects[model.table]),
    )


def _model_column(model: Model, column: ModelColumn, known: _Known) -> Column:
    made = _column(known, Ref(model.table, column.name), column.type, note=note_in_words(column.comment))
    rule = completeness.of_made(column.name, model.audits, is_traced=made.origin == "traced")
    return replace(made, completeness=rule)


def _column(known: _Known, ref: Ref, kind: str, *, origin: str = "traced", note: str = "") -> Column:
    """Return what is known of one column; `origin` changes to generated when no column is behind a made one."""
    made_from, sources = known.trace.made_from.get(ref, ()), known.trace.sources(ref)
    if origin in ("traced", "generated"):
        origin = "traced" if sources else "generated"
    return Column(
        name=ref.column,
        label=known.labels.get(ref) or label_of(*ref),
        type=kind,
        unit=known.units.get(ref) or unit_of(ref.column),
        note=note,
        origin=origin,
        personal=known.classes.get(ref, ""),
        personal_behind=max((known.classes.get(one, "") for one in sources), default=""),
        made_from=made_from,
        sources=sources,
        used_by=known.trace.used_by.get(ref, ()),
        condition_of=known.trace.conditions.get(ref, ()),
        figures=known.figures.get(ref, ()),
    )


def _sources(model: Model, known: _Known) -> tuple[str, ...]:
    """Return the systems the values come from; what only places a row (unit, month, batch, calendar) does not count.

    It would name the personnel system, which has the units, and every system with a month, at nearly every table.
    """
    landed = known.plan.landed
    if is_standardise(model):
        return (landed[model.follows or ""].source,)
    named = {}
    for column in model.columns:
        made_from = known.trace.made_from.get(Ref(model.table, column.name), ())
        ends = known.trace.sources_of(made_from, past=_CALENDAR)
        named[column.name] = {landed[ref.table].source for ref in ends if ref.table in landed}
    told = [found for name, found in named.items() if not name.endswith(_PLACING)]
    found = set().union(*told) or set().union(*named.values())
    return tuple(name for name in source_names() if name in found)


def _documents(said: str) -> str:
    """Return the documents a header names, without the working papers of its engineers."""
    whole = re.sub(r"\s*\([^)]*\.md[^)]*\)", "", " ".join(said.split())).rstrip(".")
    return "; ".join(part.strip() for part in whole.split(";") if ".md" not in part)


def _articles(found: Iterable[Contract]) -> str:
    return "; ".join(dict.fromkeys(_ARTICLE.format(one.article) for one in found if one.article))


def _with_sources(subject: Subject, tables: Mapping[str, Table], catalog: Catalog) -> Subject:
    facts = [fact.table for fact in catalog.subjects[subject.name].facts.values()]
    found = {source for table in facts for source in tables[table].sources}
    return replace(subject, sources=tuple(name for name in source_names() if name in found))
