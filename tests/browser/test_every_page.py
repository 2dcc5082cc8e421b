"""Every page of the navigation, at a desk and on a phone: no fault of accessibility, no complaint of the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.chromium import enter, faults, overflows, settle
from tests.live import Live

TUAN, HA, DUNG = "tuan.nm@vss.gov.vn", "ha.pt@vss.gov.vn", "dung.ht@vss.gov.vn"
pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]


def _pages(visitor: Page) -> list[str]:
    links = visitor.locator(".side a").evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    dictionary = [
        "/tu-dien/bang/core.fct_claim/",
        "/tu-dien/bang/landed.gd_ho_so/",
        "/tu-dien/chu-de/claims/",
    ]
    others = ["/tai-khoan/", "/phan-tich/contributions/", "/tong-quan/kham-chua-benh/", "/bao-cao/b02/"]
    return [*links, *others, *dictionary]


def _look(visitor: Page, live: Live, path: str) -> list[str]:
    answer = visitor.goto(live.url + path)
    settle(visitor)
    found = faults(visitor)
    if answer is None or answer.status >= 500:
        found.append(f"answered {answer and answer.status}")
    if overflows(visitor):
        found.append("wider than the screen")
    return [f"{path}: {fault}" for fault in found]


@pytest.mark.parametrize("email", [TUAN, HA, DUNG])
def test_pages_are_sound_at_a_desk(live_demo, page, email):
    enter(page, live_demo, email)
    assert [fault for path in _pages(page) for fault in _look(page, live_demo, path)] == []


def test_pages_are_sound_on_a_phone(live_demo, phone):
    enter(phone, live_demo, TUAN)
    assert [fault for path in _pages(phone) for fault in _look(phone, live_demo, path)] == []


BEYOND = """() => [...document.querySelectorAll(".body .filters > *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.innerText.split("\\n")[0])"""


@pytest.mark.parametrize(
    "path", ["/nhat-ky/", "/du-lieu-loi/", "/chat-luong/", "/tu-dien/", "/yeu-cau-thay-doi/"]
)
def test_every_filter_is_in_sight_on_a_phone(live_demo, phone, path):
    """One beside the edge is one nobody finds, above all the button that filters."""
    enter(phone, live_demo, TUAN)
    phone.goto(live_demo.url + path)
    settle(phone)
    assert phone.evaluate(BEYOND) == []


def test_pages_are_sound_in_the_dark(live_demo, page):
    page.context.add_cookies([{"name": "dwh_theme", "value": "dark", "url": live_demo.url}])
    enter(page, live_demo, TUAN)
    assert [fault for path in _pages(page) for fault in _look(page, live_demo, path)] == []


def test_dashboard_fits_a_desk_without_scrolling(live_demo, page):
    enter(page, live_demo, TUAN)
    page.goto(live_demo.url + "/tong-quan/")
    assert page.evaluate(
        "document.querySelector('.main').scrollHeight <= document.querySelector('.main').clientHeight + 1"
    )
