"""The origin of a cell of B02: every number leads to it, within one's own area."""

from __future__ import annotations

import re
from html import unescape

import pytest

from dwh.delivery.reports.tests.test_pages import HANOI, NATION, get, screen
from dwh.kernel.audit.models import AuditRecord

pytestmark = pytest.mark.usefixtures("release")
ORIGIN = "nguon-goc/"
ALL_VISITS = "||visits"


def links_in(html):
    return [unescape(link) for link in re.findall(r'href="(/bao-cao/b02/nguon-goc/[^"]*)"', html)]


@pytest.mark.req("C-21")
@pytest.mark.parametrize(("who", "asked"), [("lan", HANOI), ("dung", NATION)], ids=["provincial", "national"])
def test_every_number_of_the_report_leads_to_its_source_table(client, request, who, asked):
    html = get(client, request.getfixturevalue(who), **asked).content.decode()
    numbers = [cell for row in screen(html) for cell in row if re.fullmatch(r"[\d.,]+", cell)]
    links = links_in(html)
    assert len(links) >= 17  # as many as B02 has columns of figures, for each row
    assert len(links) <= len(numbers)
    for link in links:
        page = client.get(link)
        assert page.status_code == 200, link
        assert "gd_ho_so" in {table.name for table in page.context["cell"].found.lineage.tables}, link
    purposes = AuditRecord.objects.filter(action="data.asked").values_list("purpose", flat=True)
    assert list(purposes).count("report:b02, nguồn gốc") >= len(
        links
    )  # a share is of the whole report: asked twice


def test_the_page_says_where_the_number_comes_from_and_links_only_what_may_be_opened(client, lan, dung):
    text = get(client, lan, ORIGIN, **HANOI, o=ALL_VISITS).content.decode()
    for said in ("Nguồn gốc", "Giám định BHYT", "Đã chuẩn hóa", "Đang giữ lại", "lô dữ liệu của cả bảng"):
        assert said in text
    assert "/tu-dien/bang/landed.gd_ho_so/" in text
    assert "Đã nhận từ nguồn" not in text  # known of the nation only
    assert "Đã nhận từ nguồn" in get(client, dung, ORIGIN, **NATION, o=ALL_VISITS).content.decode()


@pytest.mark.parametrize(
    ("who", "asked", "cell", "status"),
    [
        ("lan", HANOI, "", 422),
        ("lan", HANOI, "visits", 422),
        ("lan", HANOI, "||nothing", 422),
        ("lan", HANOI, "|\x00|visits", 422),
        ("lan", HANOI, "|99999|visits", 422),
        ("lan", NATION, ALL_VISITS, 422),
        ("nam", HANOI, ALL_VISITS, 422),
        ("khanh", NATION, ALL_VISITS, 403),
    ],
)
def test_a_cell_that_is_not_in_ones_report_is_refused(client, request, who, asked, cell, status):
    assert get(client, request.getfixturevalue(who), ORIGIN, **asked, o=cell).status_code == status
