"""Makes a candidate public, or takes the last publication back: one rename(2) each, all or nothing."""

from __future__ import annotations

from pathlib import Path

from dwh.datapath.pipeline.base import base_in, describe
from dwh.datapath.pipeline.report import BuildReport
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.folders import CANDIDATE, current_id, only_builder, swap_current, write_journal
from dwh.datapath.warehouse.manifest import Manifest, damaged
from dwh.datapath.warehouse.parts import PartStore, sync
from dwh.datapath.warehouse.release import (
    MANIFEST,
    SERVING,
    Release,
    current_release,
    published_names,
    read_journal,
    release_order,
)
from dwh.datapath.warehouse.serving import count_rows
from dwh.kernel.errors import AuditFailed, Conflict, DamagedFile, Invalid, NotFound
from dwh.kernel.progress import Progress, Silent


def publish(
    report_or_id: BuildReport | str,
    *,
    settings: DataPathSettings,
    progress: Progress | None = None,
    locked: frozenset[str] = frozenset(),
) -> Release:
    """Verify the candidate and make it the current release.

    `locked`: months locked since the candidate was built are checked too.
    Raises: NotFound (no such candidate), DamagedFile, AuditFailed (locked figures would change), Conflict
    (another builder, or the current release is not the one the candidate was built upon).
    """
    progress = progress or Silent()
    release_id = report_or_id if isinstance(report_or_id, str) else report_or_id.release_id
    if release_id is None:
        raise Invalid("Không có gì mới để công bố: số liệu không thay đổi từ bản đang công bố.")
    with only_builder(settings):
        candidate = _candidate(settings, release_id)
        manifest = Manifest.read(candidate / MANIFEST)
        base = base_in(settings).manifest
        _refuse_other_base(manifest, base)
        _refuse_changed_locks(manifest, base, locked | set(manifest.locked))
        _verify(candidate, manifest, settings, progress)
        progress.step("Công bố", total=1)
        _complete_journal(settings)
        candidate.rename(settings.releases / release_id)
        sync(settings.releases)
        swap_current(settings, release_id)
        write_journal(settings, "published", release_id)
        progress.advance(1)
    return current_release(settings)


def waiting_candidate(settings: DataPathSettings) -> str | None:
    """Return the id of the candidate that waits to be published, None when there is none."""
    found = settings.releases.glob(f"*{CANDIDATE}/{MANIFEST}")
    return max((path.parent.name.removesuffix(CANDIDATE) for path in found), key=release_order, default=None)


def undo(settings: DataPathSettings) -> Release:
    """Make the release before the current one current again; the newer one stays readable by its id.

    Raises: Conflict when there is no earlier release.
    """
    with only_builder(settings):
        base, current = base_in(settings), current_id(settings)
        previous = base.id if base.broken or base.manifest is None else base.manifest.previous
        if current is None or previous is None or previous not in published_names(settings):
            raise Conflict("Không có bản số liệu nào trước bản đang công bố để quay lại.")
        write_journal(settings, "withdrawn", current)
        swap_current(settings, previous)
        write_journal(settings, "restored", previous)
    return current_release(settings)


def _complete_journal(settings: DataPathSettings) -> None:
    """Write down a publication that was cut after its swap, before the pointer that alone names it moves on."""
    current = current_id(settings)
    if current and current not in {act["release"] for act in read_journal(settings)}:
        write_journal(settings, "published", current)


def _candidate(settings: DataPathSettings, release_id: str) -> Path:
    path = settings.releases / f"{release_id}{CANDIDATE}"
    if path.parent != settings.releases or not (path / MANIFEST).is_file():
        raise NotFound(
            f"Không có bản tổng hợp «{release_id}» đang chờ công bố. Hãy chạy `dwh build` trước.",
            release=release_id,
        )
    return path


def _refuse_other_base(manifest: Manifest, base: Manifest | None) -> None:
    if manifest.previous != (base.id if base else None):
        raise Conflict(
            f"Bản đang công bố đã đổi từ khi tổng hợp «{manifest.id}». Hãy chạy `dwh build` lại rồi công bố.",
            release=manifest.id,
        )


def _refuse_changed_locks(
    manifest: Manifest, base: Manifest | None, locked: frozenset[str] | set[str]
) -> None:
    """A locked month is byte-identical in every later release (QĐ-2366 Điều 4.2.7)."""
    if base is None:
        return
    for table in sorted(set(base.parts) | set(manifest.parts)):
        if table.startswith("landed."):  # what arrives late is kept, and waits; it is not a published figure
            continue
        for month in sorted(locked):
            old, new = base.parts.get(table, {}).get(month), manifest.parts.get(table, {}).get(month)
            if (old.sha256 if old else None) != (new.sha256 if new else None):
                raise AuditFailed(
                    f"Tháng {month} đã khóa nhưng bảng {table} có số khác với bản đã công bố. Không công bố."
                    " Hãy tổng hợp lại, hoặc mở khóa theo đúng thẩm quyền trước.",
                    table=table,
                    month=month,
                )


def _verify(candidate: Path, manifest: Manifest, settings: DataPathSettings, progress: Progress) -> None:
    """Every byte of every part and of the serving database, and its row counts."""
    store = PartStore(settings.parts)
    parts = [part for months in manifest.parts.values() for part in months.values()]
    progress.step("Kiểm tra từng tệp số liệu", total=len(parts), unit="tệp")
    for done, part in enumerate(parts, start=1):
        progress.check()
        store.verify(part)
        progress.advance(done)
    try:
        if describe(candidate / SERVING) != manifest.serving:
            raise damaged(candidate / SERVING)
    except FileNotFoundError:
        raise damaged(candidate / SERVING) from None
    counted = count_rows(candidate / SERVING, manifest.serving_rows, settings=settings)
    if counted != manifest.serving_rows:
        raise DamagedFile(
            f"Tệp số liệu của bản «{manifest.id}» không đủ dòng. Bản đang công bố giữ nguyên;"
            " hãy chạy `dwh build` lại.",
            release=manifest.id,
        )
