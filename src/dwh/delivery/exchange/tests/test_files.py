"""The three files of one answer: the same lines, the same numbers, complete or refused."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pypdfium2
import pytest

from dwh.datapath.semantic.answer import Answer, Column, Row
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Filter, Query
from dwh.delivery.exchange.files import FORMATS, PDF, XLSX, file_stem, format_named, make_file
from dwh.delivery.exchange.plain import csv_of
from dwh.delivery.exchange.sheet import Printing, table_of
from dwh.kernel.errors import NotFound, TooManyRows
from tests.compare_outputs import read_xlsx

COLUMNS = (
    Column("org.province", "Tỉnh, thành phố", "dimension"),
    Column("org.office", "BHXH cơ sở", "dimension"),
    Column("collected_vnd", "Số tiền đã thu", "measure", "đồng", 0, "all"),
    Column("collection_rate", "Tỷ lệ thu", "measure", "%", 2, "none", "draft"),
)
ROWS = (
    Row(("00.01", "00.01.501"), ("Hà Nội", "=Hoàn Kiếm"), (1234567, Decimal("96.80")), ()),
    Row(("00.01", None), ("Hà Nội", None), (1234567, Decimal("96.80")), ("org.office",)),
    Row((None, None), (None, None), (-5, None), ("org.province", "org.office")),
)
QUERY = Query(
    "contributions",
    rows=("org.province", "org.office"),
    values=("collected_vnd", "collection_rate"),
    filters=(Filter("org.province", "in", ("00.01",)),),
)
ANSWER = Answer(QUERY, COLUMNS, ROWS, "2026-11-22.1", "provisional", True, "as_was")
PRINTING = Printing(
    "Lê Thị Lan (lan.lt@vss.gov.vn)", "22/11/2026 09:30", "2026-10", {("org.province", "00.01"): "Hà Nội"}
)
SUBJECT = load_catalog().subject("contributions")


def _table(answer=ANSWER):
    return table_of(answer, SUBJECT, PRINTING)


def _make(kind):
    return make_file(FORMATS[kind], ANSWER, _table())


def test_a_workbook_holds_numbers_as_numbers_under_their_lines():
    assert read_xlsx(_make("xlsx").content) == [
        ("Hà Nội", [Decimal(1234567), Decimal("96.8")]),
        ("=Hoàn Kiếm", [Decimal(1234567), Decimal("96.8")]),
        ("Tổng cộng", [Decimal(-5), None]),
    ]


def test_a_name_that_looks_like_a_formula_stays_a_name():
    book = openpyxl.load_workbook(io.BytesIO(_make("xlsx").content))
    cells = {cell.value: cell.data_type for row in book["Số liệu"].iter_rows() for cell in row}
    assert cells["=Hoàn Kiếm"] == "s"
    assert "'=Hoàn Kiếm" in _make("csv").content.decode("utf-8-sig")


def test_the_cover_sheet_says_who_took_it_out_when_and_from_which_release():
    book = openpyxl.load_workbook(io.BytesIO(_make("xlsx").content))
    told = {row[0]: row[1] for row in book["Thông tin"].iter_rows(values_only=True)}
    assert told["Người kết xuất"] == "Lê Thị Lan (lan.lt@vss.gov.vn)"
    assert (told["Lúc"], told["Bản công bố"], told["Trạng thái"]) == (
        "22/11/2026 09:30", "2026-11-22.1", "Tạm tính",
    )  # fmt: skip
    assert told["Tỉnh, thành phố"] == "Hà Nội"
    assert "dự thảo" in told["Ghi chú"]


def test_every_page_carries_the_person_and_the_time():
    long = replace(ANSWER, rows=tuple(ROWS[0]._replace(keys=("00.01", str(n))) for n in range(120)))
    pages = pypdfium2.PdfDocument(make_file(PDF, long, _table(long)).content)
    stamp = "2026-11-22.1 · Tạm tính · Lê Thị Lan (lan.lt@vss.gov.vn) · 22/11/2026 09:30"
    assert len(pages) > 1
    assert all(stamp in page.get_textpage().get_text_bounded() for page in pages)


def test_a_csv_has_one_column_per_level_and_plain_numbers():
    content = csv_of(ANSWER)
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [
        ["Tỉnh, thành phố", "BHXH cơ sở", "Số tiền đã thu (đồng)", "Tỷ lệ thu (%)"],
        ["Hà Nội", "Tổng cộng", "1234567", "96.80"],
        ["Hà Nội", "'=Hoàn Kiếm", "1234567", "96.80"],
        ["Tổng cộng", "Tổng cộng", "-5", ""],
    ]


def test_the_file_s_name_has_no_marks_and_names_the_release():
    assert (
        file_stem(_table().title, ANSWER.release)
        == "thu-bhxh-bhyt-bhtn-theo-tinh-thanh-pho-bhxh-co-so_2026-11-22.1"
    )


@pytest.mark.parametrize(("kind", "advice"), [(XLSX, "Thêm bộ lọc"), (PDF, "Chọn XLSX hoặc CSV")])
def test_a_table_the_format_cannot_hold_is_refused_never_cut(kind, advice):
    small = replace(kind, most_rows=2)
    with pytest.raises(TooManyRows, match=f"3 dòng × 3 cột.*chưa tạo tệp nào. {advice}"):
        make_file(small, ANSWER, _table())


def test_an_unknown_format_is_not_found():
    with pytest.raises(NotFound, match="xlsx, pdf hoặc csv"):
        format_named("docx")
