"""Claim files written from the demonstration's claim system land as that system's own tables do."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from demo.sources.claim_files import read_claims, write_zip
from demo.sources.schema import FILES
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.files.claim_landing import SOURCE
from dwh.datapath.sources.files.claim_load import load_claim_file
from dwh.datapath.sources.landing import batches

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


def loaded(home, tmp_path, version):
    database = home / "sources" / FILES["GIAMDINH"]
    area = DataPathSettings(home=tmp_path / version)
    count = write_zip(tmp_path / f"{version}.zip", read_claims(database, limit=400), version=version)
    report = load_claim_file(tmp_path / f"{version}.zip", settings=area, now=NOW, by="demo")
    return database, area, count, report


@pytest.mark.parametrize("version", ["4210", "130", "3176"])
def test_what_the_system_keeps_is_what_lands(tiny_home, tmp_path, version):
    database, area, count, report = loaded(tiny_home, tmp_path, version)
    facts = report.entry.facts
    assert facts["landed"] + facts["held"] == count
    assert {problem["code"] for problem in facts["problems"]} <= {"FMT-02"}, "only the planted hours 24"
    kept = {
        (row["ma_cskcb"], row["ma_lk"]): row
        for batch in batches(area, SOURCE, "gd_ho_so")
        for row in pq.read_table(batch.path).to_pylist()
    }
    with sqlite3.connect(database) as db:
        db.row_factory = sqlite3.Row
        for key, row in kept.items():
            sql = "SELECT * FROM gd_ho_so WHERE ma_cskcb = ? AND ma_lk = ? AND lan_gui = 1"
            system = db.execute(sql, key).fetchone()
            assert row["t_bhtt"] == Decimal(str(system["t_bhtt"])).quantize(Decimal("0.01"))
            assert (row["ngay_ra"], row["ma_the_bhyt"]) == (system["ngay_ra"], system["ma_the_bhyt"])


def test_lines_follow_their_claims(tiny_home, tmp_path):
    database, area, _, report = loaded(tiny_home, tmp_path, "4750")
    [batch] = batches(area, SOURCE, "gd_dvkt")
    lines = Counter(row["ma_lk"] for row in pq.read_table(batch.path, columns=["ma_lk"]).to_pylist())
    with sqlite3.connect(database) as db:
        for episode, count in list(lines.items())[:50]:
            sql = "SELECT count(*) FROM gd_dvkt WHERE ma_lk = ? AND lan_gui = 1 AND NOT is_deleted"
            assert db.execute(sql, (episode,)).fetchone() == (count,)
    assert sum(lines.values()) == report.rows["gd_dvkt"]
