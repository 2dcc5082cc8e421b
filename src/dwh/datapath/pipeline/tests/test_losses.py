"""A source table that suddenly lost rows is not published before somebody says that it is right."""

from dataclasses import replace

import pytest

from dwh.datapath.pipeline.losses import Loss
from dwh.datapath.pipeline.tests import kit
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.release import current_release
from dwh.kernel.errors import AuditFailed, Invalid

LINES = "tst_dong_ca_nhan"


@pytest.fixture
def nation(tmp_path):
    """Ten contribution lines are public; losing more than two at once is sudden."""
    settings = replace(kit.settings_in(tmp_path), loss_rows=2)
    kit.small_nation(settings, lines=[kit.line(key) for key in range(1, 11)])
    kit.make_public(settings)
    return settings


def test_a_table_that_lost_most_of_its_rows_is_named_and_the_last_release_stays(nation):
    kit.delete(nation, LINES, range(1, 10))
    for _ in range(2):  # and again at the next scheduled run
        with pytest.raises(
            AuditFailed, match=r"tst_dong_ca_nhan từ 10 dòng còn 1 dòng.*đơn vị quản lý nguồn"
        ):
            kit.make(nation)
    assert current_release(nation).id == "2026-11-22.1"
    assert not list(nation.releases.glob("*.candidate"))


def test_a_loss_that_was_accepted_is_built_and_noted(nation):
    kit.delete(nation, LINES, range(1, 10))
    report = kit.make(nation, accept_loss=frozenset({LINES}))
    assert report.notes == ["Đã chấp nhận bảng tst_dong_ca_nhan từ 10 dòng còn 1 dòng."]
    release = kit.publish(report, settings=nation)
    assert len(kit.rows_of(release, "core.fct_contribution")) == 1
    assert kit.make(nation).release_id is None  # the smaller table is the measure from now on


def test_accepting_one_table_does_not_accept_another(nation):
    kit.delete(nation, LINES, range(1, 10))
    kit.delete(nation, "tst_nguoi_tham_gia", [1, 2, 3])
    with pytest.raises(AuditFailed, match=r"tst_nguoi_tham_gia từ 4 dòng còn 1 dòng") as refused:
        kit.make(nation, accept_loss=frozenset({LINES}))
    assert refused.value.facts["losses"] == {"tst_nguoi_tham_gia": [4, 1]}


def test_a_table_nobody_reads_cannot_be_accepted(nation):
    with pytest.raises(Invalid, match="Không có bảng nguồn «tst_x»"):
        kit.make(nation, accept_loss=frozenset({"tst_x"}))


def test_a_full_build_is_guarded_too(nation):
    kit.delete(nation, LINES, range(1, 10))
    with pytest.raises(AuditFailed, match="giảm bất thường"):
        kit.make(nation, full=True)


@pytest.mark.parametrize(
    ("before", "after", "sudden"),
    [(10_000, 7_999, True), (10_000, 8_000, False), (4_000, 2_999, True), (4_000, 3_000, False),
     (1_000, 0, False), (1_001, 0, True), (0, 0, False), (5_000, 9_000, False)],
)  # fmt: skip
def test_a_loss_is_sudden_above_a_fifth_and_above_a_thousand_rows(tmp_path, before, after, sudden):
    assert Loss("t", before, after).is_sudden(DataPathSettings(home=tmp_path)) == sudden
