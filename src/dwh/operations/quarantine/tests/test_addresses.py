"""What the desk of held rows answers to an old address, a wrong word and a reason that is too long."""

from __future__ import annotations

import pytest

from tests.failed_fixture import HELD
from tests.personas import clerk, tuan  # noqa: F401 -- the cast
from tests.warehouse_fixture import tiny_release

REASON = {"quyet_dinh": "reject", "tat_ca": "1"}


@pytest.fixture
def browser(client, settings, tmp_path, tuan):  # noqa: F811 -- the fixture of the cast
    settings.DATAPATH = tiny_release(tmp_path)
    client.force_login(tuan)
    return client


def test_a_page_that_is_no_more_shows_the_last_one(browser):
    first, beyond = (browser.get("/du-lieu-loi/", {"trang": page}).content.decode() for page in (1, 9_999))
    assert "Không có dòng nào" not in beyond
    shown = [str(row[2]) for row in HELD if f"/{row[2]}/" in first]
    assert shown
    assert [key for key in shown if f"/{key}/" not in beyond] == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"tuoi": "xx"}, "«tuoi=xx» không đúng: không có lựa chọn này."),
        ({"trang": "abc"}, "«trang=abc» không đúng: phải là một số nguyên."),
        ({"tim": "x" * 5_000}, f"«tim={'x' * 40}…» không đúng: dài quá 80 ký tự."),
        ({"trang": "0"}, "phải từ 1 trở lên."),
    ],
)
def test_a_wrong_word_is_named_in_plain_vietnamese(browser, wrong, words):
    reply = browser.get("/du-lieu-loi/", wrong)
    assert reply.status_code == 422
    assert words in reply.content.decode()


@pytest.mark.parametrize("path", ["/du-lieu-loi/xem-truoc/", "/du-lieu-loi/ghi/"])
def test_a_reason_that_is_too_long_is_refused_and_not_cut(browser, path):
    reply = browser.post(path, {**REASON, "ly_do": "vì " * 7_000})
    assert reply.status_code == 422
    assert "Lý do dài 20.999 ký tự, nhiều nhất 2.000. Rút gọn" in reply.content.decode()
