"""Saved analyses as people use them: kept, shared, approved, opened by another under his own rights."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_analysis import LAN, PAGE, asked, changed, open_page, settled
from tests.chromium import DESK, enter, faults, overflows, settle
from tests.live import Live

pytestmark = pytest.mark.browser
HA, NAM, HOA = "ha.pt@vss.gov.vn", "nam.dv@vss.gov.vn", "hoa.nt@vss.gov.vn"
LIST = "/phan-tich/da-luu/"


def save(page: Page, name: str) -> None:
    """Save the analysis of the page under a new name and wait until the page says so."""
    page.get_by_role("button", name="Lưu", exact=True).first.click()
    page.get_by_label("Tên", exact=True).fill(name)
    page.locator("#an-save").get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#pv-saved-name")).to_contain_text(name)


def share(page: Page, unit: str, reason: str = "") -> None:
    page.get_by_role("link", name="Chia sẻ", exact=True).click()
    page.get_by_label("Với đơn vị").select_option(unit)
    page.get_by_label("Lý do").fill(reason)
    page.get_by_role("button", name="Chia sẻ", exact=True).click()


@pytest.fixture
def other(browser: Browser):
    """A second visitor, with a session of his own."""
    context = browser.new_context(viewport=DESK, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    yield context.new_page()
    context.close()


@pytest.mark.req("B-02")
def test_a_shared_analysis_opens_under_the_rights_of_who_opens_it(page: Page, other: Page, live_demo: Live):
    open_page(page, live_demo)
    changed(page, lambda: page.locator("[data-shelf=values] .pv-chip-b").last.press("Delete"))
    question = asked(page)
    save(page, "Thu của cơ sở")
    expect(page).to_have_url(re.compile("luu="))  # written when the answer to the save is in
    share(page, "00.01")
    expect(page.locator("#messages")).to_contain_text("Đã chia sẻ với")
    enter(other, live_demo, HA, LIST)
    other.get_by_role("link", name="Thu của cơ sở", exact=True).click()
    settled(other)
    assert asked(other) == question
    expect(other.locator("#pv-saved-name")).to_contain_text("của Lê Thị Lan")
    expect(other.locator(".pv-fig .ft")).not_to_contain_text("BHXH thành phố Hà Nội.")
    expect(other.get_by_role("button", name="Lưu thành bản của tôi")).to_be_visible()


@pytest.mark.req("B-08")
def test_outside_the_unit_the_head_approves_before_anybody_opens_it(page: Page, other: Page, live_demo: Live):
    open_page(page, live_demo)
    save(page, "Thu liên tỉnh")
    share(page, "00.48-2025", "Phối hợp rà soát thu hai thành phố.")
    expect(page.locator("#messages")).to_contain_text("chờ thủ trưởng đơn vị duyệt")
    enter(other, live_demo, NAM, LIST)
    expect(other.get_by_text("Thu liên tỉnh")).to_have_count(0)
    other.context.clear_cookies()
    enter(other, live_demo, HOA, "/chia-se-phan-tich/")
    assert faults(other) == []
    other.get_by_role("article", name="Đề nghị chia sẻ «Thu liên tỉnh»").get_by_role(
        "button", name="Duyệt", exact=True
    ).click()
    expect(other.locator("#messages")).to_contain_text("Đã duyệt chia sẻ")
    other.context.clear_cookies()
    enter(other, live_demo, NAM, LIST)
    other.get_by_role("link", name="Thu liên tỉnh", exact=True).click()
    settled(other)
    expect(other.locator("table.pt tbody")).to_contain_text("Đà Nẵng")
    expect(other.locator("table.pt tbody")).not_to_contain_text("Hà Nội")


def test_saving_again_renaming_starring_and_deleting_with_undo(page: Page, live_demo: Live):
    open_page(page, live_demo)
    save(page, "Sẽ xóa")
    changed(page, lambda: page.locator("[data-shelf=values] .pv-chip-b").last.press("Delete"))
    with page.expect_response(lambda reply: reply.url.endswith("/luu/")):
        page.locator(".an-bar").get_by_role("button", name="Lưu", exact=True).press("Enter")
    question = asked(page)
    page.get_by_role("button", name="Yêu thích").click()
    expect(page.get_by_role("button", name="Yêu thích")).to_have_attribute("aria-pressed", "true")
    page.goto(f"{live_demo.url}{LIST}?muc=yeu-thich")
    page.get_by_role("link", name="Thông tin «Sẽ xóa»").click()
    page.get_by_label("Tên", exact=True).fill("Sẽ xóa rồi lấy lại")
    page.get_by_role("button", name="Ghi", exact=True).click()
    page.get_by_role("button", name="Xóa").click()
    page.get_by_role("button", name="Hoàn tác").click()
    page.get_by_role("link", name="Sẽ xóa rồi lấy lại", exact=True).click()
    settled(page)
    assert asked(page) == question


def test_a_name_that_is_taken_is_said_in_the_dialog_which_stays(page: Page, live_demo: Live):
    open_page(page, live_demo)
    save(page, "Trùng tên")
    page.goto(live_demo.url + PAGE)
    settled(page)
    page.get_by_role("button", name="Lưu", exact=True).press("Enter")
    page.get_by_label("Tên", exact=True).fill("Trùng tên")
    page.keyboard.press("Enter")
    expect(page.locator("#an-said")).to_contain_text("đã có phân tích tên")
    assert faults(page) == []
    page.get_by_label("Tên", exact=True).fill("Tên khác")
    page.keyboard.press("Enter")
    expect(page.locator("#pv-saved-name")).to_contain_text("Tên khác")


@pytest.mark.parametrize("path", [LIST, f"{LIST}?muc=gan-day", f"{LIST}?muc=da-xoa", "/chia-se-phan-tich/"])
def test_the_pages_are_sound_at_a_desk_and_on_a_phone(page: Page, phone: Page, live_demo: Live, path):
    for visitor in (page, phone):
        enter(visitor, live_demo, LAN, path)
        settle(visitor)
        assert faults(visitor) == []
        assert not overflows(visitor)


def test_the_page_of_one_analysis_is_sound_on_a_phone(phone: Page, live_demo: Live):
    open_page(phone, live_demo)
    save(phone, "Trên điện thoại")
    phone.goto(live_demo.url + LIST)
    phone.get_by_role("link", name="Thông tin «Trên điện thoại»").click()
    settle(phone)
    assert faults(phone) == []
    assert not overflows(phone)
