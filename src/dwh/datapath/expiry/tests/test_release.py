"""Official figures are kept: a job that deletes is blocked, and goes on only under a decision that names its object."""

from __future__ import annotations

import shutil

import pytest

from dwh.datapath.checking import store
from dwh.datapath.expiry.release import remove_release
from dwh.datapath.pipeline.tests import kit
from dwh.datapath.pipeline.tests.small_plans import contributions_plan
from dwh.datapath.retention.removal import Kept, Permit
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.release import (
    MANIFEST,
    current_release,
    published_names,
    read_journal,
    release_named,
)
from dwh.kernel.errors import Conflict, NotFound

OLD, NEW = "2026-11-22.1", "2026-11-22.2"
FIGURES = "contribution_month, participant_key, collected_vnd"


@pytest.fixture
def nation(tmp_path):
    """Two releases that share most parts; each has some of its own."""
    settings = kit.settings_in(tmp_path)
    kit.small_nation(settings, lines=[kit.line(1), kit.line(2, person=2)])
    kit.make_public(settings)
    kit.land(settings, "tst_dong_ca_nhan", [kit.line(2, person=2, base=9_000_000), kit.line(3, "2025-06")])
    kit.make_public(settings)
    return settings


def permit(what=OLD):
    return Permit(7, what, "Tổng Giám đốc", "15/QĐ-BHXH", "Bản lập thử, chưa dùng cho báo cáo nào.")


def files_of(settings, release):
    return Manifest.read(settings.releases / release / MANIFEST).files()


def stored(settings):
    return {path.relative_to(settings.parts).as_posix() for path in settings.parts.glob("*/*.parquet")}


@pytest.mark.req("B-21")
@pytest.mark.law("QĐ-2366 4.2.3")
@pytest.mark.parametrize("given", [None, permit(NEW)])
def test_the_deletion_of_a_published_release_is_blocked_and_touches_nothing(nation, given):
    before = sorted(nation.home.rglob("*"))
    with pytest.raises(Kept, match=rf"«{OLD}».*lưu lâu dài.*Thời hạn lưu giữ"):
        remove_release(OLD, given, settings=nation)
    assert sorted(nation.home.rglob("*")) == before


@pytest.mark.req("B-21")
@pytest.mark.law("QĐ-2366 4.2.3")
def test_with_a_decision_it_goes_and_the_journal_names_the_decision(nation):
    both, only = files_of(nation, NEW), files_of(nation, OLD) - files_of(nation, NEW)
    figures = kit.rows_of(current_release(nation), "core.fct_contribution", FIGURES)
    done = remove_release(OLD, permit(), settings=nation)
    assert (done.parts, bool(only)) == (len(only), True)
    assert published_names(nation) == [NEW]
    assert stored(nation) == both
    told = read_journal(nation)[-1]
    assert (told["action"], told["release"], told["decision"], told["document_no"]) == (
        "removed",
        OLD,
        7,
        "15/QĐ-BHXH",
    )
    with pytest.raises(NotFound):
        release_named(OLD, nation)
    assert kit.rows_of(current_release(nation), "core.fct_contribution", FIGURES) == figures
    checked = store.check_store(settings=nation, now=kit.START, plan=contributions_plan())
    assert [one for one in checked.findings if one.grave] == []
    assert kit.make(nation, full=True).base == NEW  # the pipeline goes on


def test_the_release_in_use_stays_even_with_a_decision(nation):
    with pytest.raises(Conflict, match="đang dùng"):
        remove_release(NEW, permit(NEW), settings=nation)
    with pytest.raises(NotFound):
        remove_release("2020-01-01.1", permit("2020-01-01.1"), settings=nation)


def test_a_removal_cut_in_between_is_finished_by_the_next_build(nation, monkeypatch):
    def cut(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("dwh.datapath.expiry.release.remove", cut)
    with pytest.raises(KeyboardInterrupt):
        remove_release(OLD, permit(), settings=nation)
    assert (nation.releases / OLD).is_dir()
    assert published_names(nation) == [NEW]
    kit.make(nation)
    assert not (nation.releases / OLD).exists()
    assert stored(nation) == files_of(nation, NEW)


@pytest.mark.req("B-21")
def test_a_folder_taken_away_by_hand_makes_the_pipeline_keep_every_part(nation):
    """Nobody decided: what only that release needed may still be restored, so the sweep waits."""
    kept_parts, whole = stored(nation), shutil.copytree(nation.releases / OLD, nation.home / "backup")
    shutil.rmtree(nation.releases / OLD)
    report = kit.make(nation)
    assert stored(nation) == kept_parts
    assert any(OLD in note and "khôi phục từ bản sao lưu" in note for note in report.notes)
    whole.rename(nation.releases / OLD)
    assert len(kit.rows_of(release_named(OLD, nation), "core.fct_contribution")) == 2
    assert kit.make(nation).notes == []
