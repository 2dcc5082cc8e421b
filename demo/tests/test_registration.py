"""Households and numbers look like the nation, and agree with the collection system."""

from __future__ import annotations

import polars as pl
import pytest

from demo.sources.nation.premiums import make_premiums
from demo.sources.nation.residence import make_residence
from demo.sources.nation.world import make_world
from demo.tests.reading import read, scalar


@pytest.fixture(scope="module")
def world():
    return make_world(0.001, 2026)


def test_twenty_eight_thousand_households_hold_everybody(world):
    homes = make_residence(world.people, world.homes, world.seed)

    assert len(homes.codes) == pytest.approx(28_000, rel=0.05)
    assert len(set(homes.codes)) == len(homes.codes)
    assert (homes.district[homes.home] == world.people.district).all()
    assert (homes.order[homes.head] == 1).all()


def test_those_who_pay_live_in_the_household_the_collection_system_names(world):
    homes = make_residence(world.people, world.homes, world.seed)
    paying = [i for i, code in enumerate(world.homes.codes) if code is not None]

    assert (homes.codes[homes.home[paying]] == world.homes.codes[paying]).all()


def test_the_months_paid_for_are_the_months_of_the_collection_system(world):
    paid = make_premiums(world)
    spans = zip(paid.person, paid.month, paid.months, paid.deleted, strict=True)
    covered = [(int(i), m + k) for i, m, length, gone in spans if not gone for k in range(length)]
    pool = world.activity.household
    active = {(int(pool.members[i]), m) for i, m in zip(*pool.months.nonzero(), strict=True)}

    assert len(covered) == len(set(covered))
    assert {c for c in covered if 12 <= c[1] < 24} == {
        a for a in active if a[1] >= 12
    }  # older terms have run out by then


def test_a_second_number_is_in_the_register_and_in_the_pairs(tiny_home):
    pairs = read(tiny_home, "HGD", "hgd_trung_ma", "ma_chinh ma_phu trang_thai")
    known = read(tiny_home, "TST", "tst_nguoi_tham_gia", "ma_so_bhxh")["ma_so_bhxh"].implode()
    lines = read(tiny_home, "TST", "tst_dong_ca_nhan", "ma_so_bhxh")["ma_so_bhxh"].implode()

    assert pairs.filter(~(pl.col("ma_chinh").is_in(known) & pl.col("ma_phu").is_in(known))).is_empty()
    assert pairs.filter((pl.col("trang_thai") == "xác nhận") & pl.col("ma_phu").is_in(lines)).height >= 3


def test_the_citizen_number_stands_for_the_number_since_august_2025(tiny_home):
    sql = "SELECT count(*) FROM hgd_dong_bhyt WHERE length(ma_so_bhxh) = 12 AND ngay_dong {} '2025-08-01'"

    assert scalar(tiny_home, "HGD", sql.format(">=")) > 0
    assert scalar(tiny_home, "HGD", sql.format("<")) == 0
