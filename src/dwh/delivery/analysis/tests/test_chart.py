"""What the chart draws of an arranged answer."""

from __future__ import annotations

from decimal import Decimal

from dwh.datapath.tables.pivot import arrange
from dwh.delivery.analysis.chart import chart_of, reasons_against
from dwh.delivery.analysis.chart_parts import MAX_NAMES
from dwh.delivery.analysis.tests import made


def _chart(answer):
    return chart_of(arrange(answer), answer, data_until="2026-10")


def test_sums_over_years_are_stacked_with_the_engine_s_total_at_the_end():
    data = _chart(made.by_province_and_year(value=lambda place: (place + 1) * 10**9)).data
    assert (data["kind"], data["names"]) == ("stacked", ["Hà Nội", "Đà Nẵng"])
    assert data["totals"] == ["3,00", "6,00"]  # as answered, not added up here
    assert data["unit"] == "tỷ đồng"


def test_the_year_that_still_receives_data_is_marked_provisional():
    series = _chart(made.by_province_and_year()).data["series"]
    assert [(one["name"], one["open"]) for one in series] == [
        ("Năm 2025", False), ("Năm 2026 (tạm tính)", True),
    ]  # fmt: skip


def test_a_rate_is_never_stacked():
    data = _chart(made.by_province_and_year(made.RATE, value=lambda place: Decimal("96.80"))).data
    assert (data["kind"], data["totals"]) == ("bar", None)
    assert data["series"][0]["texts"] == ["96,80", "96,80"]


def test_time_on_rows_makes_lines():
    fields = (made.YEAR,)
    rows = [made.row(fields, (member,), 5) for member in (*made.YEARS, made.TOTAL)]
    data = _chart(made.answer(fields, (), (made.MONEY,), rows)).data
    assert (data["kind"], data["horizontal"], data["names"]) == ("line", False, ["Năm 2025", "Năm 2026"])


def test_only_the_largest_names_are_drawn_and_the_rest_is_said():
    provinces = [(f"00.{n:02d}", f"Tỉnh {n}") for n in range(40)]
    chart = _chart(made.by_province_and_year(provinces=provinces))
    assert len(chart.data["names"]) == MAX_NAMES
    assert chart.data["names"][0] == "Tỉnh 39"
    assert "25 dòng khác ở thẻ Bảng" in chart.note


def test_nothing_to_draw_is_said_as_such():
    rows = [made.row((), (), 5)]
    assert _chart(made.answer((), (), (made.MONEY,), rows)) is None
    assert _chart(made.by_province_and_year(value=lambda place: None)) is None


def _of(answer, kind):
    return chart_of(arrange(answer), answer, data_until="2026-10", kind=kind)


def test_each_kind_that_cannot_be_drawn_says_why():
    one = reasons_against(arrange(made.by_province_and_year(made.RATE, value=lambda place: Decimal(1))))
    assert one["stacked"] == one["pareto"] == one["area"] == "«Tỷ lệ thu» không cộng được"
    assert one["scatter"] == "cần hai chỉ tiêu ở Giá trị"
    assert (one["bar"], one["line"], one["heat"], one["map"]) == ("", "", "", "")
    flat = reasons_against(arrange(made.by_province_and_office()))
    assert (flat["line"], flat["heat"]) == ("cần kỳ ở Hàng hoặc Cột", "cần một chiều ở Cột")
    assert _of(made.by_province_and_office(), "line") is None


def test_lines_take_the_periods_of_the_columns_and_the_largest_rows():
    data = _of(made.by_province_and_year(), "line").data
    assert (data["names"], data["kind"]) == (["Năm 2025", "Năm 2026"], "line")
    assert [one["name"] for one in data["series"]] == ["Đà Nẵng", "Hà Nội"]


def test_a_scatter_puts_two_measures_of_each_row_against_each_other():
    chart = _of(made.by_province_and_year(made.MONEY, made.RATE), "scatter")
    assert [one["name"] for one in chart.data["points"]] == ["Đà Nẵng", "Hà Nội"]
    assert (chart.data["x"], chart.data["y"]) == ("Số tiền đã thu (đồng)", "Tỷ lệ thu (%)")
    assert chart.rows[0] == ("Đà Nẵng", "5", "5,00")


def test_a_heat_map_has_a_square_for_each_part_with_its_number():
    chart = _of(made.by_province_and_year(), "heat")
    assert chart.data["columns"] == ["Năm 2025", "Năm 2026"]
    assert [one[3] for one in chart.data["cells"]] == ["0", "3", "1", "4"]
    assert all(1 <= one[2] <= 5 for one in chart.data["cells"])


def test_a_pareto_runs_to_the_whole_of_all_rows():
    provinces = [(f"00.{n:02d}", f"Tỉnh {n}") for n in range(20)]
    chart = _of(made.by_province_and_year(provinces=provinces), "pareto")
    shares = chart.data["line"]["values"]
    assert shares == sorted(shares)
    assert shares[-1] < 100  # five rows are not drawn, yet they are in the whole
    assert _of(made.by_province_and_year(), "pareto").data["line"]["texts"][-1] == "100,0"


def test_the_map_has_the_provinces_of_the_tree_and_both_archipelagos():
    chart = _of(made.by_province_and_year(), "map")
    assert len(chart.drawing.provinces) == 34
    assert [one.title for one in chart.drawing.insets] == ["Hoàng Sa", "Trường Sa"]
    told = {one.code: one.text for one in chart.drawing.provinces}
    assert (told["01"], told["04"]) == ("2 đồng", "không có số liệu")
    old = [("00.01", "Hà Nội"), ("00.02", "Hà Giang")]
    before = _of(made.by_province_and_year(provinces=old), "map").drawing.provinces
    assert (len(before), {one.code: one.name for one in before}["02"]) == (63, "Hà Giang")


def test_every_chart_has_its_table():
    for kind in ("auto", "line", "bar", "stacked", "area", "scatter", "heat", "pareto", "map"):
        chart = _of(made.by_province_and_year(made.MONEY, made.HEADS), kind)
        assert chart.rows, kind
        assert {len(row) for row in chart.rows} == {len(chart.heads)}, kind
