"""The same tables in a real PostgreSQL server hold the same rows, with real types."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

import psycopg
import pytest

from demo.sources.postgres import load, synthetic_contributions
from demo.sources.schema import FILES, tables_of
from demo.tests.reading import scalar

PROGRAMS = Path("/usr/lib/postgresql/15/bin")

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not PROGRAMS.exists(), reason="PostgreSQL 15 is not installed"),
]


def _as_server(*command: str) -> None:
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def dsn(tmp_path_factory):
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/dwh-demo-pg.XXXXXX"], text=True).strip())
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = str(folder / "data")
    _as_server(str(PROGRAMS / "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    _as_server(str(PROGRAMS / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
    yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    _as_server(str(PROGRAMS / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_every_row_and_every_amount_arrives(dsn, tiny_home):
    for system, file in FILES.items():
        counts = load(tiny_home / "sources" / file, dsn)
        for table in tables_of(system):
            assert counts[table] == scalar(tiny_home, system, f"SELECT count(*) FROM {table}")
    with psycopg.connect(dsn) as db:
        paid = db.execute(
            "SELECT sum(so_tien_da_dong), count(*) FILTER (WHERE is_deleted) FROM tst_dong_ca_nhan"
        )
        same = scalar(tiny_home, "TST", "SELECT sum(so_tien_da_dong) FROM tst_dong_ca_nhan")
        total, deleted = paid.fetchone()
        types = db.execute(
            "SELECT pg_typeof(updated_at)::text, pg_typeof(can_cu_dong)::text FROM tst_dong_ca_nhan LIMIT 1"
        )
        assert (total, types.fetchone()) == (same, ("timestamp with time zone", "numeric"))
        assert deleted > 0


@pytest.mark.slow
def test_the_server_makes_as_many_lines_as_asked(dsn):
    synthetic_contributions(dsn, 10_000)

    with psycopg.connect(dsn) as db:
        rows, moments, months = db.execute(
            "SELECT count(*), count(DISTINCT updated_at), count(DISTINCT ky) FROM tst_dong_ca_nhan"
        ).fetchone()
    assert (rows, months) == (10_000, 24)
    assert moments < 100
