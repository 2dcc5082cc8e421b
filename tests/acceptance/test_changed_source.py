"""Sources of the demonstration change under the program: each opens a change item before anything is loaded."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.conftest import environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
NEWEST = "UPDATE tst_don_vi SET updated_at = datetime(updated_at, '+1 day') WHERE id = (SELECT MAX(id) FROM tst_don_vi)"
CHANGES = {  # source system → what its owner did overnight
    "giamdinh.sqlite": ["ALTER TABLE gd_ho_so DROP COLUMN ma_loai_kcb"],
    "qlns.sqlite": [
        "ALTER TABLE ns_nhan_vien DROP COLUMN ngay_vao",
        "ALTER TABLE ns_nhan_vien ADD COLUMN ngay_vao BLOB",
    ],
    "tst.sqlite": ["ALTER TABLE tst_don_vi ADD COLUMN ma_vung_luong TEXT", NEWEST],
}
ITEMS = """SELECT source, change, stops, state, "table", "column" FROM changes_sourcedrift
           JOIN changes_changerequest ON changes_changerequest.id = request_id ORDER BY source"""


def landed(home, source):
    return {path.relative_to(home) for path in (home / "landing" / source).rglob("*.parquet")}


def change(home):
    for file, statements in CHANGES.items():
        with closing(sqlite3.connect(home / "sources" / file)) as source, source:
            for statement in statements:
                source.execute(statement)


def read_all(home):
    """Read every source, two of which are refused, and return the change items there are."""
    command = [sys.executable, "-m", "dwh.site.cli", "sync"]
    done = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    with closing(sqlite3.connect(home / "governance.sqlite3")) as governance:
        return governance.execute(ITEMS).fetchall()


@pytest.mark.req("C-16")
def test_a_dropped_a_retyped_and_a_new_column_each_open_an_item(own_small_home):
    change(own_small_home)
    before = {source: landed(own_small_home, source) for source in ("claims", "personnel", "collection")}

    found = read_all(own_small_home)

    assert found == [
        ("claims", "dropped", 1, "detected", "landed.gd_ho_so", "ma_loai_kcb"),
        ("collection", "added", 0, "detected", "landed.tst_don_vi", "ma_vung_luong"),
        ("personnel", "retyped", 1, "detected", "landed.ns_nhan_vien", "ngay_vao"),
    ]
    assert read_all(own_small_home) == found  # once per difference, not once per reading
    after = {source: landed(own_small_home, source) for source in before}
    assert (after["claims"], after["personnel"]) == (
        before["claims"],
        before["personnel"],
    )  # nothing was loaded
    assert after["collection"] > before["collection"]  # a new column stops nothing
