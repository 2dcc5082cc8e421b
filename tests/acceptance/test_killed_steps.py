"""kill -9 of `dwh run` at the very beginning of its steps: what the next run makes is what an undisturbed one made.

By default one step of every kind, one kill after the other on the same home. With DWH_EVERY_STEP=1 every numbered
step of a day's run, each kill followed by a calm run on a home of its own: half an hour of an idle machine. A larger
number is how many runs are killed before a calm one follows.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
from pathlib import Path

import pytest

from tests.acceptance.conftest import Day, last_steps
from tests.acceptance.ready import Ready
from tests.acceptance.undisturbed import a_reader, content, looks
from tests.conftest import environment

EVERY_STEP = int(os.environ.get("DWH_EVERY_STEP", "0"))
KINDS = (
    "Kiểm tra hợp đồng dữ liệu", "Kiểm tra lô đã có", "Đọc ", "Đối chiếu khóa", "Kiểm tra các lô dữ liệu đã nhận",
    "Cập nhật trạng thái dữ liệu nguồn", "Chuẩn hóa", "Tổng hợp staging", "Tổng hợp core.dim",
    "Tổng hợp core.person", "Tổng hợp core.org", "Tổng hợp core.fct", "Kiểm toán số liệu", "Đóng gói bản số liệu",
    "Kiểm tra từng tệp số liệu", "Công bố",
)  # fmt: skip

pytestmark = [
    pytest.mark.slow, pytest.mark.timeout(7200), pytest.mark.xdist_group("kills" if EVERY_STEP else "steps")
]  # fmt: skip


def test_a_run_killed_at_a_step_of_every_kind_loses_and_doubles_nothing(day: Day, tmp_path: Path) -> None:
    unlike = [name for name in day.steps if not name.startswith(KINDS)]
    assert unlike == []  # a new kind of step is killed here too
    home, seen = day.copied(tmp_path / "home"), tmp_path / "seen.txt"
    with Ready(environment(home)) as ready, a_reader(home, seen):
        for kind in KINDS:
            ready.start(dies_at=kind)
            assert ready.exit_code() == -signal.SIGKILL, kind
            assert any(
                name.startswith(kind) for name in last_steps(home)[-2:]
            )  # two sources are read at once
        ready.run()
    print(f"{len(KINDS)} kinds of steps, a run killed at the beginning of each; {looks(seen)}")
    assert content(home) == day.content


if EVERY_STEP:  # half an hour: there only when it is asked for, never skipped

    def test_a_run_killed_at_any_step_is_followed_by_a_run_like_an_undisturbed_one(
        day: Day, tmp_path: Path
    ) -> None:
        home, calm = day.copied(tmp_path / "home"), 0
        with Ready(environment(home)) as ready:
            for number, name in enumerate(day.steps, start=1):
                if not _killed_at(
                    ready, name
                ):  # what was killed before had done this step: begin the day again
                    _like_an_undisturbed_one(day, home)
                    calm += 1
                    assert _killed_at(ready, name), name
                assert name in last_steps(home)[-2:]
                print(f"{number:3} {name}: killed", flush=True)
                if number % EVERY_STEP == 0 or number == len(day.steps):
                    ready.run()
                    _like_an_undisturbed_one(day, home)
                    calm += 1
        print(
            f"{len(day.steps)} steps, a run killed at each, {calm} calm runs in between, all as if undisturbed"
        )


def _killed_at(ready: Ready, name: str) -> bool:
    ready.start(dies_at=f"{re.escape(name)}$")
    code = ready.exit_code()
    assert code in (0, -signal.SIGKILL), name
    return code != 0


def _like_an_undisturbed_one(day: Day, home: Path) -> None:
    assert content(home) == day.content
    shutil.rmtree(home)
    day.copied(home)
