"""The same tables in a real MariaDB server hold the same rows, with real types."""

from __future__ import annotations

import os

import pytest

from demo.sources.mariadb import load, synthetic_contributions
from demo.sources.schema import FILES, tables_of
from demo.tests.reading import scalar
from tests.mariadb import is_installed, mariadb_server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.mariadb,
    pytest.mark.skipif(
        not is_installed() and os.environ.get("CI", "").lower() != "true", reason="MariaDB is not installed"
    ),
]


@pytest.fixture(scope="module")
def target():
    with mariadb_server() as server, server.admin(server.create_database().rpartition("/")[2]) as db:
        yield db


def _row(db, sql):
    with db.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def test_every_row_and_every_amount_arrives(target, tiny_home):
    for system, file in FILES.items():
        counts = load(tiny_home / "sources" / file, target)
        for table in tables_of(system):
            assert counts[table] == scalar(tiny_home, system, f"SELECT count(*) FROM {table}")
            assert counts[table] == _row(target, f"SELECT count(*) FROM {table}")[0]
    same = scalar(tiny_home, "TST", "SELECT sum(so_tien_da_dong) FROM tst_dong_ca_nhan")
    total, deleted = _row(target, "SELECT sum(so_tien_da_dong), sum(is_deleted) FROM tst_dong_ca_nhan")
    assert total == same
    assert deleted > 0


def test_the_server_makes_as_many_lines_as_asked(target):
    synthetic_contributions(target, 10_000)
    rows, moments, months, due = _row(
        target,
        "SELECT count(*), count(DISTINCT updated_at), count(DISTINCT ky), sum(so_tien_ld) FROM tst_dong_ca_nhan",
    )
    assert (rows, months) == (10_000, 24)
    assert moments < 100
    assert due > 0
