"""What goes into the serving database: the star, the held rows, the flagged rows, and counts for the manifest."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from dwh.datapath.pipeline.checks import all_checks
from dwh.datapath.pipeline.run import Run, reading
from dwh.datapath.pipeline.standardise import QUARANTINE, SHADOW, is_standardise, source_table
from dwh.datapath.warehouse.manifest import Parts
from dwh.datapath.warehouse.model import ALL, NO_MONTH, Model, ModelColumn
from dwh.datapath.warehouse.serving import Piece, ServingTable

HELD, FLAGGED = "quarantine.held", "quarantine.flagged"
FLAGGED_COLUMNS = tuple(
    ModelColumn(name, kind, "")
    for name, kind in (
        ("source", "VARCHAR"), ("source_table", "VARCHAR"), ("source_id", "BIGINT"), ("check_codes", "VARCHAR[]"),
        ("org_code", "VARCHAR"), ("month", "VARCHAR"), ("batch_id", "VARCHAR"),
    )
)  # fmt: skip


def serving_tables(run: Run, parts: Parts) -> list[ServingTable]:
    """Return every table of the serving database with the pieces these parts give it, months ascending."""
    core = [
        ServingTable(model.table, model.columns, tuple(_facts(run, model, parts)))
        for model in run.plan.models
        if model.layer == "core"
    ]
    models = [model for model in run.plan.models if is_standardise(model)]
    held = [piece for model in models for piece in _held(run, model, parts)]
    flagged = [piece for model in models for piece in _flagged(run, model, parts)]
    return [
        *core,
        ServingTable(HELD, QUARANTINE, tuple(held)),
        ServingTable(FLAGGED, FLAGGED_COLUMNS, tuple(flagged)),
    ]


def _facts(run: Run, model: Model, parts: Parts) -> Iterator[Piece]:
    for month, part in sorted(parts.get(model.table, {}).items()):
        where = f"{model.month_column} = '{month}'" if model.by_month else "TRUE"
        yield Piece(where, part.sha256, reading(run.store, model.columns, [part]))


def _held(run: Run, model: Model, parts: Parts) -> Iterator[Piece]:
    table = source_table(model)
    for month, part in sorted(parts.get(f"quarantine.{table}", {}).items()):
        when = "month IS NULL" if month in (ALL, NO_MONTH) else f"month = '{month}'"
        yield Piece(
            f"source_table = '{table}' AND {when}", part.sha256, reading(run.store, QUARANTINE, [part])
        )


def _flagged(run: Run, model: Model, parts: Parts) -> Iterator[Piece]:
    for month, part in sorted(parts.get(model.table, {}).items()):
        when = f"month = '{month}'" if model.by_month else "month IS NULL"
        where = f"source_table = '{source_table(model)}' AND {when}"
        yield Piece(where, part.sha256, _flagged_rows(run, model, reading(run.store, model.columns, [part])))


def held_select(run: Run) -> str:
    """Return the SELECT of every held row."""
    tables = sorted(table for table in run.parts if table.startswith("quarantine."))
    parts = [part for table in tables for _, part in sorted(run.parts[table].items())]
    return reading(run.store, QUARANTINE, parts)


def flagged_select(run: Run) -> str:
    """Return the SELECT of every staged row that carries a flag."""
    models = [model for model in run.plan.models if is_standardise(model)]
    selects = [_flagged_rows(run, model, run.reading(model.table)) for model in models]
    return " UNION ALL ".join(selects)


def held_by_check(run: Run) -> dict[str, dict[str, Any]]:
    """Return check → rows and đồng held; a row with two reasons counts in both."""
    sql = (
        "SELECT check_code, count(*), SUM(amount_vnd) FROM "
        f"(SELECT UNNEST(check_codes) AS check_code, amount_vnd FROM ({held_select(run)})) GROUP BY 1 ORDER BY 1"
    )
    return {code: {"rows": rows, "vnd": str(Decimal(vnd))} for code, rows, vnd in run.engine.rows(sql)}


def flagged_by_check(run: Run) -> dict[str, int]:
    """Return check → staged rows it flags."""
    sql = f"SELECT code, count(*) FROM (SELECT UNNEST(check_codes) AS code FROM ({flagged_select(run)})) GROUP BY 1"
    return dict(sorted((code, rows) for code, rows in run.engine.rows(sql)))


def shadowed_by_check(run: Run) -> dict[str, dict[str, Any]]:
    """Return check in trial → staged rows and đồng it would stop or flag."""
    selects = [_shadowed(run, model) for model in run.plan.models if SHADOW in model.columns]
    if not selects:
        return {}
    sql = (
        "SELECT code, count(*), SUM(amount) FROM "
        f"(SELECT UNNEST(codes) AS code, amount FROM ({' UNION ALL '.join(selects)})) GROUP BY 1 ORDER BY 1"
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


def _shadowed(run: Run, model: Model) -> str:
    amount = f"CAST({model.amounts[0][0]} AS DECIMAL(18,2))" if model.amounts else "CAST(0 AS DECIMAL(18,2))"
    return (
        f"SELECT shadow AS codes, {amount} AS amount FROM ({run.reading(model.table)}) WHERE len(shadow) > 0"
    )


def _flagged_rows(run: Run, model: Model, rows: str) -> str:
    source = run.plan.landed[model.follows or ""].source
    month = model.month_column or "NULL"
    return (
        f"SELECT '{source}', '{source_table(model)}', source_id, flags, org_code, CAST({month} AS VARCHAR), batch_id "
        f"FROM ({rows}) WHERE len(flags) > 0"
    ).replace("source_id, flags,", "source_id, flags AS check_codes,")
