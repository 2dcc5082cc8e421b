import csv
import io
import json
from decimal import Decimal
from time import process_time

import pytest

from dwh.datapath.semantic.answer import Answer, Column, Row, json_number
from dwh.datapath.semantic.pivot import arrange
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.tests.asking import ask, ask_of, document

ASKED = document(
    rows=["org.province"], columns=["month.year"], values=["due_vnd", "collection_rate", "participants"]
)


def test_the_json_of_an_answer_says_everything_a_figure_needs():
    said = json.loads(json.dumps(ask(ASKED).to_json()))
    assert (said["release"], said["state"], said["complete"], said["org_basis"]) == (
        "r",
        "provisional",
        True,
        "as_was",
    )
    assert [c["name"] for c in said["columns"]] == ["org.province", "month.year", *ASKED["values"]]
    assert said["columns"][2] == {
        "name": "due_vnd", "label": "Số tiền phải thu", "kind": "measure", "unit": "đồng", "decimals": 0,
        "additive": "all",
    }  # fmt: skip
    assert said["columns"][3]["status"] == "draft"
    first, last = said["rows"][0], said["rows"][-1]
    assert first["_keys"] == {"org.province": "00.01", "month.year": "2025"}
    assert (first["org.province"], first["month.year"], first["_total"]) == ("Hà Nội", "2025", [])
    assert (last["org.province"], last["_total"]) == (None, ["org.province", "month.year"])
    assert isinstance(last["due_vnd"], int)
    assert said["query"] == Query.from_json(ASKED).to_json()


def test_the_csv_has_headings_with_units_plain_numbers_and_named_totals():
    lines = list(csv.reader(io.StringIO(ask(ASKED).to_csv())))
    assert lines[0] == [
        "Tỉnh, thành phố", "Năm", "Số tiền phải thu (đồng)", "Tỷ lệ thu (%)", "Số người tham gia (người)"
    ]  # fmt: skip
    assert lines[-1][:2] == ["Tổng cộng", "Tổng cộng"]
    assert all(line[2].isdigit() for line in lines[1:])


def test_a_name_that_looks_like_a_formula_stays_text_in_the_csv():
    evil = "UPDATE core.dim_employer SET sector_name = '=HYPERLINK(0)'"
    answer = ask_of(document(rows=["employer.sector"], values=["lines"]), evil)
    assert all(not line.startswith("=") for line in answer.to_csv().splitlines())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, None), (7, 7), (Decimal("7.00"), 7), (Decimal("98.70"), 98.7), (Decimal("0.1"), 0.1),
        (Decimal("123456789012345678.91"), "123456789012345678.91"), (10**20, 10**20),
    ],
)  # fmt: skip
def test_numbers_in_json_are_exact(value, said):
    assert json_number(value) == said
    assert type(json_number(value)) is type(said)


def test_members_come_in_their_own_order_and_totals_last():
    quarters = [row.keys[0] for row in ask(document(rows=["month.quarter"], values=["lines"])).rows]
    assert quarters == ["2025-Q2", "2025-Q3", None]
    names = [row.labels[0] for row in ask(document(rows=["fund.component"], values=["lines"])).rows]
    assert names == ["Bảo hiểm thất nghiệp", "BHXH tự nguyện", "BHYT bắt buộc", "Hưu trí, tử tuất", None]
    ages = [row.keys[0] for row in ask(document("claims", rows=["age_band"], values=["visits"])).rows]
    assert ages == ["0-5", "25-39", "40-59", "60-79", None]


def test_old_and_new_units_of_one_name_are_told_apart():
    labels = [row.labels[0] for row in ask(document(rows=["org.province"], values=["lines"])).rows]
    assert labels == ["Hà Nội", "Đà Nẵng (48)", "Đà Nẵng (48-2025)", "Quảng Nam", None]


def test_sorting_by_a_value_keeps_parents_with_their_children():
    asked = document(
        rows=["org.region", "org.province"], values=["due_vnd"], org_basis="as_is",
        sort=[{"field": "due_vnd", "desc": True}],
    )  # fmt: skip
    assert [row.keys for row in ask(asked).rows] == [
        ("V02", "00.01"), ("V02", None), ("V03", "00.48-2025"), ("V03", None), (None, None)
    ]  # fmt: skip
    asked["sort"] = [{"field": "due_vnd", "desc": False}]
    assert [row.keys[0] for row in ask(asked | {"totals": False}).rows] == ["V03", "V02"]


def test_sorting_by_a_field_can_be_turned_round():
    asked = document(rows=["month"], values=["lines"], sort=[{"field": "month", "desc": True}])
    assert [row.keys[0] for row in ask(asked).rows] == ["2025-08", "2025-07", "2025-06", "2025-05", None]


def test_a_limit_keeps_the_first_members_says_so_and_leaves_totals_whole():
    asked = document(
        rows=["employer"], columns=["month.quarter"], values=["arrears_vnd"],
        sort=[{"field": "arrears_vnd", "desc": True}],
    )  # fmt: skip
    whole, cut = ask(asked), ask(asked | {"limit": 2})
    members = list(dict.fromkeys(row.keys[0] for row in cut.rows))
    assert members == [*list(dict.fromkeys(row.keys[0] for row in whole.rows))[:2], None]
    assert (cut.complete, whole.complete) == (False, True)
    assert "2 dòng đầu trong 6 dòng" in cut.notes[0]
    assert cut.rows[-1] == whole.rows[-1]


def test_a_limit_that_cuts_nothing_leaves_the_answer_complete():
    answer = ask(document(rows=["fund"], values=["lines"], limit=50))
    assert (answer.complete, answer.notes) == (True, ())


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


def test_fifteen_hundred_cells_are_laid_out_in_ten_milliseconds():
    columns = (
        Column("a", "A", "dimension"),
        Column("b", "B", "dimension"),
        Column("v", "V", "measure", "đồng"),
    )
    rows = tuple(
        Row((f"{a:03}", f"{b:02}"), (f"{a}", f"{b}"), (a * b,)) for a in range(60) for b in range(25)
    )
    answer = Answer(
        Query("contributions", ("a",), ("b",), ("v",)), columns, rows, "r", "provisional", True, "as_was"
    )
    times = []
    for _ in range(7):
        started = process_time()
        assert sum(len(row.cells) for row in arrange(answer).rows) == 1500
        times.append(process_time() - started)
    assert min(times) <= 0.010
