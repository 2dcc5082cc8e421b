"""The disk is full at any moment of `dwh run`: one sentence, the last release stays, and with room again all is well.

A real disk: a tmpfs of its own, filled up to so many bytes. Where none can be mounted, a limit on the size of files.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.conftest import Day
from tests.acceptance.ready import Ready
from tests.acceptance.undisturbed import a_reader, content, looks
from tests.conftest import environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("steps")]
KIB = 1024
ROOMS = (0, 300, 5_000)  # KiB left for a run that needs more: it stops at another moment each
ROOMS += tuple(40 * 2**n for n in range(int(os.environ.get("DWH_ROOMS", "0"))))  # so many more
LARGEST = 100  # KiB a single file may have


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk with nothing on it but a home whose sources moved on by a day."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600m", "tmpfs", str(place)], check=False)
    if mounted.returncode:
        pytest.skip("this user may not mount a disk; the test of limited files runs")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def left(place: Path, kib: int) -> Path:
    """Fill the disk so that only so much is left; return what fills it."""
    there = os.statvfs(place)
    filler = place / "filler"
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, there.f_bavail * there.f_frsize - kib * KIB))
    return filler


def run(home: Path, largest: int = 0) -> subprocess.CompletedProcess[str]:
    """Run `dwh run`; no file it writes may be larger than so many KiB, if any are given."""

    limited = ["bash", "-c", f'ulimit -f {largest}; exec "$@"', "bash"] if largest else []
    return subprocess.run(
        [*limited, sys.executable, "-m", "dwh.site.cli", "run"], env=environment(home), capture_output=True,
        text=True, check=False,
    )  # fmt: skip


def release_of(home: Path) -> str:
    return os.readlink(home / "releases" / "current")


def failed_with_one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    lines = done.stderr.strip().splitlines()
    assert (done.returncode, len(lines)) == (1, 1), (done.returncode, done.stdout, done.stderr)
    assert "chạy lại" in lines[0], lines[0]
    assert "Lỗi chương trình" not in lines[0], lines[0]
    return lines[0]


def test_a_run_on_a_full_disk_stops_with_one_sentence_and_goes_on_when_there_is_room(
    day: Day, disk: Path, tmp_path: Path
) -> None:
    home, seen = day.copied(disk / "home"), tmp_path / "seen.txt"
    before = release_of(home)
    with a_reader(home, seen):
        for room in ROOMS:
            filler = left(disk, room)
            done = run(home)
            filler.unlink()
            print(f"{room} KiB left: {failed_with_one_sentence(done)}")
            assert release_of(home) == before
        with Ready(environment(home)) as ready:
            ready.run()
    print(f"{len(ROOMS)} full disks, no release lost; {looks(seen)}")
    assert release_of(home) != before
    assert content(home) == day.content


def test_a_run_whose_files_may_not_grow_stops_with_one_sentence_and_goes_on_when_they_may(
    day: Day, tmp_path: Path
) -> None:
    home = day.copied(tmp_path / "home")
    before = release_of(home)
    print(f"files of {LARGEST} KiB at most: {failed_with_one_sentence(run(home, largest=LARGEST))}")
    assert release_of(home) == before
    assert run(home).returncode == 0
    assert content(home) == day.content
