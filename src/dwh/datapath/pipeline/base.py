"""What a build stands on: the release in use when its files are whole, else the newest one before it that can be read.

The serving database is believed while its size, time and inode are those under which its sha256 last held, and it
opens: a look costs milliseconds. It is read whole when they differ, once a day (a disk may rot without touching a
file's time), on a full build, and after a reader stumbled over it: nobody reads gigabytes every hour for nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from dwh.datapath.pipeline.order import Order
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.engine import EngineFault
from dwh.datapath.warehouse.folders import current_id
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.parts import sha256_of
from dwh.datapath.warehouse.release import MANIFEST, SERVING, published_names, read_journal, release_order
from dwh.datapath.warehouse.serving import count_rows
from dwh.kernel.errors import DamagedFile

BELIEVED = "serving-believed.json"  # in work/: under which size, time, inode, and when, the sha256 held


@dataclass(frozen=True, slots=True)
class Base:
    """The manifest to start from, None when there is none. `broken`: readers cannot use the release in use."""

    manifest: Manifest | None
    broken: bool = False
    notes: tuple[str, ...] = ()

    @property
    def id(self) -> str | None:
        return self.manifest.id if self.manifest else None


def base_in(settings: DataPathSettings, locked: frozenset[str] = frozenset()) -> Base:
    """Return the release in use; when its manifest is damaged, the newest intact one before it, or nothing.

    Raises: DamagedFile when a month was locked after that one: only the lost manifest tells its published figures.
    """
    current = current_id(settings)
    if current is None:
        return Base(None)
    try:
        return Base(Manifest.read(settings.releases / current / MANIFEST))
    except DamagedFile as damage:
        earlier = _newest_intact(settings, before=current)
        if locked - set(earlier.locked if earlier else ()):
            raise DamagedFile(
                f"Tệp {MANIFEST} của bản số liệu «{current}» bị hỏng hoặc bị mất, mà có tháng đã khóa sau bản trước"
                " nó. Hãy khôi phục tệp này từ bản sao lưu rồi chạy lại.",
                **damage.facts,
            ) from damage
    start = f"tổng hợp lại từ bản «{earlier.id}»" if earlier else "tổng hợp lại toàn bộ từ các lô dữ liệu"
    return Base(earlier, True, (f"Tệp {MANIFEST} của bản «{current}» bị hỏng hoặc bị mất: {start}.",))


def look_over(base: Base, settings: DataPathSettings, order: Order, today: date) -> Base:
    """Return `base`, marked as broken when its serving database is not what was written."""
    if base.manifest is None or base.broken:
        return base
    if _is_whole(base.manifest, settings, today, thoroughly=order.full or order.distrust):
        return base
    return replace(base, broken=True, notes=(remade(base.manifest),))


def remade(manifest: Manifest) -> str:
    """Return the note of a release whose serving database is made again."""
    return (
        f"Tệp {SERVING} của bản «{manifest.id}» bị hỏng hoặc bị mất: bản mới được làm lại từ các phần đã lưu."
    )


def describe(path: Path) -> dict[str, Any]:
    """Return the size and sha256 of a serving database, for its manifest."""
    return {"bytes": path.stat().st_size, "sha256": sha256_of(path)}


def believe(release_id: str, path: Path, settings: DataPathSettings, today: date) -> None:
    """Remember that the sha256 of this serving database held today."""
    (settings.work / BELIEVED).write_text(json.dumps(_look(release_id, path, today)), encoding="utf-8")


def _newest_intact(settings: DataPathSettings, *, before: str) -> Manifest | None:
    """Return the newest manifest that can be read of those published before `before` and not withdrawn since."""
    last_act = {act["release"]: act["action"] for act in read_journal(settings)}
    for name in reversed(published_names(settings)):
        if release_order(name) < release_order(before) and last_act.get(name) != "withdrawn":
            try:
                return Manifest.read(settings.releases / name / MANIFEST)
            except DamagedFile:
                continue
    return None


def _is_whole(manifest: Manifest, settings: DataPathSettings, today: date, *, thoroughly: bool) -> bool:
    path = settings.releases / manifest.id / SERVING
    try:
        opens = _opens(path, manifest, settings)
        if opens and not thoroughly and _look(manifest.id, path, today) == _believed(settings):
            return True
        whole = describe(path) == manifest.serving if manifest.serving else opens  # one older than the digest
        if whole:
            believe(manifest.id, path, settings, today)
    except PermissionError:
        raise
    except OSError:
        return False
    return whole


def _opens(path: Path, manifest: Manifest, settings: DataPathSettings) -> bool:
    try:
        return count_rows(path, manifest.serving_rows, settings=settings) == manifest.serving_rows
    except EngineFault:
        return False


def _look(release_id: str, path: Path, today: date) -> dict[str, Any]:
    seen = path.stat()
    return {
        "release": release_id, "bytes": seen.st_size, "mtime_ns": seen.st_mtime_ns, "inode": seen.st_ino,
        "on": today.isoformat(),
    }  # fmt: skip


def _believed(settings: DataPathSettings) -> object:
    try:
        return json.loads((settings.work / BELIEVED).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
