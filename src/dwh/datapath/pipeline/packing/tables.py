"""What goes into the serving database: the star, the failed rows and what was decided, and counts for the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from dwh.datapath.pipeline.decided import DECISIONS, LINES
from dwh.datapath.pipeline.packing.versions import VERSION_COLUMNS, VERSIONS, versions
from dwh.datapath.pipeline.run import Run, reading
from dwh.datapath.standardise.checks import all_checks
from dwh.datapath.standardise.counted import (
    FLAGGED,
    FLAGGED_COLUMNS,
    STAGED,
    STAGED_COLUMNS,
    TRIAL,
    TRIAL_COLUMNS,
    flagged_rows,
    staged_counts,
    trial_rows,
)
from dwh.datapath.standardise.scans import (
    ACCEPTED,
    HELD,
    PLACES,
    QUARANTINE,
    REJECTED,
    SHADOW,
    is_standardise,
    source_table,
)
from dwh.datapath.warehouse.manifest import Parts
from dwh.datapath.warehouse.model import ALL, NO_MONTH, Model, ModelColumn
from dwh.datapath.warehouse.parts import Part
from dwh.datapath.warehouse.rollups.changes import changed_months
from dwh.datapath.warehouse.rollups.definition import load_rollups
from dwh.datapath.warehouse.rollups.tables import rollup_tables
from dwh.datapath.warehouse.serving import FILES, Piece, ServingTable

SERVED = {HELD: "quarantine.held", REJECTED: "quarantine.rejected", ACCEPTED: "quarantine.accepted"}


def serving_tables(run: Run, parts: Parts, inputs: Mapping[str, list[str]]) -> list[ServingTable]:
    """Return every table of the serving database with the pieces these parts and inputs give it, months ascending.

    Rollups come last: they are added up from the tables before them.
    """
    core = [
        ServingTable(model.table, model.columns, tuple(_facts(run, model, parts)))
        for model in run.plan.models
        if model.layer == "core"
    ]
    models = [model for model in run.plan.models if is_standardise(model)]
    return [
        *core,
        *(ServingTable(SERVED[place], QUARANTINE, _of(models, run, parts, place)) for place in PLACES),
        ServingTable(FLAGGED, FLAGGED_COLUMNS, tuple(p for m in models for p in _flagged(run, m, parts))),
        ServingTable(TRIAL, TRIAL_COLUMNS, tuple(p for m in models for p in _trial(run, m, parts))),
        ServingTable(STAGED, STAGED_COLUMNS, tuple(p for m in models for p in _counted(run, m, parts))),
        ServingTable(VERSIONS, VERSION_COLUMNS, tuple(versions(run, parts, inputs))),
        ServingTable(DECISIONS, LINES, tuple(_lines(run, parts))),
        *_rollups(run, parts),
    ]


def _rollups(run: Run, parts: Parts) -> list[ServingTable]:
    models = {model.table: model for model in run.plan.models}
    before = run.base.parts if run.base and parts is run.parts else parts
    changed = changed_months(load_rollups(), run.engine, run.store, before, parts)
    return rollup_tables(load_rollups(), models, parts, changed)


def _facts(run: Run, model: Model, parts: Parts) -> Iterator[Piece]:
    for month, part in sorted(parts.get(model.table, {}).items()):
        where = f"{model.month_column} = '{month}'" if model.by_month else "TRUE"
        yield _piece(run, where, part, _columns(model.columns))


def _of(models: list[Model], run: Run, parts: Parts, place: str) -> tuple[Piece, ...]:
    """Return the failed rows that are in one place: held, rejected or accepted."""
    found = []
    for table in map(source_table, models):
        for month, part in sorted(parts.get(f"{place}.{table}", {}).items()):
            when = "month IS NULL" if month in (ALL, NO_MONTH) else f"month = '{month}'"
            found.append(_piece(run, f"source_table = '{table}' AND {when}", part, _columns(QUARANTINE)))
    return tuple(found)


def _flagged(run: Run, model: Model, parts: Parts) -> Iterator[Piece]:
    select = flagged_rows(model, _source(run, model), _columns(model.columns))
    for where, part in _staged(model, parts):
        yield _piece(run, where, part, select)


def _trial(run: Run, model: Model, parts: Parts) -> Iterator[Piece]:
    """Yield what the checks in trial would stop or flag, by check, office and month."""
    if SHADOW not in model.columns:
        return
    select = trial_rows(model, _source(run, model), _columns(model.columns))
    for where, part in _staged(model, parts):
        yield _piece(run, where, part, select)


def _counted(run: Run, model: Model, parts: Parts) -> Iterator[Piece]:
    """Yield how many rows staging took, by office and month."""
    select = staged_counts(model, _source(run, model), _columns(model.columns))
    for where, part in _staged(model, parts):
        yield _piece(run, where, part, select)


def _staged(model: Model, parts: Parts) -> Iterator[tuple[str, Part]]:
    for month, part in sorted(parts.get(model.table, {}).items()):
        when = f"month = '{month}'" if model.by_month else "month IS NULL"
        yield f"source_table = '{source_table(model)}' AND {when}", part


def _lines(run: Run, parts: Parts) -> Iterator[Piece]:
    for part in parts.get(DECISIONS, {}).values():
        yield _piece(run, "TRUE", part, _columns(LINES))


def _piece(run: Run, where: str, part: Part, select: str) -> Piece:
    return Piece(where, part.sha256, select, str(run.store.path(part)))


def _columns(columns: Sequence[ModelColumn]) -> str:
    return f"SELECT {', '.join(column.name for column in columns)} FROM {FILES}"


def serving_shape() -> str:
    """Return what decides the shape of the tables beside the star; another one needs a release of its own."""
    tables = (QUARANTINE, FLAGGED_COLUMNS, TRIAL_COLUMNS, STAGED_COLUMNS, VERSION_COLUMNS, LINES)
    words = " ".join(f"{column.name}:{column.type}" for columns in tables for column in columns)
    words += " ".join(one.version for one in load_rollups())
    return hashlib.sha1(words.encode(), usedforsecurity=False).hexdigest()


def failed_select(run: Run, place: str) -> str:
    """Return the SELECT of every failed row that is held, rejected or accepted."""
    tables = sorted(table for table in run.parts if table.startswith(f"{place}."))
    parts = [part for table in tables for _, part in sorted(run.parts[table].items())]
    return reading(run.store, QUARANTINE, parts)


def totals_of(run: Run, place: str) -> tuple[int, Decimal]:
    """Return rows and đồng of the failed rows that are in one place."""
    months = [months for table, months in run.parts.items() if table.startswith(f"{place}.")]
    parts = [part for one in months for part in one.values()]
    vnd = sum((Decimal(next(iter(part.sums.values()), "0")) for part in parts), Decimal(0))
    return sum(part.rows for part in parts), vnd


def flagged_select(run: Run) -> str:
    """Return the SELECT of every staged row that carries a flag."""
    models = [model for model in run.plan.models if is_standardise(model)]
    selects = [flagged_rows(model, _source(run, model), run.reading(model.table)) for model in models]
    return " UNION ALL ".join(selects)


def held_by_check(run: Run) -> dict[str, dict[str, Any]]:
    """Return check → rows and đồng held; a row with two reasons counts in both."""
    sql = (
        "SELECT check_code, count(*), SUM(amount_vnd) FROM "
        f"(SELECT UNNEST(check_codes) AS check_code, amount_vnd FROM ({failed_select(run, HELD)})) "
        "GROUP BY 1 ORDER BY 1"
    )
    return {code: {"rows": rows, "vnd": str(Decimal(vnd))} for code, rows, vnd in run.engine.rows(sql)}


def flagged_by_check(run: Run) -> dict[str, int]:
    """Return check → staged rows it flags."""
    sql = f"SELECT code, count(*) FROM (SELECT UNNEST(check_codes) AS code FROM ({flagged_select(run)})) GROUP BY 1"
    return dict(sorted((code, rows) for code, rows in run.engine.rows(sql)))


def shadowed_by_check(run: Run) -> dict[str, dict[str, Any]]:
    """Return check in trial → staged rows and đồng it would stop or flag."""
    models = [model for model in run.plan.models if SHADOW in model.columns]
    if not models:
        return {}
    trials = " UNION ALL ".join(
        trial_rows(model, _source(run, model), run.reading(model.table)) for model in models
    )
    sql = f'SELECT check_code, CAST(SUM("rows") AS BIGINT), SUM(amount_vnd) FROM ({trials}) GROUP BY 1 ORDER BY 1'
    return {code: {"rows": rows, "vnd": str(Decimal(vnd))} for code, rows, vnd in run.engine.rows(sql)}


def stopped_checks(run: Run) -> list[str]:
    """Return the codes of the checks that were not asked, because a code list they need is empty."""
    empty = {table for model in run.plan.models for table in model.needs if not _has_rows(run, table)}
    return sorted(
        check.code for checks in all_checks().values() for check in checks if empty.intersection(check.needs)
    )


def _has_rows(run: Run, table: str) -> bool:
    return bool(run.parts.get(table)) or bool(run.engine.value(f"SELECT count(*) FROM {table}"))


def _source(run: Run, model: Model) -> str:
    return run.plan.landed[model.follows or ""].source
