"""Dossiers look like those of the nation: how many, of which procedure, when, and how long they took."""

from __future__ import annotations

import polars as pl
import pytest

from demo.sources.nation.procedures import listed, procedures
from demo.sources.org import office_codes
from demo.tests.reading import read


@pytest.fixture(scope="module")
def filed(home):
    return read(home, "GDDT", "gdt_ho_so")


def test_a_hundred_million_a_year_at_this_scale(filed):
    year = filed.filter(pl.col("ngay_tiep_nhan").str.starts_with("2025"))

    assert year.height == pytest.approx(10_000, rel=0.1)


def test_115_procedures_became_25():
    until_reform = {row.code for row in listed() if row.until == "2025-07-01"}

    assert (len(until_reform), len(procedures())) == (115, 25)
    assert {row.code for row in listed() if row.until is None} == set(procedures().codes)


def test_the_source_promises_calendar_days_whatever_the_limit_says(filed):
    day = pl.col("ngay_tiep_nhan").str.slice(0, 8).str.to_date("%Y%m%d", strict=False)
    promised = (pl.col("ngay_hen_tra").str.to_date() - day).dt.total_days()
    new = filed.filter(pl.col("ma_thu_tuc") == "BHXH.10").select(promised.alias("days"))["days"].drop_nulls()

    assert set(new.to_list()) == {3}


def test_most_dossiers_are_electronic_and_most_results_come_in_time(filed):
    paper = filed["kenh"].is_in(["bưu chính", "trực tiếp"]).mean()
    late = filed.filter(pl.col("ngay_tra").str.slice(0, 8) > pl.col("ngay_hen_tra").str.replace_all("-", ""))

    assert 0.1 < paper < 0.3
    assert 0.03 < late.height / filed.height < 0.5  # by the calendar days of the source, weekends count


def test_a_dossier_belongs_to_an_employer_or_to_a_person_of_the_other_systems(home, filed):
    people = read(home, "TST", "tst_nguoi_tham_gia", "ma_so_bhxh")["ma_so_bhxh"].implode()
    firms = read(home, "TST", "tst_don_vi", "ma_don_vi")["ma_don_vi"].implode()
    known = pl.col("ma_so_bhxh").is_in(people) | pl.col("ma_don_vi").is_in(firms)

    assert (filed["ma_don_vi"].is_null() != filed["ma_so_bhxh"].is_null()).all()
    assert filed.filter(known).height > 0.99 * filed.height  # some people are planted with a damaged number


def test_who_received_it_is_the_office_of_that_day_and_who_closed_it_of_the_later_one(filed):
    old, new = list(set(office_codes().before)), list(set(office_codes().after))
    before = filed.filter(pl.col("ngay_tiep_nhan") < "20250701")
    across = before.filter(pl.col("ngay_tra") > "20250701")

    assert before["ma_cq_tiep_nhan"].is_in(old).all()
    assert across.height > 0
    assert across["ma_cq_bhxh"].is_in(new).all()
