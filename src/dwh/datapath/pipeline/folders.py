"""The folders of a builder: one builder at a time, no leftovers of a killed one, a journal of what was public.

The only place that removes anything under releases/ or parts/.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.parts import PartStore, sync
from dwh.datapath.warehouse.release import CURRENT, JOURNAL, MANIFEST, published_names, release_order
from dwh.kernel.errors import Conflict

CANDIDATE = ".candidate"


@contextmanager
def only_builder(settings: DataPathSettings) -> Iterator[None]:
    """Hold the builder's lock; it falls with the process, however that ends.

    Raises: Conflict when another build or publication is running.
    """
    settings.work.mkdir(parents=True, exist_ok=True)
    with (settings.work / "builder.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                "Một lượt tổng hợp hoặc công bố khác đang chạy. Hãy đợi lượt đó xong rồi chạy lại."
            ) from None
        yield


def clean_up(settings: DataPathSettings) -> int:
    """Remove what is not and never was public: candidates, half-published folders, unnamed parts, spill files."""
    settings.releases.mkdir(parents=True, exist_ok=True)
    public = set(published_names(settings))
    leftovers = [
        path for path in settings.releases.iterdir()
        if (path.is_dir() and not path.is_symlink() and path.name not in public) or path.name.startswith(".current-")
    ]  # fmt: skip
    for path in leftovers:
        path.unlink() if path.is_symlink() else shutil.rmtree(path)
    keep: set[str] = set()
    for name in public:
        keep |= Manifest.read(settings.releases / name / MANIFEST).files()
    shutil.rmtree(settings.parts / ".aside", ignore_errors=True)
    shutil.rmtree(settings.work / "spill", ignore_errors=True)
    return len(leftovers) + PartStore(settings.parts).sweep(keep)


def next_id(settings: DataPathSettings, today: str) -> str:
    """Return the id of the day's next release; numbers only grow, a path is never used twice."""
    taken = [release_order(name) for name in published_names(settings)]
    return f"{today}.{max((number for day, number in taken if day == today), default=0) + 1}"


def swap_current(settings: DataPathSettings, release_id: str) -> None:
    """Point `current` to a release with one rename(2): readers see the old one or the new one."""
    aside = settings.releases / f".current-{uuid.uuid4().hex}"
    aside.symlink_to(release_id)
    aside.rename(settings.releases / CURRENT)
    sync(settings.releases)


def write_journal(settings: DataPathSettings, action: str, release_id: str) -> None:
    """Remember that a release became public, or stopped being the current one."""
    line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "action": action, "release": release_id}
    with (settings.releases / JOURNAL).open("a", encoding="utf-8") as journal:
        journal.write(json.dumps(line) + "\n")
        journal.flush()
        os.fsync(journal.fileno())


def current_path(settings: DataPathSettings) -> Path | None:
    """Return the folder `current` points to, None before the first publication."""
    pointer = settings.releases / CURRENT
    return settings.releases / os.readlink(pointer) if pointer.is_symlink() else None


def current_manifest(settings: DataPathSettings) -> Manifest | None:
    path = current_path(settings)
    return Manifest.read(path / MANIFEST) if path else None
