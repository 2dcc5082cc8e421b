"""Control totals of every table equal the source's own; one lost row is found, in its month and office."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from dwh.datapath.reconciliation.totals import ROWS, reconcile
from dwh.datapath.sources.contract import load_contract, source_names
from tests.conftest import settings_of

pytestmark = pytest.mark.xdist_group("demo")
NOW = datetime(2026, 11, 25, tzinfo=UTC)
LINES = "tst_dong_ca_nhan"


def reconciled(home, source):
    settings = settings_of(home)
    return {one.table: one for one in reconcile(source, settings=settings, now=NOW)}


@pytest.mark.req("C-14")
@pytest.mark.parametrize("source", source_names())
def test_every_table_month_and_office_agrees_with_its_source(built_home, source):
    found = reconciled(built_home, source)
    assert set(found) == {table.name for table in load_contract(source).tables}
    for table in found.values():
        assert table.unexplained == (), table.table
        rows = table.total()
        assert rows.source == rows.published + rows.held + rows.late
        assert all(cell.changed == 0 for cell in table.cells)


def test_what_is_held_is_the_difference_between_the_source_and_the_figures(built_home):
    lines = reconciled(built_home, "collection")[LINES]
    held = [cell for cell in lines.cells if cell.held]
    assert held
    assert all(cell.difference == cell.held for cell in held)
    assert lines.total("so_tien_da_dong").source > 10**9


def change(home, *statements):
    with closing(sqlite3.connect(home / "sources" / "tst.sqlite")) as database, database:
        for statement in statements:
            database.execute(statement)


@pytest.mark.slow
@pytest.mark.req("C-14")
def test_one_row_that_was_lost_is_found_in_its_month_and_office(own_home):
    with closing(sqlite3.connect(own_home / "sources" / "tst.sqlite")) as database:
        copied = (
            f"SELECT ky, ma_cq_bhxh, so_tien_da_dong FROM {LINES} WHERE is_deleted = 0 ORDER BY id LIMIT 1"
        )
        [(month, office, paid)] = database.execute(copied).fetchall()
        names = [row[1] for row in database.execute(f"PRAGMA table_info({LINES})")]
    values = ", ".join("-1" if name == "id" else name for name in names)
    change(
        own_home, f"INSERT INTO {LINES} SELECT {values} FROM {LINES} WHERE is_deleted = 0 ORDER BY id LIMIT 1"
    )

    cells = {
        (c.period, c.unit, c.measure): c.unexplained
        for c in reconciled(own_home, "collection")[LINES].unexplained
    }

    assert cells[month, office, ROWS] == 1
    assert cells[month, office, "so_tien_da_dong"] == Decimal(paid)
    assert {key[:2] for key in cells} == {(month, office)}


@pytest.mark.slow
def test_a_row_changed_at_the_source_since_it_was_read_explains_its_cell(own_home):
    change(own_home, f"UPDATE {LINES} SET so_tien_da_dong = so_tien_da_dong + 1000, updated_at = '2026-11-24 01:00:00' "
                     "WHERE id = (SELECT min(id) FROM tst_dong_ca_nhan WHERE is_deleted = 0)")  # fmt: skip
    lines = reconciled(own_home, "collection")[LINES]
    assert lines.unexplained == ()
    assert [cell.changed for cell in lines.cells if cell.changed] == [1000]
