"""A sync killed at any moment loses nothing and doubles nothing: kill -9 of a real process, then again."""

from __future__ import annotations

import random
import signal
import time
from multiprocessing import get_context

import pytest

from dwh.datapath.sources.landing import batches, verify_batch
from dwh.datapath.sources.tests.miniature import LINES, landed_lines, sync
from dwh.datapath.sources.tests.sync_child import sync_and_tell

ROWS, BATCH, KILLS = 6_000, 250, 6


@pytest.mark.slow
def test_kill_9_at_random_moments_ends_equal_to_the_source(source, settings_for, tmp_path):
    source.fill(ROWS)
    began = time.monotonic()
    _run(source, tmp_path / "rehearsal").join()
    whole, chance, killed = time.monotonic() - began, random.Random(11), 0
    while killed < KILLS:
        child = _run(source, tmp_path / "home")
        child.join(timeout=chance.uniform(0, whole / 2))
        child.kill()
        child.join()
        killed += child.exitcode == -signal.SIGKILL
        source.touch_all(since=(killed + 1) * 10 * ROWS)  # so that the next child has as much to do
        source.remove(chance.randrange(1, ROWS))
    _ends_equal(source, settings_for(source))


def _run(source, home):
    """Start a sync in a process of its own and return it once it has begun."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["dwh.datapath.sources.tests.sync_child"])
    here, there = context.Pipe()
    child = context.Process(target=sync_and_tell, args=(source.url, home, BATCH, there), daemon=True)
    child.start()
    there.close()
    assert here.recv() == "begins"
    here.close()
    return child


def _ends_equal(source, settings):
    sync(source, settings)
    assert landed_lines(settings) == source.lines()
    landed = batches(settings, "collection", LINES)
    for batch in landed:
        verify_batch(batch)
    assert not list((settings.landing / "collection" / LINES).glob("*.tmp"))
    assert [batch.seq for batch in landed] == sorted({batch.seq for batch in landed})
    again = sync(source, settings)
    assert (again.rows, again.deletes) == (0, 0)
