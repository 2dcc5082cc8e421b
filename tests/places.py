"""A governance database of its own, on a file or on a PostgreSQL server, for work in other processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import binaries, postgres_server

Environment = dict[str, str]

MIGRATE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Environment]:
    """Return the environment of processes that share one fresh, migrated governance database."""
    environment = {
        **os.environ, "DWH_SECRET_KEY": "test", "DWH_HOME": str(tmp_path),
        "PYTHONPATH": "src:.", "DJANGO_SETTINGS_MODULE": "dwh.site.settings",
    }  # fmt: skip
    if request.param == "sqlite":
        environment["DWH_DATABASE_URL"] = f"sqlite:///{tmp_path}/governance.sqlite3"
        python(MIGRATE, environment)
        yield environment
        return
    if binaries() is None:
        pytest.skip("no PostgreSQL server here")
    with postgres_server() as server:
        environment["DWH_DATABASE_URL"] = server.create_database()
        python(MIGRATE, environment)
        yield environment


def python(code: str, environment: Environment) -> str:
    """Run `code` in a process of its own and return what it printed; any warning is an error there too."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
