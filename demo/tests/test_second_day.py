"""What one more day leaves behind at the sources, and what it does not."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from demo.ledger import read_ledger
from demo.sources.mutations import day_two
from demo.tests.reading import read, scalar

LINES = "tst_dong_ca_nhan"


@pytest.fixture
def day(changing_home):
    return day_two(changing_home, 5)


def test_every_kind_of_change_happens(day):
    actions = {change.action for change in day.changes if change.table == LINES}

    assert actions == {"new", "corrected", "moved", "paid", "soft_deleted", "hard_deleted"}
    assert "resent" in {change.action for change in day.changes}


def test_removed_rows_are_gone_and_no_watermark_tells(changing_home, day):
    for system, table, gone in {(c.system, c.table, c.id) for c in day.changes if c.action == "hard_deleted"}:
        assert scalar(changing_home, system, f"SELECT count(*) FROM {table} WHERE id = {gone}") == 0


def test_changed_rows_share_one_moment_later_than_everything_before(changing_home, tiny_home, day):
    before = scalar(tiny_home, "TST", f"SELECT max(updated_at) FROM {LINES}")
    touched = sorted(
        day.ids("TST", LINES, "paid") | day.ids("TST", LINES, "moved") | day.ids("TST", LINES, "new")
    )

    moments = {
        scalar(changing_home, "TST", f"SELECT updated_at FROM {LINES} WHERE id = {i}") for i in touched
    }
    assert moments == {day.moment}
    assert day.moment > str(before)


def test_moved_lines_change_their_month_and_stay_unique(changing_home, tiny_home, day):
    for moved in day.ids("TST", LINES, "moved"):
        assert scalar(tiny_home, "TST", f"SELECT ky FROM {LINES} WHERE id = {moved}") == "202610"
        assert scalar(changing_home, "TST", f"SELECT ky FROM {LINES} WHERE id = {moved}") == "202609"
    lines = read(changing_home, "TST", LINES, "ky ma_so_bhxh ma_don_vi quy").drop("id")
    assert not lines.is_duplicated().any()


def test_planted_rows_stay_as_they_are(changing_home, day):
    planted = {(row.table, row.id) for row in read_ledger(changing_home).rows}

    assert not planted & {(change.table, change.id) for change in day.changes}


def test_no_index_of_ours_stays_behind(changing_home, tiny_home, day):
    def indexes(home):
        with closing(sqlite3.connect(home / "sources" / "tst.sqlite")) as db:
            return db.execute("SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name").fetchall()

    assert indexes(changing_home) == indexes(tiny_home)


def test_the_next_day_comes_after(changing_home, day):
    assert day_two(changing_home, 5).moment > day.moment
