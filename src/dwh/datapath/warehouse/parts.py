"""Immutable Parquet parts: parts/<schema>.<table>/<month|all>-<sha12>.parquet, shared by releases.

The name carries the content, so writing the same rows twice gives the same file, and a locked month can be
compared by its sha256. A part is written aside, synced to disk and renamed: it is whole or it does not exist.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dwh.datapath.retention.removal import remove
from dwh.kernel.errors import DamagedFile

READ_ONLY = 0o444  # of every published file: nobody's program writes into one by mistake


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
class PartStore:
    """The folder of parts. `at_once`: how many parts are written side by side."""

    root: Path
    at_once: int = 1

    def path(self, part: Part) -> Path:
        return self.root / part.file

    def relation(self, parts: Iterable[Part], *, filename: bool = False) -> str:
        """Return the SQL that reads these parts as one relation."""
        files = ", ".join(f"'{quoted(self.path(part))}'" for part in parts)
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
                remove(path, "unpublished_part")
                removed += 1
        return removed


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


def quoted(path: Path) -> str:
    """Return a path as it stands inside quotes of SQL."""
    return str(path).replace("'", "''")
