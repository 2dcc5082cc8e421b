"""Demonstrations the tests look at: made once per run, shared by the workers, and a copy for those who change it."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

import pytest

from demo.sources.make import make_sources

SMALL, TINY = 0.0001, 0.00002


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    return _made(tmp_path_factory, "small", SMALL)


@pytest.fixture(scope="session")
def tiny_home(tmp_path_factory):
    return _made(tmp_path_factory, "tiny", TINY)


@pytest.fixture
def changing_home(tiny_home, tmp_path):
    return Path(shutil.copytree(tiny_home, tmp_path / "home"))


def _made(factory, name: str, scale: float) -> Path:
    root = factory.getbasetemp()
    root = root.parent if root.name.startswith("popen-") else root  # xdist: one folder for all workers
    folder = root / f"demo-{name}"
    folder.mkdir(exist_ok=True)
    with (root / f"demo-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "demo-ledger.json").exists():
            make_sources(folder, scale=scale, seed=7)
    return folder
