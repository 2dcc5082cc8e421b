"""What the table of the screen shows of an arranged answer."""

from __future__ import annotations

import pytest

from dwh.datapath.tables.pivot import arrange
from dwh.delivery.analysis import grid
from dwh.delivery.analysis.grid import MONEY_UNITS, arranged, children_of, grid_of
from dwh.delivery.analysis.tests import made
from dwh.kernel.errors import NotFound, TooManyRows


def test_numbers_are_written_as_people_read_them_and_a_minus_is_red():
    shown = grid_of(arrange(made.by_province_and_year(value=lambda place: -1234567 if place == 0 else 1500)))
    assert shown.rows[0].cells.startswith('<td class="n neg">−1.234.567</td><td class="n">1.500</td>')
    assert '<td class="n t">1.500</td>' in shown.rows[0].cells  # the total of the engine is marked


def test_a_cell_without_data_says_why():
    shown = grid_of(arrange(made.by_province_and_year(value=lambda place: None)))
    assert 'title="Không có dữ liệu">–<span class="vh"> Không có dữ liệu</span>' in shown.rows[0].cells


def test_the_total_stands_apart_and_is_the_engine_s():
    shown = grid_of(arrange(made.by_province_and_office()))
    assert (shown.total.label, shown.total.cells) == ("Tổng cộng", '<td class="n">40</td>')


def test_children_stand_under_their_parent_which_can_be_folded():
    shown = grid_of(arrange(made.by_province_and_office()))
    assert [(row.label, row.depth, row.has_children) for row in shown.rows[:3]] == [
        ("Hà Nội", 0, True), ("Hà Nội 1", 1, False), ("Hà Nội 2", 1, False),
    ]  # fmt: skip
    assert shown.has_groups
    assert shown.rows[0].is_open


def test_a_stock_measure_and_a_draft_formula_carry_their_note():
    shown = grid_of(arrange(made.by_province_and_year(made.HEADS, made.RATE)))
    assert shown.footnotes == (
        "Số người tham gia cuối kỳ là số tại tháng cuối kỳ, không cộng qua các tháng.",
        "Tỷ lệ thu: công thức dự thảo, chờ đơn vị phụ trách duyệt.",
    )
    assert [head.mark for head in shown.head_rows[-1][:2]] == ["1", "2"]


def test_a_large_table_comes_in_windows_and_folded(monkeypatch):
    monkeypatch.setattr(grid, "WINDOW_CELLS", 4)
    shown = grid_of(arrange(made.by_province_and_office()))
    assert [(row.label, row.is_lazy, row.is_open) for row in shown.rows] == [
        ("Hà Nội", True, False), ("Đà Nẵng", True, False),
    ]  # fmt: skip
    assert shown.next_from is None


def test_the_next_window_begins_where_the_last_one_ended(monkeypatch):
    monkeypatch.setattr(grid, "WINDOW_CELLS", 30)
    provinces = [(f"00.{n:02d}", f"Tỉnh {n}") for n in range(45)]
    table = arrange(made.by_province_and_year(provinces=provinces))
    first, second = grid_of(table), grid_of(table, start=20)
    assert (first.rows[-1].label, first.next_from) == ("Tỉnh 19", 20)
    assert (second.rows[0].label, second.next_from) == ("Tỉnh 20", 40)


def test_the_children_of_a_group_are_brought_by_its_name():
    table = arrange(made.by_province_and_office())
    assert [row.label for row in children_of(table, "00.01")] == ["Hà Nội 1", "Hà Nội 2"]
    with pytest.raises(NotFound, match="không còn trong kết quả"):
        children_of(table, "00.99")


def test_more_cells_than_anybody_reads_are_refused_with_a_hint(monkeypatch):
    monkeypatch.setattr(grid, "MAX_CELLS", 5)
    with pytest.raises(TooManyRows, match=r"9 ô, nhiều hơn 5 ô.*Thêm bộ lọc"):
        arranged(made.by_province_and_year())


def test_money_may_be_shown_in_larger_units_with_the_exact_sum_behind_it():
    table = arrange(made.by_province_and_year(value=lambda place: 1_234_567_890))
    shown = grid_of(table, money=MONEY_UNITS["ty"])
    assert shown.rows[0].cells.startswith('<td class="n" title="1.234.567.890 đồng">1,23</td>')
    assert shown.head_rows[-1][0].unit == "tỷ đồng"
