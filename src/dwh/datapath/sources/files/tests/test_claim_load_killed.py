"""A load killed at any step is finished by loading the file again; a damaged batch is landed again; nothing doubles."""

from __future__ import annotations

import pytest

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources import landing
from dwh.datapath.sources.files import claim_load
from dwh.datapath.sources.files.claim_landing import SOURCE
from dwh.datapath.sources.files.journal import Journal
from dwh.datapath.sources.files.tests.claims import claim, landed, load, written
from dwh.datapath.sources.landing import batches
from dwh.kernel.errors import Cancelled, Conflict
from dwh.kernel.progress import Silent

TABLES = ("gd_ho_so", "gd_thuoc", "gd_dvkt")


@pytest.fixture
def area(tmp_path):
    return DataPathSettings(home=tmp_path / "home")


def rows(area):
    return {table: landed(area, table) for table in TABLES}


@pytest.fixture
def expected(tmp_path):
    """What an undisturbed load lands."""
    calm = DataPathSettings(home=tmp_path / "calm")
    load(written(tmp_path, claim(1), claim(2), name="0.xml"), calm)
    load(written(tmp_path, claim(1, t_bhtt=7), claim(3)), calm)
    return rows(calm)


@pytest.mark.parametrize("step", range(7))
def test_killed_between_two_steps_it_goes_on_where_it_stopped(tmp_path, area, expected, step, monkeypatch):
    load(written(tmp_path, claim(1), claim(2), name="0.xml"), area)
    path = written(tmp_path, claim(1, t_bhtt=7), claim(3))
    _die_at(monkeypatch, step)
    with pytest.raises(KeyboardInterrupt):
        load(path, area)
    monkeypatch.undo()
    load(
        written(tmp_path, claim(8), name="between.xml"), area
    )  # another file in between changes nothing of it
    assert not load(path, area).is_repeat
    mine = {table: [row for row in found if row["ma_lk"] != "LK0008"] for table, found in rows(area).items()}
    drop = ("id",) if step == 0 else ()  # before its number was given, the other file took it
    assert [_without(found, drop) for found in mine.values()] == [
        _without(found, drop) for found in expected.values()
    ]
    assert load(path, area).is_repeat


def _without(found, names):
    return [{name: value for name, value in row.items() if name not in names} for row in found]


def _die_at(monkeypatch, step: int) -> None:
    """Die before the n-th of: the entry, three batches (each before its manifest or its rename), the completion."""
    count = iter(range(100))

    def counted(work):
        def run(*args, **kwargs):
            if next(count) == step:
                raise KeyboardInterrupt
            return work(*args, **kwargs)

        return run

    monkeypatch.setattr(claim_load.Journal, "write", counted(Journal.write))
    monkeypatch.setattr(landing, "commit_manifest", counted(landing.commit_manifest))
    monkeypatch.setattr(landing, "_write_parquet", counted(landing._write_parquet))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_damaged_batch_is_set_aside_and_landed_again_from_the_file(tmp_path, area, table, harm):
    path = written(tmp_path, claim(1), claim(2))
    load(path, area)
    before = rows(area)
    [batch] = batches(area, SOURCE, table)
    if harm == "changed":
        batch.path.write_bytes(batch.path.read_bytes()[:-9] + b"123456789")
    else:
        batch.path.unlink()
    assert not load(path, area).is_repeat
    assert rows(area) == before
    assert load(path, area).is_repeat


def test_two_loads_at_once_do_not_mix(tmp_path, area):
    with Journal(area, SOURCE).alone(), pytest.raises(Conflict):
        load(written(tmp_path, claim()), area)


def test_a_stopped_load_leaves_nothing(tmp_path, area):
    class Stopped(Silent):
        def check(self):
            raise Cancelled("Đã dừng theo yêu cầu.")

    with pytest.raises(Cancelled):
        load(written(tmp_path, claim()), area, progress=Stopped())
    assert not list(area.landing.rglob("*.parquet"))
    assert not list(area.work.iterdir())
    assert load(written(tmp_path, claim()), area).entry.facts["landed"] == 1
