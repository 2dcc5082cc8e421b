"""The words around a table."""

from __future__ import annotations

import pytest

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Filter, Query
from dwh.datapath.tables.caption import condition_of, period_of, title_of

SUBJECT = load_catalog().subject("contributions")


@pytest.mark.parametrize(
    ("rows", "columns", "title"),
    [
        (("org.province",), ("month.year",), "Thu BHXH, BHYT, BHTN theo tỉnh, thành phố và năm"),
        (("org.province", "org.office"), (), "Thu BHXH, BHYT, BHTN theo tỉnh, thành phố › BHXH cơ sở"),
        ((), (), "Thu BHXH, BHYT, BHTN"),
    ],
)
def test_the_title_says_what_the_table_is_cut_by(rows, columns, title):
    assert title_of(Query("contributions", rows, columns, ("due_vnd",)), SUBJECT) == title


def test_the_period_names_its_filter_and_the_last_month_of_data():
    asked = Query("contributions", values=("due_vnd",), filters=(Filter("month.year", "in", ("2025",)),))
    assert period_of(asked, SUBJECT, "2026-10") == "Năm 2025, số liệu đến hết tháng 10/2026"
    assert period_of(Query("contributions"), SUBJECT, "2026-10") == "Số liệu đến hết tháng 10/2026"


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Filter("org.province", "in", ("00.01", "00.48")), "Hà Nội, 00.48"),
        (Filter("fund", "not_in", ("si",)), "trừ si"),
        (Filter("month", "between", ("2025-01", "2025-09")), "từ 1/2025 đến 9/2025"),
        (Filter("month.quarter", "gte", ("2025-Q3",)), "từ Quý III/2025"),
    ],
)
def test_a_condition_reads_as_a_person_says_it(one, said):
    assert condition_of(one, {("org.province", "00.01"): "Hà Nội"}) == said
