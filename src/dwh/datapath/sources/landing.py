"""What of a source has landed: immutable Parquet batches, each made real by its manifest.

A batch exists if and only if its manifest does; the manifest holds the cursor, so rows and cursor are committed
together by one rename. The only place that writes under landing/.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.connectors.base import READ_ROWS, Position
from dwh.datapath.sources.contract import TableContract, arrow_schema
from dwh.kernel.errors import DamagedFile

Kind = Literal["rows", "deletes"]
Amount = int | Decimal  # whole đồng of a money column, exact decimal of a decimal one

DELETES = pa.schema([pa.field("id", pa.int64(), nullable=False), pa.field("deleted_at", pa.timestamp("us"))])


@dataclass(frozen=True, slots=True)
class Batch:
    """One landed batch. `path` is its Parquet file; the manifest lies beside it with the same name and .json.

    Grain: one row per key read; of several batches holding a key, the one with the greatest `seq` is the newest.
    Units: `vnd` are sums over the batch per control column, đồng.
    """

    source: str
    table: str
    seq: int
    kind: Kind
    path: Path
    rows: int
    vnd: Mapping[str, Amount]
    sha256: str
    cursor_from: Position | None
    cursor_to: Position | None
    span: tuple[Position, Position] | None  # first and last position among the rows themselves
    started_at: datetime
    finished_at: datetime
    contract_hash: str

    @property
    def batch_id(self) -> str:
        return f"{self.source}.{self.table}.{self.seq:06d}"

    @property
    def manifest(self) -> Path:
        return self.path.with_suffix(".json")


@dataclass(slots=True)
class Draft:
    """A batch to be written: where it goes and what is known of it before its rows are."""

    settings: DataPathSettings
    source: str
    table: TableContract
    kind: Kind
    cursor_from: Position | None
    now: datetime
    schema: pa.Schema = field(init=False)

    def __post_init__(self) -> None:
        self.schema = DELETES if self.kind == "deletes" else arrow_schema(self.table)


def folder_of(settings: DataPathSettings, source: str, table: str) -> Path:
    return settings.landing / source / table


def batches(settings: DataPathSettings, source: str, table: str) -> list[Batch]:
    """Return the landed batches in the order they were read; looks at manifests only, verifies nothing.

    Raises:
        DamagedFile: a manifest cannot be read.
    """
    folder = folder_of(settings, source, table)
    return [read_manifest(path) for path in sorted(folder.glob("[0-9]*.json"))]


def write_batch(
    draft: Draft, chunks: Iterable[pa.RecordBatch], *, cursor_to: Callable[[], Position | None]
) -> Batch | None:
    """Write the chunks as one batch and commit it; None, and no trace, when they hold no row.

    `cursor_to` is asked once all chunks are read. A process killed before the last rename leaves nothing that
    counts; `clean_up` removes its leftovers.
    """
    folder = folder_of(draft.settings, draft.source, draft.table.name)
    folder.mkdir(parents=True, exist_ok=True)
    seq, began = _next_seq(folder), time.perf_counter()
    path = folder / f"{seq:06d}-{draft.kind}.parquet"
    temporary = path.with_suffix(".parquet.tmp")
    totals, sha256 = _write_parquet(temporary, draft, chunks)
    if not totals.rows:
        temporary.unlink()
        return None
    batch = Batch(
        source=draft.source, table=draft.table.name, seq=seq, kind=draft.kind, path=path,
        rows=totals.rows, vnd=totals.vnd, sha256=sha256, span=totals.span,
        cursor_from=draft.cursor_from, cursor_to=cursor_to(), started_at=draft.now,
        finished_at=draft.now + timedelta(seconds=round(time.perf_counter() - began, 3)),
        contract_hash=draft.table.fingerprint,
    )  # fmt: skip
    temporary.rename(path)
    _commit_manifest(batch)
    return batch


def verify_batch(batch: Batch) -> None:
    """Read the whole batch file and compare it with its manifest.

    Raises:
        DamagedFile: the file is missing, or any byte of it or of the manifest has changed.
    """
    if not batch.path.is_file():
        raise _damaged(batch.path, "không còn tệp dữ liệu")
    with batch.path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != batch.sha256:
            raise _damaged(batch.path, "nội dung đã bị thay đổi")
    read_manifest(batch.manifest)


def set_aside(batch: Batch) -> None:
    """Move a damaged batch to damaged/, so that the next sync of its source reads its rows again."""
    set_aside_files(batch.path)


def set_aside_files(path: Path) -> None:
    """Move the Parquet file and the manifest of one batch to damaged/; either may be missing."""
    damaged = path.parent / "damaged"
    damaged.mkdir(exist_ok=True)
    for name in (
        path.with_suffix(".parquet"),
        path.with_suffix(".json"),
    ):  # the manifest last: it is the batch
        with suppress(FileNotFoundError):
            name.rename(damaged / name.name)
    if not (damaged / path.with_suffix(".json").name).exists():
        (damaged / path.with_suffix(".json").name).write_text("{}", encoding="utf-8")
    _sync_folder(damaged)
    _sync_folder(path.parent)


def waiting_repairs(folder: Path) -> list[tuple[Path, tuple[Position, Position] | None]]:
    """Return the manifests set aside and not read again yet, each with the span of its rows, None when unknown."""
    found: list[tuple[Path, tuple[Position, Position] | None]] = []
    for path in sorted((folder / "damaged").glob("[0-9]*.json")):
        if path.name.endswith(".repaired.json"):
            continue
        try:
            found.append((path, read_manifest(path).span))
        except DamagedFile:
            found.append((path, None))
    return found


def mark_repaired(manifest: Path) -> None:
    """Remember that the rows of a batch set aside have been read again."""
    manifest.rename(manifest.with_suffix(".repaired.json"))


def clean_up(folder: Path) -> int:
    """Remove what a killed run left behind and return how many files that was."""
    leftovers = [*folder.glob("*.tmp")]
    leftovers += [path for path in folder.glob("*.parquet") if not path.with_suffix(".json").exists()]
    for path in leftovers:
        path.unlink()
    return len(leftovers)


@dataclass(slots=True)
class _Totals:
    rows: int = 0
    vnd: dict[str, Amount] = field(default_factory=dict)
    span: tuple[Position, Position] | None = None

    def add(self, chunk: pa.RecordBatch, draft: Draft) -> None:
        self.rows += chunk.num_rows
        if draft.kind == "deletes":
            return
        for name in draft.table.money:
            self.vnd[name] = self.vnd.get(name, 0) + (pc.sum(chunk.column(name)).as_py() or 0)
        if chunk.num_rows:
            low, high = _span_of(chunk, draft.table)
            self.span = (min(self.span[0], low), max(self.span[1], high)) if self.span else (low, high)


def _span_of(chunk: pa.RecordBatch, table: TableContract) -> tuple[Position, Position]:
    """Return the first and the last position of the chunk; the id of each end is the widest of its moment."""
    bounds = pc.min_max(chunk.column(table.cursor))
    keys = pc.min_max(chunk.column(table.key))
    low, high = bounds["min"].as_py(), bounds["max"].as_py()
    return Position(low, keys["min"].as_py()), Position(high, keys["max"].as_py())


class _HashedFile:
    """A file that knows the sha256 of what was written to it, so that nothing is read twice."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sha256 = hashlib.sha256()
        self.closed = False

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
        with pq.ParquetWriter(hashed, draft.schema, compression="zstd", compression_level=1) as writer:
            for chunk in chunks:
                totals.add(chunk, draft)
                writer.write_batch(chunk, row_group_size=READ_ROWS)
        file.flush()
        os.fsync(file.fileno())
    return totals, hashed.hexdigest()


def _commit_manifest(batch: Batch) -> None:
    body = _to_json(batch)
    body["manifest_sha256"] = _digest(body)
    temporary = batch.manifest.with_suffix(".json.tmp")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(body, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(batch.manifest)
    _sync_folder(batch.path.parent)


def read_manifest(path: Path) -> Batch:
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        if body.pop("manifest_sha256") != _digest(body):
            raise ValueError("digest")
        return _from_json(body, path)
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        raise _damaged(path, "biên bản của lô không còn nguyên vẹn") from None


def _to_json(batch: Batch) -> dict[str, Any]:
    return {
        "batch_id": batch.batch_id, "source": batch.source, "table": batch.table, "seq": batch.seq,
        "kind": batch.kind, "file": batch.path.name, "rows": batch.rows,
        "vnd": {name: value if isinstance(value, int) else str(value) for name, value in batch.vnd.items()},
        "sha256": batch.sha256, "cursor_from": _plain(batch.cursor_from), "cursor_to": _plain(batch.cursor_to),
        "span": [_plain(end) for end in batch.span] if batch.span else None,
        "started_at": batch.started_at.isoformat(), "finished_at": batch.finished_at.isoformat(),
        "contract": batch.contract_hash,
    }  # fmt: skip


def _from_json(body: dict[str, Any], path: Path) -> Batch:
    ends = [_position(end) for end in body["span"] or ()]
    return Batch(
        source=body["source"], table=body["table"], seq=body["seq"], kind=body["kind"],
        path=path.with_name(body["file"]), rows=body["rows"],
        vnd={name: value if isinstance(value, int) else Decimal(value) for name, value in body["vnd"].items()},
        sha256=body["sha256"], cursor_from=_position(body["cursor_from"]), cursor_to=_position(body["cursor_to"]),
        span=(ends[0], ends[1]) if len(ends) == 2 and ends[0] and ends[1] else None,
        started_at=datetime.fromisoformat(body["started_at"]),
        finished_at=datetime.fromisoformat(body["finished_at"]), contract_hash=body["contract"],
    )  # fmt: skip


def _plain(position: Position | None) -> list[Any] | None:
    return [position.at.isoformat(), position.id] if position else None


def _position(plain: list[Any] | None) -> Position | None:
    return Position(datetime.fromisoformat(plain[0]), plain[1]) if plain else None


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _next_seq(folder: Path) -> int:
    """Return a number no batch of this table ever had, those set aside included."""
    taken = [
        int(path.name[:6]) for pattern in ("[0-9]*.json", "damaged/[0-9]*") for path in folder.glob(pattern)
    ]
    return max(taken, default=0) + 1


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _damaged(path: Path, why: str) -> DamagedFile:
    source = path.parent.parent.name
    return DamagedFile(
        f"Lô dữ liệu «{path.parent.name}/{path.stem}» bị hỏng: {why}. Chạy lại «dwh sync {source}»: "
        "lô hỏng được cất riêng và đọc lại từ nguồn, không mất dữ liệu.",
        path=str(path), source=source,
    )  # fmt: skip
