"""kill -9 of `dwh run` at the very beginning of its steps: what the next run makes is what an undisturbed one made.

By default one step of every kind, one kill after the other on the same home. With DWH_EVERY_STEP=1 every numbered
step of a day's run, each on a home of its own and each followed by a calm run: about half an hour.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from demo.sources.mutations import day_two
from tests.acceptance.ready import Ready
from tests.acceptance.undisturbed import a_reader, content, looks
from tests.conftest import FILLED, at_home, environment

EVERY_STEP = bool(os.environ.get("DWH_EVERY_STEP"))
SEED = 20261123
KINDS = (
    "Kiểm tra hợp đồng dữ liệu", "Kiểm tra lô đã có", "Đọc ", "Đối chiếu khóa", "Kiểm tra các lô dữ liệu đã nhận",
    "Cập nhật trạng thái dữ liệu nguồn", "Chuẩn hóa", "Tổng hợp staging", "Tổng hợp core.dim", "Tổng hợp core.person", "Tổng hợp core.fct",
    "Kiểm toán số liệu", "Đóng gói bản số liệu", "Kiểm tra từng tệp số liệu", "Công bố",
)  # fmt: skip

pytestmark = [
    pytest.mark.slow, pytest.mark.timeout(7200), pytest.mark.xdist_group("kills" if EVERY_STEP else "steps")
]  # fmt: skip


@pytest.fixture
def day(own_small_home: Path) -> Path:
    """A home whose sources have moved on by one day since its last run."""
    day_two(own_small_home, seed=SEED, systems=FILLED)
    return own_small_home


@pytest.fixture
def steps(day: Path, tmp_path: Path) -> tuple[list[str], Path]:
    """The steps of that day's run when nobody disturbs it, and the home it was done in."""
    calm = at_home(day, tmp_path / "calm")
    with Ready(environment(calm)) as ready:
        ready.run()
    return last_steps(calm), calm


def last_steps(home: Path) -> list[str]:
    """Return the names of the steps of the last run, in the order they began."""
    sql = "SELECT name FROM runs_runstep WHERE run_id = (SELECT max(id) FROM runs_run) ORDER BY seq"
    with closing(sqlite3.connect(home / "governance.sqlite3", timeout=20)) as database:
        return [name for (name,) in database.execute(sql)]


def test_a_run_killed_at_a_step_of_every_kind_loses_and_doubles_nothing(
    day: Path, steps: tuple[list[str], Path], tmp_path: Path
) -> None:
    names, calm = steps
    assert [
        name for name in names if not name.startswith(KINDS)
    ] == []  # a new kind of step is killed here too
    seen = tmp_path / "seen.txt"
    with Ready(environment(day)) as ready, a_reader(day, seen):
        for kind in KINDS:
            ready.start(dies_at=kind)
            assert ready.exit_code() == -signal.SIGKILL, kind
            assert last_steps(day)[-1].startswith(kind)
        ready.run()
    print(f"{len(KINDS)} kinds of steps, a run killed at the beginning of each; {looks(seen)}")
    assert content(day) == content(calm)


@pytest.mark.skipif(not EVERY_STEP, reason="DWH_EVERY_STEP=1 asks for it: about half an hour")
def test_a_run_killed_at_any_of_its_steps_is_followed_by_a_run_like_an_undisturbed_one(
    day: Path, steps: tuple[list[str], Path], tmp_path: Path
) -> None:
    names, calm = steps
    wanted, seen, there = content(calm), tmp_path / "seen.txt", tmp_path / "one"
    for number, name in enumerate(names, start=1):
        at_home(day, there)
        with Ready(environment(there)) as ready, a_reader(there, seen):
            ready.start(dies_at=name)
            assert ready.exit_code() == -signal.SIGKILL, name
            assert last_steps(there)[-1] == name
            ready.run()
        assert content(there) == wanted, name
        print(f"{number:3} {name}: killed, the next run equals the undisturbed one", flush=True)
        shutil.rmtree(there)
    print(f"{len(names)} steps, {len(set(names))} different; {looks(seen)}")
