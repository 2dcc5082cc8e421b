"""The boards as people open them: what they show, whom they refuse, what they leave on record."""

from __future__ import annotations

import json
import re

import pytest

from dwh.kernel.audit.models import AuditRecord

THU, KCB = "/tong-quan/thu/", "/tong-quan/kham-chua-benh/"
pytestmark = pytest.mark.usefixtures("release")


def open_as(client, account, url: str):
    client.force_login(account)
    return client.get(url)


def test_the_index_leads_to_the_first_board_of_the_person(client, khanh):
    assert open_as(client, khanh, "/tong-quan/").headers["Location"] == THU


@pytest.mark.req("E-06")
def test_the_page_shows_tiles_months_map_and_ranking(client, dung):
    page = open_as(client, dung, THU)
    html = page.content.decode()
    assert page.status_code == 200
    assert len(re.findall(r'<article class="tile">', html)) == 4
    assert len(re.findall(r'data-province="\d\d"', html)) == 34
    assert re.findall(r'data-inset="([^"]+)"', html) == ["Hoàng Sa", "Trường Sa"]
    assert "CC BY 4.0" in html


def test_every_figure_has_its_state_period_release_and_what_is_missing(client, dung):
    html = open_as(client, dung, THU).content.decode()
    for said in ("Tạm tính", "Tháng 1–8/2025", "2026-11-22.1", "theo hiện nay", "Số trước 7/2025 quy về"):
        assert said in html
    assert "3 dòng, 1,76 triệu đồng" in html.replace("\u00a0", " ")


@pytest.mark.parametrize(("who", "linked"), [("lan", True), ("dung", False)])
def test_the_held_rows_are_a_link_only_for_those_who_may_look(client, request, who, linked):
    html = open_as(client, request.getfixturevalue(who), THU).content.decode()
    assert "chưa vào số liệu" in html
    assert ('href="/du-lieu-loi/"><' in html or "dòng, " in html.split("/du-lieu-loi/")[-1][:40]) is linked


@pytest.mark.parametrize(("who", "may"), [("lan", True), ("dung", False)])
def test_the_print_button_is_off_without_the_right_to_take_data_out(client, request, who, may):
    html = open_as(client, request.getfixturevalue(who), THU).content.decode()
    assert ("data-print" in html) is may
    assert ("Không in được: tài khoản chưa có quyền kết xuất số liệu" in html) is not may


def test_the_chart_has_its_table_with_the_same_months(client, lan):
    html = open_as(client, lan, THU).content.decode()
    data = json.loads(
        re.search(r'<script id="chart-data" type="application/json">(.*?)</script>', html).group(1)
    )
    assert data["months"][4:] == ["T5", "T6", "T7", "T8"]
    assert [series["name"] for series in data["series"]] == ["BHXH", "BHYT", "BHTN"]
    assert data["open"] == [7]
    assert all(f">{month}/2025</a></th>" in html for month in range(5, 9))


def test_the_page_obeys_the_strict_policy(client, dung):
    html = open_as(client, dung, KCB).content.decode()
    assert not re.search(r"\sstyle=", html)
    scripts = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", html)
    assert all('type="application/json"' in script for script in scripts)


@pytest.mark.parametrize(
    ("who", "url", "status"),
    [
        ("lan", THU, 200),
        ("ha", KCB, 200),
        ("nam", KCB + "?don_vi=00.48-2025.502", 200),
        ("dung", THU + "?don_vi=00.01", 200),
        ("tuan", KCB, 200),
        ("minh", THU, 200),
        ("nam", THU + "?don_vi=00.01", 404),
        ("ha", THU + "?don_vi=00.01", 404),
        ("khanh", KCB, 403),
        ("lan", "/tong-quan/khac/", 404),
        ("lan", THU + "?ky=2026-12", 422),
        ("lan", THU + "?ky=x", 422),
    ],
)
def test_who_may_open_what(client, request, who, url, status):
    assert open_as(client, request.getfixturevalue(who), url).status_code == status


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get(THU).headers["Location"].startswith("/dang-nhap/")


def test_another_province_is_nowhere_on_the_page(client, nam):
    html = open_as(client, nam, THU).content.decode()
    assert "Liên Chiểu" in html
    assert "Hoàn Kiếm" not in html
    assert "00.01." not in html


def test_an_old_unit_leads_to_the_one_that_took_over_its_work(client, nam):
    html = open_as(client, nam, THU + "?don_vi=00.49").content.decode()
    assert 'aria-current="page">Đà Nẵng<' in html


def test_a_year_without_data_says_so_and_offers_the_way_out(client, dung):
    assert "Chưa có số liệu của kỳ này" in open_as(client, dung, THU + "?ky=2024-12").content.decode()


def test_every_question_of_a_board_is_on_record(client, lan):
    open_as(client, lan, THU)
    asked = AuditRecord.objects.filter(action="data.asked", actor_email=lan.email)
    assert {record.purpose for record in asked} == {"dashboard:thu"}
    assert asked.count() == 6


@pytest.mark.parametrize("url", [THU + "?ky=2026-12", THU + "?don_vi=00.01"])
def test_a_refusal_is_on_record_too(client, nam, url):
    open_as(client, nam, url)
    assert AuditRecord.objects.filter(actor_email=nam.email, kind="denied").count() == 1


def test_only_reading_is_allowed(client, lan):
    client.force_login(lan)
    assert client.post(THU).status_code == 405
