"""Every change at the source lands exactly once: ties, late commits, deletes, returns, resumed runs."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.landing import batches
from dwh.datapath.sources.reading.table_job import Limits
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.sources.tests.miniature import LINES, NOW, START, landed_lines, landed_rows, report_of, sync
from dwh.kernel.errors import Cancelled
from dwh.kernel.progress import Silent

MINUTE = 60


def test_the_first_sync_lands_every_row_and_sums_its_money(source, settings_for):
    for key in range(1, 8):
        source.add_line(key, key, amount=key)
    settings = settings_for(source)
    done = sync(source, settings)
    assert (done.rows, done.deletes, done.batches) == (7, 0, 1)
    assert done.vnd["so_tien_da_dong"] == 28
    assert landed_lines(settings) == source.lines()


def test_a_tie_at_a_batch_boundary_loses_nothing(source, settings_for):
    for key in range(1, 12):
        source.add_line(key, 0, amount=key)  # all at the same moment
    settings = settings_for(source)
    done = sync(source, settings, batch_rows=3)
    assert (done.rows, done.batches) == (11, 4)
    assert landed_lines(settings) == source.lines()


def test_a_sync_without_changes_lands_nothing(source, settings_for):
    for key in range(1, 6):
        source.add_line(key, key)
    settings = settings_for(source)
    sync(source, settings)
    before = batches(settings, "collection", LINES)
    done = sync(source, settings)
    assert (done.rows, done.deletes, done.batches) == (0, 0, 0)
    assert batches(settings, "collection", LINES) == before


def test_only_the_changed_row_lands_again(source, settings_for):
    for key in range(1, 6):
        source.add_line(key, key)
    settings = settings_for(source)
    sync(source, settings)
    source.pay(3, 100, amount=9_999)
    assert sync(source, settings).rows == 1
    assert landed_lines(settings) == source.lines()


def test_a_row_committed_late_with_an_older_time_is_found_in_the_overlap(source, settings_for):
    source.add_line(1, 20 * MINUTE)
    source.add_line(2, 20 * MINUTE)
    settings = settings_for(source)
    sync(source, settings)
    source.pay(
        1, 15 * MINUTE, amount=7
    )  # its transaction began earlier than the cursor and ended after the sync
    done = sync(source, settings)
    assert (done.rows, done.cursor) == (1, sync(source, settings).cursor)
    assert landed_lines(settings)[1] == 7


def test_an_equal_time_with_other_content_lands(source, settings_for):
    source.add_line(1, 10)
    settings = settings_for(source)
    sync(source, settings)
    source.pay(1, 10, amount=8)
    assert sync(source, settings).rows == 1
    assert landed_lines(settings) == {1: 8}


def test_a_new_row_older_than_the_overlap_is_found_by_its_key(source, settings_for):
    source.add_line(1, 60 * MINUTE)
    settings = settings_for(source)
    sync(source, settings)
    source.add_line(2, 0)
    report = report_of(source, settings)
    assert landed_lines(settings) == source.lines()
    assert "1 dòng" in report.notes[0]
    assert sync(source, settings).rows == 0


def test_hard_deletes_are_found_without_any_trace_at_the_source(source, settings_for):
    for key in range(1, 10):
        source.add_line(key, key)
    settings = settings_for(source)
    sync(source, settings)
    for key in (1, 5, 9):
        source.remove(key)
    done = sync(source, settings)
    assert (done.rows, done.deletes) == (0, 3)
    assert landed_lines(settings) == source.lines()
    assert sync(source, settings).deletes == 0


def test_an_emptied_table_is_all_deletes(source, settings_for):
    source.add_line(1, 1)
    source.add_line(2, 2)
    settings = settings_for(source)
    sync(source, settings)
    source.run(f"DELETE FROM {LINES}")
    assert sync(source, settings).deletes == 2
    assert landed_lines(settings) == {}


@pytest.mark.parametrize("seconds", [1, 3600], ids=["same time as before", "new time"])
def test_a_deleted_key_that_returns_is_alive_again(source, settings_for, seconds):
    source.add_line(1, 1)
    source.add_line(2, 2)
    settings = settings_for(source)
    sync(source, settings)
    source.remove(1)
    sync(source, settings)
    source.add_line(1, seconds)
    done = sync(source, settings)
    assert (done.rows, done.deletes) == (1, 0)
    assert landed_lines(settings) == source.lines()


def test_a_stopped_sync_keeps_its_batches_and_goes_on_from_there(source, settings_for):
    class StopAfter(Silent):
        def __init__(self, checks: int) -> None:
            self.left = checks

        def check(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled("Đã dừng theo yêu cầu.")

    for key in range(1, 11):
        source.add_line(key, key)
    settings = settings_for(source)
    stop = StopAfter(2)  # of three batches of three
    with pytest.raises(Cancelled):
        sync_source("collection", settings=settings, now=NOW, progress=stop, limits=Limits(batch_rows=3))
    assert landed_lines(settings) == dict.fromkeys(range(1, 7), 1000)
    assert sync(source, settings, batch_rows=3).rows == 4
    assert landed_lines(settings) == source.lines()


def test_a_row_from_the_future_does_not_hide_later_changes(source, settings_for):
    source.add_line(1, 1)
    source.add_line(2, 400 * 24 * 3600)
    settings = settings_for(source)
    assert "tương lai" in report_of(source, settings).notes[0]
    assert sync(source, settings).rows == 0
    source.pay(1, 52 * 24 * 3600, amount=5)  # a day like any other, later than the sync before
    assert sync(source, settings).rows == 1
    assert landed_lines(settings) == source.lines()


def test_a_contract_that_lands_more_reads_everything_again(source, settings_for, monkeypatch):
    source.add_line(1, 1)
    source.add_line(2, 3600 * 24)
    settings, contract = settings_for(source), load_contract("collection")
    fewer = replace(contract, tables=tuple(_without(table, "ma_don_vi") for table in contract.tables))
    monkeypatch.setattr("dwh.datapath.sources.sync.load_contract", lambda _: fewer)
    assert sync(source, settings).rows == 2
    monkeypatch.undo()
    assert sync(source, settings).rows == 2
    rows = landed_rows(settings, "collection", LINES)
    assert {row["ma_don_vi"] for row in rows.values()} == {"TA0001A"}
    assert sync(source, settings).rows == 0


def _without(table, name):
    return replace(table, columns=tuple(c for c in table.columns if c.name != name))


def test_random_histories_end_equal_to_the_source(source, settings_for):
    settings, chance = settings_for(source), random.Random(7)
    clock = 0
    for _ in range(12):
        for _ in range(chance.randrange(8)):
            clock += chance.choice((0, 1, 5 * MINUTE))
            _change(source, chance, clock - chance.choice((0, 0, 4 * MINUTE)))
        sync(source, settings, batch_rows=chance.choice((2, 3, 1_000)))
        assert landed_lines(settings) == source.lines()


def _change(source, chance, seconds):
    """Insert, update or delete a random row, sometimes with a time that is already past."""
    key = chance.randrange(1, 15)
    if key not in source.lines():
        source.add_line(key, seconds, amount=chance.randrange(1_000))
    elif chance.random() < 0.3:
        source.remove(key)
    else:
        source.pay(key, seconds, chance.randrange(1_000))


def changed_without_a_trace(source, settings_for):
    """Return settings whose source changed two lines and left their `updated_at` as it was."""
    for key in range(1, 6):
        source.add_line(key, key * MINUTE)
    source.add_line(9, 600 * MINUTE)  # the cursor stands well past them
    settings = settings_for(source)
    sync(source, settings)
    source.run(f"UPDATE {LINES} SET so_tien_da_dong = 7777 WHERE id IN (2, 4)")
    return settings


def test_a_change_that_left_no_trace_is_found_by_reading_its_window_again(source, settings_for):
    settings = changed_without_a_trace(source, settings_for)
    assert sync(source, settings).rows == 0
    window = (START, START + timedelta(seconds=3 * MINUTE))

    done = report_of(source, settings, again=window)

    assert sum(table.rows for table in done.tables) == 1
    assert any("1 dòng khác với bản đã nhận" in note for note in done.notes)
    assert landed_lines(settings) == source.lines() | {4: 1_000}  # line 4 lies outside the window
    assert sync(source, settings, again=(START, NOW.replace(tzinfo=None))).rows == 1
    assert landed_lines(settings) == source.lines()


def test_reading_a_window_again_doubles_nothing_and_moves_no_cursor(source, settings_for):
    settings = changed_without_a_trace(source, settings_for)
    source.run(f"UPDATE {LINES} SET so_tien_da_dong = 1000 WHERE id IN (2, 4)")
    before = sync(source, settings).cursor
    done = sync(source, settings, again=(START, NOW.replace(tzinfo=None)))
    assert (done.rows, done.batches, done.cursor) == (0, 0, before)
