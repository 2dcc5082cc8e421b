"""The sources look as real ones do: ties, corrections, late rows, soft deletes, codes with leading zeros."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import polars as pl
import pytest

from demo.sources.schema import FILES, columns_of, layouts, tables_of
from demo.tests.reading import read, scalar

EVERY = [(system, table) for system in FILES for table in tables_of(system)]


@pytest.mark.parametrize(("system", "table"), EVERY)
def test_a_table_has_its_layout_and_an_index_on_its_moment_of_change(tiny_home, system, table):
    with closing(sqlite3.connect(tiny_home / "sources" / FILES[system])) as db:
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        indexes = [row[1] for row in db.execute(f"PRAGMA index_list({table})")]
        keyed = [[row[2] for row in db.execute(f"PRAGMA index_info({name})")] for name in indexes]

    assert columns == [c.name for c in columns_of(system, table)]
    assert ["updated_at", "id"] in keyed
    assert scalar(tiny_home, system, f"SELECT count(*) FROM {table}") > 0
    assert scalar(tiny_home, system, f"SELECT count(*) FROM {table} WHERE updated_at < created_at") == 0


def test_claims_carry_all_66_fields_of_xml1():
    own = layouts()["GIAMDINH"]["gd_ho_so"].split()

    assert own[0] == "ma_lk:v100"
    assert own.index("du_phong:t") == 65


def test_many_rows_share_a_moment(home):
    moments = read(home, "TST", "tst_dong_ca_nhan", "updated_at")["updated_at"]

    assert moments.n_unique() < len(moments) / 3


def test_some_rows_came_late_some_were_corrected_some_taken_back(home):
    lines = read(home, "TST", "tst_dong_ca_nhan", "ky created_at updated_at")
    entered = pl.col("created_at").str.slice(0, 4) + pl.col("created_at").str.slice(5, 2)

    assert 0.002 < lines.filter(entered > pl.col("ky")).height / lines.height < 0.03
    assert lines.filter(pl.col("updated_at") > pl.col("created_at")).height > 0.3 * lines.height
    assert scalar(home, "TST", "SELECT count(*) FROM tst_dong_ca_nhan WHERE is_deleted = 1") > 0
    assert scalar(home, "GIAMDINH", "SELECT count(*) FROM gd_ho_so WHERE is_deleted = 1") > 0


def test_nothing_is_newer_than_the_cut_off(home):
    for system, table in EVERY:
        assert scalar(home, system, f"SELECT max(updated_at) FROM {table}") <= "2026-10-31 23:59:59"


def test_numbers_keep_their_leading_zeros(home):
    people = read(home, "TST", "tst_nguoi_tham_gia", "ma_so_bhxh so_ddcn")

    assert people["ma_so_bhxh"].str.starts_with("0").any()
    assert people["so_ddcn"].str.starts_with("00").any()


def test_24_months_from_november_2024(home):
    months = read(home, "TST", "tst_dong_ca_nhan", "ky")["ky"].unique().sort().to_list()

    assert len(months) == 24
    assert (months[0], months[-1]) == ("202411", "202610")
