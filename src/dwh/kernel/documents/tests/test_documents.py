"""One table, three faces: the workbook and the page carry what the table says, cell by cell."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import openpyxl
import pypdfium2
import pytest

from dwh.kernel.documents.docx import render_docx
from dwh.kernel.documents.pdf import render_pdf
from dwh.kernel.documents.table import Cell, Head, Meta, Row, Table
from dwh.kernel.documents.xlsx import render_xlsx

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEADS = (
    (Head("Đơn vị", rows=2), Head("Số lượt", span=2, unit="lượt"), Head("Tổng chi", rows=2, unit="đồng")),
    (Head("Ngoại trú"), Head("Nội trú")),
)
META = Meta("2026-11-22.1", "Tạm tính", "Tháng 1–9/2026", "Nguyễn Thị Lan", "22/11/2026 08:00")


def table_of(*rows: Row, **more) -> Table:
    return Table("Thử nghiệm", HEADS, rows, META, unit_note="Đơn vị tính: đồng", **more)


def row_of(name: str, *values, style="") -> Row:
    return Row((Cell(name), *(Cell.of(value) for value in values)), style)


SMALL = table_of(
    row_of("Toàn quốc", 1234567, 890, 146_883_400_000_123, style="total"),
    row_of("=1+1", -5, None, 0, style="indent"),
    parameters=(("ma_tinh", "00"), ("nam", "2026")),
    footnotes=("#let x = 1 *không phải lệnh*",),
)


def sheet_of(table: Table):
    return openpyxl.load_workbook(BytesIO(render_xlsx(table))).active


def text_of(table: Table) -> str:
    pages = pypdfium2.PdfDocument(render_pdf(table))
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def test_numbers_are_numbers_and_text_is_never_a_formula():
    sheet = sheet_of(SMALL)
    assert [cell.value for cell in sheet[7]] == ["Toàn quốc", 1234567, 890, 146_883_400_000_123]
    assert [cell.value for cell in sheet[8]] == ["=1+1", -5, "–", 0]
    assert sheet["A8"].data_type == "s"
    assert sheet["D7"].number_format == "#,##0"


def test_the_workbook_has_title_parameters_unit_and_a_two_storey_head():
    sheet = sheet_of(SMALL)
    assert sheet["A1"].value == "Thử nghiệm"
    assert (sheet["A2"].value, sheet["A3"].value, sheet["B2"].value, sheet["B3"].value) == (
        "ma_tinh",
        "00",
        "nam",
        "2026",
    )
    assert sheet["A4"].value == "Đơn vị tính: đồng"
    assert (sheet["A5"].value, sheet["B5"].value, sheet["B6"].value) == (
        "Đơn vị",
        "Số lượt\n(lượt)",
        "Ngoại trú",
    )
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A5:A6", "B5:C5", "D5:D6"}


def test_a_number_too_long_for_a_workbook_keeps_its_digits_as_text():
    sheet = sheet_of(table_of(row_of("Toàn quốc", 1, 2, 1_234_567_890_123_456_789)))
    assert sheet["D7"].value == "1.234.567.890.123.456.789"


def test_the_page_says_every_cell_its_state_and_its_release():
    text = text_of(SMALL)
    for cell in (cell for row in SMALL.rows for cell in row.cells):
        assert cell.text in text
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "2026-11-22.1",
        "Tạm tính",
        "Nguyễn Thị Lan",
        "Trang 1/1",
    ):
        assert said in text
    assert "#let x = 1 *không phải lệnh*" in text


def test_a_long_table_repeats_its_head_on_every_page():
    pages = pypdfium2.PdfDocument(render_pdf(table_of(*(row_of(f"Đơn vị {n}", n, n, n) for n in range(200)))))
    assert len(pages) > 2
    assert all("Ngoại trú" in page.get_textpage().get_text_range() for page in pages)


@pytest.mark.parametrize(
    ("value", "decimals", "kept"), [(Decimal("12.345"), 2, Decimal("12.35")), (None, 2, None)]
)
def test_a_cell_keeps_the_number_it_shows(value, decimals, kept):
    assert Cell.of(value, decimals).value == kept


def test_the_text_document_has_the_same_cells_and_repeats_its_head():
    with ZipFile(BytesIO(render_docx(SMALL))) as package:
        body = ElementTree.fromstring(package.read("word/document.xml"))
    rows = [["".join(cell.itertext()) for cell in row.iter(f"{W}tc")] for row in body.iter(f"{W}tr")]
    assert rows[2:] == [[cell.text for cell in row.cells] for row in SMALL.rows]
    assert len(list(body.iter(f"{W}tblHeader"))) == 2
    assert "#let x = 1 *không phải lệnh*" in "".join(body.itertext())
