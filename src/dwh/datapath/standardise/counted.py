"""What is told of staged rows beside the star: those with a flag, what a check in trial would stop, how many there are.

Each is a table of the serving database, made from the staging rows of one model; `source` is the system they came from.
"""

from __future__ import annotations

from typing import Final

from dwh.datapath.standardise.scans import source_table
from dwh.datapath.warehouse.model import Model, ModelColumn

FLAGGED: Final = "quarantine.flagged"
TRIAL: Final = "quarantine.trial"
STAGED: Final = "quality.staged"  # what the shares of the quality scorecard are of
FLAGGED_COLUMNS = tuple(
    ModelColumn(name, kind, "")
    for name, kind in (
        ("source", "VARCHAR"), ("source_table", "VARCHAR"), ("source_id", "BIGINT"), ("check_codes", "VARCHAR[]"),
        ("org_code", "VARCHAR"), ("month", "VARCHAR"), ("batch_id", "VARCHAR"),
    )
)  # fmt: skip
TRIAL_COLUMNS = tuple(
    ModelColumn(name, kind, "")
    for name, kind in (
        ("check_code", "VARCHAR"), ("source", "VARCHAR"), ("source_table", "VARCHAR"), ("org_code", "VARCHAR"),
        ("month", "VARCHAR"), ("rows", "BIGINT"), ("amount_vnd", "DECIMAL(38,2)"),
    )
)  # fmt: skip
STAGED_COLUMNS = tuple(
    ModelColumn(name, kind, "")
    for name, kind in (
        ("source", "VARCHAR"), ("source_table", "VARCHAR"), ("org_code", "VARCHAR"), ("month", "VARCHAR"),
        ("rows", "BIGINT"),
    )
)  # fmt: skip


def flagged_rows(model: Model, source: str, rows: str) -> str:
    """Return the SELECT of the staged rows that a check flags; `rows` is the SELECT of all."""
    month = model.month_column or "NULL"
    return (
        f"SELECT '{source}', '{source_table(model)}', source_id, flags AS check_codes, org_code, "
        f"CAST({month} AS VARCHAR), batch_id FROM ({rows}) WHERE len(flags) > 0"
    )


def trial_rows(model: Model, source: str, rows: str) -> str:
    """Return the SELECT of what the checks in trial would hold or flag, by check, office and month."""
    amount = f"CAST({model.amounts[0][0]} AS DECIMAL(18,2))" if model.amounts else "CAST(0 AS DECIMAL(18,2))"
    return (
        'SELECT check_code, source, source_table, org_code, month, count(*) AS "rows", SUM(amount) AS amount_vnd '
        f"FROM (SELECT UNNEST(shadow) AS check_code, '{source}' AS source, '{source_table(model)}' AS source_table, "
        f"org_code, CAST({model.month_column or 'NULL'} AS VARCHAR) AS month, {amount} AS amount "
        f"FROM ({rows}) WHERE len(shadow) > 0) GROUP BY ALL"
    )


def staged_counts(model: Model, source: str, rows: str) -> str:
    """Return the SELECT of how many rows staging took, by office and month."""
    return (
        f"SELECT '{source}' AS source, '{source_table(model)}' AS source_table, org_code, "
        f'CAST({model.month_column or "NULL"} AS VARCHAR) AS month, count(*) AS "rows" FROM ({rows}) GROUP BY ALL'
    )
