"""The rows behind a cell as a page and as a file, and the panel that leads there."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import urlencode

import pytest

from dwh.delivery.analysis import cells
from dwh.delivery.analysis.tests.conftest import FIRST
from dwh.governance import drill
from tests.warehouse_fixture import LINES

pytestmark = pytest.mark.django_db(transaction=True)
HANOI = json.dumps({"keys": ["00.01", "2025"], "measure": "collection_rate", "place": "Hà Nội · Năm 2025"})
OWN = [line for line in LINES if line[5].startswith("00.01")]


def rows(client, who, **more):
    client.force_login(who)
    words = {"q": json.dumps(FIRST), "o": HANOI} | more
    return client.get(f"/phan-tich/dong-chi-tiet/?{urlencode(words)}")


@pytest.mark.req("C-21")
def test_the_panel_leads_to_the_rows_of_each_part_and_says_the_state(ask, lan):
    text = ask(lan, FIRST, "giai-thich/", cell=HANOI).content.decode()
    said = (
        "Chưa có trong số này",
        "core.fct_contribution",
        "Tháng đã khóa",
        "Ai cũng thấy số này",
        "dự thảo",
    )
    assert [words for words in said if words not in text] == []
    assert text.count("/phan-tich/dong-chi-tiet/?q=") == 3
    assert "t=due_vnd" in text


@pytest.mark.req("C-21")
def test_the_page_lists_the_rows_with_source_and_batch_and_adds_them_up(client, release, lan):
    page = rows(client, lan, t="collected_vnd").context["page"]
    assert page.count == len(OWN)
    assert page.added == sum(line[8] for line in OWN)
    assert page.records.table == "tst_dong_ca_nhan"
    assert len(page.lines) == min(100, len(OWN))
    assert all(line.batch for line in page.lines)


def test_a_page_of_the_rows_goes_on_where_the_last_one_ended(client, release, lan, monkeypatch):
    size = len(OWN) // 2 + 1
    for place in (drill, cells):
        monkeypatch.setattr(place, "PAGE_ROWS", size)
    first, second = rows(client, lan), rows(client, lan, trang="2")
    assert first.context["next"]
    assert not first.context["previous"]
    assert second.context["page"].start == size
    assert len(first.context["page"].lines) + len(second.context["page"].lines) == len(OWN)


def test_names_are_masked_on_the_page(client, release, lan):
    text = rows(client, lan).content.decode()
    assert "NGUYỄN" not in text
    assert "được che" in text


@pytest.mark.parametrize(
    "more", [{"trang": "0"}, {"trang": "x"}, {"t": "participants"}, {"o": "[]"}, {"q": "{"}]
)
def test_an_address_that_names_no_rows_is_refused(client, release, lan, more):
    assert rows(client, lan, **more).status_code == 422


def test_the_file_has_every_row_and_the_sum(client, release, lan):
    client.force_login(lan)
    made = client.post("/phan-tich/dong-chi-tiet.csv", {"q": json.dumps(FIRST), "o": HANOI, "t": "due_vnd"})
    lines = list(csv.reader(io.StringIO(made.content.decode("utf-8-sig"))))
    assert len(lines) == len(OWN) + 2
    assert sum(int(line[-1]) for line in lines[1:-1]) == int(lines[-1][-1])


def test_who_may_not_export_has_no_button_and_no_file(client, release, minh):
    assert "Tải CSV" not in rows(client, minh).content.decode()
    made = client.post("/phan-tich/dong-chi-tiet.csv", {"q": json.dumps(FIRST), "o": HANOI})
    assert made.status_code == 403
