"""Exports of 2024 and of 2025 are read the same: columns by header, provinces by the list of their time."""

from __future__ import annotations

from decimal import Decimal

import pytest

from demo.sources.monitoring_exports import write_csv, write_xlsx
from dwh.datapath.sources.files.problem import FileRefused
from dwh.datapath.sources.manual.tests.exports import read, table

REPORTS = ("b01", "b02", "b04", "b21", "b26")


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("month", ["2024-11", "2025-05", "2025-10"])
@pytest.mark.parametrize("province", ["00", "08"])
def test_a_good_export_is_read_whole(tmp_path, report, month, province):
    made = table(report, month, province=province)
    found = read(write_xlsx(tmp_path / "a.xlsx", made))
    assert (found.layout.id, len(found.rows), list(found.held)) == (report, len(made.rows), [])
    assert found.heading.unknown == []
    assert found.list_name == ("34" if month >= "2025-07" else "63")
    assert [column.name for column in found.heading.missing if not column.is_optional] == []


@pytest.mark.parametrize(
    ("delimiter", "vietnamese"), [(",", False), (";", True), ("\t", False), ("\t", True)]
)
@pytest.mark.parametrize("report", REPORTS)
def test_a_csv_says_the_same_as_the_workbook(tmp_path, report, delimiter, vietnamese):
    made = table(report)
    whole = read(write_xlsx(tmp_path / "a.xlsx", made))
    flat = read(write_csv(tmp_path / "a.csv", made, delimiter=delimiter, vietnamese=vietnamese))
    for first, second in zip(whole.rows, flat.rows, strict=True):
        assert (first.unit, first.area, first.region) == (second.unit, second.area, second.region)
        for name, value in first.values.items():
            assert value == second.values[name] or abs(value - second.values[name]) <= Decimal("0.01")


def test_the_region_of_2025_is_not_the_area_in_its_old_place(tmp_path):
    """B02 of 2025 has «Mã khu vực» where 2024 had «Mã vùng»: by position, area 19 would be read as a region."""
    old, new = (
        read(write_xlsx(tmp_path / f"{style}.xlsx", table("b02", "2025-05", style=style)))
        for style in (2024, 2025)
    )
    assert [row.region for row in old.rows] == [row.region for row in new.rows]
    assert {row.area for row in old.rows} == {None}
    assert all(1 <= (row.area or 0) <= 35 for row in new.rows[1:])
    assert [row.values for row in old.rows] == [row.values for row in new.rows]


def test_columns_in_any_order_give_the_same(tmp_path):
    made = table()
    expected = read(write_xlsx(tmp_path / "a.xlsx", made)).rows
    order = list(range(len(made.headers)))[::-1]
    made.headers = [made.headers[place] for place in order]
    made.rows = [[row[place] for place in order] for row in made.rows]
    assert [row.values for row in read(write_xlsx(tmp_path / "b.xlsx", made)).rows] == [
        r.values for r in expected
    ]


def test_a_province_comes_as_2_02_and_87(tmp_path):
    made = table("b02", "2024-11")
    made.row("02")[0], made.row("04")[0], made.row("87")[0] = 2, "4", 87
    assert {"02", "04", "87"} <= {row.unit.code for row in read(write_xlsx(tmp_path / "a.xlsx", made)).rows}


def test_a_code_given_anew_is_read_in_the_list_of_its_time(tmp_path):
    """24 was Bắc Giang until 30/06/2025 and is Bắc Ninh since."""
    before, after = (
        read(write_xlsx(tmp_path / f"{month}.xlsx", table("b02", month))) for month in ("2025-06", "2025-07")
    )
    names = [next(row.name for row in found.rows if row.unit.code == "24") for found in (before, after)]
    assert names == ["Bắc Giang", "Bắc Ninh"]


def test_a_period_over_the_reform_is_told_by_the_codes_it_has(tmp_path):
    made = table("b02", "2025-10")
    made.parameters |= {"tu_thang": 5, "den_thang": 9}
    assert read(write_xlsx(tmp_path / "a.xlsx", made)).list_name == "34"
    old = table("b02", "2025-05")
    old.parameters |= {"tu_thang": 5, "den_thang": 9}
    assert read(write_xlsx(tmp_path / "b.xlsx", old)).list_name == "63"


def test_over_the_reform_one_code_is_told_by_its_name_or_held(tmp_path):
    made = table("b02", "2025-10")
    made.parameters |= {"tu_thang": 5, "den_thang": 9}
    keep = {24: "Bắc Giang", 52: "Gia Lai", 1: "Hà Nội"}
    made.rows = [row for row in made.rows if str(row[0]).isdigit() and int(row[0]) in keep]
    for row in made.rows:
        row[1] = keep[int(row[0])]
    found = read(write_xlsx(tmp_path / "a.xlsx", made))
    assert {(row.unit.code, row.unit.list_name) for row in found.rows} == {("24", "63"), ("52", "34")}
    [held] = found.held  # Hà Nội is 01 in both: which of them the row means cannot be known
    assert "cả danh mục 63 và 34" in held.problem.sentence


@pytest.mark.parametrize(
    ("power", "unit"), [(0, "đồng"), (3, "nghìn đồng"), (6, "triệu đồng"), (9, "tỷ đồng")]
)
@pytest.mark.parametrize("report", ["b01", "b02", "b21"])
def test_amounts_are_taken_by_their_size_not_by_the_header(tmp_path, report, power, unit):
    made = table(report)
    expected = read(write_xlsx(tmp_path / "a.xlsx", made))
    money = {column.name for column in expected.layout.figures if column.unit in ("total", "budget")}
    for name in money:
        place = expected.heading.known[name].place
        for row in made.rows:
            row[place] = row[place] / 10**power if isinstance(row[place], int | float) else row[place]
    found = read(write_xlsx(tmp_path / "b.xlsx", made))
    scale = found.scales["budget" if report == "b01" else "total"]
    assert scale.power == power
    assert bool(scale.note) is (power != 9)  # the header says tỷ
    pairs = zip(expected.rows, found.rows, strict=True)
    assert all(abs(a.values[name] - b.values[name]) <= 1 for a, b in pairs for name in money)


def test_no_unit_makes_sense_and_the_file_is_refused(tmp_path):
    made = table("b04")
    for row in made.rows:
        row[made.place("Chi bình quân (đ)", "Chi/lần KCB")] = 3.5e-7
    with pytest.raises(FileRefused, match="không rõ đơn vị tính"):
        read(write_xlsx(tmp_path / "a.xlsx", made))


def test_far_from_the_last_load_no_unit_is_believed(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", table("b01"))
    assert read(path, last={"budget": 1.2e14}).scales["budget"].power == 0
    with pytest.raises(FileRefused, match="lần nạp trước là"):
        read(path, last={"budget": 2.0e17})


@pytest.mark.parametrize(
    ("report", "code", "header", "rule"),
    [("b01", "10", ("Dự toán (tỷ đ)", "Còn lại"), "B01-01"), ("b01", "10", ("TL sử dụng đến tháng (%)",), "B01-02"),
     ("b01", "10", ("TL sử dụng so năm (%)",), "B01-03"), ("b01", "10", ("Trong đó (tỷ đ)", "ĐKBĐ"), "B01-04"),
     ("b01", "10", ("Tổng dự toán (tỷ đ)",), "B01-05"), ("b01", "10", ("Đã giảm trừ", "Tỷ lệ"), "B01-06"),
     ("b01", "00", ("ARV (tỷ đ)",), "B01-07"),
     ("b02", "10", ("Lượt KCB", "Ngoại trú"), "B02-01"), ("b02", "10", ("TL nội trú (%)",), "B02-02"),
     ("b02", "10", ("Chi bình quân (đ)", "Chung"), "B02-03"),
     ("b02", "10", ("Chi bình quân (đ)", "Ngoại trú"), "B02-04"),
     ("b02", "10", ("Chi bình quân (đ)", "Nội trú"), "B02-05"),
     ("b02", "10", ("Chi KCB (tỷ đ)", "Tỷ lệ % so cả nước"), "B02-07"),
     ("b02", "10", ("BHYT thanh toán (tỷ đ)", "Nội trú"), "B02-08"), ("b02", "00", ("Lượt KCB", "Tổng"), "B02-09"),
     ("b21", "10", ("Chi BQ (đ)", "Trong kỳ"), "B21-01")],
)  # fmt: skip
def test_a_row_that_breaks_its_report_is_held_alone(tmp_path, report, code, header, rule):
    made = table(report, "2024-11")
    value = made.cell(code, *header)
    made.put(code, value + 1_000 if isinstance(value, int) else value * 1.1, *header)
    found = read(write_xlsx(tmp_path / "a.xlsx", made))
    [held] = found.held
    assert (held.problem.code, held.number) == (rule, 7 + [str(r[0]).zfill(2) for r in made.rows].index(code))
    assert len(found.rows) == len(made.rows) - 1


def test_a_row_in_thousands_among_dong_is_held(tmp_path):
    made = table("b04", "2024-11")
    made.row("10")[:] = [cell / 100_000 if isinstance(cell, float) else cell for cell in made.row("10")]
    [held] = read(write_xlsx(tmp_path / "a.xlsx", made)).held
    assert held.problem.code == "XLS-43"


def test_a_facility_gets_its_nought_back_only_where_its_province_proves_it(tmp_path):
    made = table("b02", "2024-11", province="08")
    made.rows[0][0], made.rows[1][0] = 8001, 9002
    found = read(write_xlsx(tmp_path / "a.xlsx", made))
    assert found.rows[0].unit.code == "08001"
    assert [held.number for held in found.held] == [8]


def test_a_row_of_column_numbers_and_what_stands_below_the_table_is_left_out(tmp_path):
    made = table()
    made.rows.insert(0, [f"({number})" for number in range(1, len(made.headers) + 1)])
    made.rows += [[None] * len(made.headers), [None, "Người lập biểu", None, None, "Thủ trưởng đơn vị"]]
    found = read(write_xlsx(tmp_path / "a.xlsx", made))
    assert (len(found.rows), list(found.held), found.left_out) == (64, [], 2)


def test_the_label_of_2025_means_the_same(tmp_path):
    found = read(write_xlsx(tmp_path / "a.xlsx", table("b26", "2025-05")))
    assert found.heading.known["bq_xn_tang_pct"].header == "BQ xét nghiệm / % kỳ trước"
