"""The manifest of a landed batch: the JSON file whose appearance commits it, and the value it stands for."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple

from dwh.datapath.sources.beside import is_of_files
from dwh.datapath.sources.connectors.base import Amount, Position
from dwh.kernel.errors import DamagedFile

Kind = Literal["rows", "deletes"]


class Stretch(NamedTuple):
    """A part of a first read along the key: the rows of (after, through], None: from the beginning, as of `upto`."""

    after: int | None
    through: int | None
    upto: Position


@dataclass(frozen=True, slots=True)
class Batch:
    """One landed batch. `path` is its Parquet file; the manifest lies beside it, same name with .json.

    Grain: one row per key read; of several batches holding a key, that with the greatest `seq` is the newest.
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
    span: tuple[Position, Position] | None  # lies around the positions of the rows themselves
    started_at: datetime
    finished_at: datetime
    contract_hash: str
    stretch: Stretch | None = None

    @property
    def batch_id(self) -> str:
        return f"{self.source}.{self.table}.{self.seq:06d}"

    @property
    def manifest(self) -> Path:
        return self.path.with_suffix(".json")


def commit_manifest(batch: Batch) -> None:
    """Write the manifest so that it appears whole or not at all, and survives a power cut once it has."""
    body = _to_json(batch)
    body["manifest_sha256"] = _digest(body)
    temporary = batch.manifest.with_suffix(".json.tmp")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(body, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(batch.manifest)
    sync_folder(batch.path.parent)


def read_manifest(path: Path) -> Batch:
    """Return the batch a manifest stands for.

    Raises:
        DamagedFile: it is not JSON, lacks a field, or its own digest does not hold.
    """
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        if body.pop("manifest_sha256") != _digest(body):
            raise ValueError("digest")
        return _from_json(body, path)
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        raise damaged(path, "biên bản của lô không còn nguyên vẹn") from None


def damaged(path: Path, why: str) -> DamagedFile:
    """Return the refusal that names the batch, what is wrong with it and the way out."""
    source = path.parent.parent.name
    again = "Nạp lại tệp gốc" if is_of_files(source) else f"Chạy lại «dwh sync {source}»"
    return DamagedFile(
        f"Lô dữ liệu «{path.parent.name}/{path.stem}» bị hỏng: {why}. {again}: "
        "lô hỏng được cất riêng và đọc lại từ nguồn, không mất dữ liệu.",
        path=str(path),
        source=source,
    )


def sync_folder(folder: Path) -> None:
    """Make renames inside the folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def plain_amounts(vnd: Mapping[str, Amount]) -> dict[str, int | str]:
    """Return the amounts as JSON can hold them without loss."""
    return {name: value if isinstance(value, int) else str(value) for name, value in vnd.items()}


def plain_position(position: Position | None) -> list[Any] | None:
    return [position.at.isoformat(), position.id] if position else None


def _to_json(batch: Batch) -> dict[str, Any]:
    body: dict[str, Any] = {
        "batch_id": batch.batch_id,
        "source": batch.source,
        "table": batch.table,
        "seq": batch.seq,
        "kind": batch.kind,
        "file": batch.path.name,
        "rows": batch.rows,
        "vnd": plain_amounts(batch.vnd),
        "sha256": batch.sha256,
        "cursor_from": plain_position(batch.cursor_from),
        "cursor_to": plain_position(batch.cursor_to),
        "span": [plain_position(end) for end in batch.span] if batch.span else None,
        "started_at": batch.started_at.isoformat(),
        "finished_at": batch.finished_at.isoformat(),
        "contract": batch.contract_hash,
    }
    if (
        batch.stretch
    ):  # absent, not empty, in a batch of changes: manifests written before there were any still hold
        after, through, upto = batch.stretch
        body["stretch"] = {"after": after, "through": through, "upto": plain_position(upto)}
    return body


def _from_json(body: dict[str, Any], path: Path) -> Batch:
    span, along = body["span"], body.get("stretch")
    return Batch(
        source=body["source"],
        table=body["table"],
        seq=body["seq"],
        kind=body["kind"],
        path=path.with_name(body["file"]),
        rows=body["rows"],
        vnd={name: _amount(value) for name, value in body["vnd"].items()},
        sha256=body["sha256"],
        cursor_from=_position(body["cursor_from"]) if body["cursor_from"] else None,
        cursor_to=_position(body["cursor_to"]) if body["cursor_to"] else None,
        span=(_position(span[0]), _position(span[1])) if span else None,
        started_at=datetime.fromisoformat(body["started_at"]),
        finished_at=datetime.fromisoformat(body["finished_at"]),
        contract_hash=body["contract"],
        stretch=Stretch(along["after"], along["through"], _position(along["upto"])) if along else None,
    )


def _amount(plain: int | str) -> Amount:
    return plain if isinstance(plain, int) else Decimal(plain)


def _position(plain: list[Any]) -> Position:
    return Position(datetime.fromisoformat(plain[0]), int(plain[1]))


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
