"""Every version of a failed row that ever landed: what it was before, when it changed, when it went away."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from hashlib import sha1

from dwh.datapath.pipeline.plan import LandedTable
from dwh.datapath.pipeline.run import Run
from dwh.datapath.sources.beside import feeds_of
from dwh.datapath.sources.landing import Batch
from dwh.datapath.standardise.batches import files_sql, quoted
from dwh.datapath.standardise.scans import PLACES, version_sql
from dwh.datapath.warehouse.manifest import Parts
from dwh.datapath.warehouse.model import ModelColumn
from dwh.datapath.warehouse.serving import Piece

VERSIONS = "quarantine.versions"
MOST_FILES = 500  # ours: the newest batches of a table that are read for it; the page says so
VERSION_COLUMNS = tuple(
    ModelColumn(name, kind, "")
    for name, kind in (
        ("source_table", "VARCHAR"), ("source_id", "BIGINT"), ("version", "VARCHAR"), ("batch_id", "VARCHAR"),
        ("landed_at", "TIMESTAMP"), ("gone", "BOOLEAN"), ("raw", "VARCHAR"),
    )
)  # fmt: skip


def versions(run: Run, parts: Parts, inputs: Mapping[str, list[str]]) -> Iterator[Piece]:
    """Yield, per source table, the versions of its failed rows that have had more than one; a touch makes no version.

    They follow from the failed rows and the batches of the table, and are read again when either has changed.
    """
    for table in run.plan.landed.values():
        name = table.contract.name
        failed = [part for place in PLACES for _, part in sorted(parts.get(f"{place}.{name}", {}).items())]
        ids = [key for source in feeds_of(table.source) for key in inputs.get(f"{source}.{name}", [])]
        if failed and len(ids) > 1:
            stamp = sha1(json.dumps([[part.sha256 for part in failed], ids]).encode(), usedforsecurity=False)
            batches = run.batches.get(table.name, ())[-MOST_FILES:]
            select = _of_table(table, batches, f"SELECT source_id FROM {run.store.relation(failed)}")
            yield Piece(f"source_table = '{name}'", stamp.hexdigest(), select if batches else "")


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
        f"{select}, filename AS file, file_row_number AS pos FROM {files_sql(found, contract)} WHERE id IN ({failed})"
        for kind, select in kinds
        if (found := [batch for batch in batches if batch.kind == kind])
    )
    order = "PARTITION BY e.id ORDER BY b.landed_at, b.seq, e.pos"
    fresh = (
        f"SELECT e.id, e.version, b.batch_id, b.landed_at, e.gone, e.raw FROM ({events}) AS e "
        f"JOIN (VALUES {_words(batches)}) AS b(file, batch_id, seq, landed_at) ON b.file = e.file "
        f"QUALIFY ROW(e.version, e.gone) IS DISTINCT FROM LAG(ROW(e.version, e.gone)) OVER ({order})"
    )
    return (
        f"SELECT '{contract.name}' AS source_table, id AS source_id, version, batch_id, landed_at, gone, raw "
        f"FROM ({fresh}) QUALIFY count(*) OVER (PARTITION BY id) > 1"
    )


def _words(batches: Sequence[Batch]) -> str:
    return ", ".join(
        f"({quoted(batch)}, '{batch.batch_id}', {batch.seq}, "
        f"TIMESTAMP '{batch.finished_at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ')}')"
        for batch in batches
    )
