"""Addresses nobody would type and documents nobody would write: each gets an answer, none breaks the program."""

from __future__ import annotations

import pytest

from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import DwhError
from dwh.operations.runs.command import ask_as
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


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"limit": ' + "9" * 5000 + "}", "null", "NaN"])
def test_a_document_that_is_none_is_refused_and_on_record(browser, text):
    with pytest.raises(DwhError) as refused:
        ask_as("tuan.nm@vss.gov.vn", text, "json")
    kept = AuditRecord.objects.order_by("-id")[0]
    assert (kept.action, kept.facts["message"]) == ("query.refused", refused.value.message_vi)


def test_somebody_without_account_is_refused_and_on_record(browser):
    with pytest.raises(DwhError, match="Không có tài khoản đang hoạt động"):
        ask_as("khach.ba@vss.gov.vn", "{}", "json")
    assert AuditRecord.objects.order_by("-id")[0].object == "khach.ba@vss.gov.vn"
