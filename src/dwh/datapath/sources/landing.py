"""What of a source has landed: immutable Parquet batches, each made real by its manifest.

A batch exists if and only if its manifest does; the manifest holds the cursor, so rows and cursor are
committed together by one rename. The only place that writes under landing/.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dwh.datapath.retention.removal import remove
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.connectors.base import Amount, Position
from dwh.datapath.sources.contract import Column, TableContract, arrow_schema
from dwh.datapath.sources.manifest import (
    Batch,
    Kind,
    Stretch,
    commit_manifest,
    damaged,
    read_manifest,
    sync_folder,
)
from dwh.kernel.errors import DamagedFile

__all__ = [
    "DELETES",
    "Amount",
    "Batch",
    "Draft",
    "Kind",
    "batches",
    "folder_of",
    "set_aside",
    "verify_batch",
    "write_batch",
]

DELETES = pa.schema(
    [pa.field("id", pa.int64(), nullable=False), pa.field("deleted_at", pa.timestamp("us"), nullable=False)]
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A batch to be written: where it goes and what is known of it before its rows are."""

    settings: DataPathSettings
    source: str
    table: TableContract
    kind: Kind
    cursor_from: Position | None
    now: datetime

    @property
    def folder(self) -> Path:
        return folder_of(self.settings, self.source, self.table.name)

    @property
    def schema(self) -> pa.Schema:
        return DELETES if self.kind == "deletes" else arrow_schema(self.table)


def folder_of(settings: DataPathSettings, source: str, table: str) -> Path:
    return settings.landing / source / table


def batches(settings: DataPathSettings, source: str, table: str) -> list[Batch]:
    """Return the landed batches in the order they were read; looks at manifests only, verifies no data.

    Raises:
        DamagedFile: a manifest cannot be read.
    """
    return [read_manifest(path) for path in manifests(folder_of(settings, source, table))]


def manifests(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9]*.json"))


def write_batch(
    draft: Draft,
    chunks: Iterable[pa.RecordBatch],
    *,
    cursor_to: Callable[[], Position | None],
    stretch: Callable[[], Stretch | None] = lambda: None,
) -> Batch | None:
    """Write the chunks as one batch and commit it; None, and no trace, when they hold no row.

    `cursor_to`, and then `stretch`, is asked once all chunks are read. A process killed before the manifest's rename
    leaves nothing that counts; `clean_up` removes its leftovers.
    """
    draft.folder.mkdir(parents=True, exist_ok=True)
    began, seq = time.perf_counter(), _next_seq(draft.folder)
    path = draft.folder / f"{seq:06d}-{draft.kind}.parquet"
    temporary = path.with_suffix(".parquet.tmp")
    totals, sha256 = _write_parquet(temporary, draft, chunks)
    if not totals.rows:
        remove(temporary, "unfinished_batch")
        return None
    batch = Batch(
        source=draft.source,
        table=draft.table.name,
        seq=seq,
        kind=draft.kind,
        path=path,
        rows=totals.rows,
        vnd=totals.vnd,
        sha256=sha256,
        cursor_from=draft.cursor_from,
        cursor_to=cursor_to(),
        span=totals.span,
        started_at=draft.now,
        finished_at=draft.now + timedelta(seconds=round(time.perf_counter() - began, 3)),
        contract_hash=draft.table.fingerprint,
        stretch=stretch(),
    )
    temporary.rename(path)
    commit_manifest(batch)
    return batch


def verify_batch(batch: Batch) -> None:
    """Read the whole batch file and compare it with its manifest.

    Raises:
        DamagedFile: the file is missing, or any byte of it or of the manifest has changed.
    """
    if read_manifest(batch.manifest) != batch:
        raise damaged(batch.path, "biên bản của lô đã bị thay đổi")
    if not batch.path.is_file():
        raise damaged(batch.path, "không còn tệp dữ liệu")
    with batch.path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != batch.sha256:
            raise damaged(batch.path, "nội dung đã bị thay đổi")


def set_aside(batch: Batch) -> None:
    """Move a damaged batch to damaged/, so that the next sync of its source reads its rows again."""
    set_aside_files(batch.manifest)


def set_aside_files(manifest: Path) -> None:
    """Move the Parquet file and then the manifest of one batch to damaged/; the file may be missing."""
    folder = manifest.parent / "damaged"
    folder.mkdir(exist_ok=True)
    for name in (manifest.with_suffix(".parquet"), manifest):
        with suppress(FileNotFoundError):
            name.rename(folder / name.name)
    sync_folder(folder)
    sync_folder(manifest.parent)


def waiting_repairs(folder: Path) -> list[tuple[Path, Batch | None]]:
    """Return the manifests set aside and not yet read again, each with its batch, None when unknown."""
    found: list[tuple[Path, Batch | None]] = []
    for path in sorted((folder / "damaged").glob("[0-9]*.json")):
        if path.name.endswith(".repaired.json"):
            continue
        try:
            found.append((path, read_manifest(path)))
        except DamagedFile:
            found.append((path, None))
    return found


def mark_repaired(manifest: Path) -> None:
    """Remember that the rows of a batch set aside have been read again."""
    manifest.rename(manifest.with_suffix(".repaired.json"))


def clean_up(folder: Path) -> int:
    """Remove what a killed run left behind and return how many files that was.

    Rows without a manifest that come after every manifest were never committed. Those that came before one were: their
    manifest was lost, so they are set aside, and the next sync reads its rows again as those of a damaged batch.
    """
    nameless = [path for path in folder.glob("*.parquet") if not path.with_suffix(".json").exists()]
    lost = [path for path in nameless if path.name[:6].isdecimal() and int(path.name[:6]) < _next_seq(folder)]
    for path in lost:
        set_aside_files(path.with_suffix(".json"))
        (folder / "damaged" / path.with_suffix(".json").name).touch()
    leftovers = [*folder.glob("*.tmp"), *(path for path in nameless if path not in lost)]
    for path in leftovers:
        remove(path, "unfinished_batch")
    return len(leftovers) + len(lost)


@dataclass(slots=True)
class _Totals:
    rows: int = 0
    vnd: dict[str, Amount] = field(default_factory=dict)
    span: tuple[Position, Position] | None = None

    def add(self, chunk: pa.RecordBatch, draft: Draft) -> None:
        self.rows += chunk.num_rows
        if draft.kind == "rows":
            for name in draft.table.money:
                self.vnd[name] = self.vnd.get(name, 0) + _sum_of(chunk.column(name))
            low, high = _span_of(chunk, draft.table)
            self.span = (min(self.span[0], low), max(self.span[1], high)) if self.span else (low, high)


def _sum_of(amounts: pa.Array) -> Amount:
    """Return the exact sum: Arrow adds int64 up in int64 and wraps around without a word."""
    if amounts.type == pa.int64():
        return int(pc.sum(amounts.cast(pa.decimal128(38, 0))).as_py() or 0)
    return pc.sum(amounts).as_py() or 0


def _span_of(chunk: pa.RecordBatch, table: TableContract) -> tuple[Position, Position]:
    """Return positions between which all rows lie; their ids are the extremes of the chunk, to be safe."""
    at, key = pc.min_max(chunk.column(table.cursor)), pc.min_max(chunk.column(table.key))
    return Position(at["min"].as_py(), key["min"].as_py()), Position(at["max"].as_py(), key["max"].as_py())


class _HashedFile:
    """A file that knows the sha256 of what was written to it, so that nothing is read twice."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._sha256, self.closed = file, hashlib.sha256(), False

    def write(self, data: bytes) -> int:
        self._sha256.update(data)
        return self._file.write(data)

    def tell(self) -> int:
        return self._file.tell()

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self.closed = True

    def hexdigest(self) -> str:
        return self._sha256.hexdigest()


def _write_parquet(path: Path, draft: Draft, chunks: Iterable[pa.RecordBatch]) -> tuple[_Totals, str]:
    totals = _Totals()
    with path.open("wb") as file:
        hashed = _HashedFile(file)
        with pq.ParquetWriter(hashed, draft.schema, **_encodings(draft)) as writer:
            for chunk in chunks:
                if chunk.num_rows:
                    totals.add(chunk, draft)
                    writer.write_batch(chunk, row_group_size=chunk.num_rows)
        file.flush()
        os.fsync(file.fileno())
    return totals, hashed.hexdigest()


def _encodings(draft: Draft) -> dict[str, object]:
    """Choose encodings by what a column holds.

    Measured on 2 M contribution lines, against Arrow's defaults: 0.6 s instead of 2.05 s, 16 MB instead of 70
    (a dictionary of a column that hardly repeats is built, overflows and is thrown away).
    """
    columns = () if draft.kind == "deletes" else draft.table.landed
    growing = {draft.table.key} | {c.name for c in columns if c.type == "timestamp"}
    if draft.kind == "deletes":
        growing = {"id"}
    return {
        "compression": "zstd",
        "compression_level": 1,
        "use_dictionary": [c.name for c in columns if _repeats(c) and c.name not in growing],
        "column_encoding": dict.fromkeys(growing, "DELTA_BINARY_PACKED"),
    }


def _repeats(column: Column) -> bool:
    """Tell whether few values are expected: codes and dates do, amounts and what names a person do not."""
    return column.type in ("text", "date", "integer") and column.personal not in ("P1", "P2")


def _next_seq(folder: Path) -> int:
    """Return a number no batch of this table ever had, those set aside included."""
    names = [*folder.glob("[0-9]*.json"), *folder.glob("damaged/[0-9]*.json")]
    return max((int(path.name[:6]) for path in names), default=0) + 1
