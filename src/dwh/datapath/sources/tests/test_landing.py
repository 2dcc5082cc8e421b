"""A batch is its manifest: half-written ones do not exist, altered ones are found, set aside and read again."""

from __future__ import annotations

import json
import os
import random

import pytest

from dwh.datapath.sources import landing
from dwh.datapath.sources.landing import batches, set_aside, verify_batch
from dwh.datapath.sources.tests.miniature import LINES, landed_lines, report_of, sync
from dwh.kernel.errors import DamagedFile


@pytest.fixture
def landed(sqlite_source, settings_for):
    """Nine rows in three batches, and the settings they landed under."""
    for key in range(1, 10):
        sqlite_source.add_line(key, key * 3600, amount=key)
    settings = settings_for(sqlite_source)
    sync(sqlite_source, settings, batch_rows=3)
    return settings


def test_the_manifest_tells_rows_and_money_of_its_batch(landed):
    first, second, third = batches(landed, "collection", LINES)
    assert [first.rows, second.rows, third.rows] == [3, 3, 3]
    assert [b.vnd["so_tien_da_dong"] for b in (first, second, third)] == [6, 15, 24]
    assert (first.cursor_to, second.cursor_to) == (second.cursor_from, third.cursor_from)
    assert (first.batch_id, first.kind) == (f"collection.{LINES}.000001", "rows")
    for batch in (first, second, third):
        verify_batch(batch)


def test_a_sum_beyond_64_bits_does_not_wrap_around(sqlite_source, settings_for):
    for key in (1, 2, 3):
        sqlite_source.add_line(key, key * 3600, amount=2**63 - 1)
    settings = settings_for(sqlite_source)
    sync(sqlite_source, settings)
    [batch] = batches(settings, "collection", LINES)
    assert batch.vnd["so_tien_da_dong"] == 3 * (2**63 - 1)
    verify_batch(batch)


def test_any_altered_byte_is_found(landed):
    batch, chance = batches(landed, "collection", LINES)[1], random.Random(3)
    whole = batch.path.read_bytes()
    for place in [0, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(20))]:
        batch.path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(DamagedFile, match=r"dwh sync collection"):
            verify_batch(batch)


def test_an_altered_manifest_is_found(landed):
    batch = batches(landed, "collection", LINES)[0]
    body = json.loads(batch.manifest.read_text(encoding="utf-8"))
    batch.manifest.write_text(json.dumps(body | {"rows": 4}), encoding="utf-8")
    with pytest.raises(DamagedFile):
        batches(landed, "collection", LINES)
    with pytest.raises(DamagedFile):
        verify_batch(batch)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_batch_set_aside_is_read_again_and_nothing_is_lost(sqlite_source, landed, which):
    set_aside(batches(landed, "collection", LINES)[which])
    assert len(landed_lines(landed)) == 6
    assert sync(sqlite_source, landed).rows == 3
    assert landed_lines(landed) == sqlite_source.lines()
    assert sync(sqlite_source, landed).rows == 0


def test_the_next_sync_finds_the_damage_itself_and_says_so(sqlite_source, landed):
    batch = batches(landed, "collection", LINES)[1]
    batch.path.write_bytes(batch.path.read_bytes()[:-10])
    sqlite_source.pay(5, 30 * 3600, amount=77)
    report = report_of(sqlite_source, landed)
    assert "bị hỏng" in report.notes[0]
    assert landed_lines(landed) == sqlite_source.lines()
    assert (batch.path.parent / "damaged" / batch.path.name).is_file()
    assert [b.seq for b in batches(landed, "collection", LINES)] == [1, 3, 4, 5]


@pytest.mark.parametrize("lost", ["parquet", "json"])
def test_a_lost_file_of_a_pair_loses_no_row(sqlite_source, landed, lost):
    batch = batches(landed, "collection", LINES)[1]
    batch.path.with_suffix(f".{lost}").unlink()
    sync(sqlite_source, landed)
    assert landed_lines(landed) == sqlite_source.lines()


@pytest.mark.req("B-21")
def test_rows_whose_manifest_was_lost_are_set_aside_and_not_removed(sqlite_source, landed):
    batch = batches(landed, "collection", LINES)[1]
    rows = batch.path.read_bytes()
    batch.manifest.unlink()
    sync(sqlite_source, landed)
    aside = batch.path.parent / "damaged"
    assert (aside / batch.path.name).read_bytes() == rows
    assert [path.name for path in aside.glob("*.json")] == [f"{batch.path.stem}.repaired.json"]
    assert landed_lines(landed) == sqlite_source.lines()
    assert sync(sqlite_source, landed).rows == 0


def test_an_unreadable_manifest_loses_no_row(sqlite_source, landed):
    batches(landed, "collection", LINES)[2].manifest.write_text("{", encoding="utf-8")
    sync(sqlite_source, landed)
    assert landed_lines(landed) == sqlite_source.lines()


@pytest.mark.parametrize(
    "moment", ["before its rename", "between Parquet and manifest", "before the last rename"]
)
def test_a_batch_without_manifest_does_not_exist(sqlite_source, landed, moment, monkeypatch):
    sqlite_source.add_line(50, 40 * 3600)
    target = {
        "before its rename": "_next_seq",
        "between Parquet and manifest": "commit_manifest",
        "before the last rename": "sync_folder",
    }[moment]
    if target == "sync_folder":
        monkeypatch.setattr("dwh.datapath.sources.manifest.json.dump", _die)
    else:
        monkeypatch.setattr(landing, target, _die)
    with pytest.raises(KeyboardInterrupt):
        sync(sqlite_source, landed)
    monkeypatch.undo()
    assert 50 not in landed_lines(landed)
    assert sync(sqlite_source, landed).rows == 1
    folder = landing.folder_of(landed, "collection", LINES)
    assert {p.suffix for p in folder.iterdir()} == {".json", ".parquet"}
    assert landed_lines(landed) == sqlite_source.lines()


def _die(*_args, **_kwargs):
    raise KeyboardInterrupt


@pytest.mark.req("B-18")
@pytest.mark.law("QĐ-3582 II.4.3¶2")
def test_a_change_at_the_source_is_added_and_what_landed_before_stays(sqlite_source, landed):
    before = {batch.path: batch.path.read_bytes() for batch in batches(landed, "collection", LINES)}
    sqlite_source.pay(1, 99 * 3600, 777)
    assert sync(sqlite_source, landed).rows == 1
    after = batches(landed, "collection", LINES)
    assert {path: path.read_bytes() for path in before} == before
    assert [batch.rows for batch in after] == [3, 3, 3, 1]


def test_a_batch_that_lies_as_it_was_verified_is_not_read_again_and_a_changed_one_is(
    sqlite_source, landed, monkeypatch
):
    read: list[str] = []
    monkeypatch.setattr(landing, "verify_batch", lambda batch: read.append(batch.path.name))
    sync(sqlite_source, landed)
    first = list(read)
    read.clear()
    sync(sqlite_source, landed)
    assert (len(first) >= 3, read) == (True, [])
    batch = batches(landed, "collection", LINES)[1]
    os.utime(batch.path, ns=(1, 1))
    sync(sqlite_source, landed)
    assert read == [batch.path.name]


def test_notes_that_cannot_be_read_verify_everything_again(sqlite_source, landed):
    sync(sqlite_source, landed)
    folder = batches(landed, "collection", LINES)[0].path.parent
    (folder / ".verified.json").write_text("{", encoding="utf-8")
    batches(landed, "collection", LINES)[1].path.write_bytes(b"PAR1")
    sync(sqlite_source, landed)
    assert landed_lines(landed) == sqlite_source.lines()
    assert len(json.loads((folder / ".verified.json").read_text(encoding="utf-8"))) >= 2
