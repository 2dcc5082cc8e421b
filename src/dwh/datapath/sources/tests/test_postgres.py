"""What only a real PostgreSQL server can show: equal rows, a session that holds nothing, silence about passwords."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal

import psycopg
import pyarrow.parquet as pq
import pytest

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.connectors.base import Position
from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.landing import batches
from dwh.datapath.sources.registry import open_url
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.sources.tests.miniature import LINES, NOW, Miniature, at, of_postgres, of_sqlite, sync
from dwh.kernel.errors import ContractBroken, Invalid, SourceDown
from tests.postgres import PASSWORD, binaries, postgres_server

pytestmark = pytest.mark.postgres
TABLE = load_contract("collection").table(LINES)


def test_the_same_rows_land_alike_from_both_databases(sqlite_source, postgres_source, tmp_path):
    tables = []
    for source in (sqlite_source, postgres_source):
        for key in range(1, 50):
            source.add_line(
                key, key // 3, amount=key * 10**15, ma_so_bhxh=None if key % 7 == 0 else f"{key}", ky="2026"
            )
        settings = DataPathSettings(home=tmp_path / source.url[:6], sources={"collection": source.url})
        sync(source, settings)
        tables.append(pq.read_table(batches(settings, "collection", LINES)[0].path))
    assert tables[0].schema.equals(tables[1].schema)
    assert tables[0].equals(tables[1])


def test_decimals_and_dates_of_claims_land_alike(tmp_path, server):
    file, dsn = tmp_path / "claims.sqlite", server.create_database()
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        _fill_claims(Miniature("claims", f"sqlite:///{file}", of_sqlite(db)), yes="1")
    with psycopg.connect(dsn, autocommit=True) as db:
        _fill_claims(Miniature("claims", dsn, of_postgres(db)), yes="true")
    tables = []
    for url in (f"sqlite:///{file}", dsn):
        settings = DataPathSettings(home=tmp_path / url[:6], sources={"claims": url})
        sync_source("claims", settings=settings, now=NOW)
        tables.append(
            [pq.read_table(batches(settings, "claims", t)[0].path) for t in ("gd_ho_so", "gd_cskcb")]
        )
    assert tables[0] == tables[1]
    assert tables[0][0]["t_bhtt"].to_pylist() == [Decimal("0.10"), Decimal("1234567890123.45"), None]


def _fill_claims(source, *, yes):
    """Put in decimals, dates and times as literals that both databases understand."""
    for key, amount in ((1, "0.1"), (2, "1234567890123.45"), (3, "NULL")):
        names = "id, ma_lk, ma_cskcb, lan_gui, t_bhtt, thoi_gian_tiep_nhan, updated_at, is_deleted"
        values = f"{key}, 'L{key}', '01001', 1, {amount}, '{at(0)}', '{at(60)}', {yes}"
        source.run(f"INSERT INTO gd_ho_so ({names}) VALUES ({values})")
    names = "id, ma_cskcb, hop_dong_tu, updated_at, is_deleted"
    source.run(f"INSERT INTO gd_cskcb ({names}) VALUES (1, '01001', '2025-01-01', '{at(60)}', {yes})")


@pytest.mark.parametrize("address", [
    "postgresql://postgres:{wrong}@127.0.0.1:{port}/postgres",
    "postgresql://postgres:{wrong}@127.0.0.1:{port}/nowhere",
    "postgresql://postgres:{wrong}@127.0.0.1:1/postgres",
    "postgresql://postgres:{wrong}@[bad/postgres",
    "postgresql://postgres:{wrong}@127.0.0.1:{port}/postgres?nonsense=1",
])  # fmt: skip
def test_the_password_never_appears_in_a_refusal(server, tmp_path, address):
    url = address.format(wrong="bi-mat-9z", port=server.port)
    settings = DataPathSettings(home=tmp_path, sources={"collection": url})
    with pytest.raises((SourceDown, Invalid)) as refused:
        sync_source("collection", settings=settings, now=NOW)
    told = f"{refused.value.message_vi} {refused.value.facts} {refused.value.__cause__} {refused.value!r}"
    assert "bi-mat-9z" not in told
    assert "Kiểm tra" in refused.value.message_vi


def test_the_session_is_read_only_named_and_short(server):
    dsn = server.create_database()
    connector = open_url(dsn)
    names = "default_transaction_read_only transaction_isolation statement_timeout application_name TimeZone"
    shown = {
        name: connector._small(f"SELECT current_setting('{name}') AS v")[0]["v"] for name in names.split()
    }
    assert shown == {
        "default_transaction_read_only": "on", "transaction_isolation": "repeatable read",
        "statement_timeout": "30min", "application_name": "dwh-bhxh", "TimeZone": "UTC",
    }  # fmt: skip
    with psycopg.connect(dsn) as db:
        states = db.execute(
            "SELECT state FROM pg_stat_activity WHERE application_name = 'dwh-bhxh'"
        ).fetchall()
    assert states == [("idle",)]  # nothing is held between two statements
    connector.close()


@pytest.mark.parametrize("rows", [1, 3_000], ids=["before the first row", "after many rows"])
def test_a_number_that_is_none_is_a_broken_contract(postgres_source, settings_for, rows):
    postgres_source.fill(rows)
    postgres_source.run(f"UPDATE {LINES} SET so_tien_ld = 'NaN' WHERE id = {rows}")
    with pytest.raises(ContractBroken, match=LINES):
        sync(postgres_source, settings_for(postgres_source))


@pytest.mark.parametrize(("found", "fits"), [
    ("numeric(18,0)", True), ("bigint", True), ("integer", True), ("numeric(12,0)", True), ("numeric(20,0)", False),
    ("numeric(18,2)", False), ("numeric", False), ("double precision", False), ("text", False),
])  # fmt: skip
def test_which_types_can_carry_whole_money(postgres_source, found, fits):
    connector = open_url(postgres_source.url)
    money = next(column for column in TABLE.columns if column.name == "so_tien_ld")
    assert connector.fits(money, found) is fits
    connector.close()


def test_a_cancelled_read_stops_and_the_session_goes_on(postgres_source):
    postgres_source.fill(300_000)
    connector = open_url(postgres_source.url)
    upto = connector.high_water(TABLE)
    assert isinstance(upto, Position)
    rows = connector.read(TABLE, after=None, upto=upto, limit=300_000)
    next(rows)
    connector.cancel()
    with pytest.raises(SourceDown):
        list(rows)
    assert connector.high_water(TABLE) == upto
    connector.close()


def test_a_wrong_password_and_a_lack_of_rights_are_told_apart(server, postgres_source, tmp_path):
    with pytest.raises(SourceDown, match="mật khẩu không đúng"):
        open_url(postgres_source.url.replace(PASSWORD, "sai"))
    postgres_source.run("CREATE ROLE nobody_here LOGIN PASSWORD 'x' IN ROLE pg_read_all_settings")
    connector = open_url(postgres_source.url.replace(f"postgres:{PASSWORD}", "nobody_here:x"))
    with pytest.raises(SourceDown, match="thiếu quyền đọc"):
        connector.high_water(TABLE)
    connector.close()
    postgres_source.run("DROP ROLE nobody_here")


@pytest.mark.slow
@pytest.mark.skipif(binaries() is None, reason="no PostgreSQL server binaries (initdb) on this machine")
def test_a_server_that_stops_leaves_what_was_committed(tmp_path):
    with postgres_server() as short_lived:
        dsn = short_lived.create_database()
        assert PASSWORD in dsn
        settings = DataPathSettings(home=tmp_path, sources={"collection": dsn})
        with psycopg.connect(dsn, autocommit=True) as db:
            source = Miniature(
                "collection", dsn, lambda sql, v=(): db.execute(sql.replace("?", "%s"), v or None)
            )
            for key in range(1, 6):
                source.add_line(key, key)
        assert sync(source, settings).rows == 5
    with pytest.raises(SourceDown, match="không trả lời"):
        sync(source, settings)
    assert sum(batch.rows for batch in batches(settings, "collection", LINES)) == 5
