"""Immutable Parquet parts: parts/<schema>.<table>/<month|all>-<sha12>.parquet, shared by releases.

The name carries the content, so writing the same rows twice gives the same file, and a locked month can be
compared by its sha256. A part is written aside, synced to disk and renamed: it is whole or it does not exist.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dwh.datapath.warehouse.engine import Engine
from dwh.kernel.errors import DamagedFile

_COPY = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"


@dataclass(frozen=True, slots=True)
class Part:
    """One stored part. `sums` are control totals of its money columns, as exact decimal text."""

    file: str  # relative to parts/
    rows: int
    sha256: str
    sums: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"file": self.file, "rows": self.rows, "sha256": self.sha256, "sums": self.sums}

    @staticmethod
    def from_json(obj: dict[str, Any]) -> Part:
        return Part(obj["file"], obj["rows"], obj["sha256"], obj.get("sums", {}))


@dataclass(frozen=True, slots=True)
class Shape:
    """Columns and total order of a part: the same rows give the same bytes, whoever computed them."""

    columns: tuple[str, ...]
    order: tuple[str, ...]

    def select(self, rows: str) -> str:
        """Return the ordered SELECT to store.

        DuckDB writes a column as "required" when its statistics happen to know that it has no NULL, so the bytes
        would depend on how the rows were computed. A condition it cannot see through makes every column optional.
        """
        names = ", ".join(self.columns)
        cast = ", ".join(f"CASE WHEN is_row THEN {name} END AS {name}" for name in self.columns)
        ordered = f"SELECT {names} FROM ({rows}) ORDER BY {', '.join(self.order)}"
        return f"SELECT {cast} FROM (SELECT {names}, random() >= 0 AS is_row FROM ({ordered}))"


@dataclass(frozen=True, slots=True)
class Writing:
    """One part to write: the rows of a SELECT, for one month of a table. `sums`: name → expression to add up."""

    table: str
    month: str
    rows: str
    shape: Shape
    sums: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartStore:
    """The folder of parts. `at_once`: how many parts are written side by side."""

    root: Path
    at_once: int = 1

    def write_all(self, engine: Engine, jobs: Sequence[Writing]) -> list[Part]:
        """Store several parts and return them in the order asked for.

        A part of up to one row group is encoded by one thread of the engine, so small ones go side by side.
        """
        if self.at_once < 2 or len(jobs) < 2:
            return [self._write(engine, job) for job in jobs]
        with ThreadPoolExecutor(self.at_once) as pool:
            waiting = [pool.submit(self._write, engine, job) for job in jobs]
            try:
                return [one.result() for one in waiting]
            except BaseException:
                for one in waiting:
                    one.cancel()
                raise

    def _write(self, engine: Engine, job: Writing) -> Part:
        """Store the rows of a SELECT in the shape's order; return the part."""
        aside = self.root / ".aside"
        aside.mkdir(parents=True, exist_ok=True)
        temporary = aside / f"{uuid.uuid4().hex}.parquet"
        try:
            engine.run(f"COPY ({job.shape.select(job.rows)}) TO '{_quoted(temporary)}' {_COPY}")
            counted, totals = _measure(engine, temporary, job.sums)
            digest = sha256_of(temporary)
            folder = self.root / job.table
            folder.mkdir(exist_ok=True)
            final = folder / f"{job.month}-{digest[:12]}.parquet"
            sync(temporary)
            temporary.rename(final)
            sync(folder)
        finally:
            temporary.unlink(missing_ok=True)
        return Part(f"{job.table}/{final.name}", counted, digest, totals)

    def path(self, part: Part) -> Path:
        return self.root / part.file

    def relation(self, parts: Iterable[Part], *, filename: bool = False) -> str:
        """Return the SQL that reads these parts as one relation."""
        files = ", ".join(f"'{_quoted(self.path(part))}'" for part in parts)
        return f"read_parquet([{files}]{', filename=true' if filename else ''})"

    def verify(self, part: Part) -> None:
        """Raises: DamagedFile when the bytes are not those that were written."""
        path = self.path(part)
        if not path.is_file() or sha256_of(path) != part.sha256:
            raise DamagedFile(
                f"Tệp số liệu {part.file} bị hỏng hoặc bị mất. Bản đang công bố giữ nguyên; hãy khôi phục tệp"
                " từ bản sao lưu, hoặc chạy `dwh build --full` để tổng hợp lại từ dữ liệu gốc.",
                file=part.file,
            )

    def sweep(self, keep: set[str]) -> int:
        """Remove what no manifest names (left by a killed or unpublished build); return how many files."""
        removed = 0
        for path in self.root.glob("*/*.parquet"):
            if f"{path.parent.name}/{path.name}" not in keep:
                path.unlink()
                removed += 1
        return removed


def _measure(engine: Engine, path: Path, sums: dict[str, str]) -> tuple[int, dict[str, str]]:
    words = ["count(*)", *(f"COALESCE(SUM({expression}), 0)" for expression in sums.values())]
    [row] = engine.rows(f"SELECT {', '.join(words)} FROM read_parquet('{_quoted(path)}')")
    return int(row[0]), dict(zip(sums, (str(value) for value in row[1:]), strict=True))


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
