"""The ninth source of the tutorial on a demonstration: its table, a runner of `dwh`, what a release says of it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "docs/tutorials/a-ninth-source"
PHIEU = "id INTEGER PRIMARY KEY, ma_phieu TEXT, linh_vuc TEXT, ngay_nhan TEXT, ngay_tra_loi TEXT, noi_dung TEXT, " \
        "ma_cq_bhxh TEXT, created_at TEXT, updated_at TEXT, is_deleted INTEGER"  # fmt: skip


def write(file: Path, columns: str, rows: Sequence[tuple]) -> None:
    """Make the table anew, as the owner of the source did overnight."""
    marks = ", ".join("?" * len(rows[0]))
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DROP TABLE IF EXISTS pa_phieu")
        database.execute(f"CREATE TABLE pa_phieu ({columns})")
        database.executemany(f"INSERT INTO pa_phieu VALUES ({marks})", rows)


def runner(home: Path, folder: Path, file: Path) -> Callable[..., str]:
    """Return what runs a command of `dwh` with the source connected, and returns what it printed."""
    environment = {
        **{n: v for n, v in os.environ.items() if n not in ("DJANGO_SETTINGS_MODULE", "DWH_SECRET_KEY")},
        "DWH_HOME": str(home), "DEMO_HOME": str(home),
        "DWH_SOURCES_FOLDER": str(folder), "DWH_SOURCE_COMPLAINTS": f"sqlite:///{file}",
    }  # fmt: skip

    def dwh(*arguments: str) -> str:
        command = [sys.executable, "-m", "dwh.site.cli", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return dwh


def published(home: Path) -> dict[str, Any]:
    """Return the manifest of the release in use."""
    current = home / "releases" / os.readlink(home / "releases" / "current")
    manifest: dict[str, Any] = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def balance(manifest: dict[str, Any]) -> tuple[int, dict[str, int], bool]:
    """Return rows landed, rows by where they are, and whether the equation of the table holds."""
    told = manifest["equations"]["landed:pa_phieu"]
    places = {side: total["rows"] for side, total in told["right"].items()}
    return told["left"]["rows"], places, told["holds"]
