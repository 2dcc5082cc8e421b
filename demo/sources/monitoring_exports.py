"""B01, B02, B04, B21, B26 as the sector's monitoring exports them, layouts of 2024 and of 2025; figures invented.

Sizes follow the published national figures (code list calibration_b02_regions). Titles and header texts are a
reconstruction; the columns, their order, the formulas and the quirks (đồng under «tỷ đ», 2 and '02') are those seen.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

from dwh.datapath.sources.manual.unit_codes import REFORM, provinces

Cell = str | int | float | None
Header = tuple[str, ...]  # from the top row down
TOP = 4  # the two header rows are 5 and 6, as people count
VISITS, ADMITTED, OUT_COST, IN_COST = (
    15_232_600,
    0.1023,
    354_900,
    5_456_796,
)  # a month of 2024: visits, share, đồng


@dataclass(slots=True)
class ExportTable:
    """One export: parameters, headers, rows. Change any of it before writing to make a spoiled one."""

    report: str
    title: str
    parameters: dict[str, Cell]
    headers: list[Header]
    rows: list[list[Cell]] = field(default_factory=list)

    def place(self, *header: str) -> int:
        """Return the column under these header texts."""
        return self.headers.index(header)

    def cell(self, code: str, *header: str) -> Cell:
        return self.row(code)[self.place(*header)]

    def put(self, code: str, value: Cell, *header: str) -> None:
        self.row(code)[self.place(*header)] = value

    def row(self, code: str) -> list[Cell]:
        return next(row for row in self.rows if str(row[0]).zfill(2) == code)

    def drop(self, *header: str) -> None:
        """Take a column away, as a layout that lost one."""
        place = self.place(*header)
        del self.headers[place]
        for row in self.rows:
            del row[place]

    def insert(self, place: int, header: Header, values: Sequence[Cell]) -> None:
        """Put a column in, as a layout that gained one."""
        self.headers.insert(place, header)
        for row, value in zip(self.rows, values, strict=True):
            row.insert(place, value)


def export(report: str, month: str, *, style: int = 2024, province: str = "00", seed: int = 1) -> ExportTable:
    """Return an export of one month: of the nation by province, or of a province by facility."""
    rng = random.Random(f"{report} {month} {province} {seed}")
    make = {"b01": _b01, "b02": _b02, "b04": _b04, "b21": _b21, "b26": _b26}[report]
    units = _units(month, province)
    table = make(rng, units, style)
    year, number = month.split("-")
    period: dict[str, Cell] = {"tu_thang": int(number), "den_thang": int(number), "nam": int(year)}
    if report == "b26":
        period = {"thoi_gian": f"{year}{number}28", "loai_so_sanh": "1.ky_truoc"}
    table.parameters = {"ma_tinh": province, **table.parameters, **period}
    if province != "00":
        table.parameters["cs"] = "true"
    return table


def write_xlsx(path: Path, table: ExportTable, *, sheet: str = "Sheet1") -> Path:
    """Write the export as a workbook with two header rows and merged cells."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    page.write(0, 0, table.title)
    for column, (name, value) in enumerate(table.parameters.items()):
        page.write(1, column, name)
        page.write(2, column, value)
    _write_headers(page, table.headers)
    for number, row in enumerate(table.rows, start=TOP + 2):
        for column, value in enumerate(row):
            if value is not None:
                page.write(number, column, value)
    book.close()
    return path


def write_csv(path: Path, table: ExportTable, *, delimiter: str = ",", vietnamese: bool = False) -> Path:
    """Write the export as CSV: merged cells keep their text on the left only, as spreadsheets save them."""
    tops = [header[0] if len(header) > 1 else "" for header in table.headers]
    for column in range(len(tops) - 1, 0, -1):
        if tops[column] == tops[column - 1]:
            tops[column] = ""
    upper = [
        top or (header[0] if len(header) == 1 else "")
        for top, header in zip(tops, table.headers, strict=True)
    ]
    lower = [header[1] if len(header) > 1 else "" for header in table.headers]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        wide = len(table.headers)
        for cells in (
            [table.title],
            list(table.parameters),
            list(table.parameters.values()),
            [],
            upper,
            lower,
        ):
            writer.writerow([*cells, *[""] * (wide - len(cells))])
        writer.writerows([[_plain(value, vietnamese) for value in row] for row in table.rows])
    return path


def _plain(value: Cell, vietnamese: bool) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    text = f"{value:,.4f}" if isinstance(value, float) else f"{value:,}"
    return text.translate({ord(","): ".", ord("."): ","}) if vietnamese else text.replace(",", "")


def _write_headers(page: Any, headers: Sequence[Header]) -> None:
    column = 0
    while column < len(headers):
        header, last = headers[column], column
        if len(header) == 1:
            page.merge_range(TOP, column, TOP + 1, column, header[0])
        else:
            while (
                last + 1 < len(headers) and headers[last + 1][0] == header[0] and len(headers[last + 1]) > 1
            ):
                last += 1
            page.write(TOP, column, header[0])
            if last > column:
                page.merge_range(TOP, column, TOP, last, header[0])
            for place in range(column, last + 1):
                page.write(TOP + 1, place, headers[place][1])
        column = last + 1


@dataclass(frozen=True, slots=True)
class _Unit:
    code: str
    name: str
    region: str
    share: float  # of the nation's visits


def _units(month: str, province: str) -> list[_Unit]:
    names = provinces("34" if month >= REFORM else "63")
    if province != "00":
        count = 24
        return [
            _Unit(f"{province}{number:03d}", f"Cơ sở {number}", "V01", 0.015 / number)
            for number in range(1, count + 1)
        ]
    weight = {code: 3.0 if code in ("01", "79") else 1.0 for code in names}
    whole = sum(weight.values())
    return [
        _Unit(code, name, f"V0{1 + place * 6 // len(names)}", weight[code] / whole)
        for place, (code, name) in enumerate(names.items())
    ]


def _headed(unit: _Unit | None, style: int, cells: list[Cell]) -> list[Cell]:
    """Put code, name, area and region where the layout of the year has them; odd codes lose their nought."""
    code: Cell = "00"
    name, region, area = "Toàn quốc", None, None
    if unit is not None:
        is_number = unit.code.isdigit() and int(unit.code) % 2 == 0 and len(unit.code) == 2
        code, name, region = (int(unit.code) if is_number else unit.code), unit.name, unit.region
        area = 1 + sum(map(ord, unit.code)) % 35
    return [code, name, region, *cells] if style == 2024 else [code, name, area, *cells, region]


def _heads(style: int, own: list[Header], *, region: str = "Mã vùng") -> list[Header]:
    code: list[Header] = [("Mã",), ("Tên",)]
    return [*code, (region,), *own] if style == 2024 else [*code, ("Mã khu vực",), *own, ("Mã vùng",)]


_B02_HEADS: list[Header] = [
    ("Lượt KCB", "Tổng"), ("Lượt KCB", "Ngoại trú"), ("Lượt KCB", "Nội trú"), ("TL nội trú (%)",), ("Ngày ĐTBQ",),
    ("Chi bình quân (đ)", "Chung"), ("Chi bình quân (đ)", "Ngoại trú"), ("Chi bình quân (đ)", "Nội trú"),
    ("Chi KCB (tỷ đ)", "Tổng chi"), ("Chi KCB (tỷ đ)", "Tỷ lệ % so cả nước"), ("Chi ngoại trú (tỷ đ)", "Tổng"),
    ("Chi ngoại trú (tỷ đ)", "% tiền khám"), ("Chi nội trú (tỷ đ)", "Tổng"), ("Chi nội trú (tỷ đ)", "% tiền giường"),
    ("BHYT thanh toán (tỷ đ)", "Tổng"), ("BHYT thanh toán (tỷ đ)", "Nội trú"), ("BHYT thanh toán (tỷ đ)", "Ngoại trú"),
]  # fmt: skip


def _b02(rng: random.Random, units: list[_Unit], style: int) -> ExportTable:
    bases = [_visits(rng, unit.share) for unit in units]
    total = [sum(base[place] for base in bases) for place in range(6)]
    all_cost = total[2] + total[3]

    def cells(base: Sequence[int]) -> list[Cell]:
        out, admitted, cost_out, cost_in, paid_in, paid_out = base
        visits, cost = out + admitted, cost_out + cost_in
        return [
            visits, out, admitted, admitted / visits * 100, 6.5, cost / visits, cost_out / out,
            cost_in / admitted if admitted else None, cost, cost / all_cost * 100, cost_out, 10.1, cost_in, 24.8,
            paid_in + paid_out, paid_in, paid_out,
        ]  # fmt: skip

    whole = [(None, total)] if len(units[0].code) == 2 else []
    rows = [_headed(unit, style, cells(base)) for unit, base in [*whole, *zip(units, bases, strict=True)]]
    if not whole:  # of facilities there is no row of the nation to compare with
        for row in rows:
            row[3 + _B02_HEADS.index(("Chi KCB (tỷ đ)", "Tỷ lệ % so cả nước"))] = None
    return ExportTable("b02", "B02 - THỐNG KÊ KHÁM CHỮA BỆNH", _usual(), _heads(style, _B02_HEADS), rows)


def _usual() -> dict[str, Cell]:
    return {"ma_loai_kcb": 0, "loai_bv": -1, "kieubv": -1, "loaick": -1, "hang_bv": -1, "tuyen": -1}


def _visits(rng: random.Random, share: float) -> list[int]:
    """Return visits out and in, their costs and what is paid, whole đồng."""
    visits = max(3, int(VISITS * share * rng.uniform(0.8, 1.2)))
    admitted = max(1, int(visits * ADMITTED * rng.uniform(0.8, 1.2)))
    cost_out = int((visits - admitted) * OUT_COST * rng.uniform(0.8, 1.25))
    cost_in = int(admitted * IN_COST * rng.uniform(0.8, 1.25))
    return [visits - admitted, admitted, cost_out, cost_in, int(cost_in * 0.86), int(cost_out * 0.88)]


_B01_HEADS: list[Header] = [
    ("Dự toán (tỷ đ)", "Nguồn trong năm"), ("Dự toán (tỷ đ)", "Còn lại"), ("Dự toán (tỷ đ)", "Nguồn đến tháng"),
    ("Chi KCB tại CSYT (tỷ đ)",), ("TL sử dụng đến tháng (%)",), ("TL sử dụng so năm (%)",),
    ("Tổng chi KCB của tỉnh (tỷ đ)",), ("Trong đó (tỷ đ)", "ĐKBĐ"), ("Trong đó (tỷ đ)", "Nội tỉnh đến"),
    ("Trong đó (tỷ đ)", "Ngoại tỉnh đến"), ("Trong đó (tỷ đ)", "TTTT tại tỉnh"),
    ("Trong đó (tỷ đ)", "TTTT thanh toán hộ"), ("Lượt TTTT",), ("Nguồn CSSKBĐ (tỷ đ)",),
    ("Tổng dự toán (tỷ đ)",), ("Đã giảm trừ", "Tiền (tỷ đ)"),
    ("Đã giảm trừ", "Tỷ lệ"), ("ARV (tỷ đ)",),
]  # fmt: skip


def _b01(rng: random.Random, units: list[_Unit], style: int) -> ExportTable:
    bases = [_budget(rng, unit.share) for unit in units]

    def cells(base: Sequence[int]) -> list[Cell]:
        budget, to_month, spent, first, inside, outside, direct, behalf, turns, primary, cut, arv = base
        cost = first + inside + outside + direct + behalf
        return [
            budget, budget - (cost - cut), to_month, spent, spent / to_month * 100, spent / budget * 100, cost, first,
            inside, outside, direct, behalf, turns, primary, budget + primary, cut, cut / cost, arv,
        ]  # fmt: skip

    total = [sum(base[place] for base in bases) for place in range(12)]
    whole = [(None, total)] if len(units[0].code) == 2 else []
    rows = [_headed(unit, style, cells(base)) for unit, base in [*whole, *zip(units, bases, strict=True)]]
    return ExportTable("b01", "B01 - SỬ DỤNG DỰ TOÁN CHI KCB", {}, _heads(style, _B01_HEADS), rows)


def _budget(rng: random.Random, share: float) -> list[int]:
    budget = int(120_860_000_000_000 * share * rng.uniform(0.85, 1.15))
    to_month, spent = int(budget * 0.9078), int(budget * rng.uniform(0.9, 1.1))
    parts = [int(spent * part) for part in (0.55, 0.25, 0.15, 0.02, 0.01)]
    return [budget, to_month, spent, *parts, rng.randrange(40, 4_000), int(budget * 0.011), int(spent * 0.004),
            int(spent * 0.002)]  # fmt: skip


_B04_NAMES = ("Chi/lần KCB", "XN", "CĐHA", "Thuốc", "PTTT", "VTYT", "Tiền giường")
_B04_SIZES = (876_488, 268_568, 211_021, 313_790, 1_140_856, 1_145_251, 1_413_728)


def _b04(rng: random.Random, units: list[_Unit], style: int) -> ExportTable:
    def cells() -> list[Cell]:
        return [*(size * rng.uniform(0.7, 1.3) for size in _B04_SIZES), 6.12 * rng.uniform(0.9, 1.1)]

    heads: list[Header] = [*(("Chi bình quân (đ)", name) for name in _B04_NAMES), ("Ngày TTBQ",)]
    rows = [_headed(unit, style, cells()) for unit in _with_regions(units)]
    if style == 2024:  # «KV» stands at the end already
        headed = [*_heads(style, [])[:2], *heads, ("KV",)]
        rows = [[row[0], row[1], *row[3:], row[2]] for row in rows]
        return ExportTable("b04", "B04 - CHI BÌNH QUÂN", _usual(), headed, rows)
    return ExportTable("b04", "B04 - CHI BÌNH QUÂN", _usual(), _heads(style, heads), rows)


def _with_regions(units: list[_Unit]) -> list[_Unit | None]:
    if len(units[0].code) != 2:
        return list(units)
    return [None, *(_Unit(f"V0{n}", f"Vùng {n}", f"V0{n}", 0) for n in range(1, 7)), *units]


_B21_GROUPS = (
    "Số lượt", "Tổng chi (tỷ đ)", "BHTT (tỷ đ)", "Chi BQ (đ)", "TL vào nội trú (%)", "Ngày ĐTBQ", "Ngày giường",
)  # fmt: skip
_B21_PARTS = ("Trong kỳ", "% so kỳ trước", "Kỳ trước", "% so cùng kỳ năm trước", "Năm trước")


def _b21(rng: random.Random, units: list[_Unit], style: int) -> ExportTable:
    bases = [[_three(rng, unit.share) for _ in range(3)] for unit in units]

    def cells(base: Sequence[Sequence[int]]) -> list[Cell]:
        groups: list[list[float]] = [
            [three[0] for three in base], [three[1] for three in base], [three[2] for three in base],
            [three[1] / three[0] for three in base], [10.2, 10.1, 10.0], [6.5, 6.4, 6.6], [7.1, 7.0, 7.2],
        ]  # fmt: skip
        return [cell for now, before, last in groups for cell in
                (now, (now / before - 1) * 100, before, (now / last - 1) * 100, last)]  # fmt: skip

    total = [[sum(base[at][place] for base in bases) for place in range(3)] for at in range(3)]
    whole = [(None, total)] if len(units[0].code) == 2 else []
    rows = [_headed(unit, style, cells(base)) for unit, base in [*whole, *zip(units, bases, strict=True)]]
    heads: list[Header] = [(group, part) for group in _B21_GROUPS for part in _B21_PARTS]
    return ExportTable("b21", "B21 - CHỈ TIÊU GIÁM SÁT CƠ BẢN", {"ma_lydo": -1}, _heads(style, heads), rows)


def _three(rng: random.Random, share: float) -> list[int]:
    out, admitted, cost_out, cost_in, paid_in, paid_out = _visits(rng, share)
    return [out + admitted, cost_out + cost_in, paid_in + paid_out]


_B26_PAIRS = (("BQ chung", 1_076_782), ("% nội trú", 11.17), ("Lần khám BQ", 1.2), ("Ngày ĐTBQ", 6.4),
              ("BQ xét nghiệm", 309_348), ("BQ CĐHA", 220_000), ("BQ thuốc", 333_347), ("BQ phẫu thuật", 2_100_000),
              ("BQ thủ thuật", 480_000), ("BQ VTYT", 1_317_285), ("BQ giường", 1_450_000), ("% chỉ định XN", 41.0),
              ("% chỉ định CĐHA", 38.0))  # fmt: skip
_B26_RANKS = ("Tăng chi BQ", "Tăng TL nội trú", "Tăng TL XN", "Tăng TL CĐHA", "Tỷ trọng (%)")


def _b26(rng: random.Random, units: list[_Unit], style: int) -> ExportTable:
    heads: list[Header] = [("Xếp hạng", name) for name in _B26_RANKS]
    for name, _ in _B26_PAIRS:
        relabelled = style == 2025 and name == "BQ xét nghiệm"
        heads += [(name, "Trong kỳ"), (name, "% kỳ trước" if relabelled else "tăng (%)")]
    rows = []
    for unit in _with_regions(units):
        ranks: list[Cell] = [rng.randrange(1, 64) for _ in range(4)]
        pairs: list[Cell] = []
        for _, size in _B26_PAIRS:
            pairs += [size * rng.uniform(0.8, 1.2), rng.uniform(-8, 9)]
        region = unit.region if unit else None
        code = _headed(unit, 2024, [])[0]
        rows.append([code, unit.name if unit else "Toàn quốc", *ranks, rng.uniform(0.1, 5), *pairs, region])
    parameters: dict[str, Cell] = {
        "loai_kcb": "_All_",
        "loai_bv": "_All_",
        "kieubv": "_All_",
        "tuyen": "_All_",
    }
    headed: list[Header] = [("Mã",), ("Tên",), *heads, ("Mã vùng",)]
    return ExportTable("b26", "B26 - GIA TĂNG CHI PHÍ", parameters, headed, rows)
