"""A ninth source is a contract, a standardise file and an address: the files of the tutorial, run as they are."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
FOLDER = Path(__file__).parents[2] / "docs/tutorials/a-ninth-source"
PHIEU = "id INTEGER PRIMARY KEY, ma_phieu TEXT, linh_vuc TEXT, ngay_nhan TEXT, ngay_tra_loi TEXT, noi_dung TEXT, " \
        "ma_cq_bhxh TEXT, created_at TEXT, updated_at TEXT, is_deleted INTEGER"  # fmt: skip
ROWS = [
    (1, "PA1", "thu", "2026-09-03", "2026-09-05", "…", "01000", "2026-09-03 01:00:00", "2026-09-05 01:00:00", 0),
    (2, "PA2", "thẻ", "2026-09-10", None, "…", "01000", "2026-09-10 01:00:00", "2026-09-10 01:00:00", 0),
    (3, "PA3", "thẻ", "2026-10-10", "2026-10-01", "…", "01000", "2026-10-10 01:00:00", "2026-10-10 01:00:00", 0),
]  # fmt: skip


@pytest.fixture
def ninth(own_home, tmp_path):
    """Return a runner of `dwh` on the demonstration with the ninth source connected."""
    file = tmp_path / "pakn.sqlite"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(f"CREATE TABLE pa_phieu ({PHIEU})")
        database.executemany(f"INSERT INTO pa_phieu VALUES ({', '.join('?' * 10)})", ROWS)
    environment = {
        **{n: v for n, v in os.environ.items() if n not in ("DJANGO_SETTINGS_MODULE", "DWH_SECRET_KEY")},
        "DWH_HOME": str(own_home), "DEMO_HOME": str(own_home),
        "DWH_SOURCES_FOLDER": str(FOLDER), "DWH_SOURCE_COMPLAINTS": f"sqlite:///{file}",
    }  # fmt: skip

    def dwh(*arguments):
        command = [sys.executable, "-m", "dwh.site.cli", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return dwh


@pytest.mark.req("C-09")
def test_a_ninth_source_flows_without_a_line_of_code(ninth, own_home):
    assert "3 dòng" in ninth("sync", "complaints")
    ninth("build")
    ninth("publish")

    current = own_home / "releases" / os.readlink(own_home / "releases" / "current")
    manifest = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
    balance = manifest["equations"]["landed:pa_phieu"]
    assert (balance["left"]["rows"], balance["holds"]) == (3, True)
    assert {side: total["rows"] for side, total in balance["right"].items()} == {
        "staging": 2,
        "quarantine": 1,
        "rejected": 0,
    }
    assert manifest["quarantine"]["PA-P01"]["rows"] == 1
    assert set(manifest["parts"]["staging.stg_complaint"]) == {"2026-09"}
