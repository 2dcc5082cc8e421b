"""kill -9 of `dwh run` at random moments: nothing lost, nothing doubled, readers always on one whole release."""

from __future__ import annotations

import os
import random
import signal
import time
from decimal import Decimal
from pathlib import Path

import pytest

from demo.sources.mutations import day_two
from dwh.datapath.sources.contract import load_contract, source_names
from dwh.datapath.warehouse.release import current_release
from tests.acceptance.ready import Ready
from tests.acceptance.undisturbed import a_reader, built_at_once, content, looks
from tests.conftest import FILLED, environment, forget

KILLS = int(os.environ.get("DWH_KILLS", "10"))  # of a run at work
FROM_NOTHING = (
    5  # of the very first run, with nothing read or published yet; the others each after one more day
)
TRIES = 2 * KILLS + 10  # at most: some runs end before they are killed
A_LONG_DAY = 1.3  # of an undisturbed day: after killed runs there are several days to do
SEED = 20261122


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.xdist_group("kills")
def test_kills_lose_nothing_double_nothing_and_show_no_half_release(
    own_small_home: Path, tmp_path: Path
) -> None:
    seen = tmp_path / "seen.txt"
    hits = _killed_again_and_again(own_small_home, seen)

    print(f"{sum(hits)} runs killed at work, {len(hits) - sum(hits)} ended before, {looks(seen)}")
    assert sum(hits) >= KILLS
    assert content(own_small_home) == content(built_at_once(own_small_home, tmp_path / "calm"))


def _killed_again_and_again(home: Path, seen: Path) -> list[bool]:
    """Kill runs at random moments under a reader's eyes, then let one end well; return which kills hit."""
    rng = random.Random(SEED)
    with Ready(environment(home)) as ready:
        forget(home)
        whole = _seconds(ready)
        forget(home)
        with a_reader(home, seen):
            hits = [_killed_run(ready, rng.uniform(0, whole)) for _ in range(FROM_NOTHING)]
            ready.run()
            day_two(home, seed=SEED - 1, systems=FILLED)
            a_day = _seconds(ready)
            while sum(hits) < KILLS and len(hits) < TRIES:
                day_two(home, seed=SEED + len(hits), systems=FILLED)
                hits.append(_killed_run(ready, rng.uniform(0, A_LONG_DAY * a_day)))
            ready.run()
    return hits


def _seconds(ready: Ready) -> float:
    """Return the seconds of one whole undisturbed run."""
    began = time.monotonic()
    ready.run()
    return time.monotonic() - began


def _killed_run(ready: Ready, after: float) -> bool:
    """Kill a run after `after` seconds; return whether it was still at work."""
    ready.start()
    if not ready.ended_within(after):
        ready.kill()
    return ready.exit_code() == -signal.SIGKILL


def test_the_manifest_of_the_demonstration_balances(demo_home) -> None:
    equations = current_release(demo_home).manifest["equations"]
    landed = {name for name in equations if name.startswith("landed:")}
    assert len(landed) >= sum(len(load_contract(source).tables) for source in source_names())
    for name, equation in equations.items():
        right = equation["right"].values()
        assert Decimal(equation["left"]["vnd"]) == sum(Decimal(side["vnd"]) for side in right), name
        if name in landed:
            assert equation["left"]["rows"] == sum(side["rows"] for side in right), name
