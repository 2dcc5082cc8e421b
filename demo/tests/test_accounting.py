"""The accounting system tells one story with the collection system, and its books close."""

from __future__ import annotations

import polars as pl
import pytest

from demo.ledger import read_ledger
from demo.sources.nation.geography import UNCHANGED
from demo.tests.reading import read

CELL = ["ma_cq", "ma_tk", "ma_quy"]
NET = pl.col("cuoi_ky_no") - pl.col("cuoi_ky_co")


@pytest.fixture(scope="module")
def papers(home):
    return read(home, "KTTT", "kt_chung_tu")


@pytest.fixture(scope="module")
def lines(home):
    return read(home, "KTTT", "kt_but_toan")


def test_what_was_received_is_what_the_collection_system_was_paid(home, papers):
    spoilt = {"TST-C05", "TST-C06"}  # these changed what was paid in the collection system afterwards
    ids = [row.id for row in read_ledger(home).rows if row.check in spoilt]
    paid = read(home, "TST", "tst_dong_ca_nhan", "so_tien_da_dong")
    received = papers.filter(pl.col("loai_ct").is_in(["thu", "báo có"]) & pl.col("doi_tuong").is_not_null())
    owners = read(home, "TST", "tst_don_vi", "ma_don_vi")["ma_don_vi"].implode()

    mine = received.filter(pl.col("doi_tuong").is_in(owners))["tong_tien"].sum()
    right = paid.filter(~pl.col("id").is_in(ids))["so_tien_da_dong"].sum()
    assert mine == received["tong_tien"].sum()
    assert 0 <= mine - right < 60_000_000 * len(ids)  # the true payments of the spoilt lines


def test_documents_are_the_sum_of_their_entries_but_for_those_in_thousands(home, papers, lines):
    wrong = read_ledger(home).ids("KT-B04")
    sums = lines.group_by("ct_id").agg(
        pl.col("so_tien").sum(), pl.col("id").is_in(list(wrong)).any().alias("off")
    )
    both = papers.join(sums, left_on="so_ct", right_on="ct_id")

    assert len(both) == len(papers)
    assert both.filter(pl.col("so_tien") != pl.col("tong_tien"))["off"].all()
    assert both.filter("off").height == len(wrong)


def test_a_month_opens_with_what_the_month_before_closed_with(home):
    wrong = list(read_ledger(home).ids("KT-S01"))
    b = read(home, "KTTT", "kt_so_du").with_columns(pl.col("ma_quy").fill_null("-"), net=NET)
    before = b.filter(~pl.col("id").is_in(wrong)).select(
        *CELL, "net", ky=pl.col("ky").map_elements(_next, pl.String)
    )
    both = b.join(before, on=["ky", *CELL], suffix="_before")

    assert both.height > 0.85 * b.height
    assert (both["dau_ky_no"] - both["dau_ky_co"] == both["net_before"]).all()


def _next(ky: str) -> str:
    return f"{int(ky) + 1}" if not ky.endswith("12") else f"{int(ky[:4]) + 1}01"


def test_a_closing_leaves_neither_income_nor_spending(home, lines):
    b = read(home, "KTTT", "kt_so_du").filter(
        (pl.col("ky") == "202512") & pl.col("ma_tk").str.contains(r"^[56]-")
    )
    left = b.filter(NET != 0)  # only where an entry was taken back or spoilt after the year was closed
    assert left.height < 0.12 * b.height
    assert lines.filter(pl.col("ma_hoat_dong") == "H901").height > 500


def test_all_of_a_unit_s_books_are_in_balance_every_month(home):
    whole = read(home, "KTTT", "kt_so_du").group_by("ky").agg(pl.col("ps_no").sum(), pl.col("ps_co").sum())
    assert (whole["ps_no"] == whole["ps_co"]).all()


def test_the_old_chart_ends_with_2025(lines, papers):
    old = lines.filter(pl.col("tk_no").str.contains("-") & pl.col("tk_co").str.contains("-"))
    new = lines.filter(~pl.col("tk_no").str.contains("-") & ~pl.col("tk_co").str.contains("-"))

    assert new["ct_id"].str.slice(0, 6).min() == "202601"
    assert old.filter(pl.col("ct_id").str.slice(0, 6) > "202601").is_empty()
    assert papers["ky"].n_unique() == 24


def test_a_budget_moves_whole_from_an_old_province_to_its_heir(home):
    d = read(home, "KTTT", "kt_du_toan")
    moved = d.filter(pl.col("dieu_chinh") != 0)

    assert moved["dieu_chinh"].sum() == 0
    assert set(moved.filter(pl.col("dieu_chinh") < 0)["ngay"]) == {"2025-06-30"}
    assert not set(moved["ma_cq"].str.slice(0, 2).unique()) <= UNCHANGED
    assert (
        0.8 < d.filter(pl.col("nam") == 2025)["so_giao_dau_nam"].sum() / d["so_giao_dau_nam"].sum() * 2 < 1.2
    )


def test_drafts_are_only_in_the_open_month(papers):
    assert set(papers.filter(pl.col("trang_thai") == "nháp")["ky"]) == {"202610"}
    assert papers.filter(pl.col("trang_thai") == "khóa").height > 0.9 * papers.height
