"""What the kinds of broken planned exports are made with: B02 of November 2024 unless said otherwise."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from demo.sources.monitoring_exports import ExportTable, export, write_csv, write_xlsx
from dwh.datapath.sources.files.limits import USUAL, Limits

ROWS = 64
Make = Callable[[Path], Path]
Spoil = Callable[[ExportTable], object]
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
VISITS, OUT = ("Lượt KCB", "Tổng"), ("Lượt KCB", "Ngoại trú")


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


def texts(*written: str) -> Spoil:
    """Write every figure as one of these texts."""

    def spoil(made: ExportTable) -> None:
        for number, row in enumerate(made.rows):
            row[3:] = [written[number % len(written)]] * len(row[3:])

    return spoil


def held(name: str, make: Make, code: str, *place: str, reasons: int = 1, of: int = ROWS) -> BrokenSheet:
    return BrokenSheet(name, make, code, place, of - reasons, reasons)
