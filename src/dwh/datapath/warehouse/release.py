"""Published releases: which one is current, and questions put to one. Nothing here writes."""

from __future__ import annotations

import json
import os
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.engine import Engine, Params, Stopped, Unreadable
from dwh.datapath.warehouse.manifest import damaged, read_body
from dwh.datapath.warehouse.serving import open_serving
from dwh.kernel.errors import NotFound

CURRENT = "current"  # the symlink; publish swaps it with rename(2)
JOURNAL = "journal.jsonl"  # which releases were public, one line per act
REMOVED = "removed"  # the act of the journal: by an approved decision, for good
MANIFEST = "manifest.json"
SERVING = "serving.duckdb"
KEPT_OPEN = 4  # releases whose engine a process keeps open: the current one and a few being reproduced

_engines: dict[tuple[int, Path], Engine] = {}
_releases: dict[Path, Release] = {}
_lock = threading.Lock()


class Limits(TypedDict):
    """How much one question may take; see `Engine.fetch`."""

    limit: int
    timeout_s: float | None
    stopped: Stopped | None


@dataclass(frozen=True, slots=True)
class Release:
    """One immutable release: its manifest (see pipeline.manifest) and its serving database."""

    id: str
    path: Path
    manifest: dict[str, Any] = field(repr=False, compare=False)
    settings: DataPathSettings = field(repr=False, compare=False)

    def fetch(
        self,
        sql: str,
        params: Params = (),
        *,
        limit: int,
        timeout_s: float | None = None,
        stopped: Stopped | None = None,
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return column names and rows of a query on this release.

        Raises: TooManyRows beyond `limit` (the rest is not read); TooSlow after `timeout_s`; Cancelled
        when `stopped`; DamagedFile when the serving database is missing or a block of it is not what was written.
        """
        try:
            return self.engine().fetch(sql, params, limit=limit, timeout_s=timeout_s, stopped=stopped)
        except Unreadable as fault:
            with _lock:
                _engines.pop((os.getpid(), self.path), None)  # a restored file is opened anew
            raise damaged(self.path / SERVING) from fault

    def engine(self) -> Engine:
        """Return the read-only engine of this process for this release; opened once, one cursor per call."""
        key = (os.getpid(), self.path)
        with _lock:
            engine = _engines.pop(key, None)
            if engine is None:
                engine = open_serving(self.path / SERVING, self.settings)
            _engines[key] = engine  # last used goes last
            while len(_engines) > KEPT_OPEN:
                _engines.pop(next(iter(_engines)))  # closes when its last running question lets go
            return engine


def current_release(settings: DataPathSettings) -> Release:
    """Return the release that is published now; the pointer is read on every call, so a swap is seen at once.

    Raises: NotFound when nothing was ever published; DamagedFile when its manifest cannot be read.
    """
    try:
        release_id = os.readlink(settings.releases / CURRENT)
    except FileNotFoundError:
        raise NotFound(
            "Chưa có bản số liệu nào được công bố. Hãy chạy `dwh run` để đồng bộ, tổng hợp và công bố."
        ) from None
    return _open(settings.releases / release_id, settings)


def release_named(release_id: str, settings: DataPathSettings) -> Release:
    """Return a published release by its id. Raises: NotFound, DamagedFile."""
    if release_id not in published_names(settings):
        raise NotFound(
            f"Không có bản số liệu «{release_id}». Hãy chọn một bản trong danh sách các bản đã công bố.",
            release=release_id,
        )
    return _open(settings.releases / release_id, settings)


def releases(settings: DataPathSettings) -> list[Release]:
    """Return every published release, oldest first."""
    return [_open(settings.releases / name, settings) for name in published_names(settings)]


def release_order(release_id: str) -> tuple[str, int]:
    """Return the sort key of `YYYY-MM-DD.N`: the tenth release of a day comes after the ninth."""
    day, _, number = release_id.partition(".")
    return day, int(number)


def published_names(settings: DataPathSettings) -> list[str]:
    """Return the ids of every release that is or was public, oldest first.

    The journal names them; a release whose publication was cut after the swap is known by the pointer itself.
    One whose files are damaged is still public: nothing of it is removed.
    """
    return sorted((n for n in _ever_public(settings) if (settings.releases / n).is_dir()), key=release_order)


def gone_releases(settings: DataPathSettings) -> list[str]:
    """Return the published releases whose folder is gone and that no decision removed, oldest first."""
    return sorted(
        (n for n in _ever_public(settings) if not (settings.releases / n).is_dir()), key=release_order
    )


def _ever_public(settings: DataPathSettings) -> set[str]:
    """Return what was published and not removed by a decision."""
    acts = read_journal(settings)
    names = {act["release"] for act in acts} - {act["release"] for act in acts if act["action"] == REMOVED}
    with suppress(FileNotFoundError):
        names.add(os.readlink(settings.releases / CURRENT))
    return names


def read_journal(settings: DataPathSettings) -> list[dict[str, str]]:
    """Return the acts of publication, oldest first; a line torn by a power cut tells nothing."""
    try:
        text = (settings.releases / JOURNAL).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    acts = []
    for line in text.splitlines():
        with suppress(ValueError):
            acts.append(json.loads(line))
    return [act for act in acts if isinstance(act, dict) and {"action", "release"} <= act.keys()]


def _open(path: Path, settings: DataPathSettings) -> Release:
    with _lock:
        release = _releases.get(path)
    if release is None:
        manifest = read_body(path / MANIFEST)
        release = Release(id=path.name, path=path, manifest=manifest, settings=settings)
        with _lock:
            _releases[path] = release
    return release
