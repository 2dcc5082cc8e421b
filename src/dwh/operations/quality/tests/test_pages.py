"""The page «Chất lượng»: each sees the units of his area; every figure leads to its rows."""

from __future__ import annotations

import re
from html import unescape

import pytest

from dwh.kernel.audit.models import AuditRecord
from tests.units_fixture import DN, HN
from tests.warehouse_fixture import tiny_release

pytestmark = [pytest.mark.usefixtures("release"), pytest.mark.req("C-19")]
PAGE, ROWS = "/chat-luong/", "/chat-luong/dong/"


@pytest.fixture
def get(client):
    def ask(who, path, **words):
        client.force_login(who)
        return client.get(path, words)

    return ask


def units(reply):
    return [line.code for line in reply.context["lines"]]


def text(reply):
    return unescape(reply.content.decode())


def test_the_nation_sees_provinces_the_worst_first_and_a_province_its_offices(get, tuan, lan):
    lines = get(tuan, PAGE).context["lines"]
    shares = [line.figures[0].percent for line in lines if line.figures[0].percent is not None]
    assert shares == sorted(shares)
    assert {HN, DN} < {line.code for line in lines}
    assert set(units(get(lan, PAGE))) == {HN, "00.01.500", "00.01.501", "00.01.502"}


def test_a_unit_without_rows_shows_a_dash_and_stands_last(get, lan):
    reply = get(lan, PAGE)
    last = reply.context["lines"][-1]
    assert (last.code, last.read, [f.percent for f in last.figures]) == ("00.01.500", 0, [None] * 3)
    assert "–</span>" in text(reply)


def test_a_share_is_a_ratio_of_sums_and_is_never_rounded_up_to_a_hundred(get, tuan):
    total = get(tuan, PAGE).context["total"]
    for n, figure in enumerate(total.figures):
        lines = [line.figures[n] for line in get(tuan, PAGE).context["lines"]]
        assert (figure.good, figure.asked) == (sum(f.good for f in lines), sum(f.asked for f in lines))
        assert figure.percent < 100


def test_the_page_says_how_each_share_is_worked_out_and_what_it_cannot_say(get, tuan):
    said = text(get(tuan, PAGE))
    for words in ("Điều 10.2.2, 10.4.2", "Bản số liệu không trả lời được", "làm tròn xuống", "GD-H04"):
        assert words in said


def test_another_province_is_not_there_and_the_refusal_is_on_record(get, lan, nam):
    assert get(lan, PAGE, don_vi=DN).status_code == 404
    assert get(nam, ROWS, don_vi=HN).status_code == 404
    assert get(nam, PAGE, don_vi="00.01.501").status_code == 404
    assert get(lan, PAGE, don_vi="chua-ro").status_code == 404
    assert AuditRecord.objects.filter(action="data.refused", object="subject:quality").count() == 4
    assert "Hà Nội" not in text(get(nam, PAGE))


def test_a_look_is_on_record_with_what_was_asked(get, lan):
    get(lan, PAGE, nguon="collection")
    seen = AuditRecord.objects.filter(object="subject:quality").latest("id")
    assert (seen.kind, seen.facts["query"]["source"]) == ("query", "collection")


def test_a_source_of_another_subject_is_refused(get, khanh):
    assert get(khanh, PAGE, nguon="claims").status_code == 403


def test_a_figure_leads_to_its_rows_and_those_to_the_desk(get, tuan):
    line = next(one for one in get(tuan, PAGE).context["lines"] if one.code == HN)
    rows = get(tuan, line.figures[0].url)
    assert rows.context["found"].share.failed == line.figures[0].failed
    check = next(one for one in rows.context["checks"] if one.code == "TST-C01")
    desk = get(tuan, check.places[0][2])
    assert [one.row.id for one in desk.context["lines"]] == [9001]
    assert check.places[0][1] == desk.context["page"].found.rows
    row = next(one for one in rows.context["lines"] if one.row.source_id == 9001)
    assert get(tuan, row.url).status_code == 200
    assert "100000077" not in text(rows)  # keys and codes only


@pytest.mark.parametrize(("place", "key"), [("Đã loại theo quyết định", 9050)])
def test_a_rejected_row_is_found_at_the_desk_too(get, tuan, place, key):
    checks = get(tuan, ROWS, tieu_chi="day-du").context["checks"]
    url = next(u for one in checks for label, n, u in one.places if label == place and n)
    assert [one.row.id for one in get(tuan, url).context["lines"]] == [key]


def test_the_line_of_a_province_among_its_offices_leads_to_its_own_rows_only(get, tuan):
    line = next(one for one in get(tuan, PAGE, don_vi=HN).context["lines"] if one.code == HN)
    assert (line.name, line.url) == ("BHXH thành phố Hà Nội (trực tiếp)", "")
    rows = get(tuan, line.figures[0].url)
    assert [one.row.source_id for one in rows.context["lines"]] == [1999]
    assert (rows.context["found"].share.failed, rows.context["desk"]) == (line.figures[0].failed, "")


def test_every_figure_of_the_tables_leads_to_as_many_rows_as_it_counts(get, tuan):
    for words in ({}, {"don_vi": HN}, {"don_vi": DN}):
        for line in get(tuan, PAGE, **words).context["lines"]:
            for figure in (one for one in line.figures if one.failed):
                assert len(get(tuan, figure.url).context["lines"]) == figure.failed, line.name


def test_choosing_a_check_lists_its_rows_only(get, tuan):
    rows = get(tuan, ROWS, tieu_chi="kip-thoi", kiem_tra="XD-T05").context["lines"]
    assert [(one.row.source_id, one.url) for one in rows] == [(501, ""), (502, "")]
    assert get(tuan, ROWS, tieu_chi="kip-thoi", kiem_tra="TST-C01").context["lines"] == []


def test_rows_of_no_known_office_are_one_line_for_the_nation(get, tuan):
    line = next(one for one in get(tuan, PAGE).context["lines"] if one.code == "")
    assert (line.name, line.read) == ("Chưa rõ cơ sở", 3)
    rows = get(tuan, line.figures[0].url)
    assert [one.row.source_id for one in rows.context["lines"]] == [9003]


def test_a_unit_is_found_without_marks_and_the_table_sorts_both_ways(get, tuan):
    assert units(get(tuan, PAGE, tim="ha noi")) == [HN]
    assert "Không có đơn vị nào" in text(get(tuan, PAGE, tim="khongco"))
    most = units(get(tuan, PAGE, sap="dong"))
    assert most[::-1] == units(get(tuan, PAGE, sap="-dong"))
    headings = re.findall(r'aria-sort="(\w+)"', get(tuan, PAGE, sap="dong").content.decode())
    assert headings == ["none", "descending", "none", "none", "none"]


@pytest.mark.parametrize(
    "words", [{"tu": "2025-13"}, {"sap": "x"}, {"trang": "0"}, {"tu": "2025-08", "den": "2025-05"}]
)
def test_an_odd_address_is_refused_in_words(get, tuan, words):
    reply = get(tuan, PAGE, **words)
    assert (reply.status_code, "Chọn lại" in text(reply) or "chọn lại" in text(reply)) == (422, True)


def test_a_release_made_before_the_page_says_what_to_do(get, tuan, settings, tmp_path):
    settings.DATAPATH = tiny_release(tmp_path / "older")
    path = settings.DATAPATH.releases / "current" / "manifest.json"
    path.write_text(path.read_text().replace('"quality.staged"', '"other"'))
    reply = get(tuan, PAGE)
    assert (reply.status_code, "Đồng bộ, tổng hợp, công bố" in text(reply)) == (409, True)


def test_no_month_with_rows_is_an_empty_page(get, lan):
    reply = get(lan, PAGE, tu="2030-01", den="2030-02", khong_ky="khong")
    assert reply.context["total"].read == 0
    assert get(lan, ROWS, tu="2030-01", den="2030-02", khong_ky="khong").context["checks"] == []


def test_what_was_not_asked_is_not_said_to_be_good(get, tuan):
    said = text(get(tuan, ROWS, tieu_chi="kip-thoi", nguon="claims"))
    assert "Không có dòng nào được kiểm tra về tiêu chí này" in said
    assert "đều đạt" not in said


def test_only_get_is_answered(client, tuan):
    client.force_login(tuan)
    assert client.post(PAGE).status_code == 405
