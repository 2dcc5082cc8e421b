"""What the chart draws of an arranged answer."""

from __future__ import annotations

from decimal import Decimal

from dwh.datapath.tables.pivot import arrange
from dwh.delivery.analysis.chart import MAX_NAMES, chart_of
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
