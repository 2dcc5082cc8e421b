"""Numbers, dates and words as an official reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dwh.kernel import vi


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234567, 0, "1.234.567"),
        (Decimal("1234567.89"), 2, "1.234.567,89"),
        (-5, 0, "−5"),
        (0, 0, "0"),
        (None, 2, "–"),
        (Decimal("2.345"), 2, "2,35"),
        (Decimal("-2.345"), 2, "−2,35"),
        (Decimal("-0.04"), 1, "0,0"),
        (0.1 + 0.2, 1, "0,3"),
        (999.5, 0, "1.000"),
        (999, 1, "999,0"),
    ],
)
def test_numbers_have_dots_for_thousands_and_a_comma_for_decimals(value, decimals, text):
    assert vi.number(value, decimals) == text


@pytest.mark.parametrize(
    ("vnd", "short"),
    [
        (398_460_123_456_789, ("398.460", "tỷ đồng")),
        (398_460_123_456, ("398,5", "tỷ đồng")),
        (61_540_000_000, ("61,54", "tỷ đồng")),
        (-61_540_000_000, ("−61,54", "tỷ đồng")),
        (870_000_000, ("870,0", "triệu đồng")),
        (999_999, ("999.999", "đồng")),
        (0, ("0", "đồng")),
        (None, ("–", "tỷ đồng")),
    ],
)
def test_money_on_a_board_names_its_unit(vnd, short):
    assert vi.money_short(vnd) == short


def test_counts_percents_and_changes():
    assert vi.count_short(20_840_000, "người") == ("20,84", "triệu người")
    assert vi.count_short(20_840, "người") == ("20.840", "người")
    assert vi.percent(Decimal("96.84")) == "96,8\u00a0%"
    assert vi.percent(None) == "–"
    assert (vi.signed(Decimal("9.4"), 1), vi.signed(-3), vi.signed(0)) == ("+9,4", "−3", "0")


def test_dates_months_quarters_and_states():
    assert vi.date_vi(date(2025, 7, 1)) == "01/07/2025"
    assert vi.datetime_vi(datetime(2025, 10, 13, 22, 42, tzinfo=UTC)) == "14/10/2025 05:42"
    assert vi.month_vi("2025-09") == "9/2025"
    assert vi.quarter_vi("2025-Q3") == "Quý III/2025"
    assert vi.state_vi("provisional") == "Tạm tính"
    assert (vi.date_vi(None), vi.datetime_vi(None), vi.month_vi(None), vi.quarter_vi(None)) == ("–",) * 4


def test_words_sort_as_in_a_vietnamese_dictionary():
    right = [
        "Ba Đình",
        "Bà Rịa",
        "Bạc Liêu",
        "Bắc Ninh",
        "Cần Thơ",
        "Da",
        "Đà Nẵng",
        "Đắk Lắk",
        "Điện Biên",
        "Hà Nội",
    ]
    right += ["Hạ Long", "Hải Phòng", "Hòa Bình", "Hồ Chí Minh", "Huế", "Quý 2", "Quý 10", "Yên Bái"]
    shuffled = right[::2] + right[1::2]
    assert sorted(shuffled, key=vi.sort_key) == right
    assert vi.sort_key("Hoà Bình")[0] == vi.sort_key("Hòa Bình")[0]


def test_search_needs_no_marks():
    assert vi.strip_marks("Đắk Lắk – Thừa Thiên Huế") == "dak lak – thua thien hue"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15))
def test_a_written_number_reads_back_as_itself(value):
    text = vi.number(value, 2)
    back = Decimal(text.replace(".", "").replace(",", ".").replace("−", "-"))
    assert back == value


@given(st.lists(st.text(alphabet="aăâđéèẻẽẹ Hhn0189", max_size=8)))
def test_every_text_has_a_place_in_the_order(words):
    shuffled = words[::2] + words[1::2]
    assert sorted(shuffled, key=vi.sort_key) == sorted(words, key=vi.sort_key)
