"""The sync desk in a real browser: a source is paused with a reason, says so, and is read again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import enter, faults, overflows
from tests.live import Live

TUAN = "tuan.nm@vss.gov.vn"
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
