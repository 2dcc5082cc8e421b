"""The claim system is compared with the rows that came from it, not with those that came in files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

from dwh.datapath.pipeline.plan import load_plan
from dwh.datapath.pipeline.tests.kit import claim, make_public, settings_in, small_nation
from dwh.datapath.reconciliation.totals import reconcile
from dwh.datapath.sources.files.tests.claims import NOW, load, written
from dwh.datapath.sources.files.tests.claims import claim as filed
from dwh.datapath.sources.tests.miniature import Miniature, of_sqlite


def test_reconciliation_with_the_system_leaves_the_rows_of_files_out(tmp_path):
    area = settings_in(tmp_path / "home")
    small_nation(area, claims=[claim(1, left="202611051000"), claim(2, left="202611061000")])
    load(written(tmp_path, filed(7)), area)
    make_public(area, plan=load_plan())
    with closing(sqlite3.connect(tmp_path / "claims.sqlite", isolation_level=None)) as db:
        system = Miniature("claims", f"sqlite:///{tmp_path / 'claims.sqlite'}", of_sqlite(db))
    found = reconcile("claims", settings=replace(area, sources={"claims": system.url}), now=NOW)
    published = {one.table: one.total().published for one in found}
    assert (published["gd_ho_so"], published["gd_thuoc"]) == (2, 2)
