"""`dwh stale`: which tables, figures, reports and boards a changed formula touches, before anything is done."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from dwh.site import settings as site_settings
from dwh.site.cli import main
from tests.formula_fixture import FACT, release_of_today
from tests.warehouse_fixture import RELEASE


@pytest.fixture
def stale(tmp_path, monkeypatch):
    def say(**changes):
        home = release_of_today(tmp_path, **changes)
        monkeypatch.setattr(site_settings, "datapath_settings", lambda: home)
        said = CliRunner().invoke(main, ["stale"])
        assert (said.exit_code, said.stderr) == (0, "")
        return said.stdout

    return say


def test_nothing_to_do_is_one_sentence(stale):
    assert stale() == f"Mọi bảng đúng công thức hiện hành; bản {RELEASE} có đủ dữ liệu đã nhận.\n"


@pytest.mark.req("C-13")
@pytest.mark.law("QC-DWH 12.5")
def test_a_changed_table_names_the_report_and_the_board_that_print_it_and_no_other(stale):
    said = stale(models={FACT: "of yesterday"})

    assert f"làm lại 1 bảng:\n  {FACT}: công thức của bảng đã đổi; 4 tháng\n" in said
    assert "Chỉ tiêu tính từ các bảng đó: Khám bệnh, chữa bệnh BHYT" in said
    [pages] = [line for line in said.splitlines() if line.startswith("Báo cáo, bảng thông tin")]
    assert "B02 · Thống kê khám bệnh, chữa bệnh BHYT" in pages
    assert "Thu BHXH" not in pages


@pytest.mark.req("C-13")
def test_a_changed_indicator_names_both_formulas_and_who_prints_it(stale):
    said = stale(figures={"contributions.collection_rate": "collected_vnd / due_vnd"})

    assert said.startswith("Mọi bảng đúng công thức hiện hành")
    assert "trước là collected_vnd / due_vnd, nay là 100 * collected_vnd / due_vnd." in said
    assert said.endswith("bị ảnh hưởng: Thu BHXH, BHYT, BHTN.\n")


def test_before_the_first_release_it_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setattr(
        site_settings, "datapath_settings", lambda: site_settings.DATAPATH.__class__(home=tmp_path)
    )
    said = CliRunner().invoke(main, ["stale"])

    assert said.exit_code == 1
    assert "Hãy chạy `dwh run`" in said.stderr
