"""What the acceptance tests share: one small demonstration, built once for all workers."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from demo.build import build
from demo.home import DemoHome
from dwh.datapath.settings import DataPathSettings
from tests.ports import free_pair

TEST_SCALE = 1 / 20_000  # of the nation: about 1,000 contributors


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes minutes by itself, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: not any("kills" in mark.args for mark in item.iter_markers("xdist_group")))


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of a demonstration built at test scale; never written to by a test."""
    root = tmp_path_factory.getbasetemp().parent if worker_id != "master" else tmp_path_factory.getbasetemp()
    path = root / "demo-home"
    with (root / "demo-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        home = DemoHome(path=path, port=free_pair())
        build(home, scale=TEST_SCALE, say=lambda _: None)
    return path


@pytest.fixture
def own_home(built_home: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration that this test may change."""
    path = tmp_path / "home"
    shutil.copytree(built_home, path, symlinks=True)
    settings = path / "dwh.env"  # it names the sources by their place
    settings.write_text(
        settings.read_text(encoding="utf-8").replace(str(built_home), str(path)), encoding="utf-8"
    )
    return path


@pytest.fixture(scope="session")
def demo_home(built_home: Path) -> DataPathSettings:
    """The data path's settings of the built demonstration (read only)."""
    return settings_of(built_home)


def settings_of(home: Path) -> DataPathSettings:
    return DataPathSettings(home=home, sources=DemoHome(home, port=1024).source_urls)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "master")
