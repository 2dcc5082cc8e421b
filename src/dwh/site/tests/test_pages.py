"""Home, my rights, search, help, about: each shows a person their own, and only that."""

from __future__ import annotations

import pytest

from dwh.datapath.semantic.query import Query
from dwh.governance import gate
from dwh.site.finding import find
from dwh.site.navigation import Group, Item, navigation_for, phone_items
from dwh.site.templatetags.dwh_ui import bar, clock, icon, initials, state_badge

pytestmark = pytest.mark.django_db


def _page(client, who, path) -> str:
    client.force_login(who)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_home_greets_by_name_and_offers_what_one_may_do(client, lan):
    page = _page(client, lan, "/")

    assert "Lê Thị Lan" in page
    assert "Quyền của tôi" in page


def test_home_says_which_figures_are_in_use_and_what_is_held_back(client, lan, release):
    page = _page(client, lan, "/")

    for words in ("2026-11-22.1", "Tạm tính", "tháng 8/2025", "Chưa vào số liệu"):
        assert words in page


def test_home_offers_ones_last_questions_again(client, lan, release, today):
    query = Query.from_json({"subject": "contributions", "rows": ["org.office"], "values": ["collected_vnd"]})
    for _ in range(2):
        gate.ask(query, by=lan, purpose="phân tích", today=today)

    page = _page(client, lan, "/")

    assert page.count("Số tiền đã thu theo BHXH cơ sở") == 1
    assert "/phan-tich/contributions/?q=" in page


@pytest.mark.req("A-04")
def test_my_rights_shows_mailbox_group_area_subjects_dates_and_paper(client, lan):
    page = _page(client, lan, "/tai-khoan/")

    for words in (
        "lan.lt@vss.gov.vn", "Nhóm khai thác các chỉ tiêu, báo cáo", "00.01", "Mọi chủ đề", "05/01/2026",
        "12/BHXH-CNTT", "Đang hiệu lực", "Kết xuất số liệu ra tệp",
    ):  # fmt: skip
        assert words in page


@pytest.mark.req("A-37")
def test_the_name_one_signs_in_with_is_the_sector_mailbox(client, lan):
    page = _page(client, lan, "/tai-khoan/")

    assert "<dt>Tên đăng nhập</dt><dd>lan.lt@vss.gov.vn</dd>" in page


def test_pages_are_searched_without_marks(client, lan):
    assert "Trang chủ" in _page(client, lan, "/tim/?q=trang chu")


@pytest.mark.parametrize(
    ("words", "label", "kind"),
    [("da thu", "Số tiền đã thu", "Chỉ tiêu"), ("b02", "B02", "Báo cáo"), ("co so", "BHXH cơ sở", "Chiều"),
     ("kham chua benh", "Khám, chữa bệnh BHYT", "Bảng thông tin")],
)  # fmt: skip
def test_fields_reports_and_boards_are_found(client, lan, release, words, label, kind):
    page = _page(client, lan, f"/tim/?q={words}")

    assert label in page
    assert kind in page


def test_only_units_of_ones_own_area_are_found(lan, nam, release, today):
    urls = {
        who.email: [thing.url for thing in find("bhxh thanh pho", by=who, today=today)] for who in (lan, nam)
    }

    assert any("don_vi=00.01" in url for url in urls[lan.email])
    assert not any("don_vi=00.48" in url for url in urls[lan.email])
    assert not any("don_vi=00.01" in url for url in urls[nam.email])


def test_a_subject_one_may_not_use_is_not_found(khanh, release, today):
    assert not [thing for thing in find("luot kham", by=khanh, today=today) if "claims" in thing.url]


def test_everything_found_opens(client, lan, release, today):
    client.force_login(lan)
    for words in ("thu", "kham", "bao cao", "quyen", "thang"):
        for thing in find(words, by=lan, today=today):
            assert client.get(thing.url, follow=True).status_code == 200, thing


def test_nothing_found_says_so_and_repeats_the_words_safely(client, lan):
    client.force_login(lan)

    part = client.get("/tim/", {"q": "<b>xyz"}, headers={"hx-request": "true"}).content.decode()

    assert "Không có trang" in part
    assert "&lt;b&gt;xyz" in part


@pytest.mark.parametrize("path", ["/tro-giup/", "/gioi-thieu/"])
def test_help_and_credits_open_for_everybody_signed_in(client, lan, path):
    assert "<h1>" in _page(client, lan, path)


def test_health_says_ok_and_nothing_else(client):
    assert client.get("/suc-khoe/").content == b"ok\n"


def test_navigation_lists_only_what_permissions_open():
    names = [item.name for group in navigation_for(frozenset()) for item in group.items]

    assert names == ["home", "log:index"]  # everybody may read their own acts


def test_the_current_page_is_marked():
    (group, *_) = navigation_for(frozenset(), "/")

    assert group.items[0].current


def test_a_phone_shows_the_first_pages_after_home():
    items = tuple(Item(name, "home", name, "") for name in ("home", "a", "b", "c", "d"))

    assert [item.name for item in phone_items((Group("", items),))] == ["a", "b", "c"]


def test_an_icon_is_decoration_unless_it_is_named():
    assert 'aria-hidden="true"' in icon("home")
    assert 'aria-label="Tải về"' in icon("download", label="Tải về")


def test_a_state_is_a_colour_a_glyph_and_a_word():
    badge = state_badge("locked")

    assert "st lock" in badge
    assert "#lock" in badge
    assert "Đã khóa" in badge


def test_a_bar_is_drawn_without_inline_style():
    drawn = bar(48.4, full=50, mark=49)

    assert 'width="96.8"' in drawn
    assert "style" not in drawn


@pytest.mark.parametrize(("name", "short"), [("Vũ Quốc Khanh", "VK"), ("Lan", "LA"), ("đỗ hoàn", "ĐH")])
def test_initials_are_of_the_family_and_the_given_name(name, short):
    assert initials(name) == short


def test_the_clock_is_vietnamese_time():
    assert clock("2026-11-22T22:42:00+00:00") == "05:42"
