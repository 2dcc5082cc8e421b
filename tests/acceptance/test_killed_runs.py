"""kill -9 of `dwh run` at random moments: nothing lost, nothing doubled, readers always on one whole release."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest

from demo.sources.mutations import day_two
from dwh.datapath.sources.contract import load_contract, source_names
from dwh.datapath.warehouse.release import current_release
from tests.acceptance.ready import Ready
from tests.conftest import FILLED, environment, forget, settings_of

KILLS = 30  # of a run at work
FROM_NOTHING = (
    5  # of the very first run, with nothing read or published yet; the others each after one more day
)
TRIES = 60  # at most: some runs end before they are killed
A_LONG_DAY = 1.3  # of an undisturbed day: after killed runs there are several days to do
SEED = 20261122


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.xdist_group("kills")
def test_thirty_kills_lose_nothing_double_nothing_and_show_no_half_release(
    own_small_home: Path, tmp_path: Path
) -> None:
    seen = tmp_path / "seen.txt"
    hits = _killed_again_and_again(own_small_home, seen)

    looks = seen.read_text(encoding="utf-8").splitlines()
    releases = {line.split()[1] for line in looks if line.startswith("ok")}
    print(f"{sum(hits)} runs killed at work, {len(hits) - sum(hits)} ended before, {len(looks)} looks of a reader, "
          f"{len(releases)} releases seen")  # fmt: skip
    assert [line for line in looks if line.startswith("BAD")] == []
    assert sum(hits) >= KILLS
    assert _content(own_small_home) == _content(_built_without_a_kill(own_small_home, tmp_path))


def _killed_again_and_again(home: Path, seen: Path) -> list[bool]:
    """Kill runs at random moments under a reader's eyes, then let one end well; return which kills hit."""
    rng = random.Random(SEED)
    with Ready(environment(home)) as ready:
        forget(home)
        whole = _seconds(ready)
        forget(home)
        reader = _start(home, "-m", "tests.acceptance.reader", str(home), str(seen))
        try:
            hits = [_killed_run(ready, rng.uniform(0, whole)) for _ in range(FROM_NOTHING)]
            ready.run()
            day_two(home, seed=SEED - 1, systems=FILLED)
            a_day = _seconds(ready)
            while sum(hits) < KILLS and len(hits) < TRIES:
                day_two(home, seed=SEED + len(hits), systems=FILLED)
                hits.append(_killed_run(ready, rng.uniform(0, A_LONG_DAY * a_day)))
            ready.run()
        finally:
            _end(reader)
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


def _built_without_a_kill(home: Path, tmp_path: Path) -> Path:
    calm = tmp_path / "calm"
    shutil.copytree(home, calm, symlinks=True)
    forget(calm)
    with Ready(environment(calm)) as ready:
        ready.run()
    return calm


def _content(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the facts and of quarantine, without the batch each came in."""
    release = current_release(settings_of(home))
    content = {}
    for table, drop in (
        ("core.fct_contribution", "last_batch_id"),
        ("core.fct_participation", None),
        ("core.fct_claim", "last_batch_id"),
        ("core.dim_participant", None),
        ("core.dim_employer", None),
        ("quarantine.held", "batch_id"),
    ):
        columns, rows = release.fetch(f"SELECT * FROM {table}", limit=5_000_000)
        keep = [i for i, name in enumerate(columns) if name not in {drop, "first_seen"}]
        content[table] = sorted(tuple(str(row[i]) for i in keep) for row in rows)
    return content


def _start(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments], env=environment(home), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _end(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_the_manifest_of_the_demonstration_balances(demo_home) -> None:
    equations = current_release(demo_home).manifest["equations"]
    landed = {name for name in equations if name.startswith("landed:")}
    assert len(landed) >= sum(len(load_contract(source).tables) for source in source_names())
    for name, equation in equations.items():
        right = equation["right"].values()
        assert Decimal(equation["left"]["vnd"]) == sum(Decimal(side["vnd"]) for side in right), name
        if name in landed:
            assert equation["left"]["rows"] == sum(side["rows"] for side in right), name
