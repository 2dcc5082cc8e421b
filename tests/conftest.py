"""What the acceptance tests share: one small demonstration, built once for all workers."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from demo.build import build
from demo.home import DemoHome
from demo.sources.make import FOLDER, make_sources
from demo.sources.schema import FILES, tables_of
from dwh.datapath.settings import DataPathSettings
from tests.ports import free_pair

TEST_SCALE = 1 / 20_000  # of the nation: about 1,000 contributors
FILLED = ("TST", "GIAMDINH", "QLNS")  # the source systems of the small demonstration that hold rows


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
    return at_home(built_home, tmp_path / "home")


@pytest.fixture(scope="session")
def small_home(built_home: Path) -> Path:
    """The folder of a demonstration whose runs take seconds; never written to by a test.

    All eight sources are read, but only those in FILLED hold rows, a fifth of the demonstration's.
    """
    path = built_home.with_name("small-home")
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (path / "ready").exists():
            shutil.rmtree(path, ignore_errors=True)
            at_home(built_home, path)
            forget(path)
            shutil.rmtree(path / FOLDER)
            make_sources(path, scale=TEST_SCALE / 5)
            for system in set(FILES) - set(FILLED):
                _empty(path / FOLDER / FILES[system], tables_of(system))
            subprocess.run([sys.executable, "-m", "dwh.site.cli", "run"], env=environment(path), check=True)
            (path / "ready").touch()
    return path


@pytest.fixture
def own_small_home(small_home: Path, tmp_path: Path) -> Path:
    """A copy of the small demonstration that this test may change."""
    return at_home(small_home, tmp_path / "home")


def forget(home: Path) -> None:
    """Take away all that was ever read from the sources and made of it."""
    for name in ("landing", "parts", "releases", "work"):
        shutil.rmtree(home / name, ignore_errors=True)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a program started by hand at the machine of a demonstration."""
    given = {k: v for k, v in os.environ.items() if k not in {"DJANGO_SETTINGS_MODULE", "DWH_SECRET_KEY"}}
    return {**given, "DWH_HOME": str(home), "DEMO_HOME": str(home)}


def at_home(home: Path, path: Path) -> Path:
    """Copy a demonstration to another place, where it reads the copies of its sources."""
    shutil.copytree(home, path, symlinks=True)
    settings = path / "dwh.env"  # it names the sources by their place
    text = settings.read_text(encoding="utf-8").replace(str(home), str(path))
    settings.write_text(text, encoding="utf-8")
    return path


def _empty(file: Path, tables: Iterable[str]) -> None:
    with closing(sqlite3.connect(file)) as source, source:
        for table in tables:
            source.execute(f"DELETE FROM {table}")


@pytest.fixture(scope="session")
def demo_home(built_home: Path) -> DataPathSettings:
    """The data path's settings of the built demonstration (read only)."""
    return settings_of(built_home)


def settings_of(home: Path) -> DataPathSettings:
    return DataPathSettings(home=home, sources=DemoHome(home, port=1024).source_urls)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "master")
