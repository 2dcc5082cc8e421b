"""The sync desk in a real browser: a source is paused and read again, its owner is told of a failure and knows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import enter, faults, overflows, settle
from tests.live import Live

TUAN, KHANH = "tuan.nm@vss.gov.vn", "khanh.vq@vss.gov.vn"
DESK = "/dong-bo/"
pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]


def _is_sound(visitor: Page) -> None:
    assert (overflows(visitor), faults(visitor)) == (False, [])


def _pause(visitor: Page, live: Live, label: str) -> None:
    """Pause a source from its menu, forgetting the reason at first."""
    visitor.get_by_role("button", name=f"Việc khác với nguồn {label}").click()
    menu = visitor.get_by_role("dialog", name=label)
    menu.get_by_role("button", name="Tạm dừng").click()
    expect(menu.get_by_label("Lý do")).to_be_focused()  # the browser asks for it
    _is_sound(visitor)
    menu.get_by_label("Lý do").fill("bảo trì máy chủ nguồn")
    menu.get_by_role("button", name="Tạm dừng").click()
    expect(visitor.get_by_text("bởi Nguyễn Minh Tuấn, vì: bảo trì máy chủ nguồn.")).to_be_visible()


@pytest.mark.req("C-11")
def test_one_source_is_paused_and_resumed_at_a_desk_and_on_a_phone(live_demo, page, phone):
    for visitor in (page, phone):
        enter(visitor, live_demo, TUAN, DESK)
        _pause(visitor, live_demo, "Kế toán tập trung")
        _is_sound(visitor)
        visitor.get_by_role("button", name="Cho đọc tiếp").click()
        expect(visitor.get_by_role("button", name="Việc khác với nguồn Kế toán tập trung")).to_be_visible()
    assert live_demo.records("source.paused", TUAN) == live_demo.records("source.resumed", TUAN) == 2


@pytest.fixture
def no_collection(live_demo):
    """Let the source of Ban Quản lý thu be gone when it is read, and back after the test."""
    file = live_demo.home.path / "sources" / "tst.sqlite"
    away = file.with_suffix(".away")
    file.rename(away)
    with pytest.raises(AssertionError, match="Không thấy tệp nguồn"):
        live_demo.run("dwh.site.cli", "sync", "collection")
    yield
    away.rename(file)
    live_demo.run("dwh.site.cli", "sync", "collection")


@pytest.mark.req("C-10")
def test_the_owner_of_a_failed_source_is_told_at_home_and_says_that_he_knows(
    live_demo, no_collection, page, phone
):
    enter(phone, live_demo, KHANH)
    alert = phone.get_by_role("region", name="Cảnh báo đồng bộ")
    expect(alert).to_be_in_viewport()
    alert.get_by_text("Đã biết…").click()
    alert.get_by_label("Ghi chú").fill("đang khôi phục máy chủ")
    _is_sound(phone)
    alert.get_by_role("button", name="Ghi đã biết").click()
    expect(alert.get_by_text("Vũ Quốc Khanh đã biết lúc")).to_be_visible()

    enter(page, live_demo, TUAN, DESK)
    todo = page.get_by_role("region", name="Việc cần làm")
    expect(todo.get_by_text("đang khôi phục máy chủ")).to_be_visible()
    _is_sound(page)
    assert live_demo.records("alert.acknowledged", KHANH) == 1


@pytest.mark.req("C-10")
def test_the_past_is_chosen_by_days_and_source_and_stays_chosen_when_the_desk_looks_again(
    live_demo, page, phone
):
    for visitor in (page, phone):
        enter(visitor, live_demo, TUAN, DESK)
        past = visitor.get_by_role("region", name="Lịch sử đọc nguồn")
        past.get_by_role("link", name="30 ngày").click()
        expect(past.get_by_role("link", name="30 ngày")).to_have_attribute("aria-current", "true")
        past.get_by_label("Nguồn").select_option("Giám định BHYT")
        expect(past.locator(".hd .u")).to_have_text("Giám định BHYT")
        with visitor.expect_response("**/dong-bo/"):
            visitor.evaluate("htmx.ajax('GET', '/dong-bo/', {target: '#monitor'})")
        settle(visitor)
        past.get_by_text("Bảng số liệu từng ngày").click()
        table = past.get_by_role("table", name="Lịch sử đọc nguồn 30 ngày, Giám định BHYT")
        expect(table.locator("tbody tr")).to_have_count(30)
        _is_sound(visitor)


@pytest.mark.req("C-16")
def test_what_a_change_of_each_source_does_can_be_read_at_a_desk_and_on_a_phone(live_demo, page, phone):
    for visitor in (page, phone):
        enter(visitor, live_demo, TUAN, DESK)
        visitor.get_by_text("Hợp đồng dữ liệu: khi nguồn thay đổi cấu trúc thì sao").click()
        table = visitor.get_by_role("table", name="Chế độ của từng bảng trong hợp đồng dữ liệu")
        expect(table.locator("tbody tr")).to_have_count(8)
        expect(visitor.get_by_text("dòng nào có giá trị không đúng kiểu thì giữ lại")).to_be_visible()
        _is_sound(visitor)
