"""A source in quarantine mode whose column changed its type, from the reading to the published release."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.acceptance.complaints import FOLDER, PHIEU, balance, published, runner, write

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
DAYS = "      - {name: so_ngay, logicalType: integer, physicalType: integer}\n      - {name: created_at"
ITEMS = "SELECT source, change, stops, mode FROM changes_sourcedrift"


def row(key: int, days: object) -> tuple:
    at = f"2026-09-0{key} 01:00:00"
    return key, f"PA{key}", "thu", "2026-09-01", "2026-09-05", "…", "01000", at, at, 0, days


@pytest.fixture
def dwh(own_home, tmp_path):
    """Return a runner of `dwh` on the demonstration with a ninth source in quarantine mode, and the source's file."""
    folder = shutil.copytree(FOLDER, tmp_path / "sources")
    contract = folder / "complaints" / "contract.yaml"
    text = contract.read_text(encoding="utf-8").replace("mode, value: evolve", "mode, value: quarantine")
    contract.write_text(text.replace("      - {name: created_at", DAYS, 1), encoding="utf-8")
    file = tmp_path / "pakn.sqlite"
    return runner(own_home, folder, file), file


@pytest.mark.req("C-12")
@pytest.mark.req("C-16")
def test_rows_that_do_not_fit_are_held_and_the_others_are_published(dwh, own_home):
    run, file = dwh
    write(file, f"{PHIEU}, so_ngay INTEGER", [row(1, 4), row(2, 5)])
    run("sync", "complaints")
    write(file, f"{PHIEU}, so_ngay TEXT", [row(1, "4"), row(2, "5"), row(3, "6"), row(4, "bảy ngày")])

    assert "2 dòng" in run("sync", "complaints")
    run("build")
    run("publish")

    manifest = published(own_home)
    assert balance(manifest) == (4, {"staging": 3, "quarantine": 1, "rejected": 0}, True)
    assert manifest["quarantine"]["KIEU-pa_phieu"]["rows"] == 1
    with closing(sqlite3.connect(own_home / "governance.sqlite3")) as governance:
        assert governance.execute(ITEMS).fetchall() == [("complaints", "retyped", 0, "quarantine")]
