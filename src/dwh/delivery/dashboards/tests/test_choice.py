"""The filter bar: periods, units, and where a viewer starts."""

from __future__ import annotations

import pytest

from dwh.delivery.dashboards.choice import Choice, Period, Place, root_of
from dwh.delivery.dashboards.forms import read_choice
from dwh.kernel.errors import Invalid, NotFound
from dwh.kernel.org.scope import OrgScope

HANOI = OrgScope.of({"00.01"})
NATION = OrgScope.of({"00"})
UNTIL = "2026-10"


def read(scope: OrgScope = HANOI, **asked: str) -> Choice:
    return read_choice(asked, scope=scope, root=root_of(scope), data_until=UNTIL)


def test_a_period_runs_from_january_and_is_compared_with_the_same_months():
    period = Period(2026, 10)
    assert (period.label, period.span) == ("10 tháng 2026", "Tháng 1–10/2026")
    assert period.year_before.filter["values"] == ["2025-01", "2025-10"]
    assert Period(2025, 12).label == "Năm 2025"
    assert Period(2025, 8).needs_conversion
    assert not period.needs_conversion


@pytest.mark.parametrize(
    ("codes", "code", "tier", "whole"),
    [
        ({"00"}, "00", "nation", True),
        ({"00.01"}, "00.01", "province", True),
        ({"00.01.501"}, "00.01.501", "office", True),
        ({"00.01.501", "00.01.502"}, "00.01", "province", False),
        ({"00.01", "00.48-2025"}, "00", "nation", False),
    ],
)
def test_a_viewer_starts_at_the_smallest_unit_that_holds_his_area(codes, code, tier, whole):
    root = root_of(OrgScope.of(codes))
    assert (root.code, root.tier, root.whole) == (code, tier, whole)


def test_a_part_of_a_unit_is_never_filtered_by_the_unit_he_may_not_see_whole():
    assert root_of(OrgScope.of({"00.01.501", "00.01.502"})).filters == []
    assert Place("00.01", whole=True).filters == [{"field": "org.province", "op": "in", "values": ["00.01"]}]


def test_without_parameters_the_latest_period_of_the_own_unit_is_shown():
    assert read() == Choice(Period(2026, 10), Place("00.01", whole=True))


def test_the_link_of_a_choice_draws_it_again():
    choice = read(NATION, ky="2026-03", don_vi="00.48-2025", loai="si")
    assert choice.link() == "?ky=2026-03&don_vi=00.48-2025&loai=si"
    assert choice.link(don_vi="") == "?ky=2026-03&loai=si"


@pytest.mark.parametrize("ky", ["2026-11", "2030-01"])
def test_a_period_from_the_future_names_the_last_month_that_has_data(ky):
    with pytest.raises(Invalid, match="tháng gần nhất có số liệu là 10/2026"):
        read(ky=ky)


@pytest.mark.parametrize("asked", [{"ky": "2026-13"}, {"ky": "mot"}, {"loai": "si' or 1=1"}])
def test_nonsense_in_the_address_gets_one_sentence(asked):
    with pytest.raises(Invalid, match="Chọn lại"):
        read(**asked)


@pytest.mark.parametrize("unit", ["00.48-2025", "00", "00.1", "../etc", "00.99"])
def test_another_unit_is_not_told_apart_from_none(unit):
    with pytest.raises(NotFound):
        read(don_vi=unit)
