"""A data element proposed from the dictionary goes to the head, the leader and the IT Centre, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import enter, faults, overflows
from tests.live import Live

KHANH, SON, DUNG, TUAN = (f"{name}@vss.gov.vn" for name in ("khanh.vq", "son.bv", "dung.ht", "tuan.nm"))
TABLE = "/tu-dien/bang/core.fct_contribution/"
pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]


def _become(page: Page, live: Live, email: str, path: str) -> None:
    page.context.clear_cookies()
    enter(page, live, email, path)


def _propose(page: Page, live: Live) -> str:
    """Propose an element from the dictionary, forgetting two fields at first; return the address of the request."""
    enter(page, live, KHANH, TABLE)
    page.get_by_role("link", name="Đề nghị thêm tiêu thức").click()
    expect(page.get_by_label("Bảng liên quan")).to_have_value("core.fct_contribution")
    page.get_by_label("Tiêu đề, tên tiêu thức").fill("Mã vùng lương tối thiểu")
    page.get_by_label("Cần thay đổi gì").fill("Thêm mã vùng lương vào dòng đóng.")
    page.get_by_label("Lý do, căn cứ").fill("Nghị định về mức lương tối thiểu vùng.")
    page.get_by_role("button", name="Gửi thủ trưởng duyệt").click()
    expect(
        page.get_by_text("Ghi định nghĩa của tiêu thức")
    ).to_be_visible()  # refused: what was typed is there
    expect(page.get_by_label("Tiêu đề, tên tiêu thức")).to_have_value("Mã vùng lương tối thiểu")
    page.get_by_label("Định nghĩa của tiêu thức").fill("Vùng lương của nơi làm việc, I đến IV.")
    page.get_by_label("Quy tắc đầy đủ").fill("Bắt buộc với mọi dòng từ 01/2027.")
    page.get_by_role("button", name="Gửi thủ trưởng duyệt").click()
    page.wait_for_url(re.compile(r"/yeu-cau-thay-doi/\d+/$"))
    return page.url.removeprefix(live.url)


@pytest.mark.req("C-17")
@pytest.mark.req("C-20")
def test_an_element_goes_from_the_dictionary_to_the_it_centre(live_demo, page, phone):
    path = _propose(page, live_demo)
    for email in (SON, DUNG):
        _become(page, live_demo, TUAN, path)
        expect(page.get_by_text("Không có yêu cầu này")).to_be_visible()  # not yet the IT Centre's
        _become(page, live_demo, email, "/yeu-cau-thay-doi/?tinh_trang=cho-toi")
        page.get_by_role("link", name="Mã vùng lương tối thiểu").click()
        page.get_by_role("button", name="Duyệt", exact=True).click()
        expect(page.get_by_text("Đang chờ")).to_be_visible()
    _become(page, live_demo, TUAN, path)
    expect(page.get_by_role("button", name="Giao việc")).to_be_visible()
    assert faults(page) == []
    enter(phone, live_demo, TUAN, path)
    assert (overflows(phone), faults(phone)) == (False, [])


def test_the_form_is_sound_at_a_desk_and_on_a_phone(live_demo, page, phone):
    for visitor in (page, phone):
        enter(visitor, live_demo, KHANH, "/yeu-cau-thay-doi/moi/?loai=element")
        expect(visitor.get_by_label("Quy tắc đầy đủ")).to_be_visible()
        assert (overflows(visitor), faults(visitor)) == (False, [])
        visitor.get_by_label("Loại yêu cầu").select_option("report")
        expect(visitor.get_by_label("Quy tắc đầy đủ")).to_be_hidden()
