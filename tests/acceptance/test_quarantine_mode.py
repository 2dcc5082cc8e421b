"""A source in quarantine mode whose column changed its type, from the reading to the published release."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
FOLDER = Path(__file__).parents[2] / "docs/tutorials/a-ninth-source"
PHIEU = "id INTEGER PRIMARY KEY, ma_phieu TEXT, linh_vuc TEXT, ngay_nhan TEXT, ngay_tra_loi TEXT, noi_dung TEXT, " \
        "ma_cq_bhxh TEXT, created_at TEXT, updated_at TEXT, is_deleted INTEGER, so_ngay {}"  # fmt: skip
DAYS = "      - {name: so_ngay, logicalType: integer, physicalType: integer}\n      - {name: created_at"
ITEMS = "SELECT source, change, stops, mode FROM changes_sourcedrift"


def row(key: int, days: object) -> tuple:
    at = f"2026-09-0{key} 01:00:00"
    return key, f"PA{key}", "thu", "2026-09-01", "2026-09-05", "…", "01000", at, at, 0, days


def write(file: Path, kind: str, rows: list[tuple]) -> None:
    """Make the table anew with this type of the days, as the owner of the source did overnight."""
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DROP TABLE IF EXISTS pa_phieu")
        database.execute(f"CREATE TABLE pa_phieu ({PHIEU.format(kind)})")
        database.executemany(f"INSERT INTO pa_phieu VALUES ({', '.join('?' * 11)})", rows)


@pytest.fixture
def dwh(own_home, tmp_path):
    """Return a runner of `dwh` on the demonstration with a ninth source in quarantine mode, and the source's file."""
    folder = shutil.copytree(FOLDER, tmp_path / "sources")
    contract = folder / "complaints" / "contract.yaml"
    text = contract.read_text(encoding="utf-8").replace("mode, value: evolve", "mode, value: quarantine")
    contract.write_text(text.replace("      - {name: created_at", DAYS, 1), encoding="utf-8")
    file = tmp_path / "pakn.sqlite"
    environment = {
        **{n: v for n, v in os.environ.items() if n not in ("DJANGO_SETTINGS_MODULE", "DWH_SECRET_KEY")},
        "DWH_HOME": str(own_home), "DEMO_HOME": str(own_home),
        "DWH_SOURCES_FOLDER": str(folder), "DWH_SOURCE_COMPLAINTS": f"sqlite:///{file}",
    }  # fmt: skip

    def run(*arguments):
        command = [sys.executable, "-m", "dwh.site.cli", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run, file


@pytest.mark.req("C-12")
@pytest.mark.req("C-16")
def test_rows_that_do_not_fit_are_held_and_the_others_are_published(dwh, own_home):
    run, file = dwh
    write(file, "INTEGER", [row(1, 4), row(2, 5)])
    run("sync", "complaints")
    write(file, "TEXT", [row(1, "4"), row(2, "5"), row(3, "6"), row(4, "bảy ngày")])

    assert "2 dòng" in run("sync", "complaints")
    run("build")
    run("publish")

    current = own_home / "releases" / os.readlink(own_home / "releases" / "current")
    manifest = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
    balance = manifest["equations"]["landed:pa_phieu"]
    assert (balance["left"]["rows"], balance["holds"]) == (4, True)
    assert {side: total["rows"] for side, total in balance["right"].items()} == {
        "staging": 3,
        "quarantine": 1,
        "rejected": 0,
    }
    assert manifest["quarantine"]["KIEU-pa_phieu"]["rows"] == 1
    with closing(sqlite3.connect(own_home / "governance.sqlite3")) as governance:
        assert governance.execute(ITEMS).fetchall() == [("complaints", "retyped", 0, "quarantine")]
