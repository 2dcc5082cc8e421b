"""The screen «Yêu cầu thay đổi»: each page, who reaches it, and what stays when something is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dwh.operations.changes import services
from dwh.operations.changes.desk import SHOWN
from dwh.operations.changes.models import ChangeRequest
from dwh.operations.changes.rules import State
from dwh.operations.changes.tests.conftest import ADDED, ELEMENT, NOON, RETYPED, TEXT, acting, assign, heed

LIST = "/yeu-cau-thay-doi/"
FORM = {
    "loai": "report", "tieu_de": "Thêm cột lũy kế", "noi_dung": "Báo cáo B02 thêm cột lũy kế từ đầu năm.",
    "ly_do": "Theo Công văn 12/BHXH-BTHU.", "bang": "core.fct_contribution", "cot": "due_vnd",
}  # fmt: skip
REASON = {"y_kien": "Chưa nêu căn cứ pháp lý.", "ban": "1"}


@pytest.fixture
def see(client):
    """Return a function that opens or posts a page as somebody and returns its status and text."""

    def do(account, path="", form=None):
        client.force_login(account)
        reply = client.get(LIST + path) if form is None else client.post(LIST + path, form, follow=True)
        return reply.status_code, reply.content.decode()

    return do


def test_an_empty_list_says_what_to_do(see, khanh, tuan):
    status, text = see(khanh)
    assert (status, "Đơn vị chưa có yêu cầu nào" in text, text.count("Lập yêu cầu") >= 2) == (200, True, True)
    status, text = see(tuan)
    assert (status, "Chưa có yêu cầu nào" in text, "Lập yêu cầu" in text) == (200, True, False)


@pytest.mark.req("C-17")
def test_the_pages_carry_a_request_from_draft_to_done(see, khanh, son, dung, tuan):
    assert "chờ thủ trưởng đơn vị" in see(khanh, "moi/", FORM)[1]
    one = f"{ChangeRequest.objects.get().pk}/"
    assert see(tuan, one)[0] == 404
    assert "Chờ Lãnh đạo Ngành" in see(son, f"{one}duyet/", {"ban": "1", "y_kien": ""})[1]
    assert see(tuan, one)[0] == 404
    assert "Chờ giao việc" in see(dung, f"{one}duyet/", {"ban": "1", "y_kien": "Đồng ý."})[1]
    assert "Giao việc" in see(tuan, one)[1]
    day = f"{NOON.date() + timedelta(days=400):%Y-%m-%d}"
    assert "Đang thực hiện" in see(tuan, f"{one}giao/", {"nguoi": "Trần Văn Bình", "han": day})[1]
    assert "Đã xong" in see(tuan, f"{one}xong/", {"y_kien": "Đã thêm cột, công bố rồi."})[1]
    text = see(khanh, one)[1]
    for words in ("Bùi Văn Sơn", "Hoàng Thị Dung", "Trần Văn Bình", "Đã thêm cột, công bố rồi.", "Đồng ý."):
        assert words in text


@pytest.mark.req("C-17")
def test_the_it_centre_lists_only_what_leaders_approved_and_what_was_detected(
    see, opened, approved, tuan, khanh
):
    opened(), approved(replace(TEXT, title="Việc đã duyệt")), heed(ADDED)
    text = see(tuan)[1]
    assert "Việc đã duyệt" in text
    assert "có cột mới «ghi_chu»" in text
    assert TEXT.title not in text
    assert TEXT.title in see(khanh)[1]


def test_another_unit_finds_none(see, opened, lan, ha, nam, hoa):
    request = opened()
    for who in (lan, ha, nam, hoa):
        assert TEXT.title not in see(who)[1]
        assert see(who, f"{request.pk}/")[0] == 404
        assert see(who, f"{request.pk}/duyet/", REASON)[0] == 404
    mine = opened(by=ha)
    assert see(hoa, f"{mine.pk}/")[0] == 200  # the director leads the offices too
    assert see(lan, f"{mine.pk}/")[0] == 404


@pytest.mark.parametrize(
    ("who", "act", "status"),
    [
        ("khanh", "duyet", 403), ("khanh", "tra-lai", 403), ("khanh", "khong-duyet", 403), ("son", "rut", 403),
        ("son", "sua", 403), ("khanh", "giao", 409), ("khanh", "xong", 409), ("tuan", "duyet", 404),
        ("tuan", "giao", 404), ("tuan", "sua", 403), ("dung", "duyet", 404), ("khanh", "rut", 200),
        ("son", "tra-lai", 200),
        ("son", "khong-duyet", 200),
    ],
)  # fmt: skip
def test_who_may_press_what_on_a_draft(see, opened, request, who, act, status):
    for name in ("son", "dung", "tuan"):
        request.getfixturevalue(name)
    draft = opened()
    form = {**FORM, **REASON, "nguoi": "Trần Văn Bình", "han": "2030-01-01"}
    assert see(request.getfixturevalue(who), f"{draft.pk}/{act}/", form)[0] == status
    draft.refresh_from_db()
    assert (draft.state == State.DRAFT) == (status != 200)


def test_only_who_may_open_requests_reaches_the_form(see, khanh, minh, tuan, dung, son):
    assert [see(who, "moi/")[0] for who in (khanh, minh, tuan, dung, son)] == [200, 200, 403, 403, 403]


@pytest.mark.req("C-20")
def test_an_element_is_proposed_from_the_dictionary_with_its_table_filled_in(see, khanh):
    text = see(khanh, "moi/?loai=element&bang=core.fct_contribution")[1]
    assert 'value="core.fct_contribution"' in text
    assert '<option value="element" selected>' in text
    assert f"<b>{khanh.unit_name}</b>" in text
    form = {**FORM, "loai": "element", "cot": "wage_region"}
    status, text = see(khanh, "moi/", form)
    assert (status, text.count("Ghi định nghĩa của tiêu thức"), text.count("Ghi khi nào tiêu thức")) == (
        422,
        1,
        1,
    )
    full = {**form, "dinh_nghia": ELEMENT.definition, "day_du": ELEMENT.completeness}
    status, text = see(khanh, "moi/", full)
    assert (status, ELEMENT.definition in text, ELEMENT.completeness in text) == (200, True, True)
    made = ChangeRequest.objects.get()
    assert (made.kind, made.origin_unit, made.table, made.column) == (
        "element", "00.BTHU", "core.fct_contribution", "wage_region",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"noi_dung": "sửa"}, ["Ghi rõ cần thay đổi gì"]), ({"tieu_de": ""}, ["Hãy điền ô này"]),
        ({"bang": "khong.co", "ly_do": "vì"}, ["không có bảng này", "Ghi lý do, căn cứ"]),
        ({"cot": "khong_co"}, ["không có cột này"]), ({"bang": ""}, ["Chọn bảng có cột này"]),
        ({"can_truoc": "2026-13-01"}, ["Ngày không đúng"]), ({"can_truoc": "2020-01-01"}, ["đã qua"]),
        ({"loai": "source"}, ["Chọn loại yêu cầu"]), ({"tieu_de": "a" * 201}, ["Dài quá 200 ký tự"]),
        ({"ly_do": "Theo Công văn\x00 12."}, ["Có ký tự không đọc được"]),
    ],
)  # fmt: skip
def test_a_wrong_form_says_everything_at_once_and_keeps_what_was_typed(see, khanh, wrong, words):
    status, text = see(khanh, "moi/", {**FORM, **wrong})
    assert status == 422
    assert [word for word in words if word not in text] == []
    kept = {**FORM, **wrong}
    assert all(kept[name] in text for name in ("tieu_de", "noi_dung", "ly_do"))
    assert not ChangeRequest.objects.exists()


def test_a_refused_act_keeps_what_was_typed(see, opened, approved, son, tuan):
    draft, ready = opened(), approved()
    status, text = see(son, f"{draft.pk}/tra-lai/", {"ban": "1", "y_kien": "thiếu"})
    assert (status, "ít nhất 10 ký tự" in text, ">thiếu</textarea>" in text) == (422, True, True)
    form = {"nguoi": "Trần Văn Bình", "han": "hôm nay", "y_kien": "Gấp."}
    status, text = see(tuan, f"{ready.pk}/giao/", form)
    assert (status, "Hạn xong không đúng" in text, 'value="Trần Văn Bình"' in text) == (422, True, True)
    assert see(son, f"{draft.pk}/duyet/", {"ban": "7", "y_kien": ""})[0] == 409


def test_the_author_mends_what_was_returned(see, opened, khanh, son):
    draft = opened()
    see(son, f"{draft.pk}/tra-lai/", REASON)
    text = see(khanh, f"{draft.pk}/")[1]
    assert "Sửa và gửi lại" in text
    assert REASON["y_kien"] in text
    assert TEXT.what in see(khanh, f"{draft.pk}/sua/")[1]
    assert see(khanh, f"{draft.pk}/sua/", FORM)[0] == 200
    draft.refresh_from_db()
    assert (draft.title, draft.revision, draft.state) == (FORM["tieu_de"], 2, State.DRAFT)
    assert see(son, f"{draft.pk}/duyet/", {"ban": "1"})[0] == 409


@pytest.mark.req("C-16")
def test_a_changed_source_is_shown_with_its_types_and_what_happened(see, tuan, khanh):
    [request] = heed(RETYPED, run=7)
    text = see(tuan, f"{request.pk}/")[1]
    for words in ("Nguồn thay đổi cấu trúc", "Phần mềm Thu", "số tiền", "TEXT", "Nguồn dừng, không đọc dòng nào",
                  "tiếp nhận", "Vẫn khác hợp đồng", "lượt 7"):  # fmt: skip
        assert words in text
    assert see(khanh, f"{request.pk}/")[0] == 200  # the unit that owns the source
    heed(run=8)
    assert "Không còn, từ" in see(tuan, f"{request.pk}/")[1]


def test_tabs_count_search_needs_no_marks_and_order_is_chosen(see, opened, approved, khanh, son, tuan):
    first, second = opened(), opened(replace(TEXT, title="Mã vùng lương", wanted_by=None))
    text = see(son)[1]
    assert 'Chờ tôi <b class="count">2</b>' in text
    assert "amber" not in see(khanh)[1]  # the mark of a line that waits for the reader
    assert text.count("amber") == 2
    text = see(khanh, "?tim=ma+vung")[1]
    assert (second.title in text, first.title in text) == (True, False)
    assert "Không có yêu cầu nào khớp" in see(khanh, "?tim=xyzzy")[1]
    for order, ahead in (("moi", second), ("cu", first), ("han", first), ("la", second)):
        text = see(khanh, f"?sap={order}")[1]
        assert (text.index(f"{LIST}{first.pk}/") < text.index(f"{LIST}{second.pk}/")) == (ahead == first)
    assert second.title not in see(khanh, "?tinh_trang=done")[1]


def test_what_is_late_is_flagged_and_has_a_tab(see, approved, tuan):
    late = assign(approved(), tuan)
    ChangeRequest.objects.filter(pk=late.pk).update(due_on="2020-01-01")
    text = see(tuan, "?tinh_trang=qua-han")[1]
    assert (late.title in text, "quá hạn" in text) == (True, True)
    services.finish_request(late.pk, "Đã làm xong rồi.", by=acting(tuan))
    assert late.title not in see(tuan, "?tinh_trang=qua-han")[1]


def test_a_long_list_has_pages(see, opened, khanh):
    for _ in range(SHOWN + 1):
        opened()
    assert see(khanh)[1].count('data-l="Số"') == SHOWN
    text = see(khanh, "?trang=2")[1]
    assert (text.count('data-l="Số"'), "Trước" in text) == (1, True)


def test_a_page_costs_few_questions(see, opened, khanh, django_assert_max_num_queries):
    for _ in range(12):
        opened()
    see(khanh, "moi/")  # the dictionary is made once
    with django_assert_max_num_queries(22):
        assert see(khanh)[0] == 200
    with django_assert_max_num_queries(22):
        assert see(khanh, f"{ChangeRequest.objects.first().pk}/")[0] == 200


def test_a_list_address_with_nonsense_is_no_fault(see, opened, khanh):
    opened()
    assert see(khanh, "?tinh_trang=x&loai=y&sap=z&trang=abc&tim=%00%25_")[0] == 200
    assert see(khanh, "999999999999999999/")[0] == 404
