"""The boards and the report in a real Chromium: they fit, they work by keyboard, the strict policy holds."""

from __future__ import annotations

import pytest
from django.test import Client

from dwh.governance import gate
from dwh.kernel.actor import operator
from tests.chromium import faults, overflows, settle
from tests.personas import give, hire
from tests.warehouse_fixture import tiny_release

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REPORT = "/bao-cao/b02/?ma_tinh=00&nam=2025&tu_thang=5&den_thang=8&ma_loai_kcb=0&hang_bv=-1&tuyen=-1"


@pytest.fixture
def served(live_server, settings, tmp_path, browser, transactional_db):
    """The small release on a live server; returns what puts a visitor in, signed in for the whole nation."""
    settings.DATAPATH = tiny_release(tmp_path)
    gate.refresh_units(by=operator("Kiểm thử"))
    account = hire("dung.ht@vss.gov.vn", "Hoàng Thị Dung", "00.LDN", "Lãnh đạo Ngành", "NV00000007")
    give(account, "analyst", "00")
    session = Client()
    session.force_login(account)
    cookies = [{"name": c.key, "value": c.value, "url": live_server.url} for c in session.cookies.values()]

    def open_page(visitor, path: str):
        visitor.context.add_cookies(cookies)
        visitor.goto(f"{live_server.url}{path}")
        settle(visitor)
        return visitor

    return open_page


@pytest.mark.parametrize("path", ["/tong-quan/thu/", "/tong-quan/kham-chua-benh/", REPORT])
def test_the_answer_fits_the_desk_without_a_page_scroll(served, page, path):
    served(page, path)
    assert page.evaluate("(m => m.scrollHeight <= m.clientHeight + 1)(document.querySelector('main'))")


@pytest.mark.parametrize("path", ["/tong-quan/thu/", "/tong-quan/kham-chua-benh/", REPORT, "/bao-cao/"])
def test_nothing_runs_out_of_a_phone(served, phone, path):
    assert not overflows(served(phone, path))


def test_the_chart_is_drawn_and_its_table_is_one_press_away(served, page):
    served(page, "/tong-quan/thu/")
    chart = page.locator(".p-chart")
    assert chart.locator("svg path").count() > 8
    chart.get_by_role("button", name="Bảng").click()
    assert chart.get_by_role("cell").first.is_visible()
    assert not chart.locator("[data-pane=draw] .echart").is_visible()
    chart.get_by_role("button", name="Biểu đồ").click()
    assert chart.locator("[data-pane=draw] .echart").is_visible()


def test_a_province_of_the_map_is_reached_and_opened_by_keyboard(served, page):
    served(page, "/tong-quan/thu/")
    page.locator('a[data-province="01"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**don_vi=00.01**")
    assert page.locator("nav.crumb [aria-current=page]").inner_text() == "Hà Nội"


def test_choosing_a_unit_asks_again_at_once(served, page):
    served(page, "/tong-quan/thu/")
    page.locator("select[name=don_vi]").select_option("00.48-2025")
    page.wait_for_url("**don_vi=00.48-2025**")
    assert "Liên Chiểu" in page.locator(".p-rank").inner_text()


def test_the_pointer_over_a_month_tells_its_figures(served, page):
    served(page, "/tong-quan/thu/")
    box = page.locator("[data-pane=draw] .echart").bounding_box()
    page.mouse.move(box["x"] + box["width"] - 30, box["y"] + box["height"] - 60)
    page.locator(".chart-tip b").wait_for()
    assert page.locator(".chart-tip").inner_text().startswith("Tháng 8/2025")


def test_a_click_on_the_legend_or_a_month_narrows_the_board_and_is_taken_off_again(served, page):
    served(page, "/tong-quan/thu/")
    page.locator(".p-chart .keys a", has_text="BHYT").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**loai=hi**")
    page.locator(".p-chart").get_by_role("button", name="Bảng").click()
    page.get_by_role("link", name="7/2025", exact=True).click()
    page.wait_for_url("**thang=2025-07**")
    chip = page.get_by_role("link", name="Bỏ lọc Tháng 7/2025")
    assert faults(page) == []
    chip.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "thang=" not in url)
    assert page.locator(".chip-x").count() == 0
