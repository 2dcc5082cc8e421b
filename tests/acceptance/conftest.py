"""One day at the sources of the small demonstration, and what an undisturbed run makes of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.sources.mutations import day_two
from tests.acceptance.ready import Ready
from tests.acceptance.undisturbed import Content, content
from tests.conftest import FILLED, at_home, environment

SEED = 20261123


@dataclass(frozen=True)
class Day:
    """A home whose sources have moved on since its last run (never written to), and that run undisturbed."""

    home: Path
    steps: list[str]
    content: Content

    def copied(self, path: Path) -> Path:
        return at_home(self.home, path)


@pytest.fixture(scope="session")
def day(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Day:
    place = tmp_path_factory.mktemp("day")
    home = at_home(small_home, place / "home")
    day_two(home, seed=SEED, systems=FILLED)
    calm = at_home(home, place / "calm")
    with Ready(environment(calm)) as ready:
        ready.run()
    return Day(home, last_steps(calm), content(calm))


def last_steps(home: Path) -> list[str]:
    """Return the names of the steps of the last run, in the order they began."""
    sql = "SELECT name FROM runs_runstep WHERE run_id = (SELECT max(id) FROM runs_run) ORDER BY seq"
    with closing(sqlite3.connect(home / "governance.sqlite3", timeout=20)) as database:
        return [name for (name,) in database.execute(sql)]
