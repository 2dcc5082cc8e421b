# ruff: noqa: E501  (a table of cases reads better whole)
"""Whatever is changed behind the program's back is found by the check, named, and told with its remedy."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from dwh.datapath.checking import space, store
from dwh.datapath.checking.findings import Area, Disk
from dwh.datapath.pipeline.tests import kit
from dwh.datapath.pipeline.tests.small_plans import contributions_plan
from dwh.datapath.sources.tests.miniature import Miniature, of_sqlite
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.parts import PartStore, sha256_of
from dwh.datapath.warehouse.release import MANIFEST, SERVING, current_release
from dwh.kernel.errors import Cancelled, NotFound

FACT = "core.fct_contribution"


@pytest.fixture
def nation(tmp_path):
    """Two releases; the second has a month more."""
    settings = kit.settings_in(tmp_path / "home")
    kit.small_nation(settings, lines=[kit.line(1), kit.line(2, person=2)])
    kit.make_public(settings)
    kit.land(settings, "tst_dong_ca_nhan", [kit.line(3, "2025-06")])
    kit.make_public(settings)
    return settings


def check(settings, **changes):
    return store.check_store(settings=settings, now=kit.START, plan=contributions_plan(), **changes)


def graves(settings):
    """Return what fails the store, as area → finding; areas that fail twice are told by the first."""
    return {one.area: one for one in reversed(check(settings).findings) if one.grave}


def manifest_of(settings):
    return Manifest.read(current_release(settings).path / MANIFEST)


def part_of(settings, table=FACT, month="2025-06"):
    part = manifest_of(settings).parts[table][month]
    return part, PartStore(settings.parts).path(part)


def flip(path, at=-20):
    """Change one byte, as a disk or a hand does."""
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.chmod(0o644)
    path.write_bytes(raw)


def test_a_whole_store_has_no_fault_and_everything_was_read(nation):
    found = check(nation)
    assert [one for one in found.findings if one.grave] == []
    read = {one.area: (one.files, one.bytes > 0) for one in found.looked}
    batches = len(list(nation.landing.rglob("[0-9]*.parquet")))
    files = {part for m in nation.releases.glob(f"2*/{MANIFEST}") for part in Manifest.read(m).files()}
    assert read == {
        Area.MANIFESTS: (2, True), Area.PARTS: (len(files), True), Area.SERVING: (2, True), Area.LANDING: (batches, True),
    }  # fmt: skip
    assert found.release_id == "2026-11-22.2"
    assert all(one.agrees for one in found.rows)
    assert {one.table: one.counted for one in found.rows}[FACT] == 3
    assert {(one.table, one.column) for one in found.pointers} >= {
        (FACT, "org_code"),
        (FACT, "participant_key"),
    }
    assert {one.orphans for one in found.pointers} == {0}
    assert {one.area for one in found.spaces} >= {"landing", "parts", "releases"}


def raise_a_value(settings):
    """Rewrite a part as a valid file of the same rows, with one amount higher."""
    _, path = part_of(settings)
    rows = pq.read_table(path)
    at = rows.schema.get_field_index("collected_vnd")
    path.chmod(0o644)
    pq.write_table(rows.set_column(at, rows.schema.field(at), pc.add(rows.column(at), 1)), path)


TAMPERED = {
    "a byte of a part": (lambda s: flip(part_of(s)[1]), Area.PARTS, r"parts/core\.fct_contribution/2025-06-.*\.parquet", "build --full"),
    "a value in a part": (raise_a_value, Area.PARTS, r"parts/core\.fct_contribution/2025-06-.*\.parquet", "build --full"),
    "a part gone": (lambda s: part_of(s)[1].unlink(), Area.PARTS, r"parts/core\.fct_contribution/2025-06", "bản sao lưu"),
    "a byte of the serving file": (lambda s: flip(s.releases / "current" / SERVING), Area.SERVING, rf"releases/2026-11-22\.2/{SERVING}", "dwh run"),
    "an old serving file gone": (lambda s: (s.releases / "2026-11-22.1" / SERVING).unlink(), Area.SERVING, rf"releases/2026-11-22\.1/{SERVING}", "dwh run"),
    "a byte of a landed file": (lambda s: flip(s.landing / "collection/tst_dong_ca_nhan/000002-rows.parquet"), Area.LANDING, r"landing/collection/tst_dong_ca_nhan/000002-rows\.parquet", "dwh sync collection"),
    "a landed batch gone": (lambda s: [p.unlink() for p in (s.landing / "collection/tst_dong_ca_nhan").glob("000002*")], Area.LANDING, "tst_dong_ca_nhan/000002", "bản sao lưu"),
    "a manifest rewritten": (lambda s: rewrite(s.releases / "2026-11-22.2" / MANIFEST), Area.MANIFESTS, rf"releases/2026-11-22\.2/{MANIFEST}", "dwh run"),
    "a release gone": (lambda s: shutil.rmtree(s.releases / "2026-11-22.1"), Area.MANIFESTS, r"releases/2026-11-22\.1", "bản sao lưu"),
}  # fmt: skip


def rewrite(path):
    path.chmod(0o644)
    path.write_text(path.read_text(encoding="utf-8").replace('"rows": 3', '"rows": 4'), encoding="utf-8")


@pytest.mark.req("B-12")
@pytest.mark.req("B-16")
@pytest.mark.law("QĐ-2366 9.7")
@pytest.mark.law("QC-DWH 7.5")
@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_in_the_store_is_found_and_named_with_its_remedy(nation, what):
    change, area, subject, remedy = TAMPERED[what]
    change(nation)
    found = graves(nation)[area]
    assert re.search(subject, found.subject)
    assert remedy in found.remedy
    assert found.said


def test_rows_that_do_not_agree_with_the_manifest_are_told_by_table(nation):
    _, path = part_of(nation)
    rows = pq.read_table(path)
    path.chmod(0o644)
    pq.write_table(rows.slice(0, 0), path)
    found = {one.subject: one for one in check(nation).findings if one.area is Area.ROWS}
    assert found[FACT].said == "Biên bản ghi 3 dòng, đếm được 2 dòng."


def test_a_row_that_points_to_nothing_is_counted_with_an_example(nation):
    """A part and its manifest are changed together, so that only following the pointer finds it."""
    part, path = part_of(nation)
    rows = pq.read_table(path)
    at = rows.schema.get_field_index("org_code")
    path.chmod(0o644)
    nowhere = pc.replace_with_mask(rows.column(at), [True] * rows.num_rows, "00.99.999")
    pq.write_table(rows.set_column(at, rows.schema.field(at), nowhere), path)
    manifest = manifest_of(nation)
    manifest.parts[FACT]["2025-06"] = replace(part, sha256=sha256_of(path))
    (target := current_release(nation).path / MANIFEST).chmod(0o644)
    manifest.write(target)
    found = graves(nation)
    assert set(found) == {Area.POINTERS}
    assert found[Area.POINTERS].subject == f"{FACT}.org_code"
    assert (
        "1 dòng trỏ tới giá trị không có trong core.dim_org (1 giá trị, ví dụ «00.99.999»)"
        in found[Area.POINTERS].said
    )


def test_control_totals_of_the_sources_stand_beside_and_a_silent_source_fails_nothing(nation, tmp_path):
    with closing(sqlite3.connect(tmp_path / "collection.sqlite", isolation_level=None)) as db:
        system = Miniature("collection", f"sqlite:///{tmp_path / 'collection.sqlite'}", of_sqlite(db))
    found = check(replace(nation, sources={"collection": system.url, "claims": "sqlite:////nowhere.sqlite"}))
    beside = {one.table: one for one in found.sources}
    assert (beside["tst_dong_ca_nhan"].there, beside["tst_dong_ca_nhan"].published) == (0, 3)
    told = Counter((one.subject, one.grave) for one in found.findings if one.area is Area.SOURCES)
    assert told["collection.tst_dong_ca_nhan", True] == 1  # three rows here that the source does not have
    assert told["claims", False] == 1


def test_little_room_is_a_warning_with_the_threshold_that_was_set():
    disk = Disk(("parts", "releases"), total=1_000, free=140)
    [warning] = space.findings_of([disk], 15)
    assert (warning.grave, "14,0" in warning.said, "15" in warning.said) == (False, True, True)
    assert space.findings_of([disk], 14) == []


def test_nothing_published_is_told_with_what_to_do(tmp_path):
    with pytest.raises(NotFound, match="dwh run"):
        check(kit.settings_in(tmp_path))


class StopAt:
    """Somebody asks to stop when the named step begins."""

    def __init__(self, name):
        self.name, self.now = name, ""

    def step(self, name, *, total=None, unit=""):
        self.now = name

    def advance(self, done, **counts):
        return None

    def check(self):
        if self.now == self.name:
            raise Cancelled("Đã dừng.")


@pytest.mark.parametrize("step", ["Đọc từng phần số liệu đã công bố", "Đếm dòng từng bảng"])
def test_a_check_stops_when_asked_and_leaves_the_store_as_it_was(nation, step):
    before = sorted((path, path.stat().st_mtime_ns) for path in nation.home.rglob("*") if path.is_file())
    with pytest.raises(Cancelled):
        check(nation, progress=StopAt(step))
    assert sorted((p, p.stat().st_mtime_ns) for p in nation.home.rglob("*") if p.is_file()) == before
