"""The same scale and seed give the same data, to the last byte of every value."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from demo.sources.make import make_sources
from demo.sources.mutations import day_two
from demo.sources.schema import FILES, tables_of
from demo.tests.conftest import TINY


def content(home: Path) -> dict[str, str]:
    out = {"ledger": hashlib.sha256((home / "demo-ledger.json").read_bytes()).hexdigest()}
    for system, file in FILES.items():
        with closing(sqlite3.connect(home / "sources" / file)) as db:
            for table in tables_of(system):
                digest = hashlib.sha256()
                for row in db.execute(f"SELECT * FROM {table} ORDER BY id"):
                    digest.update(repr(row).encode())
                out[table] = digest.hexdigest()
    return out


@pytest.mark.slow
def test_the_same_seed_makes_the_same_sources(tiny_home, tmp_path):
    make_sources(tmp_path, scale=TINY, seed=7)

    assert content(tmp_path) == content(tiny_home)


@pytest.mark.slow
def test_another_seed_makes_other_people(tiny_home, tmp_path):
    make_sources(tmp_path, scale=TINY, seed=8)

    assert content(tmp_path)["tst_nguoi_tham_gia"] != content(tiny_home)["tst_nguoi_tham_gia"]


def test_the_same_day_comes_out_the_same(tiny_home, changing_home, tmp_path):
    first = day_two(changing_home, 3)
    changed = content(changing_home)
    for file in FILES.values():
        (changing_home / "sources" / file).write_bytes((tiny_home / "sources" / file).read_bytes())

    assert day_two(changing_home, 3) == first
    assert content(changing_home) == changed
