"""The benefit system: proportions of the nation, amounts that follow from decisions, one story with the others."""

from __future__ import annotations

import polars as pl
import pytest

from demo.ledger import read_ledger
from demo.sources.nation.dossiers import make_dossiers
from demo.sources.nation.geography import provinces
from demo.sources.nation.out_of_work import make_awards, make_lump_sums
from demo.sources.nation.times import MONTH_STARTS, month_of
from demo.sources.nation.turns import KINDS, make_turns
from demo.sources.nation.world import make_world
from demo.tests.reading import read

DEC_2024, YEAR_2025 = 1, slice(2, 14)
PAYMENTS = "tcs_chi_tra_thang"


@pytest.fixture(scope="module")
def world():
    return make_world(0.001, 2026)


@pytest.fixture(scope="module")
def dossiers(world):
    return make_dossiers(world)


def in_2025(month) -> int:
    return int(((month >= YEAR_2025.start) & (month < YEAR_2025.stop)).sum())


def test_three_million_people_are_on_the_roll_and_as_many_join_as_published(dossiers):
    on_roll = [int(((dossiers.first <= m) & (dossiers.last >= m)).sum()) for m in range(24)]
    joined = in_2025(month_of(dossiers.since))

    assert on_roll[DEC_2024] == pytest.approx(3_300, rel=0.02)
    assert min(on_roll) > 3_200
    assert joined == pytest.approx(198, abs=4)


def test_a_third_is_paid_by_the_budget_and_three_quarters_are_pensions(dossiers):
    old = dossiers.since < MONTH_STARTS[0]
    budget = (dossiers.source[old] == "NSNN").mean()
    pensions = (dossiers.benefit[old] <= "03").mean()

    assert budget == pytest.approx(0.30, abs=0.05)
    assert pensions == pytest.approx(0.80, abs=0.05)


def test_turns_lump_sums_and_awards_of_2025_are_as_many_as_published(world):
    turns = make_turns(world)

    assert in_2025(month_of(turns.approved)) == pytest.approx(9_715, rel=0.03)
    assert in_2025(month_of(make_lump_sums(world).decided)) == pytest.approx(1_151, rel=0.02)
    assert in_2025(make_awards(world).month) == pytest.approx(771, rel=0.03)
    assert not (
        ~world.people.women[turns.person] & (turns.kind == [k[0] for k in KINDS].index("sinh con"))
    ).any()


def test_the_level_at_the_decision_is_the_salary_times_the_rate(home):
    rows = read(home, "TCS", "tcs_ho_so_huong", "mbq_tien_luong ty_le_huong muc_huong").drop_nulls()
    product = rows["mbq_tien_luong"] * (rows["ty_le_huong"] * 100).round().cast(pl.Int64)

    assert rows.height > 50
    assert ((product + 5_000) // 10_000 == rows["muc_huong"]).all()
    assert rows["ty_le_huong"].is_between(45, 75).all()


def test_every_regular_payment_is_the_level_in_force_that_month(home):
    levels = read(home, "TCS", "tcs_muc_huong_ls", "so_ho_so tu_ngay muc_huong created_at")
    paid = read(home, "TCS", PAYMENTS, "ky so_ho_so so_tien khoan").filter(
        pl.col("khoan") == "lương hưu", pl.col("so_ho_so").str.starts_with("HS")
    )
    retroactive = levels.filter(pl.col("id").is_in(list(read_ledger(home).ids("XD-M01"))))["so_ho_so"]
    since, ky = pl.col("tu_ngay").str.replace_all("-", "").str.slice(0, 6), pl.col("ky")
    both = paid.join(levels.drop("id"), on="so_ho_so").filter(since <= ky).sort("tu_ngay")
    last = both.group_by("id").agg(
        pl.col("so_tien").last(), pl.col("muc_huong").last(), pl.col("so_ho_so").last()
    )
    usual = last.filter(~pl.col("so_ho_so").is_in(retroactive.to_list()))

    assert last.height == paid.height
    assert (usual["so_tien"] == usual["muc_huong"]).all()


def test_nobody_is_paid_twice_in_a_month_but_by_mistake(home):
    mistakes = read_ledger(home).ids("XD-T03")
    paid = read(home, "TCS", PAYMENTS, "ky so_ho_so khoan").filter(pl.col("khoan") == "lương hưu")

    twice = paid.filter(pl.struct("ky", "so_ho_so").is_duplicated())
    assert twice.height == 2 * len(mistakes)
    assert mistakes <= set(twice["id"].to_list())


def test_a_turn_is_of_somebody_the_employer_pays_for_at_the_wage_he_pays_on(home):
    turns = read(home, "TCS", "tcs_ngan_han", "ma_don_vi ma_so_bhxh tu_ngay muc_bq").with_columns(
        ky=pl.col("tu_ngay").str.replace_all("-", "").str.slice(0, 6)
    )
    wrong = {row.id for row in read_ledger(home).rows if row.table == "tst_dong_ca_nhan"}
    lines = read(home, "TST", "tst_dong_ca_nhan", "ky ma_don_vi ma_so_bhxh quy can_cu_dong").filter(
        pl.col("quy") == "ODTS", ~pl.col("id").is_in(list(wrong))
    )
    both = turns.join(lines, on=["ky", "ma_don_vi", "ma_so_bhxh"], how="left")

    assert both["can_cu_dong"].null_count() <= len(wrong)
    assert (both["muc_bq"] == both["can_cu_dong"]).drop_nulls().all()


def test_the_unemployed_do_not_contribute_while_they_are_paid(home):
    paid = read(home, "TCS", PAYMENTS, "ky ma_so_bhxh loai_che_do").filter(pl.col("loai_che_do") == "41")
    lines = read(home, "TST", "tst_dong_ca_nhan", "ky ma_so_bhxh quy").filter(pl.col("quy") == "HTTT")

    assert paid.height > 100
    assert paid.join(lines, on=["ky", "ma_so_bhxh"], how="semi").is_empty()


def test_everybody_in_the_benefit_system_is_in_the_register_under_his_name(home):
    wrong = {row.id for row in read_ledger(home).rows if row.table == "tcs_ho_so_huong"}
    register = read(home, "TST", "tst_nguoi_tham_gia", "ma_so_bhxh ho_ten ngay_sinh").drop("id")
    rows = read(home, "TCS", "tcs_ho_so_huong", "ma_so_bhxh ho_ten ngay_sinh").filter(
        ~pl.col("id").is_in(list(wrong))
    )

    assert rows.join(register, on=["ma_so_bhxh", "ho_ten", "ngay_sinh"], how="anti").is_empty()


def test_a_move_leads_to_another_province_then_and_today(home):
    today = {p.code: p.new_code for p in provinces()}
    for _, gone, came, day in read(home, "TCS", "tcs_di_chuyen", "tinh_di tinh_den ngay").iter_rows():
        names = (today[gone], today[came]) if day < "2025-07-01" else (gone, came)
        assert gone != came
        assert names[0] != names[1]


def test_nobody_who_died_has_a_card_afterwards(home):
    deaths = read(home, "TCS", "tcs_tu_tuat", "ma_so_bhxh_nguoi_chet ngay_chet").drop("id")
    cards = (
        read(home, "TST", "tst_the_bhyt", "ma_so_bhxh den_ngay")
        .group_by("ma_so_bhxh")
        .agg(pl.col("den_ngay").max())
    )
    both = deaths.join(cards, left_on="ma_so_bhxh_nguoi_chet", right_on="ma_so_bhxh")

    made_up = both.filter(pl.col("den_ngay") > pl.col("ngay_chet")).height  # see `_enough_deaths`
    assert made_up <= 2 * len(read_ledger(home).ids("XD-T02"))
