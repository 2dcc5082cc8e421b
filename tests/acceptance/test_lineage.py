"""A cell's origin equals what the source databases and the landing folder hold, counted without the program."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pyarrow.parquet as pq
import pytest

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.tables.cell import question_about
from dwh.governance import gate
from dwh.governance.protection.lineage import lineage_of
from dwh.kernel.actor import operator
from dwh.kernel.errors import Denied
from tests.conftest import settings_of
from tests.oracle.units import org_levels

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.django_db(transaction=True)]
HANOI, DANANG = "00.01", "00.48-2025"
MONTH = "2025-09"
LINES, CLAIMS = "tst_dong_ca_nhan", "gd_ho_so"


@pytest.fixture
def home(built_home, settings):
    """Let the gate read the demonstration; returns its folder."""
    settings.DATAPATH = settings_of(built_home)
    gate.refresh_units(by=operator("Kiểm thử"))
    return built_home


def answer_about(who, today, subject, measure, *members):
    """Return the answer about a cell of provinces by months: `members` are its province and month."""
    query = Query(
        subject, rows=("org.province",), columns=("month.month",), values=(measure,), org_basis="as_is"
    )
    asked = question_about(query, members, measure, load_catalog().subject(subject))
    return gate.ask(asked, by=who, purpose="kiểm thử", today=today)


def living(home, file, table, condition, *words):
    """Return how many rows of a source's own table hold the condition and are not deleted."""
    with closing(sqlite3.connect(home / "sources" / file)) as source:
        sql = f"SELECT count(*) FROM {table} WHERE COALESCE(is_deleted, 0) = 0 AND {condition}"
        return source.execute(sql, words).fetchone()[0]


def offices_of(home, province):
    owners = org_levels(home / "sources").select("ma_cq_bhxh", "owner").rows()
    return [office for office, owner in owners if owner == province or owner.startswith(f"{province}.")]


def batches_in(home, source, table):
    """Return the id of each landed batch and the rows of its own Parquet file."""
    files = sorted((home / "landing" / source / table).glob("[0-9]*.parquet"))
    return [(f"{source}.{table}.{path.name[:6]}", pq.read_metadata(path).num_rows) for path in files]


def lines_of(home, province):
    offices = offices_of(home, province)
    within = f"ky = ? AND ma_cq_bhxh IN ({', '.join('?' * len(offices))})"
    return living(home, "tst.sqlite", LINES, within, MONTH.replace("-", ""), *offices)


@pytest.mark.req("C-21")
@pytest.mark.law("QĐ-3582 III.2b¶4")
def test_a_cell_of_one_province_and_month_names_its_table_rows_and_batches(home, khanh, today):
    found = lineage_of(
        answer_about(khanh, today, "contributions", "collected_vnd", HANOI, MONTH), by=khanh, today=today
    )

    [table] = found.tables
    assert (table.source, table.name, table.columns) == ("collection", LINES, ("Số tiền đã đóng",))
    assert table.nation.landed == living(home, "tst.sqlite", LINES, "ky = ?", MONTH.replace("-", "")) > 0
    assert table.nation.landed == sum((table.nation.staged, table.nation.held, table.nation.rejected))
    assert table.area.staged + table.area.held + table.area.rejected == lines_of(home, HANOI) > 0
    assert table.area.staged < table.nation.staged
    assert [(batch.id, batch.rows) for batch in table.batches] == batches_in(home, "collection", LINES)
    assert table.batch_count == len(table.batches)
    assert (found.months, found.unit) == ((MONTH,), HANOI)


@pytest.mark.req("C-21")
@pytest.mark.parametrize("measure", ["total_vnd", "visits"])
def test_a_total_of_claims_over_all_months_names_the_claims_of_the_source(home, tuan, today, measure):
    found = lineage_of(answer_about(tuan, today, "claims", measure, None, None), by=tuan, today=today)

    table = next(one for one in found.tables if one.name == CLAIMS)
    assert {one.name for one in found.tables} == {CLAIMS}
    assert table.nation.landed == living(home, "giamdinh.sqlite", CLAIMS, "TRUE") > 0
    assert table.nation.held > 0
    assert table.nation.staged == table.area.staged
    assert [(batch.id, batch.rows) for batch in table.batches] == batches_in(home, "claims", CLAIMS)


@pytest.mark.req("C-21")
def test_who_sees_one_province_gets_its_counts_and_nothing_of_the_nation(home, khanh, nam, today):
    mine = answer_about(nam, today, "contributions", "collected_vnd", None, MONTH)
    [table] = lineage_of(mine, by=nam, today=today).tables

    assert table.area.staged + table.area.held + table.area.rejected == lines_of(home, DANANG) > 0
    assert (table.nation, table.area.landed, table.area.late) == (None, None, None)
    assert [batch.rows for batch in table.batches] == [None] * table.batch_count

    with pytest.raises(Denied):
        answer_about(nam, today, "contributions", "collected_vnd", HANOI, MONTH)
    others = answer_about(khanh, today, "contributions", "collected_vnd", HANOI, MONTH)
    [table] = lineage_of(others, by=nam, today=today).tables
    assert (table.area.staged, table.area.held, table.area.rejected) == (0, 0, 0)


@pytest.mark.req("C-21")
def test_who_was_not_given_the_subject_gets_no_origin_of_it(home, khanh, tuan, today):
    answer = answer_about(tuan, today, "claims", "total_vnd", None, MONTH)
    with pytest.raises(Denied):
        lineage_of(answer, by=khanh, today=today)
