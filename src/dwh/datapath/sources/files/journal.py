"""The journal of files that landed: one JSON per file, its number for life, what came of it, what was held.

A file is known by its sha256. Its number is part of the id of its rows, so it is given once and never again; the
entry is written before the first row lands, and completed when all have, so a killed load goes on where it stopped.
The only place that writes under landing/<source>/files/.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.manifest import sync_folder
from dwh.kernel.errors import Conflict, DamagedFile


@dataclass(frozen=True, slots=True)
class Entry:
    """One file. `facts` are what its load found out; `complete` says that all its rows have landed."""

    number: int
    name: str
    sha256: str
    size: int
    received_at: datetime
    by: str
    facts: dict[str, Any]
    complete: bool = False

    def completed(self, **facts: Any) -> Entry:
        """Return the entry of a file that has landed whole, with what is known now."""
        return replace(self, facts=self.facts | facts, complete=True)


class Journal:
    """The entries of one source of files."""

    def __init__(self, settings: DataPathSettings, source: str) -> None:
        self.source = source
        self._root = settings.landing / source
        self.folder = self._root / "files"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the source's lock; the system releases it when the process ends, however it ends.

        Raises:
            Conflict: another load of this source is running.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self._root / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Conflict(
                    "Một tệp khác đang được nạp. Chờ xong rồi nạp lại.", source=self.source
                ) from None
            yield

    def entries(self) -> list[Entry]:
        """Return all entries, oldest first.

        Raises:
            DamagedFile: an entry cannot be read.
        """
        return [self._read(path) for path in sorted(self.folder.glob("[0-9]*.json"))]

    def find(self, sha256: str) -> Entry | None:
        return next((entry for entry in self.entries() if entry.sha256 == sha256), None)

    def next_number(self) -> int:
        """Return a number no file ever had; an entry that cannot be read keeps its number."""
        return max((int(path.name.split(".")[0]) for path in self.folder.glob("[0-9]*.json")), default=0) + 1

    def write(self, entry: Entry) -> None:
        """Write the entry so that it appears whole or not at all, and survives a power cut once it has."""
        path = self.folder / f"{entry.number:06d}.json"
        temporary = path.with_suffix(".json.tmp")
        body = asdict(entry) | {"received_at": entry.received_at.isoformat()}
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(body, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
        sync_folder(self.folder)

    def problems_file(self, number: int) -> Path:
        """Return where the reasons of held packages of a file are kept, one JSON a line."""
        return self.folder / f"{number:06d}.held.jsonl"

    def _read(self, path: Path) -> Entry:
        try:
            body = json.loads(path.read_text(encoding="utf-8"))
            body["received_at"] = datetime.fromisoformat(body["received_at"])
            return Entry(**body)
        except (OSError, ValueError, KeyError, TypeError):
            raise DamagedFile(
                f"Sổ nạp tệp «{path.name}» không đọc được. Khôi phục tệp này từ bản sao lưu rồi nạp lại.",
                path=str(path),
                source=self.source,
            ) from None
