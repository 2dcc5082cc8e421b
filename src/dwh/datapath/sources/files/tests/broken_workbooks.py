"""Workbooks and cells broken in every way we know."""

from __future__ import annotations

from dwh.datapath.sources.files.limits import Limits
from dwh.datapath.sources.files.tests.broken import zipped
from dwh.datapath.sources.files.tests.broken_exports import (
    SHEET,
    STRINGS,
    VISITS,
    BrokenSheet,
    book,
    cell,
    cut,
    extra_member,
    held,
    part,
    put,
    raw,
)

BOMB = '<!DOCTYPE a [<!ENTITY a "x">]>'
FIRST = "C8"  # the region of the first province

WORKBOOKS = [
    BrokenSheet("an old or locked workbook", raw("a.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 600), "XLS-01"),
    BrokenSheet("a zip that is no workbook", raw("a.xlsx", zipped({"word/document.xml": b"<a/>"})), "XLS-01"),
    BrokenSheet("half a workbook", cut(0.5), "ZIP-01"),
    BrokenSheet("macros", extra_member("xl/vbaProject.bin", b"x"), "XLS-02"),
    BrokenSheet(
        "a bomb in a part", extra_member("xl/media/a.xml", b" " * 4_000_000), "ZIP-10", ("xl/media/a.xml",)
    ),
    BrokenSheet("a part that climbs out", extra_member("../../a.xml", b"x"), "ZIP-07"),
    BrokenSheet(
        "entities in a sheet",
        part(SHEET, lambda t: t.replace("<worksheet", BOMB + "<worksheet", 1)),
        "XML-02",
    ),
    BrokenSheet(
        "entities in the texts", part(STRINGS, lambda t: t.replace("<sst", BOMB + "<sst", 1)), "XML-02"
    ),
    BrokenSheet("a sheet cut short", part(SHEET, lambda t: t[: len(t) // 2]), "XML-01", (SHEET,)),
    BrokenSheet("a sheet in UTF-16", part(SHEET, lambda t: t.encode("utf-16")), "FMT-11"),
    BrokenSheet(
        "a sheet nested deep",
        part(SHEET, lambda t: t.replace("<sheetData>", "<a>" * 60 + "</a>" * 60 + "<sheetData>")),
        "XML-04",
    ),
    BrokenSheet(
        "only hidden sheets",
        part("xl/workbook.xml", lambda t: t.replace("<sheet ", '<sheet state="hidden" ')),
        "XLS-01",
    ),
    BrokenSheet("a sheet that is not there", part(SHEET, lambda _: None), "XLS-01"),
    BrokenSheet("no list of sheets", part("xl/workbook.xml", lambda _: None), "XLS-01"),
    BrokenSheet(
        "a row too far down",
        part(SHEET, lambda t: t.replace('<row r="8"', '<row r="900000"', 1)),
        "XLS-03",
        ("trang «Sheet1»",),
    ),
    BrokenSheet(
        "a row without number", part(SHEET, lambda t: t.replace('<row r="8"', '<row r="0"', 1)), "XLS-03"
    ),
    BrokenSheet(
        "a column too far right",
        part(SHEET, cell(FIRST, '<c r="XFD8"><v>1</v></c>')),
        "XLS-03",
        ("trang «Sheet1»",),
    ),
    BrokenSheet(
        "a cell with too much text",
        part(SHEET, cell(FIRST, f'<c r="C8" t="str"><v>{"x" * 40_000}</v></c>')),
        "XLS-03",
    ),
    BrokenSheet("more text than taken", book(), "XLS-03", limits=Limits(strings=100)),
    BrokenSheet("more rows than taken", book(), "XLS-03", limits=Limits(sheet_rows=20)),
]

CELLS = [
    held(
        "a text that is not in the file",
        part(SHEET, cell("D8", '<c r="D8" t="s"><v>99999</v></c>')),
        "XLS-41",
        "dòng 8",
        "ô D8",
    ),
    held(
        "an error cell",
        part(SHEET, cell("D8", '<c r="D8" t="e"><v>#DIV/0!</v></c>')),
        "XLS-41",
        "dòng 8",
        "Lượt KCB / Tổng",
    ),
    held(
        "a formula that was never worked out",
        part(SHEET, cell("D8", '<c r="D8"><f>E8+F8</f></c>')),
        "XLS-41",
        "ô D8",
    ),
    held(
        "a cell of an unknown kind",
        part(SHEET, cell("D8", '<c r="D8" t="zzz"><v>1</v></c>')),
        "XLS-41",
        "ô D8",
    ),
    held(
        "a number beyond all counts", part(SHEET, cell("D8", '<c r="D8"><v>1E+999</v></c>')), "XLS-41", "ô D8"
    ),
    held("not a number", part(SHEET, cell("D8", '<c r="D8"><v>NaN</v></c>')), "XLS-41", "ô D8"),
    held("true for a number", part(SHEET, cell("D8", '<c r="D8" t="b"><v>1</v></c>')), "XLS-41", "ô D8"),
    held("words for a number", book(put("02", "nhiều", *VISITS)), "XLS-41", "dòng 9", "Lượt KCB / Tổng"),
    held("half a visit", book(put("02", 1000.5, *VISITS)), "XLS-41", "dòng 9"),
    held("fewer than no visits", book(put("02", -5, *VISITS)), "XLS-41", "dòng 9"),
]
