"""A record told in words: no code, no JSON, nothing of the question or of what changed left out."""

from __future__ import annotations

from datetime import date

import pytest

from dwh.kernel import vi
from dwh.kernel.org.models import OrgUnit
from dwh.operations.log.words import Said, object_words, purpose_words, told

pytestmark = pytest.mark.django_db

OBJECTS = {
    "run:5": "Lượt chạy 5",
    "report:b02": "Báo cáo B02",
    "subject:contributions": "Thu BHXH, BHYT, BHTN",
    "subject:quarantine": "Dữ liệu lỗi",
    "source:claims": "Giám định BHYT",
    "log": "Nhật ký",
    "/gui-bao-cao/": "Trang /gui-bao-cao/",
    "lan.lt@vss.gov.vn": "lan.lt@vss.gov.vn",
    "subject:of-yesterday": "of-yesterday",
    "thing:7": "thing:7",
}


@pytest.mark.parametrize("name", OBJECTS)
def test_an_object_is_called_as_on_its_page(name):
    assert object_words(name) == OBJECTS[name]


def test_a_purpose_in_words():
    assert purpose_words("dashboard:thu") == "bảng thông tin Thu"
    assert purpose_words("phân tích") == "phân tích"


def test_a_question_is_told_by_the_labels_of_its_subject():
    query = {
        "subject": "contributions", "rows": ["org.province"], "columns": ["month.year"],
        "values": ["collected_vnd", "gone_since"], "org_basis": "as_was", "totals": True,
        "filters": [
            {"field": "month.month", "op": "between", "values": ["2026-01", "2026-10"]},
            {"field": "employer", "op": "in", "values": ["hmac:0a1b"]},
        ],
    }  # fmt: skip
    facts = {"query": query, "release": "2026-12-01.1", "scope": ["00.01"], "catalog": "f" * 64}

    assert [(one.label, one.value) for one in told("data.asked", facts)] == [
        ("Chỉ tiêu", "Số tiền đã thu, gone_since"),
        ("Theo hàng", "Tỉnh, thành phố"),
        ("Theo cột", "Năm"),
        ("Lọc", "Tháng: từ 1/2026 đến 10/2026"),
        ("Lọc", "Đơn vị sử dụng lao động: (đã ẩn, dữ liệu cá nhân)"),
        ("Tổ chức", "theo ngày số liệu"),
        ("Phạm vi", "00.01"),
        ("Bản công bố", "2026-12-01.1"),
        ("Dấu của danh mục chỉ tiêu", "ffffffffffffffff…"),
    ]


def test_calculations_and_values_of_another_subject_are_told_by_their_labels():
    query = {
        "subject": "contributions", "values": ["collected_vnd", "claims:visits"],
        "calculations": [
            {"name": "c1", "kind": "growth", "of": "collected_vnd", "base": "previous"},
            {"name": "c2", "kind": "formula", "formula": "claims:visits / 2"},
        ],
    }  # fmt: skip
    assert [(one.label, one.value) for one in told("data.asked", {"query": query})] == [
        ("Chỉ tiêu", "Số tiền đã thu, Số lượt KCB (Khám bệnh, chữa bệnh BHYT)"),
        ("Phép tính", "Tăng trưởng: Số tiền đã thu"),
        ("Phép tính", "Công thức: claims:visits / 2"),
    ]


def test_units_are_called_by_name():
    unit = OrgUnit.objects.create(
        code="00.01",
        name="BHXH thành phố Hà Nội",
        tier="province",
        valid_from=date(1995, 2, 16),
        current_code="00.01",
    )
    assert told("data.asked", {"scope": ["00.01", "00.99"]}) == [Said("Phạm vi", f"{unit.name}; 00.99")]


def test_what_changed_is_told_as_before_and_after():
    facts = {"before": {"to": "", "due_on": "2026-12-01"}, "after": {"to": "Bình", "due_on": "2027-01-15"}}

    assert told("change.assigned", facts) == [
        Said("Người thực hiện", "Bình"), Said("Hạn", "01/12/2026 → 15/01/2027"),
    ]  # fmt: skip
    assert told("parameter.set", {"before": "2000", "after": "4000"}) == [Said("Thay đổi", "2000 → 4000")]
    assert told("change.edited", {"before": {"why": "x"}, "after": {"why": ""}}) == [
        Said("Lý do, căn cứ", "x → để trống")
    ]


def test_codes_money_and_moments_are_told_as_people_write_them():
    facts = {
        "verdict": "accept", "state": "proposed", "rows": 1200, "vnd": "69700000.00", "late": False, "note": "",
        "takes_effect_at": "2026-11-30T22:00:00+00:00", "table": "kt_but_toan", "bytes": 2048, "due_on": "2026-99-99",
    }  # fmt: skip
    assert {one.label: one.value for one in told("quarantine.decided", facts)} == {
        "Quyết định": "Nhận vào số liệu", "Tình trạng": "Chờ người duyệt", "Số dòng": "1.200",
        "Số tiền": "69.700.000 đồng", "Gửi trễ": "không", "Hiệu lực từ": "01/12/2026 05:00", "Bảng": "Bút toán",
        "Dung lượng": vi.size(2048), "Hạn": "2026-99-99",
    }  # fmt: skip


def test_what_a_refusal_says_of_itself_is_told_and_its_technical_side_is_not():
    inner = {"path": "/gui-bao-cao/", "method": "GET", "permission": "submission:view"}

    assert told("access.denied", {"facts": inner}) == [Said("Quyền còn thiếu", "xem lịch gửi báo cáo CSDL")]


def test_a_change_of_the_organisation_names_who_goes_where():
    lines = [{"from_name": "A", "to_name": "B", "weight": "1"}, {"from_name": None, "to_name": "C"}]

    assert told("organisation.entered", {"kind": "merge", "lines": lines}) == [
        Said("Loại", "Hợp nhất, sáp nhập"), Said("Các dòng thay đổi", "A → B; C"),
    ]  # fmt: skip
