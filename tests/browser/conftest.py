"""The whole demonstration, served and seen in Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.home import DemoHome
from demo.serve import start
from tests.chromium import browser, page, phone  # noqa: F401 -- fixtures of every test here
from tests.live import Live
from tests.ports import free_pair


@pytest.fixture(scope="session")
def live_demo(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """IAM and web of a copy of the built demonstration, on free ports; tests may sign in, ask and export."""
    path = tmp_path_factory.mktemp("live") / "home"
    shutil.copytree(built_home, path, symlinks=True)
    home = DemoHome(path=path, port=free_pair())
    home.prepare()
    processes = start(home, worker=False)
    yield Live(home)
    processes.stop()
