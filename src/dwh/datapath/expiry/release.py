"""The only job that removes official figures: it asks the retention table, tells the journal, and then removes.

A process that is killed in between leaves a release the journal calls removed; the next build takes the rest away.
"""

from __future__ import annotations

from dataclasses import dataclass

from dwh.datapath.retention.removal import Permit, kept, may_remove, remove
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.folders import current_id, only_builder, write_journal
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.release import MANIFEST, published_names
from dwh.kernel.errors import Conflict, NotFound
from dwh.kernel.law import QD_2366, cites


@dataclass(frozen=True, slots=True)
class Removed:
    """What went with a release: its parts no other release needs. Units: files, bytes."""

    release: str
    parts: int
    bytes: int


def removable(settings: DataPathSettings) -> list[str]:
    """Return the ids of the published releases a decision may name: every one but the one in use, newest first."""
    current = current_id(settings)
    return [name for name in reversed(published_names(settings)) if name != current]


@cites(QD_2366.art("4.2.3"))
def remove_release(release_id: str, permit: Permit | None, *, settings: DataPathSettings) -> Removed:
    """Remove a published release for good.

    Raises:
        Kept: no permit names it. NotFound: no such release. Conflict: it is the one in use.
        DamagedFile: the manifest of another release cannot be read, so nobody knows which parts it needs.

    Source: QĐ-2366 Điều 4.2.3.
    """
    if permit is None or not may_remove("release", release_id, permit):
        raise kept("release", release_id)
    with only_builder(settings):
        names = published_names(settings)
        if release_id not in names:
            raise NotFound(f"Không có bản số liệu «{release_id}» trong kho.", release=release_id)
        if release_id == current_id(settings):
            raise Conflict("Bản này đang dùng. Công bố bản khác rồi mới xóa được.", release=release_id)
        needed = {name: Manifest.read(settings.releases / name / MANIFEST).files() for name in names}
        own = needed.pop(release_id)
        loose = [settings.parts / file for file in sorted(own - set().union(*needed.values()))]
        sizes = sum(path.stat().st_size for path in (*loose, *(settings.releases / release_id).iterdir()))
        write_journal(settings, "removed", release_id, decision=permit.number, document_no=permit.document_no)
        remove(settings.releases / release_id, "release", what=release_id, permit=permit)
        for path in loose:
            remove(path, "part", what=release_id, permit=permit)
    return Removed(release_id, len(loose), sizes)
