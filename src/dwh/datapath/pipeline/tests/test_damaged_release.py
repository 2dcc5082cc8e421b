"""A file of the release in use is damaged or gone: people are told so, and the next build makes it good again."""

from __future__ import annotations

import json
import os
import shutil
from datetime import timedelta

import pytest

from dwh.datapath.pipeline import base
from dwh.datapath.pipeline.publish import publish, undo
from dwh.datapath.pipeline.tests import kit
from dwh.datapath.warehouse.engine import Unreadable, connect
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.parts import sha256_of
from dwh.datapath.warehouse.release import MANIFEST, SERVING, current_release, published_names, release_named
from dwh.kernel.errors import DamagedFile

FIGURES = "contribution_month, participant_key, collected_vnd"
TOMORROW = kit.TODAY + timedelta(days=1)


@pytest.fixture
def nation(tmp_path):
    """Two releases of one day: the second has a line more."""
    settings = kit.settings_in(tmp_path)
    kit.small_nation(settings, lines=[kit.line(1), kit.line(2, person=2)])
    kit.make_public(settings)
    kit.land(settings, "tst_dong_ca_nhan", [kit.line(3, "2025-06")])
    kit.make_public(settings)
    return kit.open_up(settings)


@pytest.fixture
def serving(nation):
    return nation.releases / "2026-11-22.2" / SERVING


HEADERS, BLOCK = 12_288, 262_144  # of a DuckDB file; which block holds what is the engine's affair


def rot(path):
    """Change eight bytes in a block of rows, as a disk does: size and times stay, and the file still opens."""
    before = path.stat()
    for at in range(HEADERS + 4_096, before.st_size, BLOCK):
        flip(path, at)
        if opens(path, "SELECT 1") and not opens(path, "SELECT max(columns(*)) FROM core.dim_org"):
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
            return
        flip(path, at)
    raise AssertionError("no block holds rows alone")


def flip(path, at):
    with path.open("r+b") as file:
        file.seek(at)
        was = file.read(8)
        file.seek(at)
        file.write(bytes(byte ^ 255 for byte in was))


def opens(path, sql):
    """Tell whether the file opens and the query can be read."""
    copy = shutil.copyfile(path, path.with_name("looked-at.duckdb"))
    try:
        engine = connect(copy, read_only=True)
        try:
            engine.rows(sql)
        finally:
            engine.close()
    except Unreadable:
        return False
    finally:
        copy.unlink()
    return True


DAMAGE = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut short": lambda path: os.truncate(path, path.stat().st_size // 2),
    "another file": lambda path: path.write_text("figures"),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_serving_file_is_named_with_its_remedy_and_made_again(nation, serving, how):
    figures = kit.rows_of(release_named("2026-11-22.2", nation), "core.fct_contribution", FIGURES)
    elsewhere = kit.settings_in(shutil.copytree(nation.home, nation.home / "copy", symlinks=True))
    DAMAGE[how](elsewhere.releases / "2026-11-22.2" / SERVING)
    DAMAGE[how](serving)

    with pytest.raises(
        DamagedFile, match=r"serving\.duckdb của bản số liệu «2026-11-22\.2».*`dwh run`"
    ) as said:
        kit.rows_of(current_release(elsewhere), "core.fct_contribution")  # nobody has it open there
    report = kit.make(nation)
    release = publish(report, settings=nation)

    assert said.value.facts["about"] == "release:2026-11-22.2"
    assert "bản mới được làm lại từ các phần đã lưu" in report.notes[0]
    assert (release.id, report.base, report.new_batches) == ("2026-11-22.3", "2026-11-22.2", 0)
    assert kit.rows_of(release, "core.fct_contribution", FIGURES) == figures
    assert kit.make(nation).release_id is None


def test_a_restored_file_answers_again_without_a_restart(nation, serving):
    release, whole = current_release(nation), serving.read_bytes()
    serving.write_bytes(b"")
    with pytest.raises(DamagedFile):
        kit.rows_of(release, "core.fct_contribution")
    serving.write_bytes(whole)
    assert len(kit.rows_of(release, "core.fct_contribution")) == 3


@pytest.mark.parametrize("look", [{"distrust": True}, {"full": True}, {"today": TOMORROW}])
def test_a_block_that_rotted_is_told_to_its_reader_and_found_when_the_file_is_read_whole(
    nation, serving, look
):
    rot(serving)
    assert kit.make(nation).release_id is None  # size, time and inode are as they were
    with pytest.raises(DamagedFile, match=r"«2026-11-22\.2»"):
        everything(current_release(nation))
    release = kit.make_public(nation, **look)
    assert release.manifest["previous"] == "2026-11-22.2"
    everything(release)


def test_a_block_that_rotted_is_not_copied_into_the_next_release(nation, serving):
    rot(serving)
    kit.land(nation, "tst_dong_ca_nhan", [kit.line(4, "2025-06", person=3)])
    report = kit.make(nation)
    assert "bản mới được làm lại từ các phần đã lưu" in report.notes[0]
    everything(publish(report, settings=nation))


def everything(release):
    for table in release.manifest["serving_rows"]:
        kit.rows_of(release, table)


def test_a_build_with_nothing_new_reads_the_serving_file_once_a_day(nation, serving, monkeypatch):
    read = []
    monkeypatch.setattr(base, "sha256_of", lambda path: [read.append(path), sha256_of(path)][1])
    kit.make(nation)
    assert read == []  # its digest was taken when it was made
    kit.make(nation, today=TOMORROW)
    kit.make(nation, today=TOMORROW)
    assert read == [serving]
    os.utime(serving)  # restored from a backup, say
    kit.make(nation, today=TOMORROW)
    kit.make(nation, today=TOMORROW)
    assert read == [serving] * 2


def test_a_candidate_that_changed_before_its_publication_is_not_published(nation):
    kit.land(nation, "tst_dong_ca_nhan", [kit.line(4, "2025-06", person=3)])
    report = kit.make(nation)
    rot(report.candidate_dir / SERVING)
    with pytest.raises(DamagedFile, match=r"serving\.duckdb của bản số liệu «2026-11-22\.3»"):
        publish(report, settings=nation)
    assert current_release(nation).id == "2026-11-22.2"


def another_number(path):
    path.write_text(path.read_text().replace('"rows": 3', '"rows": 4', 1))


MANIFEST_DAMAGE = {
    "missing": lambda path: path.unlink(),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:-40]),
    "not text": lambda path: path.write_bytes(b"\xff" * 100),
    "another number": another_number,
}


@pytest.mark.parametrize("how", MANIFEST_DAMAGE)
def test_without_the_manifest_the_build_starts_from_the_release_before_and_says_so(nation, how):
    lost = nation.releases / "2026-11-22.2" / MANIFEST
    figures = kit.rows_of(current_release(nation), "core.fct_contribution", FIGURES)
    parts = set(nation.parts.glob("*/*"))
    MANIFEST_DAMAGE[how](lost)

    report = kit.make(nation)
    release = publish(report, settings=nation)

    assert report.notes == [
        "Tệp manifest.json của bản «2026-11-22.2» bị hỏng hoặc bị mất: tổng hợp lại từ bản «2026-11-22.1»."
    ]
    assert (release.id, report.base, report.new_batches) == ("2026-11-22.3", "2026-11-22.1", 1)
    assert kit.rows_of(release, "core.fct_contribution", FIGURES) == figures
    assert (lost.parent / SERVING).exists()  # nothing of what was public is removed
    assert parts <= set(nation.parts.glob("*/*"))
    assert undo(nation).id == "2026-11-22.1"


def test_readers_are_told_which_manifest_is_damaged(nation):
    elsewhere = kit.settings_in(shutil.copytree(nation.home, nation.home / "copy", symlinks=True))
    (elsewhere.releases / "2026-11-22.2" / MANIFEST).write_text("{")
    with pytest.raises(DamagedFile, match=r"Tệp manifest\.json của bản số liệu «2026-11-22\.2»"):
        current_release(elsewhere)


def test_with_no_manifest_left_everything_is_built_from_the_batches(nation):
    for name in published_names(nation):
        (nation.releases / name / MANIFEST).unlink()
    report = kit.make(nation)
    assert (report.base, report.new_batches) == (None, 5)
    assert "toàn bộ từ các lô dữ liệu" in report.notes[0]
    assert "bản cũ «2026-11-22.1»" in report.notes[1]
    assert len(kit.rows_of(publish(report, settings=nation), "core.fct_contribution")) == 3


def test_a_withdrawn_release_is_not_built_upon(nation):
    undo(nation)
    third = kit.make_public(nation)
    (nation.releases / third.id / MANIFEST).unlink()
    assert kit.make(nation).base == "2026-11-22.1"


def test_publication_taken_back_from_a_damaged_manifest_goes_to_the_release_before(nation):
    (nation.releases / "2026-11-22.2" / MANIFEST).unlink()
    assert undo(nation).id == "2026-11-22.1"


def test_a_month_locked_since_the_release_before_waits_for_the_lost_manifest(nation):
    (nation.releases / "2026-11-22.2" / MANIFEST).unlink()
    with pytest.raises(DamagedFile, match="khôi phục tệp này từ bản sao lưu"):
        kit.make(nation, locked=frozenset({"2025-05"}))
    assert not list(nation.releases.glob("*.candidate"))


def test_a_damaged_manifest_of_an_old_release_keeps_every_part(nation):
    (nation.releases / "2026-11-22.1" / MANIFEST).write_text("{}")
    parts = set(nation.parts.glob("*/*"))
    report = kit.make(nation)
    assert (report.release_id, len(report.notes)) == (None, 1)
    assert set(nation.parts.glob("*/*")) == parts


def test_a_publication_that_was_cut_before_its_journal_line_stays_public(nation):
    journal = nation.releases / "journal.jsonl"
    whole = journal.read_text()
    journal.write_text(whole[:-30])  # the line of the second release, torn
    kit.land(nation, "tst_dong_ca_nhan", [kit.line(4, "2025-06", person=3)])
    kit.make_public(nation)
    assert published_names(nation) == ["2026-11-22.1", "2026-11-22.2", "2026-11-22.3"]
    assert json.loads(journal.read_text().splitlines()[-1])["release"] == "2026-11-22.3"
    assert Manifest.read(nation.releases / "2026-11-22.2" / MANIFEST).id == "2026-11-22.2"
