"""«Từ điển dữ liệu»: found without marks, followed both ways, closed at the subjects one was not given."""

from __future__ import annotations

import re
from time import perf_counter

import pytest
from django.test import Client

from dwh.datapath.dictionary.collect import load_dictionary
from dwh.governance.protection.dictionary import dictionary_for
from dwh.kernel.errors import Denied
from tests.personas import TODAY, hire

CONTRIBUTION = "/tu-dien/bang/core.fct_contribution/"


def page(account, path: str, *, status: int = 200) -> str:
    client = Client()
    client.force_login(account)
    reply = client.get(path)
    assert reply.status_code == status, reply.content.decode()[:300]
    return reply.content.decode()


@pytest.mark.parametrize("words", ["so+tien+phai+thu", "S%E1%BB%91+ti%E1%BB%81n+ph%E1%BA%A3i+thu"])
def test_words_are_found_with_marks_and_without(lan, words):
    text = page(lan, f"/tu-dien/?q={words}")
    assert f'href="{CONTRIBUTION}#due_vnd"' in text
    assert 'href="/tu-dien/chu-de/contributions/#due_vnd"' in text
    assert "landed.gd_thuoc" not in text


def test_the_list_holds_everything_and_filters_narrow_it(lan):
    text = page(lan, "/tu-dien/")
    assert all(f"/tu-dien/bang/{name}/" in text for name in load_dictionary().tables)
    text = page(lan, "/tu-dien/?lop=landed&nguon=iam")
    assert "landed.iam_tai_khoan" in text
    assert "core.fct_contribution" not in text
    text = page(lan, "/tu-dien/?ca_nhan=P3")
    assert "/tu-dien/bang/landed.tst_don_vi/#so_tk" in text


def test_nothing_found_says_what_to_do(lan):
    text = page(lan, "/tu-dien/?q=xyzzy")
    assert "Không có bảng, cột hay chỉ tiêu nào khớp" in text
    assert "Xem toàn bộ từ điển" in text


def test_a_table_says_what_it_is_and_where_it_stands(lan):
    text = page(lan, CONTRIBUTION)
    for words in ("Dòng đóng theo tháng", "Ban Quản lý thu và phát triển người tham gia", "QC-DWH Điều 4.1",
                  "«fund_code» chỉ nhận các giá trị: si, hi, ui."):  # fmt: skip
        assert words in text
    assert 'href="/tu-dien/bang/staging.stg_contribution/#due_vnd"' in text  # from
    assert 'href="/tu-dien/bang/landed.tst_dong_ca_nhan/#so_tien_ld"' in text  # down to the source
    assert 'href="/tu-dien/chu-de/contributions/#due_vnd"' in text  # for


@pytest.mark.req("C-20")
def test_a_column_says_when_it_must_have_a_value_and_the_owner_may_propose_another(lan, khanh, tuan, dung):
    text = page(lan, "/tu-dien/bang/landed.tst_dong_ca_nhan/")
    assert "Ban Quản lý thu và phát triển người tham gia" in text
    assert "Bắt buộc: thiếu thì nguồn dừng, không đọc." in text
    propose = "/yeu-cau-thay-doi/moi/?loai=element&amp;bang=landed.tst_dong_ca_nhan"
    assert propose in text
    assert propose in page(khanh, "/tu-dien/bang/landed.tst_dong_ca_nhan/")
    for who in (tuan, dung):  # they do not open requests
        assert "Đề nghị thêm tiêu thức" not in page(who, "/tu-dien/bang/landed.tst_dong_ca_nhan/")


def test_the_thread_leads_back_from_the_source(lan):
    text = page(lan, "/tu-dien/bang/landed.tst_dong_ca_nhan/")
    assert 'href="/tu-dien/bang/staging.stg_contribution/#due_vnd"' in text
    assert "Người lao động đóng" in text
    text = page(lan, "/tu-dien/bang/landed.tst_don_vi/")
    assert "Không lấy về kho: địa chỉ chi tiết" in text
    assert 'id="quy-tac-TST-D01"' in text


def test_every_link_of_every_table_leads_somewhere(lan):
    client = Client()
    client.force_login(lan)
    anchors: dict[str, set[str]] = {}
    wanted: set[tuple[str, str]] = set()
    for name in (*load_dictionary().tables, *load_dictionary().subjects):
        kind = "bang" if "." in name else "chu-de"
        text = client.get(f"/tu-dien/{kind}/{name}/").content.decode()
        anchors[f"/tu-dien/{kind}/{name}/"] = set(re.findall(r' id="([^"]+)"', text))
        wanted |= set(re.findall(r'href="(/tu-dien/(?:bang|chu-de)/[^"#]+)#([^"]+)"', text))
    assert len(wanted) > 1000
    assert [(path, anchor) for path, anchor in wanted if anchor not in anchors.get(path, set())] == []


def test_a_subject_shows_formula_unit_and_the_way_to_the_source(lan):
    text = page(lan, "/tu-dien/chu-de/contributions/")
    for words in ("SUM(core.fct_contribution.due_vnd)", "100 * collected_vnd / due_vnd", "công thức dự thảo",
                  "không cộng theo thời gian: lấy tháng cuối"):  # fmt: skip
        assert words in text
    assert 'href="/tu-dien/bang/landed.tst_dong_ca_nhan/#so_tien_sd"' in text
    assert "/phan-tich/contributions/" in text


def test_of_a_subject_one_was_not_given_only_names_are_shown(khanh):
    page(khanh, "/tu-dien/chu-de/contributions/")
    page(khanh, "/tu-dien/chu-de/claims/", status=404)
    text = page(khanh, "/tu-dien/bang/core.fct_claim/")
    assert "Số tiền BHYT thanh toán" in text or "Quỹ BHYT" in text
    assert "/tu-dien/chu-de/claims/" not in text
    assert "/tu-dien/chu-de/claims/" not in page(khanh, "/tu-dien/?q=kham+chua+benh")


def test_leadership_reads_it_and_is_not_sent_where_it_may_not_go(dung):
    assert "Mở trong Phân tích" not in page(dung, "/tu-dien/chu-de/contributions/")


def test_who_holds_no_right_reads_nothing_and_a_guest_signs_in(db, client):
    stranger = hire("moi.nv@vss.gov.vn", "Người Mới", "00.01", "BHXH thành phố Hà Nội", "NV00000099")
    with pytest.raises(Denied, match="từ điển dữ liệu"):
        dictionary_for(stranger, TODAY)
    for path in ("/tu-dien/", CONTRIBUTION, "/tu-dien/chu-de/contributions/"):
        page(stranger, path, status=302)  # an account without any right is signed out
        assert client.get(path).status_code == 302


def test_an_unknown_name_is_404_and_other_methods_are_refused(lan, client):
    page(lan, "/tu-dien/bang/core.khong_co/", status=404)
    page(lan, "/tu-dien/chu-de/khong-co/", status=404)
    client.force_login(lan)
    assert client.post("/tu-dien/").status_code == 405


def test_a_page_costs_no_question_and_little_time(lan, django_assert_max_num_queries):
    client = Client()
    client.force_login(lan)
    client.get(CONTRIBUTION)  # the dictionary is made once
    start = perf_counter()
    with django_assert_max_num_queries(12):
        assert client.get("/tu-dien/?q=so+tien").status_code == 200
    assert perf_counter() - start < 2


def test_the_navigation_leads_there(lan):
    assert 'href="/tu-dien/"' in page(lan, "/tai-khoan/")


def test_the_search_of_the_program_finds_tables_too(lan):
    text = page(lan, "/tim/?q=dong+dong+theo+thang")
    assert f'href="{CONTRIBUTION}"' in text
    assert f'href="{CONTRIBUTION}"' in page(lan, "/tim/?q=fct_contribution")
