"""Planned exports broken in every way we know, made on the fly: B02 of November 2024 unless said otherwise."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from demo.sources.monitoring_exports import ExportTable, export, write_csv, write_xlsx
from dwh.datapath.sources.files.limits import USUAL, Limits
from dwh.datapath.sources.files.tests.broken_claims import zipped

ROWS = 64
Make = Callable[[Path], Path]
Spoil = Callable[[ExportTable], object]
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


@dataclass(frozen=True)
class BrokenSheet:
    """One kind: how it is made, the code of its reason, words of the place, and how many rows land all the same."""

    name: str
    make: Make
    code: str
    place: tuple[str, ...] = ()
    landed: int = 0
    reasons: int = 1
    limits: Limits = USUAL

    def __str__(self) -> str:
        return self.name


def table(report: str = "b02", month: str = "2024-11", province: str = "00") -> ExportTable:
    return export(report, month, style=2024 if month < "2025" else 2025, province=province)


def book(spoil: Spoil | None = None, **which: str) -> Make:
    def make(folder: Path) -> Path:
        made = table(**which)
        if spoil:
            spoil(made)
        return write_xlsx(folder / "a.xlsx", made)

    return make


def put(code: str, value: object, *header: str) -> Spoil:
    return lambda made: made.put(code, value, *header)


def parameters(**changes: object) -> Spoil:
    def spoil(made: ExportTable) -> None:
        made.parameters = {k: v for k, v in (made.parameters | changes).items() if v is not None}

    return spoil


def part(name: str, change: Callable[[str], str | bytes | None], **which: str) -> Make:
    """Rewrite one part of the workbook; None takes it away."""

    def make(folder: Path) -> Path:
        path = write_xlsx(folder / "b.xlsx", table(**which))
        with (
            zipfile.ZipFile(path) as old,
            zipfile.ZipFile(folder / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for item in old.namelist():
                data: str | bytes | None = old.read(item)
                if item == name:
                    assert isinstance(data, bytes)
                    before = data.decode()
                    data = change(before)
                    assert data != before, f"{name} was not changed"
                if data is not None:
                    new.writestr(item, data)
        return folder / "a.xlsx"

    return make


def cell(reference: str, written: str) -> Callable[[str], str]:
    """Exchange one cell of the sheet's XML."""
    return lambda text: re.sub(rf'<c r="{reference}"[^>]*?(/>|>.*?</c>)', written, text, count=1)


def extra_member(name: str, content: bytes) -> Make:
    def make(folder: Path) -> Path:
        path = write_xlsx(folder / "a.xlsx", table())
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        return path

    return make


def raw(name: str, content: bytes) -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def cut(share: float) -> Make:
    def make(folder: Path) -> Path:
        path = write_xlsx(folder / "a.xlsx", table())
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
        return path

    return make


def comma(change: Callable[[bytes], bytes], **options: object) -> Make:
    """Write the CSV and change its bytes."""

    def make(folder: Path) -> Path:
        path = write_csv(folder / "a.csv", table(), **options)
        before = path.read_bytes()
        path.write_bytes(change(before))
        assert path.read_bytes() != before
        return path

    return make


def two_sheets(folder: Path) -> Path:
    """Two sheets, each with the whole report."""
    path = write_xlsx(folder / "b.xlsx", table())
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(folder / "a.xlsx", "w") as new:
        for item in old.namelist():
            text = old.read(item)
            if item == "xl/workbook.xml":
                text = text.replace(b"</sheets>", b'<sheet name="Hai" sheetId="9" r:id="rId99"/></sheets>')
            if item == "xl/_rels/workbook.xml.rels":
                text = text.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rId99" Type="x" Target="worksheets/two.xml"/></Relationships>',
                )
            new.writestr(item, text)
        new.writestr("xl/worksheets/two.xml", old.read(SHEET))
    return folder / "a.xlsx"


def renamed(made: ExportTable) -> None:
    made.headers = [tuple(f"Cột {word}" for word in header) for header in made.headers]


def doubled(made: ExportTable) -> None:
    made.insert(5, ("Lượt KCB", "Nội trú"), [1] * len(made.rows))


def twice(made: ExportTable) -> None:
    made.rows.append(list(made.row("96")))


def no_names(made: ExportTable) -> None:
    """Keep one province of a period over the reform, without its name."""
    made.rows = [made.row("01")]
    made.rows[0][1] = None


def all_bad(made: ExportTable) -> None:
    for row in made.rows:
        row[made.place("Lượt KCB", "Tổng")] = "x"


def texts(*written: str) -> Spoil:
    """Write every figure as one of these texts."""

    def spoil(made: ExportTable) -> None:
        for number, row in enumerate(made.rows):
            row[3:] = [written[number % len(written)]] * len(row[3:])

    return spoil


def thousandth(code: str) -> Spoil:
    def spoil(made: ExportTable) -> None:
        made.row(code)[:] = [c / 100_000 if isinstance(c, float) else c for c in made.row(code)]

    return spoil


def sized(value: float) -> Spoil:
    def spoil(made: ExportTable) -> None:
        for row in made.rows:
            row[made.place("Chi bình quân (đ)", "Chi/lần KCB")] = value

    return spoil


BOMB = '<!DOCTYPE a [<!ENTITY a "x">]>'
FIRST = "C8"  # the region of the first province
VISITS, OUT = ("Lượt KCB", "Tổng"), ("Lượt KCB", "Ngoại trú")


def held(name: str, make: Make, code: str, *place: str, reasons: int = 1, of: int = ROWS) -> BrokenSheet:
    return BrokenSheet(name, make, code, place, of - reasons, reasons)


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

LAYOUTS = [
    BrokenSheet("headers of no known report", book(renamed), "XLS-10"),
    BrokenSheet(
        "a sheet without a table",
        part(SHEET, lambda t: re.sub("<sheetData>.*</sheetData>", "<sheetData/>", t)),
        "XLS-10",
    ),
    BrokenSheet("the report on two sheets", two_sheets, "XLS-11", ("Hai",)),
    BrokenSheet(
        "a needed column lost", book(lambda made: made.drop(*OUT)), "XLS-12", ("Lượt KCB / Ngoại trú",)
    ),
    BrokenSheet("a column twice", book(doubled), "XLS-13", ("Nội trú",)),
    BrokenSheet("no rows", book(lambda made: made.rows.clear()), "XLS-14"),
    BrokenSheet("nothing but bad rows", book(all_bad), "XLS-41", ("không dòng nào nạp được",)),
    BrokenSheet("no parameters", book(parameters(**dict.fromkeys(table().parameters))), "XLS-30"),
    BrokenSheet("no year", book(parameters(nam=None)), "XLS-30", ("nam",)),
    BrokenSheet("month 13", book(parameters(den_thang=13)), "XLS-30", ("den_thang",)),
    BrokenSheet("months in the wrong order", book(parameters(tu_thang=11, den_thang=3)), "XLS-30"),
    BrokenSheet("a year of long ago", book(parameters(nam=1024)), "XLS-30", ("nam",)),
    BrokenSheet("a month still to come", book(parameters(nam=2027)), "XLS-30"),
    BrokenSheet("no province", book(parameters(ma_tinh=None)), "XLS-30", ("ma_tinh",)),
    BrokenSheet("a province in words", book(parameters(ma_tinh="Hà Nội")), "XLS-30", ("ma_tinh",)),
    BrokenSheet(
        "a day that does not exist",
        book(parameters(thoi_gian="20241131"), report="b26"),
        "XLS-30",
        ("thoi_gian",),
    ),
    BrokenSheet("no unit that makes sense", book(sized(3.5e-7), report="b04"), "XLS-21"),
]

UNITS = [
    held(
        "a province that never was",
        book(lambda made: made.row("02").__setitem__(0, "03")),
        "XLS-40",
        "dòng 9",
    ),
    held(
        "a province of another time",
        book(lambda made: made.row("04").__setitem__(0, "02"), month="2025-10"),
        "XLS-40",
        of=35,
    ),
    held(
        "a name that is another province's",
        book(lambda made: made.row("24").__setitem__(1, "Bắc Ninh")),
        "XLS-40",
        "Bắc Giang",
    ),
    held(
        "figures without a code", book(lambda made: made.row("02").__setitem__(0, None)), "XLS-40", "dòng 9"
    ),
    held("a code in words", book(lambda made: made.row("02").__setitem__(0, "Hà Giang")), "XLS-40", "dòng 9"),
    held("a province on two rows", book(twice), "XLS-42", "mã 96", reasons=2, of=ROWS + 1),
    held(
        "a facility of another province",
        book(lambda made: made.rows[2].__setitem__(0, "79001"), province="08"),
        "XLS-40",
        "dòng 9",
        of=24,
    ),
    held(
        "a facility of three characters",
        book(lambda made: made.rows[2].__setitem__(0, "801"), province="08"),
        "XLS-40",
        "dòng 9",
        of=24,
    ),
    held(
        "a nought that cannot be proven",
        book(lambda made: made.rows[2].__setitem__(0, 9001), province="08"),
        "XLS-40",
        "mất số 0",
        of=24,
    ),
    held(
        "an area that is none",
        book(lambda made: made.row("02").__setitem__(2, 99), month="2025-05"),
        "XLS-40",
        "khu vực",
    ),
    held("a region that is none", book(lambda made: made.row("02").__setitem__(2, "V09")), "XLS-40", "vùng"),
    held("a row in thousands", book(thousandth("10"), report="b04"), "XLS-43", "đơn vị tính khác", of=70),
    held(
        "a sum of a row that is wrong", book(put("02", 1, *OUT)), "B02-01", "dòng 9", "«Lượt KCB / Ngoại trú»"
    ),
    held(
        "an average that is wrong",
        book(put("02", 500_000.0, "Chi bình quân (đ)", "Chung")),
        "B02-03",
        "dòng 9",
    ),
    held(
        "a nation that is not its provinces",
        book(put("00", 5, "BHYT thanh toán (tỷ đ)", "Tổng")),
        "B02-09",
        "dòng 7",
    ),
    held(
        "a budget that does not add up",
        book(put("02", 5, "Tổng dự toán (tỷ đ)"), report="b01"),
        "B01-05",
        "dòng 9",
    ),
    BrokenSheet(
        "one code of two lists, without a name",
        book(lambda made: (no_names(made), parameters(tu_thang=5, den_thang=9, nam=2025)(made))),
        "XLS-40",
        ("cả danh mục 63 và 34",),
    ),
]

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
