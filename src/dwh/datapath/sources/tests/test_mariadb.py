"""What is true of MariaDB alone: an account that may write is refused, its session, its types, its zero dates."""

from __future__ import annotations

import pytest

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.landing import batches
from dwh.datapath.sources.registry import open_url
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.sources.tests.miniature import LINES, NOW, Miniature, of_mariadb, sync
from dwh.kernel.errors import ContractBroken, Invalid, SourceDown
from tests.mariadb import PASSWORD, READER, is_installed, mariadb_server

pytestmark = pytest.mark.mariadb
TABLE = load_contract("collection").table(LINES)


@pytest.mark.req("B-15")
@pytest.mark.parametrize("right", [
    "INSERT ON {db}.*", "SELECT, UPDATE ON {db}.*", "DELETE ON *.*", "CREATE TEMPORARY TABLES ON {db}.*",
    "LOCK TABLES ON {db}.*", "FILE ON *.*", "EXECUTE ON {db}.*", "ALL ON *.*",
])  # fmt: skip
def test_an_account_that_could_write_is_refused_before_anything_is_read(mariadb_source, maria, right):
    database = mariadb_source.url.rpartition("/")[2]
    rights = (f"SELECT ON {database}.*", right.format(db=database))
    _account(maria, "hay_ghi", *(f"GRANT {one} TO 'hay_ghi'@'127.0.0.1'" for one in rights))
    with pytest.raises(SourceDown, match=r"chỉ có quyền SELECT") as refused:
        open_url(mariadb_source.url.replace(READER, "hay_ghi"))
    assert PASSWORD not in refused.value.message_vi
    assert refused.value.facts["cause"] == "may write"


@pytest.mark.parametrize("grant", [
    "GRANT USAGE ON *.* TO 'lan_nua'@'127.0.0.1' WITH GRANT OPTION",
    "GRANT nhom_doc TO 'lan_nua'@'127.0.0.1'",
], ids=["may pass it on", "through a role"])  # fmt: skip
def test_rights_that_cannot_be_seen_whole_are_refused(mariadb_source, maria, grant):
    database = mariadb_source.url.rpartition("/")[2]
    with maria.admin() as db, db.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE ROLE nhom_doc")
    _account(maria, "lan_nua", f"GRANT SELECT ON {database}.* TO 'lan_nua'@'127.0.0.1'", grant)
    with pytest.raises(SourceDown, match="trực tiếp không qua vai trò"):
        open_url(mariadb_source.url.replace(READER, "lan_nua"))


def test_an_account_of_single_tables_and_columns_may_read(mariadb_source, maria):
    database = mariadb_source.url.rpartition("/")[2]
    rights = (f"SELECT (id, updated_at) ON {database}.{LINES}", "PROCESS ON *.*")
    _account(maria, "doc_it", *(f"GRANT {right} TO 'doc_it'@'127.0.0.1'" for right in rights))
    connector = open_url(mariadb_source.url.replace(READER, "doc_it"))
    assert connector.high_water(TABLE) is None
    connector.close()


def _account(maria, name, *grants):
    with maria.admin() as db, db.cursor() as cursor:
        cursor.execute(f"CREATE OR REPLACE USER '{name}'@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'")
        for grant in grants:
            cursor.execute(grant)


def test_both_sessions_are_read_only_in_utc_and_short(mariadb_source):
    connector = open_url(mariadb_source.url)
    sql = "SELECT @@tx_read_only AS r, @@time_zone AS z, @@max_statement_time AS m"
    (small,) = connector._small(sql)
    (streamed,) = next(connector._stream(sql, TABLE)).to_pylist()
    for session in (small, streamed):
        assert (int(session["r"]), session["z"], float(session["m"])) == (1, "+00:00", 1800.0)
    connector.close()


@pytest.mark.parametrize("address", [
    "mysql://{reader}:{wrong}@127.0.0.1:{port}/mysql",
    "mysql://{reader}:{wrong}@127.0.0.1:1/mysql",
    "mysql://{reader}:{wrong}@127.0.0.1:{port}/mysql?nonsense=1",
    "mysql://{reader}:{wrong}@127.0.0.1:{port}",
    "mysql://{reader}:{wrong}@[bad/mysql",
])  # fmt: skip
def test_the_password_never_appears_in_a_refusal(maria, tmp_path, address):
    url = address.format(reader=READER, wrong="bi-mat-9z", port=maria.port)
    settings = DataPathSettings(home=tmp_path, sources={"collection": url})
    with pytest.raises((SourceDown, Invalid)) as refused:
        sync_source("collection", settings=settings, now=NOW)
    told = f"{refused.value.message_vi} {refused.value.facts} {refused.value.__cause__} {refused.value!r}"
    assert "bi-mat-9z" not in told
    assert "Kiểm tra" in refused.value.message_vi


def test_a_password_of_odd_signs_opens_both_drivers(maria, mariadb_source):
    odd = "p@ss/w:rd#%é"
    database = mariadb_source.url.rpartition("/")[2]
    with maria.admin() as db, db.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE USER 'ky_tu'@'127.0.0.1' IDENTIFIED BY %s", (odd,))
        cursor.execute(f"GRANT SELECT ON {database}.* TO 'ky_tu'@'127.0.0.1'")
    connector = open_url(f"mysql://ky_tu:p%40ss%2Fw%3Ard%23%25%C3%A9@127.0.0.1:{maria.port}/{database}")
    assert list(connector.keys(TABLE)) == []
    connector.close()


def test_a_wrong_password_and_a_lack_of_rights_are_told_apart(maria, mariadb_source):
    with pytest.raises(SourceDown, match="mật khẩu không đúng"):
        open_url(mariadb_source.url.replace(PASSWORD, "sai"))
    with pytest.raises(SourceDown, match="thiếu quyền đọc"):
        open_url(mariadb_source.url.rpartition("/")[0] + "/mysql")


@pytest.mark.parametrize(("found", "fits"), [
    ("decimal(18,0)", True), ("bigint(20)", True), ("int(11)", True), ("int(10) unsigned", True),
    ("decimal(12,0)", True), ("decimal(20,0)", False), ("decimal(18,2)", False), ("bigint(20) unsigned", False),
    ("double", False), ("float", False), ("varchar(20)", False),
])  # fmt: skip
def test_which_types_can_carry_whole_money(mariadb_source, found, fits):
    connector = open_url(mariadb_source.url)
    money = next(column for column in TABLE.columns if column.name == "so_tien_ld")
    assert connector.fits(money, found) is fits
    connector.close()


@pytest.mark.parametrize("rows", [1, 200_000], ids=["in the first chunk", "after many rows"])
def test_a_zero_date_names_its_row(mariadb_source, settings_for, rows):
    mariadb_source.fill(rows)
    mariadb_source.run("SET SESSION sql_mode = ''")
    mariadb_source.run(f"UPDATE {LINES} SET created_at = '0000-00-00' WHERE id = {rows}")
    with pytest.raises(ContractBroken, match=rf"created_at.*dòng id {rows} có ngày 0000-00-00"):
        sync(mariadb_source, settings_for(mariadb_source))


def test_a_boolean_that_is_neither_names_its_row(mariadb_source, settings_for):
    mariadb_source.add_line(1, 1)
    mariadb_source.add_line(4711, 2, is_deleted=7)
    with pytest.raises(ContractBroken, match=r"is_deleted.*4711"):
        sync(mariadb_source, settings_for(mariadb_source))


def test_an_idle_session_ended_by_the_server_is_opened_again(mariadb_source, maria):
    mariadb_source.add_line(1, 1)
    connector = open_url(mariadb_source.url)
    with maria.admin() as db, db.cursor() as cursor:
        cursor.execute(f"SELECT id FROM information_schema.processlist WHERE user = '{READER}'")
        for (session,) in cursor.fetchall():
            cursor.execute(f"KILL {session}")
    assert connector.high_water(TABLE).id == 1
    connector.close()


@pytest.mark.slow
@pytest.mark.skipif(not is_installed(), reason="no MariaDB server on this machine")
def test_a_server_that_stops_leaves_what_was_committed(tmp_path):
    with mariadb_server() as short_lived:
        url = short_lived.create_database()
        settings = DataPathSettings(home=tmp_path, sources={"collection": url})
        with short_lived.admin(url.rpartition("/")[2]) as db:
            source = Miniature("collection", url, of_mariadb(db))
            for key in range(1, 6):
                source.add_line(key, key)
            assert sync(source, settings).rows == 5
    with pytest.raises(SourceDown, match="không trả lời"):
        sync(source, settings)
    assert sum(batch.rows for batch in batches(settings, "collection", LINES)) == 5
