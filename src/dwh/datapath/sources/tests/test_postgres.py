"""What is true of PostgreSQL alone: its session, its numbers that are none, its types, its refusals."""

from __future__ import annotations

import psycopg
import pytest

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.landing import batches
from dwh.datapath.sources.registry import open_url
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.sources.tests.miniature import LINES, NOW, Miniature, of_postgres, sync
from dwh.kernel.errors import ContractBroken, Invalid, SourceDown
from tests.postgres import PASSWORD, binaries, postgres_server

pytestmark = pytest.mark.postgres
TABLE = load_contract("collection").table(LINES)


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
            source = Miniature("collection", dsn, of_postgres(db))
            for key in range(1, 6):
                source.add_line(key, key)
        assert sync(source, settings).rows == 5
    with pytest.raises(SourceDown, match="không trả lời"):
        sync(source, settings)
    assert sum(batch.rows for batch in batches(settings, "collection", LINES)) == 5
