"""What goes into the serving database: the star, the failed rows and what was decided, and counts for the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from dwh.datapath.pipeline.checks import all_checks
from dwh.datapath.pipeline.decided import DECISIONS, LINES
from dwh.datapath.pipeline.run import Run, reading
from dwh.datapath.pipeline.standardise import (
    ACCEPTED,
    HELD,
    PLACES,
    QUARANTINE,
    REJECTED,
    SHADOW,
    is_standardise,
    source_table,
)
from dwh.datapath.pipeline.versions import VERSION_COLUMNS, VERSIONS, versions_select
from dwh.datapath.sources.landing import Batch
from dwh.datapath.warehouse.model import Model, ModelColumn
from dwh.datapath.warehouse.serving import ServingTable

SERVED = {HELD: "quarantine.held", REJECTED: "quarantine.rejected", ACCEPTED: "quarantine.accepted"}
FLAGGED, TRIAL = "quarantine.flagged", "quarantine.trial"
TRIAL_COLUMNS = tuple(
    ModelColumn(name, kind, "")
    for name, kind in (
        ("check_code", "VARCHAR"), ("source", "VARCHAR"), ("source_table", "VARCHAR"), ("org_code", "VARCHAR"),
        ("month", "VARCHAR"), ("rows", "BIGINT"), ("amount_vnd", "DECIMAL(38,2)"),
    )
)  # fmt: skip
FLAGGED_COLUMNS = tuple(
    ModelColumn(name, kind, "")
    for name, kind in (
        ("source", "VARCHAR"), ("source_table", "VARCHAR"), ("source_id", "BIGINT"), ("check_codes", "VARCHAR[]"),
        ("org_code", "VARCHAR"), ("month", "VARCHAR"), ("batch_id", "VARCHAR"),
    )
)  # fmt: skip


def serving_tables(run: Run, landed: Mapping[str, Sequence[Batch]]) -> list[ServingTable]:
    """Return every table of the serving database with the SELECT that fills it, months ascending."""
    core = [
        ServingTable(model.table, model.columns, run.reading(model.table))
        for model in run.plan.models
        if model.layer == "core"
    ]
    return [
        *core,
        *(ServingTable(SERVED[place], QUARANTINE, failed_select(run, place)) for place in PLACES),
        ServingTable(FLAGGED, FLAGGED_COLUMNS, flagged_select(run)),
        ServingTable(TRIAL, TRIAL_COLUMNS, _trial(run)),
        ServingTable(VERSIONS, VERSION_COLUMNS, versions_select(run, landed)),
        ServingTable(DECISIONS, LINES, reading(run.store, LINES, list(run.parts[DECISIONS].values()))),
    ]


def serving_shape() -> str:
    """Return what decides the shape of the tables beside the star; another one needs a release of its own."""
    tables = (QUARANTINE, FLAGGED_COLUMNS, TRIAL_COLUMNS, VERSION_COLUMNS, LINES)
    words = " ".join(f"{column.name}:{column.type}" for columns in tables for column in columns)
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
    selects = [_flagged(run, model) for model in run.plan.models if is_standardise(model)]
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
    sql = (
        f'SELECT check_code, CAST(SUM("rows") AS BIGINT), SUM(amount_vnd) FROM ({_trial(run)}) '
        "GROUP BY 1 ORDER BY 1"
    )
    return {code: {"rows": rows, "vnd": str(Decimal(vnd))} for code, rows, vnd in run.engine.rows(sql)}


def stopped_checks(run: Run) -> list[str]:
    """Return the codes of the checks that were not asked, because a code list they need is empty."""
    empty = {table for model in run.plan.models for table in model.needs if not _has_rows(run, table)}
    return sorted(
        check.code for checks in all_checks().values() for check in checks if empty.intersection(check.needs)
    )


def _has_rows(run: Run, table: str) -> bool:
    return bool(run.parts.get(table)) or bool(run.engine.value(f"SELECT count(*) FROM {table}"))


def _trial(run: Run) -> str:
    """Return the SELECT of what the checks in trial would stop or flag, by check, office and month."""
    selects = [_shadowed(run, model) for model in run.plan.models if SHADOW in model.columns]
    if not selects:
        return reading(run.store, TRIAL_COLUMNS, [])
    return (
        'SELECT check_code, source, source_table, org_code, month, count(*) AS "rows", SUM(amount) AS amount_vnd '
        f"FROM ({' UNION ALL '.join(selects)}) GROUP BY ALL ORDER BY ALL"
    )


def _shadowed(run: Run, model: Model) -> str:
    amount = f"CAST({model.amounts[0][0]} AS DECIMAL(18,2))" if model.amounts else "CAST(0 AS DECIMAL(18,2))"
    source = run.plan.landed[model.follows or ""].source
    return (
        f"SELECT UNNEST(shadow) AS check_code, '{source}' AS source, '{source_table(model)}' AS source_table, "
        f"org_code, CAST({model.month_column or 'NULL'} AS VARCHAR) AS month, {amount} AS amount "
        f"FROM ({run.reading(model.table)}) WHERE len(shadow) > 0"
    )


def _flagged(run: Run, model: Model) -> str:
    source = run.plan.landed[model.follows or ""].source
    month = model.month_column or "NULL"
    return (
        f"SELECT '{source}', '{source_table(model)}', source_id, flags, org_code, CAST({month} AS VARCHAR), batch_id "
        f"FROM ({run.reading(model.table)}) WHERE len(flags) > 0"
    ).replace("source_id, flags,", "source_id, flags AS check_codes,")
