"""The keys `calculations` and `others`: read, written back, and refused in one sentence with the remedy."""

import pytest

from dwh.datapath.semantic.calculations.kinds import KINDS
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.kernel.errors import Invalid, UnknownField

GOOD = {
    "subject": "contributions",
    "rows": ["org.province"],
    "columns": [],
    "values": ["collected_vnd", "due_vnd"],
    "filters": [{"field": "month", "op": "in", "values": ["2025"]}],
    "org_basis": "as_was",
    "totals": True,
    "limit": 10,
    "others": True,
    "calculations": [
        {"name": "c1", "kind": "growth", "of": "collected_vnd", "base": "same_last_year"},
        {"name": "c2", "kind": "moving_average", "of": "collected_vnd", "periods": 3},
        {
            "name": "c3", "kind": "formula", "formula": "100 * collected_vnd / due_vnd", "label": "Tỷ lệ", "unit": "%",
            "decimals": 1,
        },
    ],
}  # fmt: skip


def one(kind, of="collected_vnd", **more):
    return {"name": "c1", "kind": kind, "of": of, **more}


def formula(text, name="c1"):
    return {"name": name, "kind": "formula", "formula": text}


def test_the_document_is_read_and_written_back_unchanged():
    query = Query.from_json(GOOD)
    assert query.to_json() == GOOD
    assert hash(query) == hash(Query.from_json(query.to_json()))


def test_a_question_without_calculations_is_written_as_before():
    plain = {key: value for key, value in GOOD.items() if key not in ("calculations", "others")}
    assert Query.from_json(plain).to_json() == plain


@pytest.mark.parametrize(
    ("calculations", "says"),
    [
        ([one("grwth")], "Không có loại phép tính «grwth». Ý bạn là «growth»?"),
        ([one("growth")], "cần thêm khóa «base»"),
        ([one("growth", base="yesterday")], "previous (kỳ trước) hoặc same_last_year"),
        ([one("rank", base="previous")], "không dùng khóa «base»"),
        ([one("rank", weight=1)], "khóa lạ «weight»"),
        ([one("moving_average", periods=1)], "số nguyên từ 2 đến 24"),
        ([one("moving_average", periods=True)], "số nguyên từ 2 đến 24"),
        ([one("rank", of="lines")], "Hãy thêm «lines» vào «values»"),
        ([one("rank", of="c1")], "dùng chính nó"),
        ([formula("c2 + 1"), formula("c1 + 1", "c2")], "dùng «c2» đứng sau nó"),
        ([one("rank"), one("rank")], "Tên «c1» đã có"),
        ([one("rank") | {"name": "due_vnd"}], "Tên «due_vnd» đã có"),
        ([one("rank") | {"name": "total"}], "không hợp lệ"),
        ([one("rank") | {"name": "Ba"}], "không hợp lệ"),
        ([one("rank") | {"name": f"c{n}"} for n in range(13)], "nhiều nhất là 12"),
        ([formula("drop table x")], "Công thức sai ở «table»"),
        ([formula("lines * 2")], "Hãy thêm «lines»"),
        ([formula("total:due_vnd")], "Công thức sai"),
        ([one("rank", label=" ")], "«label»"),
        ([one("rank", decimals=9)], "từ 0 đến 6"),
        ([formula("due_vnd / collected_vnd"), {"name": "c2", "kind": "share_of_total", "of": "c1"}], "tỷ trọng của nó"),
        ([one("rank"), {"name": "c2", "kind": "cumulative", "of": "c1"}], "chỉ tính trên chỉ tiêu hoặc công thức"),
        ([one("rank"), {"name": "c2", "kind": "nation", "of": "c1"}], "chỉ so sánh một chỉ tiêu"),
        ("growth", "«calculations» phải là một danh sách"),
        (["growth"], "Mỗi phép tính phải có dạng"),
    ],
)  # fmt: skip
def test_a_wrong_calculation_gets_one_sentence_with_the_remedy(calculations, says):
    with pytest.raises(Invalid) as refusal:
        Query.from_json(GOOD | {"calculations": calculations}, latest_month="2025-08")
    assert says in refusal.value.message_vi
    assert "\n" not in refusal.value.message_vi


def test_a_time_calculation_needs_a_period_and_says_how_to_give_one():
    with pytest.raises(Invalid, match="Hãy đặt một chiều thời gian vào dòng hoặc cột"):
        Query.from_json(GOOD | {"filters": []})
    assert Query.from_json(GOOD | {"filters": [], "columns": ["month.quarter"]})


def test_a_share_of_a_ratio_is_refused_but_of_a_difference_it_is_not():
    share = {"calculations": [one("share_of_total", "arrears_vnd")], "values": ["arrears_vnd"]}
    assert Query.from_json(GOOD | share)
    with pytest.raises(Invalid, match="tỷ trọng của nó không có nghĩa"):
        Query.from_json(
            GOOD
            | {
                "calculations": [one("share_of_total", "collection_rate")],
                "values": ["collection_rate"],
            }
        )


def test_others_need_a_limit_and_a_rank_needs_rows():
    with pytest.raises(Invalid, match="chỉ dùng cùng «limit»"):
        Query.from_json({key: value for key, value in GOOD.items() if key != "limit"})
    with pytest.raises(Invalid, match="Hãy đặt một chiều vào «rows»"):
        Query.from_json(
            {"subject": "contributions", "values": ["collected_vnd"], "calculations": [one("rank")]}
        )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"rows": ["fund"]}, "được theo «Quỹ» (fund): chủ đề «Khám bệnh, chữa bệnh BHYT» (claims)"),
        ({"filters": [{"field": "employer.sector", "op": "in", "values": ["DN"]}]}, "(employer.sector)"),
        ({"values": ["collected_vnd", "contributions:due_vnd"]}, "là chủ đề của chính câu hỏi"),
        ({"values": ["claims:visits"]}, "chưa có chỉ tiêu nào của chủ đề này"),
    ],
)  # fmt: skip
def test_another_subject_shares_every_field_or_is_refused_by_name(change, says):
    asked = {
        "subject": "contributions",
        "rows": ["org.province"],
        "values": ["collected_vnd", "claims:visits"],
    }
    assert Query.from_json(asked).values == ("collected_vnd", "claims:visits")
    with pytest.raises(Invalid) as refusal:
        Query.from_json(asked | change)
    assert says in refusal.value.message_vi


def test_a_value_another_subject_does_not_have_is_unknown():
    asked = {"subject": "contributions", "values": ["collected_vnd", "claims:visit"]}
    with pytest.raises(UnknownField, match="Ý bạn là «visits»"):
        Query.from_json(asked)
    with pytest.raises(UnknownField, match="đặt chung bảng bằng «claims:visits»"):
        Query.from_json(asked | {"values": ["visits"]})


def test_the_catalogue_lists_the_kinds():
    listed = load_catalog().to_json()["calculations"]
    assert [kind["kind"] for kind in listed] == list(KINDS)
    assert next(k for k in listed if k["kind"] == "growth")["needs"] == ["of", "base"]
