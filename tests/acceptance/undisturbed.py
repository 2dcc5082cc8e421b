"""What a home holds, what it would hold had nobody disturbed it, and a reader that never looks away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dwh.datapath.warehouse.release import current_release
from tests.acceptance.ready import Ready
from tests.conftest import at_home, environment, forget, settings_of

OF_THE_READING = {"batch_id", "last_batch_id", "first_seen"}  # when a row came, not what it says
Content = dict[str, list[tuple[str, ...]]]


def content(home: Path) -> Content:
    """Return every row of every table of the current release, without the batch each came in."""
    release = current_release(settings_of(home))
    found = {}
    for table in release.manifest["serving_rows"]:
        columns, rows = release.fetch(f"SELECT * FROM {table}", limit=5_000_000)
        keep = [i for i, name in enumerate(columns) if name not in OF_THE_READING]
        found[table] = sorted(tuple(str(row[i]) for i in keep) for row in rows)
    return found


def built_at_once(home: Path, calm: Path) -> Path:
    """Read the same sources into a home with nothing in it, in one undisturbed run, and return that home."""
    forget(at_home(home, calm))
    with Ready(environment(calm)) as ready:
        ready.run()
    return calm


@contextmanager
def a_reader(home: Path, seen: Path) -> Iterator[None]:
    """Let a reader look at the current release all the while, in a process of its own."""
    reader = subprocess.Popen(
        [sys.executable, "-m", "tests.acceptance.reader", str(home), str(seen)],
        env=environment(home), start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        os.killpg(reader.pid, signal.SIGKILL)
        reader.wait()


def looks(seen: Path) -> str:
    """Return how often the reader looked and at how many releases; every look was at a whole one."""
    lines = seen.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("BAD")] == []
    releases = {line.split()[1] for line in lines if line.startswith("ok")}
    return f"{len(lines)} looks of a reader, {len(releases)} whole releases seen"
