"""Exports whose headers, parameters, units or codes are wrong in every way we know."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from demo.sources.monitoring_exports import ExportTable, write_xlsx
from dwh.datapath.sources.files.tests.broken_exports import (
    OUT,
    ROWS,
    SHEET,
    BrokenSheet,
    Spoil,
    book,
    held,
    parameters,
    part,
    put,
    table,
)


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


def thousandth(code: str) -> Spoil:
    def spoil(made: ExportTable) -> None:
        made.row(code)[:] = [c / 100_000 if isinstance(c, float) else c for c in made.row(code)]

    return spoil


def sized(value: float) -> Spoil:
    def spoil(made: ExportTable) -> None:
        for row in made.rows:
            row[made.place("Chi bình quân (đ)", "Chi/lần KCB")] = value

    return spoil


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
