"""Which landed batches were verified as they lie there now, so that an hourly sync does not re-read years of data.

A file whose size, time and inode are those of its last verification is taken to be the same; the monthly check of
the database reads every byte whatever they are (row C-23). The notes are a saving, never evidence: without them
everything is verified again.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from dwh.datapath.sources import landing
from dwh.datapath.sources.manifest import read_manifest

_NOTES = ".verified.json"


class Verified:
    """The notes of one table's folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NOTES
        try:
            self._known: dict[str, list[list[int]]] = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._known = {}
        self._seen: dict[str, list[list[int]]] = {}

    def verify(self, manifest: Path) -> None:
        """Verify the batch of a manifest, unless it lies there as it did when it was last verified.

        Raises:
            DamagedFile: the file is missing, or any byte of it or of the manifest has changed.
        """
        stamp = _stamp(manifest)
        if stamp is None or self._known.get(manifest.name) != stamp:
            landing.verify_batch(read_manifest(manifest))
        if stamp is not None:
            self._seen[manifest.name] = stamp

    def save(self) -> None:
        """Remember what was verified; notes of batches that are gone are dropped."""
        if self._seen != self._known:
            aside = self._path.with_suffix(".tmp")
            aside.write_text(json.dumps(self._seen), encoding="utf-8")
            aside.rename(self._path)


def _stamp(manifest: Path) -> list[list[int]] | None:
    try:
        stats = [os.stat(path) for path in (manifest, manifest.with_suffix(".parquet"))]
    except FileNotFoundError:
        return None
    return [[one.st_size, one.st_mtime_ns, one.st_ino] for one in stats]
