"""A source that is down, changed or lying stops with one clear sentence, and nothing landed is lost."""

from __future__ import annotations

import fcntl
from contextlib import closing
from dataclasses import replace

import pytest

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources import registry
from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.drift import check_source, drifts_of, ignore
from dwh.datapath.sources.registry import open_source, open_url
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.sources.tests.miniature import LINES, NOW, landed_lines, report_of, sync
from dwh.kernel.errors import Conflict, ContractBroken, Invalid, NotFound, SourceDown


def test_a_dropped_column_names_table_column_and_remedy(source, settings_for):
    source.run(f"ALTER TABLE {LINES} DROP COLUMN so_tien_sd")
    with pytest.raises(ContractBroken, match=r"dwh sync collection") as refused:
        sync(source, settings_for(source))
    assert refused.value.facts | {"expected": "", "source": "", "drifts": ""} == {
        "source": "", "table": LINES, "column": "so_tien_sd", "expected": "", "found": "nothing", "drifts": "",
    }  # fmt: skip
    assert "so_tien_sd" in refused.value.message_vi


def test_a_dropped_column_that_never_lands_is_no_matter(source, settings_for):
    source.run(f"ALTER TABLE {LINES} DROP COLUMN updated_by")
    assert sync(source, settings_for(source)).rows == 0


def test_a_retyped_column_stops_the_source_before_a_row_is_read(source, settings_for):
    source.add_line(1, 1)
    source.run(f"ALTER TABLE {LINES} RENAME COLUMN so_tien_ld TO so_tien_cu")
    source.run(f"ALTER TABLE {LINES} ADD COLUMN so_tien_ld TEXT")
    settings = settings_for(source)
    with pytest.raises(ContractBroken, match=r"(?i)so_tien_ld.*text.*money"):
        sync(source, settings)
    assert landed_lines(settings) == {}


def test_a_missing_table_is_named(source, settings_for):
    source.run("DROP TABLE tst_the_bhyt")
    with pytest.raises(ContractBroken, match="tst_the_bhyt"):
        sync(source, settings_for(source))


def test_a_new_column_is_noted_and_not_read(source, settings_for):
    source.add_line(1, 1)
    source.run(f"ALTER TABLE {LINES} ADD COLUMN ghi_chu TEXT")
    settings = settings_for(source)
    report = report_of(source, settings)
    assert report.rows == 1
    assert "ghi_chu" in report.notes[0]


@pytest.mark.req("C-16")
def test_everything_that_differs_is_told_at_once_before_a_row_is_read(source, settings_for):
    source.add_line(1, 1)
    source.run(f"ALTER TABLE {LINES} ADD COLUMN ghi_chu TEXT")
    source.run(f"ALTER TABLE {LINES} DROP COLUMN so_tien_sd")
    source.run("DROP TABLE tst_the_bhyt")
    settings, told = settings_for(source), []

    def heed(_contract, drifts):
        assert landed_lines(settings) == {}
        told.extend((d.table, d.column, d.change, d.stops) for d in drifts)

    with pytest.raises(ContractBroken, match="Còn 1 khác biệt nữa") as refused:
        sync_source(source.name, settings=settings, now=NOW, heed=heed)
    assert sorted(told) == [
        (LINES, "ghi_chu", "added", False), (LINES, "so_tien_sd", "dropped", True),
        ("tst_the_bhyt", "", "dropped", True),
    ]  # fmt: skip
    assert [one["column"] for one in refused.value.facts["drifts"]] == [column for _, column, *_ in told]
    assert landed_lines(settings) == {}


def test_a_frozen_contract_stops_its_source_at_a_new_column(sqlite_source):
    sqlite_source.run(f"ALTER TABLE {LINES} ADD COLUMN ghi_chu TEXT")
    contract = replace(load_contract("collection"), mode="freeze")
    with closing(open_url(sqlite_source.url)) as connector:
        with pytest.raises(ContractBroken, match=r"cột mới «ghi_chu».*đóng băng.*dwh sync collection"):
            check_source(connector, contract, ignore)
        assert drifts_of(connector, contract, contract.table("tst_don_vi")) == ()


@pytest.mark.parametrize(("column", "value"), [
    ("so_tien_da_dong", "một nghìn"), ("so_tien_da_dong", 1000.5), ("so_tien_da_dong", None), ("can_cu_dong", b"\x01"),
    ("created_at", "31/12/2025"), ("is_deleted", 7), ("updated_at", "hôm qua"), ("updated_at", None),
])  # fmt: skip
def test_a_value_of_another_type_names_its_row_and_never_shows_itself(
    sqlite_source, settings_for, column, value
):
    sqlite_source.add_line(1, 1)
    sqlite_source.add_line(4711, 2, **{column: value})
    settings = settings_for(sqlite_source)
    with pytest.raises(ContractBroken, match=f"{LINES}.*{column}.*4711") as refused:
        sync(sqlite_source, settings)
    assert str(value) not in refused.value.message_vi.replace("4711", "")
    assert landed_lines(settings) == {}


def test_a_missing_promised_value_is_refused_by_servers_too(server_source, settings_for):
    server_source.add_line(1, 1)
    server_source.add_line(4711, 2, so_tien_da_dong=None)
    with pytest.raises(ContractBroken, match=r"so_tien_da_dong.*4711"):
        sync(server_source, settings_for(server_source))


def test_a_missing_file_is_a_source_that_is_down(tmp_path):
    settings = DataPathSettings(home=tmp_path, sources={"collection": f"sqlite:///{tmp_path}/nowhere.sqlite"})
    with pytest.raises(SourceDown, match=r"nowhere\.sqlite"):
        sync_source("collection", settings=settings, now=NOW)


def test_a_file_that_is_no_database_is_a_source_that_is_down(tmp_path):
    (tmp_path / "no.sqlite").write_bytes(b"this is not a database, only text" * 100)
    settings = DataPathSettings(home=tmp_path, sources={"collection": f"sqlite:///{tmp_path}/no.sqlite"})
    with pytest.raises(SourceDown, match=r"no\.sqlite"):
        sync_source("collection", settings=settings, now=NOW)


def test_two_syncs_of_one_source_do_not_run_at_once(source, settings_for):
    settings = settings_for(source)
    sync(source, settings)
    with (settings.landing / "collection" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Conflict, match="đang đồng bộ"):
            sync(source, settings)
    assert sync(source, settings).rows == 0


def test_unknown_sources_and_addresses_are_refused_with_the_way_out(tmp_path):
    settings = DataPathSettings(home=tmp_path, sources={})
    with pytest.raises(NotFound, match="collection"):
        open_source("sales", settings)
    with pytest.raises(NotFound, match="DWH_SOURCE_IAM"):
        open_source("iam", settings)
    with pytest.raises(Invalid, match=r"«db2».*postgresql"):
        open_url("db2://host/db")


def test_a_driver_that_is_not_installed_names_the_group_to_install(monkeypatch):
    monkeypatch.setitem(registry._PRODUCTS, "mysql", ("no_such_module", "Nothing", "mysql"))
    with pytest.raises(Invalid, match=r"chưa cài.*dwh-bhxh\[mysql\]"):
        open_url("mysql://host/db")


@pytest.mark.req("B-15")
@pytest.mark.law("QC-DWH 3.1")
def test_reading_never_writes_to_the_source(source):
    connector = open_url(source.url)
    with pytest.raises(SourceDown):
        list(
            connector._rows(f"DELETE FROM {LINES}")
            if source.is_sqlite
            else connector._small(f"DELETE FROM {LINES}")
        )
    connector.close()
