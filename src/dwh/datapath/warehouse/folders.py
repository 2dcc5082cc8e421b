"""The folders of a builder: one builder at a time, no leftovers of a killed one, a journal of what was public.

What nobody was ever shown is removed here, what was published only by `expiry`; both ask the retention table.
"""

from __future__ import annotations

import fcntl
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from dwh.datapath.retention.removal import remove
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.parts import READ_ONLY, PartStore, sync
from dwh.datapath.warehouse.release import (
    CURRENT,
    JOURNAL,
    MANIFEST,
    REMOVED,
    SERVING,
    gone_releases,
    published_names,
    read_journal,
    release_order,
)
from dwh.kernel.errors import Conflict, DamagedFile
from dwh.kernel.law import QC_DWH, QD_2366, cites

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


def clean_up(settings: DataPathSettings) -> list[str]:
    """Remove what is not and never was public: candidates, half-published folders, unnamed parts, spill files.

    Returns the public releases whose manifest cannot be read or whose folder is gone: as long as there is one, no
    part is removed, for it may need any of them.
    """
    settings.releases.mkdir(parents=True, exist_ok=True)
    public = set(published_names(settings))
    removed = {act["release"] for act in read_journal(settings) if act["action"] == REMOVED}
    leftovers = [
        path for path in settings.releases.iterdir()
        if (path.is_dir() and not path.is_symlink() and path.name not in public) or path.name.startswith(".current-")
    ]  # fmt: skip
    for path in leftovers:
        remove(path, "removed_release" if path.name in removed else "candidate")
    keep: set[str] = set()
    unread = gone_releases(settings)
    for name in sorted(public, key=release_order):
        try:
            keep |= Manifest.read(settings.releases / name / MANIFEST).files()
        except DamagedFile:
            unread.append(name)
    for folder in (settings.parts / ".aside", settings.work / "spill", settings.work / "check"):
        remove(folder, "work")
    if not unread:
        PartStore(settings.parts).sweep(keep)
    return unread


def next_id(settings: DataPathSettings, today: str) -> str:
    """Return the id of the day's next release; numbers only grow, a path is never used twice."""
    named = {act["release"] for act in read_journal(settings)} | set(published_names(settings))
    taken = [release_order(name) for name in named]
    return f"{today}.{max((number for day, number in taken if day == today), default=0) + 1}"


def swap_current(settings: DataPathSettings, release_id: str) -> None:
    """Close a release for writing and point `current` to it with one rename(2): readers see the old or the new one."""
    close(settings, release_id)
    aside = settings.releases / f".current-{uuid.uuid4().hex}"
    aside.symlink_to(release_id)
    aside.rename(settings.releases / CURRENT)
    sync(settings.releases)


def write_journal(settings: DataPathSettings, action: str, release_id: str, **facts: object) -> None:
    """Remember that a release became public, stopped being the current one, or was removed by a decision."""
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "action": action,
        "release": release_id,
        **facts,
    }
    path = settings.releases / JOURNAL
    torn = path.is_file() and not (path.read_bytes() or b"\n").endswith(b"\n")
    with path.open("a", encoding="utf-8") as journal:
        journal.write(("\n" if torn else "") + json.dumps(line) + "\n")
        journal.flush()
        os.fsync(journal.fileno())


def current_id(settings: DataPathSettings) -> str | None:
    """Return the id `current` points to, None before the first publication."""
    pointer = settings.releases / CURRENT
    return os.readlink(pointer) if pointer.is_symlink() else None


@cites(QD_2366.art("10.5.1"), QC_DWH.art("7.5"))
def close(settings: DataPathSettings, release_id: str) -> None:
    """Take the right to write from every file of a release, those of an older program too.

    One whose manifest cannot be read is left as it is: its damage is told by whoever reads it.
    """
    folder, store = settings.releases / release_id, PartStore(settings.parts)
    with suppress(DamagedFile):
        manifest = Manifest.read(folder / MANIFEST)
        parts = (part for months in manifest.parts.values() for part in months.values())
        for path in (folder / MANIFEST, folder / SERVING, *(store.path(part) for part in parts)):
            if path.is_file() and path.stat().st_mode & 0o777 != READ_ONLY:
                path.chmod(READ_ONLY)
