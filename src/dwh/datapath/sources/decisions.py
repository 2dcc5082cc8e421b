"""What people decided about held rows, landed like the batches of a source: landing/decisions/row/NNNNNN-rows.parquet.

Governance decides and keeps who, why and who approved; here lies only what a build needs: which version of which row,
for which check, and the verdict. Files are immutable and carry their sha256; the newest line about a
(table, row, version, check) counts. A damaged file is written again from governance: nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.contract import Column, TableContract, arrow_schema
from dwh.datapath.sources.landing import (
    Batch,
    Draft,
    batches,
    clean_up,
    folder_of,
    manifests,
    set_aside_files,
    verify_batch,
    write_batch,
)
from dwh.datapath.sources.manifest import read_manifest
from dwh.kernel.errors import DamagedFile

Verdict = Literal["accept", "reject", "fix"]

SOURCE, TABLE = "decisions", "row"
CONTRACT = TableContract(
    name=TABLE,
    label="Quyết định về dữ liệu lỗi",
    columns=(
        Column("id", "integer", nullable=False),  # of the line
        Column("decision_id", "text", nullable=False),  # governance's reference of the decision
        Column("source_table", "text", nullable=False),
        Column("source_id", "integer", nullable=False),
        Column("version", "text", nullable=False),  # sha256 of the row's content, its cursor left out
        Column("check_code", "text", nullable=False),
        Column("verdict", "text", nullable=False),
        Column("month", "text"),  # the part the row lies in, when it has a month
        Column("decided_at", "timestamp", nullable=False),
    ),
    cursor="decided_at",
)
SCHEMA = arrow_schema(CONTRACT)


def decision_batches(settings: DataPathSettings) -> list[Batch]:
    """Return the landed files of decisions, in order. Raises: DamagedFile when a manifest cannot be read."""
    try:
        return batches(settings, SOURCE, TABLE)
    except DamagedFile as damage:
        raise _damaged(damage) from None


def verify_decisions(landed: Iterable[Batch]) -> None:
    """Raises: DamagedFile, with the remedy, when a byte of a file of decisions is not what was written."""
    for batch in landed:
        try:
            verify_batch(batch)
        except DamagedFile as damage:
            raise _damaged(damage) from None


def set_damaged_aside(settings: DataPathSettings) -> int:
    """Move files of decisions that are not whole to damaged/, so that they can be written again; return how many."""
    moved = 0
    for path in manifests(folder_of(settings, SOURCE, TABLE)):
        try:
            verify_batch(read_manifest(path))
        except DamagedFile:
            set_aside_files(path)
            moved += 1
    return moved


def landed_decisions(settings: DataPathSettings) -> tuple[frozenset[str], int]:
    """Return the decisions that have landed, each whole, and the greatest line id."""
    found, greatest = set[str](), 0
    for batch in decision_batches(settings):
        lines = pq.read_table(batch.path, columns=["id", "decision_id"])
        found |= set(lines["decision_id"].unique().to_pylist())
        greatest = max(greatest, pc.max(lines["id"]).as_py())
    return frozenset(found), greatest


def land_decisions(
    settings: DataPathSettings, chunks: Iterable[pa.RecordBatch], *, now: datetime
) -> Batch | None:
    """Write the lines as one immutable file; None, and no trace, when there is none."""
    draft = Draft(settings, SOURCE, CONTRACT, "rows", None, now)
    clean_up(draft.folder)
    return write_batch(draft, chunks, cursor_to=lambda: None)


def _damaged(damage: DamagedFile) -> DamagedFile:
    return DamagedFile(
        "Tệp quyết định về dữ liệu lỗi bị hỏng hoặc thiếu. Bản đang công bố giữ nguyên; chạy lại «dwh run»: "
        "tệp hỏng được cất riêng và ghi lại từ cơ sở dữ liệu quản trị, không mất quyết định nào.",
        **damage.facts,
    )
