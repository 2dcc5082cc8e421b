import pytest

from dwh.datapath.semantic.query import Filter, Query, Sort
from dwh.datapath.semantic.tests.asking import document
from dwh.kernel.errors import Invalid, UnknownField

GOOD = {
    "subject": "contributions",
    "rows": ["org.province"],
    "columns": ["month.year"],
    "values": ["collected_vnd", "collection_rate", "participants"],
    "filters": [{"field": "fund", "op": "in", "values": ["si"]}],
    "org_basis": "as_was",
    "totals": True,
}


def test_the_document_of_the_issue_is_read_and_written_back_unchanged():
    query = Query.from_json(GOOD)
    assert query.filters == (Filter("fund", "in", ("si",)),)
    assert query.to_json() == GOOD
    assert hash(query) == hash(Query.from_json(GOOD))


def test_sort_and_limit_are_optional_and_kept():
    query = Query.from_json(GOOD | {"sort": [{"field": "participants", "desc": True}], "limit": 5})
    assert (query.sort, query.limit) == ((Sort("participants", True),), 5)
    assert Query.from_json(query.to_json()) == query


def test_what_is_left_out_has_a_plain_meaning():
    query = Query.from_json({"subject": "claims", "values": ["visits"]})
    assert (query.rows, query.columns, query.filters) == ((), (), ())
    assert (query.org_basis, query.totals, query.limit) == ("as_was", True, None)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"rowz": []}, "khóa lạ «rowz». Ý bạn là «rows»"),
        ({"values": []}, "chưa có chỉ tiêu nào"),
        ({"values": "collected_vnd"}, "«values» phải là một danh sách"),
        ({"rows": [7]}, "«rows» phải là tên"),
        ({"rows": ["org.province", "org.province"]}, "được dùng hai lần"),
        ({"rows": ["fund"], "columns": ["fund.fund"]}, "được dùng hai lần"),
        ({"values": ["due_vnd", "due_vnd"]}, "được dùng hai lần"),
        ({"org_basis": "today"}, "«org_basis» không nhận «today»"),
        ({"totals": "yes"}, "«totals» phải là true hoặc false"),
        ({"limit": 0}, "«limit» phải là số nguyên"),
        ({"limit": True}, "«limit» phải là số nguyên"),
        ({"rows": [], "columns": [], "limit": 3}, "«limit» chỉ dùng khi câu hỏi có dòng"),
        ({"sort": [{"field": "lines"}]}, "Không sắp xếp được theo «lines»"),
        ({"sort": [{"field": "participants", "desc": 1}]}, "«desc»"),
        ({"filters": [{"field": "fund", "op": "like", "values": ["s"]}]}, "Phép lọc «like» không có"),
        ({"filters": [{"field": "fund", "op": "in", "values": []}]}, "cần từ 1 đến 1000 giá trị"),
        ({"filters": [{"field": "fund", "op": "eq", "values": ["a", "b"]}]}, "cần đúng 1 giá trị"),
        ({"filters": [{"field": "fund", "op": "in", "values": "si"}]}, "phải là một danh sách"),
        ({"filters": [{"field": "fund", "op": "in", "values": [None]}]}, "phải là chuỗi không rỗng"),
        ({"filters": [{"field": "fund", "op": "gte", "values": ["si"]}]}, "không có thứ tự"),
        ({"filters": [{"field": "fund", "values": ["si"], "or": 1}]}, "khóa lạ «or»"),
        ({"filters": ["fund"]}, "Mỗi bộ lọc phải có dạng"),
        ({"filters": [{"field": "month", "op": "in", "values": ["2025-13"]}]}, "không đúng dạng"),
        ({"filters": [{"field": "month", "op": "in", "values": ["2025-Q5"]}]}, "2025-08"),
        ({"filters": [{"field": "month", "op": "in", "values": ["2025-09"]}]}, "tháng gần nhất có số liệu là 2025-08"),
        ({"filters": [{"field": "month.year", "op": "gte", "values": ["2031"]}]}, "ở tương lai"),
        ({"filters": [{"field": "month", "op": "between", "values": ["2025-08", "2025-05"]}]}, "bị ngược"),
        ({"values": ["participants_end"], "rows": ["fund.component"]}, "không tách được theo «Quỹ thành phần»"),
        ({"rows": ["due_vnd"]}, "là chỉ tiêu, không phải chiều"),
        ({"values": ["org.province"]}, "là chiều phân tích, không phải chỉ tiêu"),
        ({"subject": ""}, "«subject» phải là tên"),
    ],
)  # fmt: skip
def test_a_malformed_document_gets_one_sentence_with_the_remedy(change, says):
    with pytest.raises(Invalid) as refusal:
        Query.from_json(GOOD | change, latest_month="2025-08")
    assert says in refusal.value.message_vi
    assert "\n" not in refusal.value.message_vi


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"rows": ["org.provnce"]}, "Ý bạn là «org.province»?"),
        ({"rows": ["province"]}, "Ý bạn là «org.province»?"),
        ({"rows": ["org."]}, "không có chiều phân tích «org.»"),
        ({"values": ["collected"]}, "Ý bạn là «collected_vnd»?"),
        ({"values": ["visits"]}, "thuộc chủ đề «Khám bệnh, chữa bệnh BHYT» (claims)"),
        ({"rows": ["facility.class"]}, "thuộc chủ đề «Khám bệnh, chữa bệnh BHYT» (claims)"),
        ({"subject": "contribution"}, "Ý bạn là «contributions»?"),
        ({"filters": [{"field": "funds", "op": "in", "values": ["si"]}]}, "không có chiều phân tích «funds»"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_one(change, says):
    with pytest.raises(UnknownField) as refusal:
        Query.from_json(GOOD | change)
    assert says in refusal.value.message_vi


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "null", '"x"', "[" * 100_000])
def test_a_text_that_is_no_question_is_refused(text):
    with pytest.raises(Invalid):
        Query.from_text(text)


def test_a_text_question_is_read():
    assert Query.from_text('{"subject": "claims", "values": ["visits"]}') == Query(
        "claims", values=("visits",)
    )


def test_numbers_in_a_filter_are_their_text():
    query = Query.from_json(
        document(values=["lines"], filters=[{"field": "month.year", "op": "eq", "values": [2025]}])
    )
    assert query.filters[0].values == ("2025",)
