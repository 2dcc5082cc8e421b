"""The same path in a real browser: the content policy holds, keys work, a phone shows it whole."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.chromium import enter, faults, overflows, sign_in

LAN, NAM = "lan.lt@vss.gov.vn", "dung.ht@vss.gov.vn"
pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("signin")]


@pytest.mark.req("A-37")
def test_a_person_signs_in_sees_their_rights_and_signs_out(live, page):
    sign_in(page, live, LAN, "/tai-khoan/")
    expect(page.get_by_role("definition").filter(has_text=LAN)).to_be_visible()

    page.get_by_label("Tài khoản Lê Thị Lan").click()
    page.get_by_role("button", name="Đăng xuất").click()

    expect(page.get_by_role("link", name="Đăng nhập qua IAM")).to_be_visible()
    page.goto(live.url)
    assert "/dang-nhap/" in page.url


@pytest.mark.parametrize(
    "path", ["/", "/tai-khoan/", "/tro-giup/", "/gioi-thieu/", "/khong-co/", "/tim/?q=trang"]
)
def test_pages_of_the_frame_have_no_serious_fault_and_fit(live, page, phone, path):
    for visitor in (page, phone):
        enter(visitor, live, LAN)
        visitor.goto(live.url + path)
        assert faults(visitor) == []
        assert not overflows(visitor)


def test_the_sign_in_pages_have_no_serious_fault_and_fit(live, page, phone):
    for visitor in (page, phone):
        visitor.goto(live.url)
        assert faults(visitor) == []
        visitor.get_by_role("link", name="Đăng nhập qua IAM").click()
        assert faults(visitor) == []
        assert not overflows(visitor)


def test_keys_search_go_and_help(live, page):
    enter(page, live, LAN, "/tro-giup/")

    page.keyboard.press("/")
    page.keyboard.type("trang chu")
    expect(page.locator("#found a").first).to_contain_text("Trang chủ")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.locator("main").click()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Phím tắt").last).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url(f"{live.url}/")


def test_a_phone_reaches_everything_through_more(live, phone):
    enter(phone, live, NAM)

    phone.get_by_role("button", name="Thêm").click()
    phone.get_by_role("dialog").get_by_role("link", name="Quyền của tôi").click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("Quyền của tôi")


def test_dark_is_remembered(live, page):
    enter(page, live, LAN)
    page.get_by_label("Tài khoản Lê Thị Lan").click()
    page.get_by_role("button", name="Đổi nền sáng, tối").click()
    page.reload()

    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert faults(page) == []
