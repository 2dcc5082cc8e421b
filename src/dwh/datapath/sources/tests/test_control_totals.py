"""Each source loads end to end, and counts and sums equal what the source itself counts and sums."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from decimal import Decimal

import pytest

from demo.ledger import SOURCE_OF
from demo.sources.make import make_sources
from demo.sources.mariadb import load
from demo.sources.schema import FILES
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.landing import batches, verify_batch
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.sources.tests.miniature import NOW, landed_rows

SCALE = 1 / 40_000  # of the nation: a few hundred contributors
FILE_OF = {source: FILES[system] for system, source in SOURCE_OF.items()}


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    """The demonstration systems, small, and the settings to sync them."""
    home = tmp_path_factory.mktemp("demonstration")
    make_sources(home, scale=SCALE)
    urls = {source: f"sqlite:///{home}/sources/{file}" for source, file in FILE_OF.items()}
    return DataPathSettings(home=home, sources=urls)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("collection", marks=[pytest.mark.req("C-01"), pytest.mark.law("QC-DWH 4.1")]),
        pytest.param("benefits", marks=[pytest.mark.req("C-02"), pytest.mark.law("QC-DWH 4.2")]),
        pytest.param("claims", marks=[pytest.mark.req("C-03"), pytest.mark.law("QC-DWH 4.3")]),
        pytest.param("registration", marks=[pytest.mark.req("C-05"), pytest.mark.law("QC-DWH 4.5")]),
        pytest.param("accounting", marks=[pytest.mark.req("C-04"), pytest.mark.law("QC-DWH 4.4")]),
        pytest.param("personnel", marks=pytest.mark.req("C-06")),
        pytest.param("efiling", marks=[pytest.mark.req("C-07"), pytest.mark.law("QC-DWH 4.7")]),
        pytest.param("iam", marks=[pytest.mark.req("C-08"), pytest.mark.law("QC-DWH 4.8")]),
    ],
)
def test_counts_and_sums_of_every_table_equal_the_source(demonstration, name):
    report = sync_source(name, settings=demonstration, now=NOW)
    assert report.notes == ()
    with closing(sqlite3.connect(demonstration.home / "sources" / FILE_OF[name])) as db:
        for table, done in zip(load_contract(name).tables, report.tables, strict=True):
            assert done.rows == _count(db, table.name) > 0
            _totals_are_equal(db, demonstration, name, table)
    assert sync_source(name, settings=demonstration, now=NOW).rows == 0


def _totals_are_equal(db, settings, name, table):
    landed = batches(settings, name, table.name)
    rows = landed_rows(settings, name, table.name)
    for batch in landed:
        verify_batch(batch)
    assert len(rows) == sum(batch.rows for batch in landed)
    for column in table.money:
        values = [
            Decimal(str(v)) for (v,) in db.execute(f"SELECT {column} FROM {table.name}") if v is not None
        ]
        assert sum(batch.vnd[column] for batch in landed) == sum(values)
        assert sum(row[column] or 0 for row in rows.values()) == sum(values)


def _count(db, table):
    return db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@pytest.mark.slow
@pytest.mark.mariadb
def test_a_demonstration_source_lands_from_mariadb_as_from_its_file(demonstration, maria, tmp_path):
    url = maria.create_database()
    with maria.admin(url.rpartition("/")[2]) as db:
        load(demonstration.home / "sources" / FILE_OF["claims"], db)
    served = DataPathSettings(home=tmp_path / "server", sources={"claims": url})
    filed = replace(demonstration, home=tmp_path / "file")
    for settings in (served, filed):
        assert sync_source("claims", settings=settings, now=NOW).notes == ()
    for table in load_contract("claims").tables:
        assert landed_rows(served, "claims", table.name) == landed_rows(filed, "claims", table.name)
