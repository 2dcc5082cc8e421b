"""Two workers that start at once, two people who type `dwh run` at once: the work is done once, by one of them."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Day
from tests.acceptance.ready import Ready
from tests.acceptance.undisturbed import content
from tests.conftest import environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.xdist_group("steps")]
PATIENCE = 120


def governance(home: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(home / "governance.sqlite3", timeout=20)) as database, database:
        return database.execute(sql).fetchall()


def a_worker(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dwh.site.cli", "web", "worker"], env=environment(home), stderr=subprocess.PIPE
    )


def test_two_workers_that_start_at_once_do_what_is_due_once(day: Day, tmp_path: Path) -> None:
    home = day.copied(tmp_path / "home")
    last = governance(home, "SELECT coalesce(max(id), 0) FROM runs_run")[0][0]
    governance(home, "DELETE FROM runs_schedule")
    governance(home, "INSERT INTO runs_schedule (id, every_minutes, is_paused, last_asked_at, changed_by) "
                     "VALUES (1, 1440, 0, '2026-01-01 00:00:00', '')")  # fmt: skip
    workers = [a_worker(home), a_worker(home)]
    ours = f"SELECT state, attempt, message FROM runs_run WHERE id > {last}"
    over = time.monotonic() + PATIENCE
    while not any(state == "succeeded" for state, *_ in governance(home, ours)) and time.monotonic() < over:
        assert [worker.poll() for worker in workers] == [None, None]
        time.sleep(0.1)  # a pace of looking
    assert [worker.poll() for worker in workers] == [None, None]
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    said = [worker.communicate(timeout=30)[1].decode() for worker in workers]

    runs = governance(home, ours)
    print(f"two workers, {len(runs)} run: {runs[0][2]}")
    assert [(state, attempt) for state, attempt, _ in runs] == [("succeeded", 1)], said
    assert [worker.returncode for worker in workers] == [0, 0], said
    assert not [words for words in said if "Traceback" in words], said
    assert content(home) == day.content


def test_of_two_runs_typed_at_once_one_works_and_the_other_says_so(day: Day, tmp_path: Path) -> None:
    home = day.copied(tmp_path / "home")
    with Ready(environment(home)) as one, Ready(environment(home)) as other:
        one.start()
        other.start()
        ended = {one.exit_code(), other.exit_code()}
    print(f"two runs at once ended with {sorted(ended)}")
    assert ended == {0, 1}
    assert content(home) == day.content


def test_a_worker_goes_on_when_its_database_is_there_again(day: Day, tmp_path: Path) -> None:
    home = day.copied(tmp_path / "home")
    governance(home, "INSERT INTO runs_schedule (id, every_minutes, is_paused, changed_by) VALUES (1, 60, 1, '') "
                     "ON CONFLICT DO UPDATE SET is_paused = 1")  # fmt: skip
    governance(home, "ALTER TABLE runs_run RENAME TO runs_away")
    worker = a_worker(home)
    assert worker.stderr is not None
    while b"trying again" not in worker.stderr.readline():
        assert worker.poll() is None
    governance(home, "ALTER TABLE runs_away RENAME TO runs_run")
    governance(home, "INSERT INTO runs_run (kind, source, state, asked_by, origin, asked_at, attempt, worker, "
                     "stop_asked_by, message, release_id, report) VALUES ('publish', '', 'queued', '', 'web', "
                     "datetime('now'), 0, '', '', '', '', '{}')")  # fmt: skip
    over = time.monotonic() + PATIENCE
    newest = "SELECT state FROM runs_run ORDER BY id DESC LIMIT 1"
    while governance(home, newest) != [("succeeded",)] and time.monotonic() < over:
        assert worker.poll() is None
        time.sleep(0.1)  # a pace of looking
    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=30)
    assert (worker.returncode, governance(home, newest)) == (0, [("succeeded",)])
