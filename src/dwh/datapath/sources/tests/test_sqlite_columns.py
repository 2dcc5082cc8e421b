"""Pages read by columns are those read value by value; what the columns cannot carry is refused with its row."""

from __future__ import annotations

from contextlib import closing

import pyarrow as pa
import pytest

from dwh.datapath.sources.connectors.sqlite import SqliteConnector
from dwh.datapath.sources.connectors.sqlite_columns import fitted
from dwh.datapath.sources.connectors.sqlite_values import MISFITS
from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.tests.miniature import LINES

TABLE = load_contract("collection").table(LINES)


def pages(connector):
    upto = connector.high_water(TABLE)
    return list(connector.read(TABLE, after=None, upto=upto, limit=1_000))


def test_both_ways_of_reading_give_the_same_page(sqlite_source, monkeypatch):
    for key in range(1, 50):
        sqlite_source.add_line(key, key * 60, amount=key * 10**15)
    sqlite_source.run(f"UPDATE {LINES} SET ma_don_vi = NULL, is_deleted = 1 WHERE id % 7 = 0")
    sqlite_source.run(f"UPDATE {LINES} SET ma_so_bhxh = '0123456789' WHERE id = 3")
    with closing(SqliteConnector(sqlite_source.url)) as connector:
        by_columns = pages(connector)
        monkeypatch.setattr(connector._columns, "page", lambda *_: None)
        assert by_columns == pages(connector)
        assert by_columns[0].column("ma_so_bhxh")[2].as_py() == "0123456789"


@pytest.mark.parametrize(("column", "stored"), [
    ("ma_don_vi", pa.array([7, 8])), ("so_tien_ld", pa.array(["7", None])), ("is_deleted", pa.array([0, 7])),
    ("so_tien_ld", pa.array([7.5])), ("updated_at", pa.array([20250101])), ("can_cu_dong", pa.array([b"7"])),
    ("id", pa.array([None, None], pa.int64())),
])  # fmt: skip
def test_a_number_for_text_or_text_for_a_number_is_never_bent_to_fit(column, stored):
    promised = next(one for one in TABLE.columns if one.name == column)
    with pytest.raises(MISFITS):
        fitted(pa.chunked_array([stored]), promised)


def test_a_column_nobody_filled_is_empty_whatever_the_driver_guessed():
    promised = next(one for one in TABLE.columns if one.name == "ma_don_vi")
    assert fitted(pa.chunked_array([pa.array([None, None], pa.int64())]), promised) == pa.nulls(
        2, pa.string()
    )
