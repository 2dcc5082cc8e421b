"""Every version of a failed row that ever landed: what it was before, when it changed, when it went away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC

from dwh.datapath.pipeline.plan import LandedTable
from dwh.datapath.pipeline.run import Run, reading
from dwh.datapath.pipeline.standardise import PLACES, version_sql
from dwh.datapath.sources.landing import Batch
from dwh.datapath.warehouse.model import ModelColumn

VERSIONS = "quarantine.versions"
MOST_FILES = 500  # ours: the newest batches of a table that are read for it; the page says so
VERSION_COLUMNS = tuple(
    ModelColumn(name, kind, "")
    for name, kind in (
        ("source_table", "VARCHAR"), ("source_id", "BIGINT"), ("version", "VARCHAR"), ("batch_id", "VARCHAR"),
        ("landed_at", "TIMESTAMP"), ("gone", "BOOLEAN"), ("raw", "VARCHAR"),
    )
)  # fmt: skip


def versions_select(run: Run, landed: Mapping[str, Sequence[Batch]]) -> str:
    """Return the SELECT of the versions of rows that failed and have had more than one; a touch makes no version."""
    selects = []
    for name, table in run.plan.landed.items():
        failed = [
            part for place in PLACES for part in run.parts.get(f"{place}.{table.contract.name}", {}).values()
        ]
        batches = landed[name][-MOST_FILES:]
        if failed and len(batches) > 1:
            selects.append(_of_table(table, batches, f"SELECT source_id FROM {run.store.relation(failed)}"))
    return " UNION ALL ".join(selects) or reading(run.store, VERSION_COLUMNS, [])


def _of_table(table: LandedTable, batches: Sequence[Batch], failed: str) -> str:
    contract = table.contract
    raw = ", ".join(f"{column.name} := {column.name}" for column in contract.landed)
    rows = (
        f"SELECT id, {version_sql(contract)} AS version, COALESCE(is_deleted, FALSE) AS gone, "
        f"CAST(to_json(struct_pack({raw})) AS VARCHAR) AS raw"
    )
    deletes = "SELECT id, NULL AS version, TRUE AS gone, NULL AS raw"
    kinds = (("rows", rows), ("deletes", deletes))
    events = " UNION ALL ".join(
        f"{select}, filename AS file, file_row_number AS pos FROM {_files(found)} WHERE id IN ({failed})"
        for kind, select in kinds
        if (found := [batch for batch in batches if batch.kind == kind])
    )
    order = "PARTITION BY e.id ORDER BY b.seq, e.pos"
    fresh = (
        f"SELECT e.id, e.version, b.batch_id, b.landed_at, e.gone, e.raw FROM ({events}) AS e "
        f"JOIN (VALUES {_words(batches)}) AS b(file, batch_id, seq, landed_at) ON b.file = e.file "
        f"QUALIFY ROW(e.version, e.gone) IS DISTINCT FROM LAG(ROW(e.version, e.gone)) OVER ({order})"
    )
    return (
        f"SELECT '{contract.name}' AS source_table, id AS source_id, version, batch_id, landed_at, gone, raw "
        f"FROM ({fresh}) QUALIFY count(*) OVER (PARTITION BY id) > 1"
    )


def _files(batches: Sequence[Batch]) -> str:
    files = ", ".join(_quoted(batch) for batch in batches)
    return f"read_parquet([{files}], filename=true, file_row_number=true, union_by_name=true)"


def _words(batches: Sequence[Batch]) -> str:
    return ", ".join(
        f"({_quoted(batch)}, '{batch.batch_id}', {batch.seq}, "
        f"TIMESTAMP '{batch.finished_at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ')}')"
        for batch in batches
    )


def _quoted(batch: Batch) -> str:
    return "'" + str(batch.path).replace("'", "''") + "'"
