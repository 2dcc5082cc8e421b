"""A first read along the key: cut, damaged and changed anywhere, it loses and doubles nothing."""

from __future__ import annotations

import random
import sqlite3
import tempfile
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.connectors import sqlite
from dwh.datapath.sources.connectors.base import Position
from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.landing import batches, set_aside
from dwh.datapath.sources.manifest import Stretch
from dwh.datapath.sources.reading.table_job import Limits
from dwh.datapath.sources.registry import open_url
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.sources.tests.miniature import (
    LINES,
    NOW,
    START,
    Miniature,
    landed_lines,
    of_sqlite,
    report_of,
    sync,
)
from dwh.kernel.errors import SourceDown
from dwh.kernel.progress import Silent

ROWS, BATCH, CHUNK = 30, 6, 2


class Breaks(Silent):
    """The source is cut off at the n-th chunk of the step that reads the lines."""

    def __init__(self, chunk: int) -> None:
        self._left, self._here = chunk, False

    def step(self, name, **_):
        self._here = name.startswith("Đọc Số phải đóng")

    def check(self):
        self._left -= self._here
        if self._here and self._left == 0:
            raise SourceDown("Nguồn ngừng trả lời.")


def cut_off(source, home, chunk):
    """Sync until the n-th chunk; return the batches of the lines."""
    with suppress(SourceDown):
        sync_source(
            source.name, settings=home, now=NOW, progress=Breaks(chunk), limits=Limits(batch_rows=BATCH)
        )
    return batches(home, source.name, LINES)


@pytest.fixture
def scattered(sqlite_source, monkeypatch):
    """Thirty lines whose moments of change follow no order of their keys, read two at a time."""
    monkeypatch.setattr(sqlite, "READ_ROWS", CHUNK)
    for key, hour in enumerate(random.Random(5).sample(range(ROWS), ROWS), start=1):
        sqlite_source.add_line(key, hour * 3600, amount=key)
    return sqlite_source


def test_the_last_batch_alone_sets_the_cursor(scattered, settings_for):
    home = settings_for(scattered)
    sync(scattered, home, batch_rows=BATCH)
    landed = batches(home, "collection", LINES)
    assert [batch.cursor_to is None for batch in landed] == [True] * 4 + [
        False
    ]  # thirty is a multiple of six
    assert [(b.stretch.after, b.stretch.through) for b in landed] == [
        (None, 6),
        (6, 12),
        (12, 18),
        (18, 24),
        (24, 30),
    ]
    assert landed_lines(home) == scattered.lines()
    assert sync(scattered, home).rows == 0


def test_a_read_broken_off_goes_on_behind_its_last_row(scattered, settings_for):
    home = settings_for(scattered)
    early = cut_off(scattered, home, 5)
    assert [batch.rows for batch in early] == [6, 2]
    scattered.pay(2, 100 * 3600, 777)  # behind the read: comes with the changes
    scattered.remove(4)
    scattered.add_line(31, 101 * 3600, amount=31)
    sync(scattered, home, batch_rows=BATCH)
    rows = [b.rows for b in batches(home, "collection", LINES) if b.kind == "rows" and b.stretch]
    assert sum(rows) == ROWS
    sync(scattered, home)
    assert landed_lines(home) == scattered.lines()


@pytest.mark.parametrize(("which", "again"), [([0], 30), ([1], 24), ([0, 1], 30), ([2], 18)])
def test_a_damaged_batch_is_read_again_on_the_way(scattered, settings_for, which, again):
    """And not found missing by the comparison of keys afterwards, which would read each row by its own."""
    home = settings_for(scattered)
    early = cut_off(scattered, home, 8)
    assert [batch.rows for batch in early] == [6, 6, 2]
    for number in which:
        set_aside(early[number])
    report = report_of(scattered, home, batch_rows=BATCH)
    assert report.rows == again
    assert not [note for note in report.notes if "theo khóa" in note]
    assert landed_lines(home) == scattered.lines()


@settings(max_examples=60, deadline=None)
@given(
    cuts=st.lists(st.integers(1, 20), max_size=3),
    damaged=st.sets(st.integers(0, 5), max_size=3),
    seed=st.integers(0, 99),
)
def test_cut_damaged_and_changed_it_ends_as_the_source_is(cuts, damaged, seed):
    chance = random.Random(seed)
    with _fresh_source() as (source, home):
        for key, hour in enumerate(chance.sample(range(ROWS), ROWS), start=1):
            source.add_line(key, hour * 3600, amount=key)
        for number, chunk in enumerate(cuts):
            landed = cut_off(source, home, chunk)
            for which in damaged & set(range(len(landed))):
                set_aside(landed[which])
            source.pay(chance.randint(1, 15), (100 + number) * 3600, 1000 + number)
            source.remove(16 + number)
        sync(source, home, batch_rows=BATCH)
        sync(source, home, batch_rows=BATCH)
        assert landed_lines(home, orphans=True) == source.lines()


@contextmanager
def _fresh_source():
    """A source of its own for every example, read two rows at a time."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "READ_ROWS", CHUNK)
        path = Path(folder) / "source.sqlite"
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            source = Miniature("collection", f"sqlite:///{path}", of_sqlite(db))
            yield source, DataPathSettings(home=Path(folder) / "home", sources={source.name: source.url})


def test_a_damaged_stretch_of_a_finished_read_is_read_by_its_keys(scattered, settings_for):
    home = settings_for(scattered)
    sync(scattered, home, batch_rows=BATCH)
    lost = batches(home, "collection", LINES)[2]
    assert lost.stretch == Stretch(12, 18, lost.stretch.upto)
    set_aside(lost)
    assert sync(scattered, home).rows == 6
    assert landed_lines(home) == scattered.lines()


@pytest.mark.mariadb
def test_mariadb_reads_pages_along_an_index_and_sorts_nothing(mariadb_source):
    mariadb_source.fill(2_000)
    connector = open_url(mariadb_source.url)
    table, asked = load_contract("collection").table(LINES), []
    upto = connector.high_water(table)
    after = Position(at=START, id=5)
    for rows in (
        connector.read(table, after=None, upto=upto, limit=1_000),
        connector.read(table, after=after, upto=upto, limit=1_000),
        connector.read_along_key(table, after=None, upto=upto, limit=1_000),
        connector.read_along_key(table, after=7, upto=upto, limit=1_000),
        connector.keys(table, after=7, limit=1_000),
    ):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(connector, "_stream", lambda sql, _: asked.append(sql) or iter(()))
            list(rows)
    asked += [connector.dialect.last(table), connector.dialect.timeless(table)]
    plans = [mariadb_source.run(f"EXPLAIN {sql}") for sql in asked]
    assert len(plans) == 7
    assert [plan for plan in plans if "filesort" in str(plan)] == []
