"""The report pages: the same numbers on screen, in XLSX, in DOCX and in PDF; parameters; rights; history."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from urllib.parse import urlencode
from xml.etree import ElementTree
from zipfile import ZipFile

import openpyxl
import pypdfium2
import pytest

from dwh.delivery.reports.services import PastRun
from dwh.kernel.audit.models import AuditRecord
from tests.personas import give

pytestmark = pytest.mark.usefixtures("release")
PAGE = "/bao-cao/b02/"
NATION = {
    "ma_tinh": "00",
    "nam": 2025,
    "tu_thang": 5,
    "den_thang": 8,
    "ma_loai_kcb": 0,
    "hang_bv": -1,
    "tuyen": -1,
}
HANOI = NATION | {"ma_tinh": "00.01"}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def get(client, account, form: str = "", **parameters):
    client.force_login(account)
    return client.get(f"{PAGE}{form}?{urlencode(parameters)}")


def screen(html: str) -> list[list[str]]:
    """Read the body of the result's table, cell by cell."""
    body = re.search(r'<table class="f rep-table">.*?<tbody>(.*?)</tbody>', html, re.DOTALL).group(1)
    rows = re.findall(r"<tr.*?>(.*?)</tr>", body, re.DOTALL)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in rows]
    return [[unescape(re.sub(r"</?a\b[^>]*>", "", cell)) for cell in row] for row in cells]


def shown(cell: object, decimals: int) -> str:
    """Write a workbook's number as a person reads it, without the program's formatter."""
    if not isinstance(cell, int | float):
        return str(cell)
    return f"{cell:,.{decimals}f}".translate({ord(","): ".", ord("."): ","})


@pytest.mark.req("E-03")
@pytest.mark.req("E-10")
@pytest.mark.parametrize("asked", [NATION, HANOI], ids=["national", "provincial"])
def test_the_workbook_has_every_cell_of_the_screen(client, tuan_who_exports, asked):
    rows = screen(get(client, tuan_who_exports, **asked).content.decode())
    sheet = openpyxl.load_workbook(BytesIO(get(client, tuan_who_exports, "xlsx/", **asked).content)).active
    assert sheet["A1"].value == "B02. Thống kê khám bệnh, chữa bệnh BHYT"
    assert [cell.value for cell in sheet[2]][:3] == ["ma_tinh", "ma_loai_kcb", "tu_thang"]
    for at, row in enumerate(rows):
        cells = sheet[7 + at]
        found = [shown(c.value, len(c.number_format.partition(".")[2])) for c in cells]
        assert found == row
        assert all(
            isinstance(c.value, int | float)
            for c, text in zip(cells[3:20], row[3:20], strict=True)
            if text != "–"
        )


@pytest.mark.req("E-03")
@pytest.mark.parametrize("asked", [NATION, HANOI], ids=["national", "provincial"])
def test_the_printed_page_has_every_cell_of_the_screen_in_order(client, tuan_who_exports, asked):
    rows = screen(get(client, tuan_who_exports, **asked).content.decode())
    pages = pypdfium2.PdfDocument(get(client, tuan_who_exports, "pdf/", **asked).content)
    text = "".join("".join(page.get_textpage().get_text_range().split()) for page in pages)
    at = 0
    for row in rows:
        for cell in row:
            at = text.index("".join(cell.split()), at) + len("".join(cell.split()))
    for said in ("Tạmtính", "2026-11-22.1", "NguyễnMinhTuấn", "ma_tinh:", "Trang1/"):
        assert said in text


@pytest.mark.req("E-03")
def test_the_text_document_has_every_cell_of_the_screen(client, tuan_who_exports):
    rows = screen(get(client, tuan_who_exports, **HANOI).content.decode())
    with ZipFile(BytesIO(get(client, tuan_who_exports, "docx/", **HANOI).content)) as package:
        body = ElementTree.fromstring(package.read("word/document.xml"))
    found = [["".join(cell.itertext()) for cell in row.iter(f"{W}tc")] for row in body.iter(f"{W}tr")]
    assert found[2:] == rows


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"den_thang": 9}, "Tháng 9/2025 chưa có số liệu; tháng gần nhất có là 8/2025"),
        ({"tu_thang": 7, "den_thang": 6}, "Đến tháng phải từ tháng 7 trở đi"),
        ({"tu_thang": 13}, "Ô từ tháng phải từ 1 đến 12"),
        ({"tu_thang": "x"}, "Ô từ tháng phải là số nguyên"),
        ({"tu_thang": ""}, "Chưa chọn từ tháng"),
        ({"ma_loai_kcb": ""}, "Chưa chọn loại hình KCB"),
        ({"ma_tinh": "00.48-2025"}, "Không có đơn vị «00.48-2025» trong phạm vi được giao"),
        ({"nam": 2031}, "Không có năm «2031»"),
        ({"tuyen": "'; DROP"}, "Không có tuyến"),
    ],
)
def test_a_wrong_parameter_is_said_with_its_remedy_and_nothing_runs(client, lan, wrong, said):
    page = get(client, lan, **(HANOI | wrong))
    assert page.status_code == 422
    assert said in unescape(page.content.decode())
    assert get(client, lan, "pdf/", **(HANOI | wrong)).status_code == 422
    assert not AuditRecord.objects.filter(action="report.run").exists()
    assert said in AuditRecord.objects.get(action="report.refused").facts["message"]


@pytest.mark.parametrize(
    ("who", "form", "asked", "status"),
    [
        ("lan", "", HANOI, 200),
        ("lan", "xlsx/", HANOI, 200),
        ("dung", "", NATION, 200),
        ("dung", "pdf/", NATION, 403),
        ("dung", "xlsx/", NATION, 403),
        ("tuan", "docx/", NATION, 403),
        ("minh", "pdf/", HANOI, 403),
        ("minh", "xlsx/", HANOI, 403),
        ("lan", "", NATION, 422),
        ("nam", "pdf/", HANOI, 422),
        ("khanh", "", {}, 403),
        ("ha", "", HANOI | {"ma_tinh": "00.01.501"}, 200),
        ("ha", "", HANOI, 422),
    ],
)
def test_who_may_run_and_take_out_what(client, request, who, form, asked, status):
    assert get(client, request.getfixturevalue(who), form, **asked).status_code == status


@pytest.mark.parametrize(("who", "may"), [("lan", True), ("minh", False)])
def test_a_missing_button_says_why(client, request, who, may):
    html = get(client, request.getfixturevalue(who), **HANOI).content.decode()
    for form in ("pdf", "xlsx", "docx"):
        assert (f"b02/{form}/" in html) is may
    assert ("chưa có quyền kết xuất số liệu" in html) is not may


def test_files_reach_as_far_as_the_right_to_take_data_out(client, lan):
    give(lan, "leadership", "00")  # reads every province, takes files out of Hà Nội only
    assert get(client, lan, **NATION).status_code == 200
    assert get(client, lan, "pdf/", **HANOI).status_code == 200
    refused = get(client, lan, "pdf/", **NATION)
    assert refused.status_code == 403
    assert "chưa có quyền kết xuất số liệu của Toàn quốc ra tệp" in refused.content.decode()


@pytest.mark.req("E-07")
def test_a_run_is_on_record_with_its_parameters_and_its_release(client, lan):
    get(client, lan, "pdf/", **HANOI)
    run = AuditRecord.objects.get(action="report.run")
    assert (run.actor_email, run.object, run.org_code) == (lan.email, "report:b02", "00.01")
    assert (run.facts["release"], run.facts["form"], run.facts["rows"]) == ("2026-11-22.1", "pdf", 3)
    assert run.facts["parameters"]["den_thang"] == "8"
    history = client.get("/bao-cao/").content.decode()
    line = re.search(r"<tr><td data-l=.*?</tr>", history, re.DOTALL)[0]
    seen = dict(re.findall(r'data-l="([^"]+)"[^>]*>([^<]*)</td>', line))
    assert (seen["Người chạy"], seen["Đơn vị, kỳ"]) == (
        lan.full_name,
        "Hà Nội, tháng 5 đến tháng 8 năm 2025",
    )
    assert (seen["Chọn thêm"], seen["Bản công bố"], seen["Số liệu đến"]) == (
        "tất cả",
        "2026-11-22.1",
        "8/2025",
    )


def test_the_history_names_what_was_chosen_beside_unit_and_period():
    given = {
        "ma_tinh": "01",
        "nam": "2025",
        "tu_thang": "5",
        "ma_loai_kcb": "03",
        "hang_bv": "0",
        "tuyen": "-1",
    }
    run = PastRun(datetime(2026, 11, 23, tzinfo=UTC), "Lê Thị Lan", {"parameters": given})
    assert run.parameters == "Loại hình KCB 03, Hạng bệnh viện 0"


def test_a_report_of_a_subject_one_was_not_given_is_not_offered_and_the_page_says_why(client, khanh):
    client.force_login(khanh)
    page = client.get("/bao-cao/").content.decode()
    assert PAGE not in page
    assert "thuộc chủ đề Khám bệnh, chữa bệnh BHYT" in page
    assert PAGE not in client.get("/tim/?q=b02").content.decode()


def test_the_history_is_ones_own(client, lan, nam):
    get(client, lan, **HANOI)
    client.force_login(nam)
    assert "Chưa chạy báo cáo nào" in client.get("/bao-cao/").content.decode()


def test_the_file_is_named_by_unit_and_period(client, lan):
    disposition = get(client, lan, "xlsx/", **HANOI).headers["Content-Disposition"]
    assert disposition == 'attachment; filename="B02-01-2025-05-08.xlsx"'


def test_the_empty_form_offers_only_the_own_area(client, lan):
    html = get(client, lan).content.decode()
    assert 'value="00.01"' in html
    assert 'value="00"' not in html
    assert "00.48" not in html
