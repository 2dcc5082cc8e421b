"""kill -9 of a builder, somebody asking to stop, two builders at once: readers always see a whole release."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dwh.datapath.pipeline import build as building
from dwh.datapath.pipeline.tests import kit
from dwh.datapath.warehouse.folders import only_builder
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.parts import PartStore
from dwh.datapath.warehouse.release import MANIFEST, current_release
from dwh.kernel.errors import Cancelled, Conflict
from dwh.kernel.progress import Silent

KILLS = 8
FOLDER = Path(__file__).parents[5]


@pytest.fixture
def nation(tmp_path):
    settings = kit.settings_in(tmp_path / "home")
    kit.small_nation(settings, lines=[kit.line(1), kit.line(2, person=2)], claims=[kit.claim(1)])
    kit.make_public(settings)
    kit.land(settings, "tst_dong_ca_nhan", [kit.line(3, "2025-06"), kit.line(1, so_tien_da_dong=7)])
    kit.land(settings, "tst_nguoi_tham_gia", [kit.person(3, ho_ten="Lê Mới")])
    return settings


def figures(settings):
    """What readers see: every published part, and the sums of the serving database."""
    release = current_release(settings)
    parts = {
        table: {m: p["sha256"] for m, p in months.items()}
        for table, months in release.manifest["parts"].items()
    }
    return parts, kit.rows_of(release, "core.fct_contribution", "count(*), SUM(collected_vnd)")


def start_child(settings):
    command = [sys.executable, "-m", "dwh.datapath.pipeline.tests.killed", str(settings.home)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=FOLDER, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


@pytest.mark.slow
def test_a_killed_builder_loses_nothing_and_leaves_nothing(nation, tmp_path):
    before = figures(nation)
    spared = kit.settings_in(tmp_path / "spared")
    shutil.copytree(nation.home, spared.home, symlinks=True)
    start = time.perf_counter()
    with start_child(spared) as child:
        assert child.wait() == 0
    lasts, after = time.perf_counter() - start, figures(spared)
    assert after != before
    chance = random.Random(2026)
    for kill in range(KILLS):
        with start_child(nation) as child:
            try:  # spread over the run, the last ones towards its end, where publication happens
                child.wait(
                    timeout=lasts * (chance.random() if kill < KILLS // 2 else 0.7 + 0.4 * chance.random())
                )
            except subprocess.TimeoutExpired:
                child.kill()
        assert figures(nation) in (before, after)
    if figures(nation) == before:
        kit.make_public(nation)
    assert figures(nation) == after
    assert not list(nation.releases.glob(".current-*"))
    kit.make(nation)  # cleans up first
    assert not list(nation.releases.glob("*.candidate"))


@pytest.mark.parametrize("cut", ["after the rename", "after the swap", "a torn journal"])
def test_a_publication_cut_between_its_renames_is_taken_up_by_the_next_builder(nation, cut):
    report = kit.make(nation)
    folder = nation.releases / report.release_id
    report.candidate_dir.rename(folder)
    if cut == "a torn journal":
        with (nation.releases / "journal.jsonl").open("a") as journal:
            journal.write('{"at": "2026-11-2')
    if cut == "after the swap":
        building.clean_up(nation)
        assert not folder.exists()  # never public: removed
        report = kit.make(nation)
        report.candidate_dir.rename(folder)
        (nation.releases / "current").unlink()
        (nation.releases / "current").symlink_to(folder.name)
    seen = current_release(nation).id
    again = kit.make(nation)
    assert current_release(nation).id == seen
    assert (again.release_id is None) == (cut == "after the swap")


def test_leftovers_of_a_killed_build_are_removed(nation):
    kept = Manifest.read(current_release(nation).path / MANIFEST).files()
    for stray in ("core.dim_org/all-000000000000.parquet", ".aside/half.parquet"):
        (nation.parts / stray).parent.mkdir(exist_ok=True)
        (nation.parts / stray).write_bytes(b"half")
    (nation.releases / "2026-11-22.9.candidate").mkdir()
    (nation.releases / ".current-x").symlink_to("nowhere")
    building.clean_up(nation)
    assert {f"{p.parent.name}/{p.name}" for p in nation.parts.glob("*/*")} == kept
    assert sorted(p.name for p in nation.releases.iterdir()) == ["2026-11-22.1", "current", "journal.jsonl"]
    PartStore(nation.parts).verify(
        next(iter(Manifest.read(current_release(nation).path / MANIFEST).parts["core.dim_org"].values()))
    )


class StopAt(Silent):
    """Asks to stop at the n-th look."""

    def __init__(self, look: int) -> None:
        self.looks = look

    def check(self) -> None:
        self.looks -= 1
        if self.looks == 0:
            raise Cancelled("Đã dừng theo yêu cầu.")


@pytest.mark.parametrize("look", [1, 5, 12, 25])
def test_a_build_asked_to_stop_leaves_the_last_release(nation, look):
    before = figures(nation)
    with pytest.raises(Cancelled):
        kit.make(nation, progress=StopAt(look))
    assert figures(nation) == before
    assert not list(nation.releases.glob("*.candidate"))


def test_a_long_statement_is_interrupted_by_stop_running(nation, monkeypatch):
    long = "SELECT count(*) FROM range(1000000000) a(x), range(1000) b(y) WHERE x % 7 = y % 5"
    reached, over = threading.Event(), threading.Event()
    monkeypatch.setattr(building, "run_audits", lambda run: [reached.set(), run.engine.rows(long)])

    def stop() -> None:
        reached.wait()
        while not over.wait(0.05):
            building.stop_running()

    watcher = threading.Thread(target=stop)
    watcher.start()
    with pytest.raises(Cancelled):
        kit.make(nation)
    over.set()
    watcher.join()
    assert current_release(nation).id == "2026-11-22.1"


def test_one_builder_works_at_a_time(nation):
    with only_builder(nation), pytest.raises(Conflict, match="đang chạy"):
        kit.make(nation)
