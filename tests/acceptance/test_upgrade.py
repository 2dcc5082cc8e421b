"""A demonstration an older program built is brought to this program's tables; its data stays."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from demo.build import DONE, build
from demo.home import DemoHome
from dwh.datapath.warehouse.release import current_release
from tests.conftest import TEST_SCALE, settings_of


def tables(home: Path) -> set[str]:
    with closing(sqlite3.connect(home / "governance.sqlite3")) as db:
        return {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_a_demonstration_of_an_older_program_gets_the_new_tables_and_keeps_its_data(own_home):
    place, now = DemoHome(own_home, port=1024), tables(own_home)
    command = [sys.executable, "-m", "dwh.site.cli", "web", "manage", "migrate", "decisions", "zero"]
    subprocess.run(command, env=place.environment(), check=True, capture_output=True)
    mark = own_home / DONE
    mark.write_text(json.dumps({**json.loads(mark.read_text()), "code": "older"}))
    assert tables(own_home) < now
    before, said = current_release(settings_of(own_home)).id, []

    build(place, scale=TEST_SCALE, say=said.append)
    build(place, scale=TEST_SCALE, say=said.append)

    assert tables(own_home) == now
    assert current_release(settings_of(own_home)).id == before
    assert [line for line in said if "nâng cấp" in line] == [
        "  Cơ sở dữ liệu quản trị: nâng cấp theo phiên bản này",
        "  Tệp giao diện: nâng cấp theo phiên bản này",
    ]
