"""Planned exports broken in every way we know, made on the fly: workbooks, layouts and CSV."""

from __future__ import annotations

from dwh.datapath.sources.files.limits import Limits
from dwh.datapath.sources.files.tests.broken_exports import BrokenSheet, book, comma, raw, texts
from dwh.datapath.sources.files.tests.broken_layouts import LAYOUTS, UNITS
from dwh.datapath.sources.files.tests.broken_workbooks import CELLS, WORKBOOKS

CSV = [
    BrokenSheet("UTF-16", comma(lambda data: data.decode("utf-8-sig").encode("utf-16")), "CSV-01"),
    BrokenSheet(
        "another code page",
        comma(lambda data: data + "ký duyệt".encode("latin-1", "replace") + b"\xfd"),
        "CSV-01",
        ("dòng",),
    ),
    BrokenSheet("bytes of nought", comma(lambda data: data + b"\x00"), "CSV-01"),
    BrokenSheet("nothing to split by", raw("a.csv", b"xin\nchao\n"), "CSV-02"),
    BrokenSheet("two ways to split", raw("a.csv", b"a;b,c\na;b,c\n"), "CSV-02"),
    BrokenSheet(
        "a quote that never closes", comma(lambda data: data.replace(b"\n01,", b'\n"01,', 1)), "CSV-03"
    ),
    BrokenSheet(
        "more lines than taken", comma(lambda data: data + b"\n"), "CSV-04", limits=Limits(sheet_rows=20)
    ),
    BrokenSheet(
        "more columns than taken", comma(lambda data: data + b"\n"), "CSV-04", limits=Limits(sheet_columns=5)
    ),
    BrokenSheet(
        "more bytes than taken", comma(lambda data: data + b"\n"), "CSV-04", limits=Limits(strings=1_000)
    ),
    BrokenSheet("an empty CSV", raw("a.csv", b""), "FILE-02"),
    BrokenSheet("thousands or decimals", book(texts("1.234")), "XLS-20"),
    BrokenSheet("two ways of writing numbers", book(texts("1.234,5", "1,234.5")), "XLS-20"),
]

BROKEN_SHEETS = [*WORKBOOKS, *CELLS, *LAYOUTS, *UNITS, *CSV]
