"""A published fact changes by a build and by nothing else: no statement, no file that can be written into."""

from __future__ import annotations

import pytest

from dwh.datapath.pipeline.tests import kit
from dwh.datapath.warehouse.engine import EngineFault
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.parts import PartStore, sha256_of
from dwh.datapath.warehouse.release import MANIFEST, SERVING, current_release

FACT = "core.fct_contribution"
CHANGES = {
    "update": f"UPDATE {FACT} SET collected_vnd = 0",
    "insert": f"INSERT INTO {FACT} SELECT * FROM {FACT}",
    "delete": f"DELETE FROM {FACT}",
    "replace": f"CREATE OR REPLACE TABLE {FACT} AS SELECT 1 AS collected_vnd",
    "drop": f"DROP TABLE {FACT}",
    "a file written": f"COPY {FACT} TO '{{home}}/parts/forged.parquet'",
    "another database": "ATTACH '{home}/other.duckdb' AS other",
    "the bars lifted": "SET enable_external_access = true",
}


@pytest.fixture
def nation(tmp_path):
    settings = kit.settings_in(tmp_path)
    kit.small_nation(settings, lines=[kit.line(1), kit.line(2, person=2)])
    kit.make_public(settings)
    return settings


@pytest.mark.req("B-16")
@pytest.mark.law("QĐ-2366 10.5.1")
@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("door", ["fetch", "run"])
def test_what_the_web_process_holds_cannot_change_a_fact(nation, what, door):
    """`fetch` is what the gate calls, `run` what a program could call on the same engine."""
    release = current_release(nation)
    before, sha256 = kit.rows_of(release, FACT), sha256_of(release.path / SERVING)
    sql = CHANGES[what].format(home=nation.home)
    with pytest.raises(EngineFault):
        release.fetch(sql, limit=10) if door == "fetch" else release.engine().run(sql)
    assert kit.rows_of(release, FACT) == before
    assert sha256_of(release.path / SERVING) == sha256
    assert not (nation.parts / "forged.parquet").exists()


@pytest.mark.req("B-16")
def test_no_published_file_can_be_written_into_and_older_ones_are_closed_by_the_next_publication(nation):
    old = Manifest.read(current_release(nation).path / MANIFEST)
    carried = PartStore(nation.parts).path(old.parts[FACT]["2025-05"])
    carried.chmod(0o644)  # as an older program left it
    kit.land(nation, "tst_dong_ca_nhan", [kit.line(3, "2025-06")])
    release = kit.make_public(nation)
    manifest = Manifest.read(release.path / MANIFEST)
    files = [
        release.path / SERVING,
        release.path / MANIFEST,
        *(nation.parts / name for name in manifest.files()),
    ]
    assert carried in files
    assert {path.stat().st_mode & 0o777 for path in files} == {0o444}
