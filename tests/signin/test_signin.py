"""Signing in end to end, against the demonstration's own IAM in its own process: no part of the path is pretended."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from tests.live import Person

LAN, NAM, HA, KHACH = "lan.lt@vss.gov.vn", "nam.dv@vss.gov.vn", "ha.pt@vss.gov.vn", "khach.ba@vss.gov.vn"
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("signin")]


@pytest.mark.req("A-02", "A-37")
def test_iam_name_and_password_bring_a_person_in_under_the_sector_mailbox(live, person):
    page = person.sign_in(LAN, path="/tai-khoan/")

    assert (page.status_code, page.url) == (200, f"{live.url}/tai-khoan/")
    assert f"<dt>Tên đăng nhập</dt><dd>{LAN}</dd>" in page.text
    assert live.records("access.signed_in", LAN) >= 1


@pytest.mark.req("A-02")
def test_nobody_comes_in_when_iam_says_no(live, person):
    page = person.sign_in(LAN, "not-the-password")

    assert urlsplit(page.url).port == live.home.iam_port
    assert "Hộp thư hoặc mật khẩu không đúng" in page.text
    assert not person.is_in()


@pytest.mark.req("A-02")
def test_the_database_has_no_password_and_no_hash_of_one(live, person):
    person.sign_in(LAN)

    tables = live.governance("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    assert len(tables) > 5
    for table, sql in tables:
        assert not re.search(r"passw|secret|\bhash_", sql, re.IGNORECASE), table
        content = str(live.governance(f'SELECT * FROM "{table}"'))
        assert live.password not in content
        assert not re.search(r"(scrypt|pbkdf2_\w+|argon2\w*|bcrypt\w*)\$", content), table


@pytest.mark.req("A-03")
def test_a_person_iam_knows_but_dwh_does_not_is_refused_until_given_account_and_right(live, person):
    refused = person.sign_in(KHACH)

    assert refused.status_code == 403
    for words in ("chưa được mở tài khoản", "Phụ lục 01", "Trung tâm CNTT", "Dùng tài khoản khác"):
        assert words in refused.text
    assert live.records("access.sign_in_refused", KHACH) == 1
    assert not person.is_in()

    live.run("dwh.site.cli", "web", "manage", "shell", "-v0", "-c", GIVE_KHACH_A_RIGHT)
    with Person(live) as later:
        assert later.sign_in(KHACH).status_code == 200


GIVE_KHACH_A_RIGHT = f"""
from datetime import date
from dwh.governance.access.services import NewAccount, Terms, grant, open_account
from dwh.kernel.actor import operator
by, today = operator("Kiểm thử"), date(2026, 1, 5)
account = open_account(NewAccount("{KHACH}", "NV00000008", "Bùi Anh Khách", "00.VPHO", "Văn phòng"), by=by, today=today)
grant(account, Terms("leadership", "00", document_no="1/BHXH", decided_by="Lãnh đạo Ngành"), by=by, today=today)
"""


def test_a_locked_account_loses_its_live_session_at_its_next_request(live, person):
    person.sign_in(NAM)
    assert person.is_in()

    live.governance("UPDATE access_account SET is_active = 0, closed_on = '2026-11-22' WHERE email = ?", NAM)

    page = person.to("/tai-khoan/")
    assert "ly-do=khoa" in page.url
    assert "đã bị khóa" in page.text
    assert person.sign_in(NAM).status_code == 403


def test_a_person_locked_at_iam_is_out_at_once_and_cannot_come_back(live, person):
    person.sign_in(HA)
    live.iam("lock", HA)

    assert not person.is_in()
    assert "bị khóa ở IAM" in person.sign_in(HA).text

    live.iam("unlock", HA)
    assert person.sign_in(HA).status_code == 200


def _stopped_before_the_return(person: Person, change: dict[str, str]) -> requests.Response:
    """Sign in at IAM with `change` in what the DWH asked for; return IAM's redirect back, not yet followed."""
    going = person.get(f"{person.live.url}/oidc/di/", allow_redirects=False, timeout=20)
    asked = urlsplit(going.headers["Location"])
    query = {name: values[0] for name, values in parse_qs(asked.query).items()} | change
    at_iam = person.get(asked._replace(query=urlencode(query)).geturl(), timeout=20)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', at_iam.text))
    form = {
        **hidden,
        "username": LAN,
        "password": person.live.password,
        "next": hidden["next"].replace("&amp;", "&"),
    }
    answer = person.post(at_iam.url.split("?")[0], data=form, allow_redirects=False, timeout=20)
    return person.get(
        requests.compat.urljoin(at_iam.url, answer.headers["Location"]), allow_redirects=False, timeout=20
    )


@pytest.mark.parametrize("change", [{"state": "forged"}, {"nonce": "of-another-sign-in"}])
def test_an_answer_to_another_question_is_refused(live, person, change):
    back = _stopped_before_the_return(person, change)

    page = person.get(back.headers["Location"], timeout=20)

    assert page.status_code == 403
    assert "bắt đầu lại từ đầu" in page.text
    assert not person.is_in()


def test_a_code_works_once_and_only_in_the_browser_that_asked(live, person):
    back = _stopped_before_the_return(person, {}).headers["Location"]

    with Person(live) as thief:
        assert thief.get(back, timeout=20).url == f"{live.url}/dang-nhap/"
        assert not thief.is_in()
    person.get(back, timeout=20)
    assert person.is_in()
    with Person(live) as late:
        late.get(f"{live.url}/oidc/di/", allow_redirects=False, timeout=20)
        assert late.get(back, timeout=20).status_code == 403


def test_iam_gives_no_code_without_a_pkce_challenge(live, person):
    person.sign_in(LAN)
    going = person.get(f"{live.url}/oidc/di/", allow_redirects=False, timeout=20)
    asked = urlsplit(going.headers["Location"])
    query = {k: v[0] for k, v in parse_qs(asked.query).items() if not k.startswith("code_challenge")}

    answer = person.get(asked._replace(query=urlencode(query)).geturl(), allow_redirects=False, timeout=20)

    assert "error=invalid_request" in answer.headers["Location"]


def test_signing_out_ends_both_sessions(live, person):
    page = person.sign_in(LAN)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)

    out = person.post(f"{live.url}/dang-xuat/", data={"csrfmiddlewaretoken": token[1]}, timeout=20)

    assert out.url == f"{live.url}/dang-nhap/"
    assert not person.is_in()
    assert "Mật khẩu IAM" in person.to("/oidc/di/").text  # IAM asks again


def test_the_session_gets_a_new_name_when_one_comes_in(live, person):
    person.get(f"{live.url}/oidc/di/", allow_redirects=False, timeout=20)
    before = person.cookies["dwh_session"]

    person.sign_in(LAN)

    assert person.cookies["dwh_session"] != before


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_nobody_is_sent_elsewhere_after_signing_in(live, person, path):
    assert person.sign_in(LAN, path=path).url == f"{live.url}/"


def test_keys_of_the_home_are_for_their_owner_only(live):
    for key in live.home.keys.iterdir():
        assert key.stat().st_mode & 0o077 == 0, key
