import csv
import io
import json
from decimal import Decimal

import pytest

from dwh.datapath.semantic.answer import json_number
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
