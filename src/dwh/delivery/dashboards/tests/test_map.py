"""The map: 34 provinces of today, and always the two archipelagos in their frames."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dwh.datapath.tables.map import Figure, breaks, draw, geo_code, province_shapes, step_of


def test_the_map_has_34_provinces_and_the_two_archipelagos():
    drawn = draw({})
    assert len(drawn.provinces) == 34
    assert [(inset.title, inset.owner) for inset in drawn.insets] == [
        ("Hoàng Sa", "TP Đà Nẵng"),
        ("Trường Sa", "tỉnh Khánh Hòa"),
    ]
    assert all(area.path.startswith("M") for area in (*drawn.provinces, *(i.area for i in drawn.insets)))


def test_every_old_province_is_drawn_inside_exactly_one_province_of_today():
    shapes = province_shapes()
    assert len({name for name, _ in shapes.values()}) == 34
    assert shapes["48"][1].count("M") >= 2  # Đà Nẵng and Quảng Nam


def test_the_archipelagos_have_the_colour_of_their_province():
    drawn = draw({"48": Figure(5, "98,1 %", "?x"), "56": Figure(2, "90 %")})
    assert [(inset.area.step, inset.area.url) for inset in drawn.insets] == [(5, "?x"), (2, "")]


def test_a_province_without_a_figure_says_so():
    hanoi = next(area for area in draw({}).provinces if area.code == "01")
    assert (hanoi.step, hanoi.text, hanoi.url) == (0, "không có số liệu", "")


@pytest.mark.parametrize(
    ("org_code", "code"),
    [("00.01", "01"), ("00.48-2025", "48"), ("00.48-2025.501", "48"), ("00.01.001", "01"), ("00", "")],
)
def test_a_unit_lies_in_its_province(org_code, code):
    assert geo_code(org_code) == code


@given(st.lists(st.decimals(min_value=-1000, max_value=10**7, places=2), min_size=1, max_size=40))
def test_every_value_falls_into_one_of_five_steps_and_larger_never_into_a_lower(values):
    limits = breaks(values)
    assert len(limits) <= 4
    assert limits == sorted(limits)
    steps = [step_of(value, limits) for value in sorted(values)]
    assert steps == sorted(steps)
    assert set(steps) <= {1, 2, 3, 4, 5}


def test_limits_are_round_numbers():
    values = [Decimal("95.13") + Decimal(n) / 10 for n in range(34)]
    assert breaks(values) == [Decimal("95.7"), Decimal("96.4"), Decimal("97.1"), Decimal("97.8")]
