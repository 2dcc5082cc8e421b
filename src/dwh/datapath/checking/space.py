"""What the store takes on its disks, and how much is left."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from dwh.datapath.checking.findings import Area, Disk, Finding, Space
from dwh.datapath.settings import DataPathSettings
from dwh.kernel import vi
from dwh.kernel.law import QD_2366, cites

AREAS = ("landing", "parts", "releases", "work")


@cites(QD_2366.art("10.1.6"))
def measure(settings: DataPathSettings) -> tuple[list[Space], list[Disk]]:
    """Return the space of each area of the home folder, and the disks they lie on."""
    folders = [settings.home / area for area in AREAS if (settings.home / area).is_dir()]
    spaces = [Space(folder.name, *_size(folder)) for folder in folders]
    return spaces, _disks(folders)


def findings_of(disks: Iterable[Disk], least_percent: int) -> list[Finding]:
    """Return the disks with less than `least_percent` of them free: a warning, not a fault of the store."""
    return [
        Finding(
            Area.SPACE, ", ".join(disk.areas),
            f"Đĩa còn trống {vi.percent(disk.free_percent)}, dưới ngưỡng {least_percent}{vi.GAP}%.",
            "Mở rộng đĩa trước khi đầy. Số liệu chính thức lưu lâu dài: không xóa bản công bố để lấy chỗ.",
            grave=False,
        )
        for disk in disks
        if disk.free_percent < least_percent
    ]  # fmt: skip


def _size(folder: Path) -> tuple[int, int]:
    """Return bytes and files below a folder; what goes away while it is counted counts nothing."""
    total = files = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size
            except FileNotFoundError:
                continue
            files += 1
    return total, files


def _disks(folders: Iterable[Path]) -> list[Disk]:
    by_device: dict[int, list[Path]] = {}
    for folder in folders:
        by_device.setdefault(folder.stat().st_dev, []).append(folder)
    found = []
    for together in by_device.values():
        usage = shutil.disk_usage(together[0])
        found.append(Disk(tuple(folder.name for folder in together), usage.total, usage.free))
    return found
