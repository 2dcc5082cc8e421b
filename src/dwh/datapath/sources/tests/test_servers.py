"""What only real servers can show: rows equal to those of a file, reads that stop when told to."""

from __future__ import annotations

import time
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.connectors.base import Position
from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.landing import batches
from dwh.datapath.sources.registry import open_url
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.sources.tests.miniature import LINES, NOW, Miniature, at, sync
from dwh.kernel.errors import SourceDown

TABLE = load_contract("collection").table(LINES)


def test_the_same_rows_land_alike_from_a_server(sqlite_source, server_source, tmp_path):
    tables = []
    for source in (sqlite_source, server_source):
        for key in range(1, 50):
            source.add_line(
                key, key // 3, amount=key * 10**15, ma_so_bhxh=None if key % 7 == 0 else f"{key}", ky="2026",
                ma_don_vi="Đơn vị số tám – «ưỡng»",
            )  # fmt: skip
        settings = DataPathSettings(home=tmp_path / source.product, sources={"collection": source.url})
        sync(source, settings)
        tables.append(pq.read_table(batches(settings, "collection", LINES)[0].path))
    assert tables[0].schema.equals(tables[1].schema)
    assert tables[0].equals(tables[1])


def test_decimals_and_dates_of_claims_land_alike(sqlite_source, server_source, tmp_path):
    tables = []
    for made in (sqlite_source, server_source):
        source = Miniature("claims", made.url, made.run)
        _fill_claims(source, yes="1" if made.product == "sqlite" else "true")
        settings = DataPathSettings(home=tmp_path / made.product, sources={"claims": made.url})
        sync_source("claims", settings=settings, now=NOW)
        tables.append(
            [pq.read_table(batches(settings, "claims", t)[0].path) for t in ("gd_ho_so", "gd_cskcb")]
        )
    assert tables[0] == tables[1]
    assert tables[0][0]["t_bhtt"].to_pylist() == [Decimal("0.10"), Decimal("1234567890123.45"), None]


def _fill_claims(source, *, yes):
    """Put in decimals, dates and times as literals that every database understands."""
    for key, amount in ((1, "0.1"), (2, "1234567890123.45"), (3, "NULL")):
        names = "id, ma_lk, ma_cskcb, lan_gui, t_bhtt, thoi_gian_tiep_nhan, updated_at, is_deleted"
        values = f"{key}, 'L{key}', '01001', 1, {amount}, '{at(0)}', '{at(60)}', {yes}"
        source.run(f"INSERT INTO gd_ho_so ({names}) VALUES ({values})")
    names = "id, ma_cskcb, hop_dong_tu, updated_at, is_deleted"
    source.run(f"INSERT INTO gd_cskcb ({names}) VALUES (1, '01001', '2025-01-01', '{at(60)}', {yes})")


def test_a_cancelled_read_stops_and_the_session_goes_on(server_source):
    server_source.fill(600_000)
    connector = open_url(server_source.url)
    upto = connector.high_water(TABLE)
    assert isinstance(upto, Position)
    rows = connector.read(TABLE, after=None, upto=upto, limit=600_000)
    next(rows)
    connector.cancel()
    with pytest.raises(SourceDown, match="bị dừng"):
        list(rows)
    assert connector.high_water(TABLE) == upto
    connector.close()


def test_a_read_left_early_leaves_nothing_running_at_the_server(server_source):
    server_source.fill(600_000)
    connector = open_url(server_source.url)
    rows = connector.read(TABLE, after=None, upto=connector.high_water(TABLE), limit=600_000)
    next(rows)
    rows.close()
    busy = {
        "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND "
                      "datname = current_database() AND application_name = 'dwh-bhxh'",
        "mysql": "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND "
                 "info IS NOT NULL AND id <> connection_id()",
    }[server_source.product]  # fmt: skip
    patience = time.monotonic() + 5
    while server_source.run(busy)[0][0] and time.monotonic() < patience:
        pass
    assert server_source.run(busy)[0][0] == 0
    connector.close()
