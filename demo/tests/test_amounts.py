"""Arithmetic that must hold exactly: contribution lines, claim lines, totals."""

from __future__ import annotations

import polars as pl
import pytest

from demo.ledger import read_ledger
from demo.tests.reading import read

KEY = ["ma_cskcb", "ma_lk", "lan_gui"]
HUNDREDTHS = ["thanh_tien_bv", "thanh_tien_bh", "t_bntt", "t_bncct", "t_bhtt"]
TOTALS = ["t_thuoc", "t_vtyt", "t_tongchi_bv", "t_tongchi_bh", "t_bntt", "t_bncct", "t_bhtt", "t_bhtt_gdv"]


def whole(names: list[str]) -> list[pl.Expr]:
    return [(pl.col(n) * 100).round().cast(pl.Int64) for n in names]


@pytest.fixture(scope="module")
def lines(home):
    own = f"{' '.join(KEY)} {' '.join(HUNDREDTHS)} muc_huong tyle_tt_bh ma_nhom"
    drugs = read(home, "GIAMDINH", "gd_thuoc", own).with_columns(drug=pl.lit(value=True))
    services = read(home, "GIAMDINH", "gd_dvkt", own).with_columns(drug=pl.lit(value=False))
    return pl.concat([drugs, services]).with_columns(whole(HUNDREDTHS))


def test_the_fund_the_patient_and_the_rest_make_up_every_line(lines):
    assert (lines["t_bhtt"] + lines["t_bncct"] == lines["thanh_tien_bh"]).all()
    assert (lines["thanh_tien_bh"] + lines["t_bntt"] == lines["thanh_tien_bv"]).all()


def test_the_fund_pays_the_level_of_benefit_rounded_half_up(lines):
    expected = (lines["thanh_tien_bh"] * lines["muc_huong"] + 50) // 100

    assert (lines["t_bhtt"] == expected).all()


def test_every_total_is_the_sum_of_its_lines(home, lines):
    wrong = read_ledger(home).ids("GD-H06")
    claims = read(home, "GIAMDINH", "gd_ho_so", f"{' '.join(KEY)} {' '.join(TOTALS)}").with_columns(
        whole(TOTALS)
    )
    supply = pl.col("ma_nhom").is_in([10, 11])
    sums = lines.group_by(KEY).agg(
        pl.col("thanh_tien_bv").filter("drug").sum().alias("s_thuoc"),
        pl.col("thanh_tien_bv").filter(~pl.col("drug") & supply).sum().alias("s_vtyt"),
        pl.col(HUNDREDTHS).sum().name.prefix("s_"),
    )
    both = claims.filter(~pl.col("id").is_in(list(wrong))).join(sums, on=KEY, how="left").fill_null(0)

    for total, of_lines in (
        ("t_thuoc", "s_thuoc"), ("t_vtyt", "s_vtyt"), ("t_tongchi_bv", "s_thanh_tien_bv"), ("t_bntt", "s_t_bntt"),
        ("t_tongchi_bh", "s_thanh_tien_bh"), ("t_bncct", "s_t_bncct"), ("t_bhtt", "s_t_bhtt"),
    ):  # fmt: skip
        assert (both[total] == both[of_lines]).all(), total
    assert (both["t_bhtt"] == both["t_bhtt_gdv"]).all()
    assert (both["t_bhtt"] == both["t_tongchi_bh"] - both["t_bncct"]).all()


def test_days_of_treatment_follow_the_kind_of_visit(home):
    ledger = read_ledger(home)
    bad = ledger.ids("GD-H02") | ledger.ids("GD-H03") | ledger.ids("GD-H09")
    claims = read(home, "GIAMDINH", "gd_ho_so", "ngay_vao ngay_ra so_ngay_dtri ma_loai_kcb")
    claims = claims.filter(~pl.col("id").is_in(list(bad)))
    first, last = (pl.col(c).str.slice(0, 8).str.to_date("%Y%m%d") for c in ("ngay_vao", "ngay_ra"))
    claims = claims.with_columns(span=(last - first).dt.total_days() + 1)

    assert (claims.filter(pl.col("ma_loai_kcb").is_in(["01", "07", "09"]))["so_ngay_dtri"] == 0).all()
    counted = claims.filter(pl.col("ma_loai_kcb").is_in(["02", "03", "04"]))
    assert (counted["so_ngay_dtri"] == counted["span"]).all()


def test_nothing_is_paid_beyond_what_is_due_and_one_line_per_key(home):
    rows = read(home, "TST", "tst_dong_ca_nhan")
    due = rows["so_tien_ld"] + rows["so_tien_sd"] + rows["so_tien_nsnn"]

    too_much = rows.filter(rows["so_tien_da_dong"] > due)["id"].to_list()
    assert set(too_much) == read_ledger(home).ids("TST-C09")
    assert (rows["so_tien_da_dong"] >= 0).all()
    assert not rows.select("ky", "ma_so_bhxh", "ma_don_vi", "quy").is_duplicated().any()


def test_a_claim_is_about_the_holder_of_its_card(home):
    claims = read(home, "GIAMDINH", "gd_ho_so", "ma_the_bhyt ma_bn ho_ten so_cccd")
    people = read(home, "TST", "tst_nguoi_tham_gia", "ma_so_bhxh ho_ten so_ddcn").drop("id")
    joined = claims.join(people, left_on="ma_bn", right_on="ma_so_bhxh", how="left")

    assert (claims["ma_the_bhyt"].str.slice(5) == claims["ma_bn"]).all()
    assert (joined["ho_ten"] == joined["ho_ten_right"]).all()
    assert joined["so_cccd"].eq_missing(joined["so_ddcn"]).all()
