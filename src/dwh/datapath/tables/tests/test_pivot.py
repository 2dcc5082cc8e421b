"""An answer laid out as a table: its header tree, its rows by depth, and why a cell is empty."""

from __future__ import annotations

from dwh.datapath.semantic.tests.asking import ask, ask_of, document
from dwh.datapath.tables.pivot import NO_ROWS, arrange


def test_the_table_has_a_header_tree_row_depth_and_reasons():
    asked = document(
        rows=["org.region", "org.province"], columns=["month.quarter"], values=["lines", "collection_rate"]
    )
    table = arrange(ask(asked))
    assert [(h.label, h.span, h.is_total) for h in table.headers[0]] == [
        ("Quý II/2025", 2, False), ("Quý III/2025", 2, False), ("Tổng cộng", 2, True)
    ]  # fmt: skip
    assert [h.label for h in table.headers[1]] == ["Số dòng đóng", "Tỷ lệ thu"] * 3
    assert [(row.label, row.depth, row.is_total) for row in table.rows] == [
        ("Hà Nội", 2, False),
        ("Cộng Đồng bằng sông Hồng", 1, True),
        ("Đà Nẵng (48)", 2, False),
        ("Đà Nẵng (48-2025)", 2, False),
        ("Quảng Nam", 2, False),
        ("Cộng Bắc Trung Bộ và duyên hải miền Trung", 1, True),
        ("Tổng cộng", 0, True),
    ]
    old_in_new_quarter = table.rows[2].cells[2]
    assert (old_in_new_quarter.value, old_in_new_quarter.reason) == (None, "Không có dữ liệu")
    assert table.rows[-1].cells[-1].is_total


def test_a_table_of_several_column_levels_hangs_its_totals_down():
    asked = document(rows=["fund"], columns=["month.year", "month.quarter"], values=["lines"])
    top, middle, leaves = arrange(ask(asked)).headers
    assert [(h.label, h.span, h.depth) for h in top] == [("2025", 3, 1), ("Tổng cộng", 1, 2)]
    assert [(h.label, h.span) for h in middle] == [("Quý II/2025", 1), ("Quý III/2025", 1), ("Cộng 2025", 1)]
    assert len(leaves) == 4


def test_an_answer_without_any_field_is_one_line():
    table = arrange(ask(document(values=["lines", "due_vnd"])))
    assert [row.label for row in table.rows] == ["Tổng cộng"]
    assert len(table.rows[0].cells) == 2


def test_a_unit_without_the_last_month_says_that_there_are_no_rows():
    gone = "DELETE FROM core.fct_participation WHERE month = '2025-08' AND org_code LIKE '00.01.%'"
    asked = document(rows=["org.province"], values=["participants_end", "lines"], org_basis="as_is")
    assert arrange(ask_of(asked, gone)).rows[0].cells[0].reason == NO_ROWS
