"""Addresses nobody would type: each gets an answer, none breaks the page."""

from __future__ import annotations

import pytest

from tests.personas import clerk, tuan  # noqa: F401 -- the cast
from tests.warehouse_fixture import tiny_release


@pytest.fixture
def browser(client, settings, tmp_path, tuan):  # noqa: F811 -- the fixture of the cast
    settings.DATAPATH = tiny_release(tmp_path)
    client.force_login(tuan)
    return client


@pytest.mark.parametrize("page", ["²", "-1", "0", "1e3", "9" * 30, "x"])
def test_a_page_that_is_no_number_is_refused(browser, page):
    assert browser.get("/du-lieu-loi/", {"trang": page}).status_code == 422


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1999-12-31"])
@pytest.mark.parametrize("end", ["tu", "den"])
def test_a_day_out_of_all_time_is_refused_in_words(browser, end, day):
    page = browser.get("/nhat-ky/", {end: day})
    assert page.status_code == 200
    assert "Năm phải từ 2000 đến 2200" in page.content.decode()


@pytest.mark.parametrize("page", ["²", "-1", "9" * 30, "x"])
def test_the_log_shows_a_page_whatever_number_is_asked_for(browser, page):
    assert browser.get("/nhat-ky/", {"trang": page}).status_code == 200
