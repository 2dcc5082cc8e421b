"""A build: what goes in comes out, once, and only what changed is made again."""

from datetime import date
from decimal import Decimal

import pytest

from dwh.datapath.pipeline.plan import load_plan
from dwh.datapath.pipeline.publish import publish, undo
from dwh.datapath.pipeline.tests.kit import (
    claim,
    delete,
    land,
    line,
    make,
    make_public,
    moment,
    person,
    rows_of,
    settings_in,
    small_nation,
)
from dwh.datapath.pipeline.tests.small_plans import claims_plan
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.release import MANIFEST, current_release, releases
from dwh.kernel.errors import AuditFailed, Conflict, DamagedFile, Invalid, NotFound

MONEY = "contribution_month, participant_key, due_vnd, collected_vnd"


@pytest.fixture
def nation(tmp_path):
    settings = settings_in(tmp_path)
    small_nation(settings, lines=[line(1), line(2, person=2), line(3, "2025-06")], claims=[claim(1)])
    return settings


@pytest.mark.req("C-12")
@pytest.mark.law("QC-DWH 10.5")
def test_every_landed_row_is_staged_or_held_with_its_amount(nation):
    land(nation, "tst_dong_ca_nhan", [line(4, ma_so_bhxh="99"), line(5, person=3, base=8_000)])
    report = make(nation)
    kept = next(e for e in report.equations if e.name == "landed:tst_dong_ca_nhan")
    assert (kept.left.rows, kept.right["staging"].rows, kept.right["quarantine"].rows) == (5, 3, 2)
    assert kept.right["quarantine"].vnd == 1_760_000 + 1_760
    assert report.landed == report.staged + report.quarantined
    assert report.held == {
        "TST-C01": {"rows": 1, "vnd": "1760000.00"},
        "TST-C06": {"rows": 1, "vnd": "1760.00"},
    }


def test_held_rows_name_their_reasons_and_keep_the_row(nation):
    land(nation, "tst_dong_ca_nhan", [line(4, ma_so_bhxh="99", ma_don_vi="KHÔNG CÓ")])
    release = make_public(nation)
    [row] = rows_of(
        release, "quarantine.held", "check_codes, messages, org_code, month, amount_vnd, raw, batch_id"
    )
    assert row[0] == ["TST-C01", "TST-C03"]
    assert row[1][0] == "Mã số BHXH phải gồm 10 chữ số."
    assert row[2:5] == ("00.01.001", "2025-05", Decimal("1760000.00"))
    assert '"ma_so_bhxh":"99"' in row[5]
    assert row[6] == "collection.tst_dong_ca_nhan.000002"


@pytest.mark.req("C-19")
def test_the_release_counts_what_staging_took_by_table_office_and_month(nation):
    land(nation, "tst_dong_ca_nhan", [line(4, ma_so_bhxh="99"), line(5, "2025-06")])
    release = make_public(nation)
    counted = rows_of(release, "quality.staged", 'source_table, org_code, month, "rows"')
    lines = [row[1:] for row in counted if row[0] == "tst_dong_ca_nhan"]
    assert sorted(lines) == [("00.01.001", "2025-05", 2), ("00.01.001", "2025-06", 2)]
    equations = release.manifest["equations"].items()
    staged = [
        e["right"]["staging"]["rows"]
        for name, e in equations
        if name.count(":") == 1 and "staging" in e["right"]
    ]
    assert sum(row[3] for row in counted) == sum(staged)


def test_nothing_new_makes_no_release(nation):
    first = make_public(nation)
    report = make(nation)
    assert report.release_id is None
    assert report.seconds < 2
    with pytest.raises(Invalid, match="Không có gì mới"):
        make_public(nation)
    assert current_release(nation) == first


def test_only_the_touched_months_are_made_again(nation):
    before = make_public(nation, plan=load_plan()).manifest["parts"]
    land(nation, "tst_dong_ca_nhan", [line(3, "2025-06", so_tien_da_dong=0)])
    after = make_public(nation, plan=load_plan()).manifest["parts"]
    changed = {
        (table, month)
        for table in after
        for month in after[table]
        if after[table][month] != before.get(table, {}).get(month)
    }
    owed = {
        ("core.fct_arrears", month) for month in after["core.fct_arrears"]
    }  # from June on, until it is paid
    assert min(owed) == ("core.fct_arrears", "2025-06")
    assert changed == owed | {
        ("staging.arrears_at_month_end", "all"),
        ("landed.tst_dong_ca_nhan", "2025-06"),
        ("staging.stg_contribution", "2025-06"),
        ("core.fct_contribution", "2025-06"),
        ("core.fct_collection_match", "2025-06"),
    }


def test_a_line_that_moves_to_another_month_leaves_the_old_one(nation):
    make_public(nation)
    land(nation, "tst_dong_ca_nhan", [line(2, "2025-07", person=2)])
    found = rows_of(make_public(nation), "core.fct_contribution", "contribution_month, participant_key")
    assert found == [("2025-05", 1), ("2025-06", 1), ("2025-07", 2)]


@pytest.mark.parametrize("how", ["deleted at the source", "marked as deleted"])
def test_a_deleted_line_leaves_the_figures(nation, how):
    make_public(nation)
    if how == "deleted at the source":
        delete(nation, "tst_dong_ca_nhan", [1])
    else:
        land(nation, "tst_dong_ca_nhan", [line(1, is_deleted=True)])
    found = rows_of(make_public(nation), "core.fct_contribution", MONEY)
    assert [row[:2] for row in found] == [("2025-05", 2), ("2025-06", 1)]


def test_a_held_line_enters_when_its_person_arrives_later(nation):
    land(nation, "tst_dong_ca_nhan", [line(4, "2025-05", person=9)])
    assert make_public(nation).manifest["quarantine"]["TST-C02"]["rows"] == 1
    land(nation, "tst_nguoi_tham_gia", [person(9)])
    release = make_public(nation)
    assert release.manifest["quarantine"] == {}
    assert ("2025-05", 9) in rows_of(release, "core.fct_contribution", "contribution_month, participant_key")


def test_a_person_with_two_jobs_is_one_head(nation):
    land(nation, "tst_dong_ca_nhan", [line(4, "2025-05", base=3_000_000, ma_cq_bhxh="01002")])
    release = make_public(nation)
    assert rows_of(release, "core.fct_participation", "participant_key, month, org_code") == [
        (1, "2025-05", "00.01.001"),
        (1, "2025-06", "00.01.001"),
        (2, "2025-05", "00.01.001"),
    ]


def test_a_row_read_twice_changes_nothing(nation):
    make_public(nation)
    same = line(1, updated_at=moment(7))
    land(nation, "tst_dong_ca_nhan", [same])
    first = make_public(nation).manifest["parts"]["core.fct_contribution"]
    land(nation, "tst_dong_ca_nhan", [same])
    assert make(nation).release_id is None
    assert current_release(nation).manifest["parts"]["core.fct_contribution"] == first


def test_a_new_sending_replaces_the_old_one_even_in_another_month(nation):
    make_public(nation, plan=claims_plan())
    land(nation, "gd_ho_so", [claim(2, "202506021000", sending=2, ma_lk="LK1")])
    release = make_public(nation, plan=claims_plan())
    assert rows_of(release, "core.fct_claim", "claim_key, visit_month") == [(2, "2025-06")]
    superseded = release.manifest["equations"]["fact:core.fct_claim:total_vnd"]["right"]["superseded"]
    assert superseded == {"rows": 1, "vnd": "300000.00"}


def test_lines_that_come_later_reach_their_claim(nation):
    make_public(nation, plan=claims_plan())
    bed = {"id": 9, "ma_lk": "LK1", "ma_cskcb": "01001", "lan_gui": 1, "stt": 2, "ma_nhom": 15, "so_luong": Decimal(1),
           "don_gia_bv": Decimal(50_000), "tyle_tt_dv": 100, "thanh_tien_bv": Decimal(50_000)}  # fmt: skip
    land(nation, "gd_dvkt", [bed])
    release = make_public(nation, plan=claims_plan())
    assert rows_of(release, "core.fct_claim", "exam_vnd, bed_vnd, drug_vnd, other_vnd") == [
        (Decimal("100000.00"), Decimal("50000.00"), Decimal("200000.00"), Decimal("-50000.00"))
    ]
    assert release.manifest["flagged"] == {"GD-H06": 1}


def test_a_corrupt_batch_stops_the_build_and_the_last_release_stays(nation):
    first = make_public(nation)
    batch = land(nation, "tst_dong_ca_nhan", [line(4, "2025-06", person=3)])
    batch.path.write_bytes(batch.path.read_bytes()[:-1] + b"x")
    with pytest.raises(DamagedFile, match="dwh sync collection"):
        make(nation)
    assert current_release(nation) == first
    assert not list(nation.releases.glob("*.candidate"))


def test_a_corrupt_part_is_not_published(nation):
    first = make_public(nation)
    land(nation, "tst_dong_ca_nhan", [line(4, "2025-06", person=3)])
    report = make(nation)
    part = next((nation.parts / "core.dim_org").glob("*.parquet"))
    part.chmod(0o644)
    part.write_bytes(b"damaged")
    with pytest.raises(DamagedFile, match=r"core\.dim_org"):
        make_public(nation)
    assert report.release_id is not None
    assert current_release(nation) == first


def test_a_lost_part_is_made_again_by_a_full_build(nation):
    first = make_public(nation)
    for part in (nation.parts / "core.fct_contribution").glob("*.parquet"):
        part.unlink()
    land(nation, "tst_dong_ca_nhan", [line(4, "2025-07", person=3)])
    release = make_public(nation, full=True)
    made = release.manifest["parts"]["core.fct_contribution"]
    assert made["2025-05"] == first.manifest["parts"]["core.fct_contribution"]["2025-05"]
    assert sorted(made) == ["2025-05", "2025-06", "2025-07"]


def test_the_last_publication_can_be_taken_back(nation):
    first = make_public(nation)
    land(nation, "tst_dong_ca_nhan", [line(4, "2025-07", person=3)])
    second = make_public(nation)
    assert second.id == f"{date(2026, 11, 22)}.2"
    assert undo(nation) == first
    assert [release.id for release in releases(nation)] == [first.id, second.id]
    assert rows_of(second, "core.fct_contribution", "count(*)") == [(4,)]
    with pytest.raises(Conflict, match="trước bản đang công bố"):
        undo(nation)
    third = make_public(nation)  # the batch is still there: the next build brings it again, under a new id
    assert third.id == f"{date(2026, 11, 22)}.3"


def test_an_unknown_candidate_is_not_found(nation):
    with pytest.raises(NotFound, match="dwh build"):
        publish("2026-11-22.7", settings=nation)


def test_a_candidate_built_on_another_release_is_refused(nation, monkeypatch):
    make_public(nation)
    land(nation, "tst_dong_ca_nhan", [line(4, "2025-07", person=3)])
    report = make(nation)
    manifest = Manifest.read(report.candidate_dir / MANIFEST)
    manifest.previous = "2026-11-21.1"
    manifest.write(report.candidate_dir / MANIFEST)
    with pytest.raises(Conflict, match="đã đổi"):
        publish(report, settings=nation)


def test_a_locked_month_is_carried_over_byte_for_byte(nation):
    before = make_public(nation).manifest
    locked = frozenset({"2025-05"})
    land(nation, "tst_dong_ca_nhan", [line(1, so_tien_da_dong=0), line(4, "2025-06", person=3)])
    report = make(nation, locked=locked)
    assert report.stale_months == ["2025-05"]
    after = publish(report, settings=nation).manifest
    for table in ("staging.stg_contribution", "core.fct_contribution", "core.fct_participation"):
        assert after["parts"][table]["2025-05"] == before["parts"][table]["2025-05"]
    assert (
        after["parts"]["core.fct_contribution"]["2025-06"]
        != before["parts"]["core.fct_contribution"]["2025-06"]
    )
    late = after["equations"]["landed:tst_dong_ca_nhan:collected_vnd"]["right"]["late"]
    assert late == {"rows": 0, "vnd": "-1760000"}
    assert make(nation, locked=locked).release_id is None
    unlocked = make_public(nation)
    assert rows_of(unlocked, "core.fct_contribution", MONEY)[0] == ("2025-05", 1, 1_760_000, 0)


def test_a_full_rebuild_leaves_locked_months_alone(nation):
    before = make_public(nation).manifest["parts"]
    land(nation, "tst_dong_ca_nhan", [line(1, so_tien_da_dong=0), line(4, "2025-06", person=3)])
    after = make_public(nation, locked=frozenset({"2025-05"}), full=True).manifest["parts"]
    assert after["core.fct_contribution"]["2025-05"] == before["core.fct_contribution"]["2025-05"]


def test_publication_refuses_a_locked_month_with_other_figures(nation):
    make_public(nation)
    land(nation, "tst_dong_ca_nhan", [line(1, so_tien_da_dong=0)])
    report = make(nation)
    with pytest.raises(AuditFailed, match="2025-05 đã khóa"):
        publish(report, settings=nation, locked=frozenset({"2025-05"}))
