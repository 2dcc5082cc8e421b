"""The pages of saved analyses, tried by the cast."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from dwh.datapath.tables.address import decode
from dwh.delivery.analyses import share_services
from dwh.delivery.analyses.models import AnalysisShare, SavedAnalysis
from dwh.delivery.analyses.share_services import Receiver
from dwh.delivery.analyses.tests.conftest import DOCUMENT, LIST, QUERY, REASON, by
from dwh.kernel.audit.models import AuditRecord

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("release", "units")]
FORM = {"ten": "Thu của tôi", "thu_muc": "Tháng", "ghi_chu": "", "q": DOCUMENT.query, "xem": DOCUMENT.view}
SHARES = "/chia-se-phan-tich/"


def test_an_empty_list_says_what_to_do(see, lan):
    for tab, said in (("", "Chưa lưu phân tích nào"), ("?muc=duoc-chia-se", "Chưa ai chia sẻ"),
                      ("?muc=yeu-thich", "Chưa có phân tích yêu thích"), ("?muc=da-xoa", "Chưa xóa"),
                      ("?muc=gan-day", "Chưa có câu hỏi nào gần đây")):  # fmt: skip
        status, text = see(lan, tab)
        assert (status, said in text) == (200, True), tab


def test_saving_answers_with_the_buttons_of_what_was_saved(client, lan):
    client.force_login(lan)
    reply = client.post(LIST + "luu/", FORM, headers={"HX-Request": "true"})
    kept = SavedAnalysis.objects.get()
    assert (reply.status_code, kept.name, kept.folder) == (200, "Thu của tôi", "Tháng")
    assert f'data-saved="{kept.pk}"' in reply.content.decode()
    again = client.post(LIST + "luu/", FORM, headers={"HX-Request": "true"})
    assert (again.status_code, again.headers["HX-Retarget"]) == (409, "#an-said")
    assert "đã có phân tích tên" in again.content.decode()


def test_opening_leads_to_the_question_with_its_view(client, saved, lan):
    one = saved()
    client.force_login(lan)
    reply = client.get(f"{LIST}{one.pk}/")
    said = parse_qs(urlsplit(reply.url).query)
    assert (reply.status_code, said["v"], said["u"], said["luu"]) == (302, ["chart"], ["ty"], [str(one.pk)])
    assert json.loads(decode(said["q"][0])) == QUERY
    page = client.get(reply.url)
    assert json.loads(page.context["query"]) == QUERY


def test_what_is_not_shared_is_not_found_on_any_address(saved, see, ha):
    one = saved()
    for path in ("", "thong-tin/"):
        assert see(ha, f"{one.pk}/{path}")[0] == 404
    for path in ("luu/", "doi-ten/", "xoa/", "khoi-phuc/", "yeu-thich/", "chia-se/"):
        assert see(ha, f"{one.pk}/{path}", FORM)[0] == 404
    assert "Thu theo tỉnh" not in see(ha)[1]


@pytest.mark.req("B-08")
def test_a_receiver_asks_under_his_own_rights(saved, client, lan, nam, hoa):
    one = saved()
    share = share_services.share_analysis(one.pk, Receiver("00.48-2025", "", REASON), by=by(lan))
    share_services.approve_share(share.pk, by=by(hoa))
    client.force_login(nam)
    page = client.get(f"{LIST}{one.pk}/", follow=True)
    answer = client.post("/phan-tich/bang/", {"q": page.context["query"]}).content.decode()
    assert "Đà Nẵng" in answer
    assert "Hà Nội" not in answer
    assert AuditRecord.objects.get(action="data.asked").actor_email == nam.email


def test_lists_find_without_marks_sort_and_keep_apart(saved, see, lan):
    saved("Thu quý III", folder="Họp giao ban")
    saved("Chậm đóng")
    text = see(lan, "?tim=giao+ban&sap=ten")[1]
    assert "Thu quý III" in text
    assert "Chậm đóng" not in text
    assert "Không có phân tích nào khớp" in see(lan, "?tim=khong+co+gi")[1]
    names = see(lan, "?sap=ten")[1]
    assert names.index("Chậm đóng") < names.index("Thu quý III")


def test_deleting_offers_to_undo_and_the_deleted_can_be_restored(saved, see, lan):
    one = saved()
    status, text = see(lan, f"{one.pk}/xoa/", {})
    assert (status, "Hoàn tác" in text) == (200, True)
    assert "Khôi phục" in see(lan, "?muc=da-xoa")[1]
    assert "Đã khôi phục" in see(lan, f"{one.pk}/khoi-phuc/", {})[1]


def test_the_star_is_a_tab_of_one_s_own(saved, see, lan):
    one = saved()
    see(lan, f"{one.pk}/yeu-thich/", {"co": "1", "ve": LIST})
    assert one.name in see(lan, "?muc=yeu-thich")[1]
    see(lan, f"{one.pk}/yeu-thich/", {"co": "0", "ve": "https://example.com/"})
    assert one.name not in see(lan, "?muc=yeu-thich")[1]


def test_recent_questions_are_those_of_the_person(see, client, lan, nam):
    client.force_login(lan)
    client.post("/phan-tich/bang/", {"q": DOCUMENT.query})
    assert "Số tiền đã thu" in see(lan, "?muc=gan-day")[1]
    assert "Số tiền đã thu" not in see(nam, "?muc=gan-day")[1]


@pytest.mark.req("B-08")
def test_the_head_reads_the_request_decides_and_sees_what_is_shared(saved, see, lan, hoa, khanh):
    one = saved(notes="Riêng tôi đọc")
    form = {"don_vi": "00.48-2025", "nhom": "analyst", "ly_do": REASON}
    assert "chờ thủ trưởng" in see(lan, f"{one.pk}/chia-se/", form)[1]
    key = AnalysisShare.objects.get().pk
    text = see(hoa, SHARES)[1]
    for words in (one.name, REASON, "Số tiền đã thu", "Duyệt"):
        assert words in text
    assert one.name not in see(khanh, SHARES)[1]
    assert see(hoa, f"{SHARES}{key}/khong-duyet/", {"y_kien": ""})[0] == 422
    assert "Đã duyệt chia sẻ" in see(hoa, f"{SHARES}{key}/duyet/", {"y_kien": ""})[1]
    assert "Đang chia sẻ" in see(lan, f"{one.pk}/thong-tin/")[1]
    assert "Đã ngừng chia sẻ" in see(hoa, f"{SHARES}{key}/ngung/", {})[1]


def test_what_was_typed_stays_when_it_is_wrong(saved, see, lan):
    one = saved()
    form = {"don_vi": "00.48-2025", "nhom": "analyst", "ly_do": "vội"}
    status, text = see(lan, f"{one.pk}/chia-se/", form)
    assert (status, "phải có lý do" in text, ">vội</textarea>" in text) == (422, True, True)
    status, text = see(lan, f"{one.pk}/doi-ten/", {"ten": "x", "thu_muc": "Thư mục mới"})
    assert (status, "Đặt tên phân tích" in text, "Thư mục mới" in text) == (422, True, True)
