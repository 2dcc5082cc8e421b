"""What the tests of the sources share: a real PostgreSQL server, small sources of both kinds, a landing area."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.tests.miniature import Miniature, of_postgres, of_sqlite
from tests.postgres import Server, binaries, postgres_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of this test process; CI must have one, elsewhere the reason of the skip is shown."""
    if binaries() is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail("CI=true but no PostgreSQL server is installed (apt-get install postgresql)")
        pytest.skip("no PostgreSQL server binaries (initdb) on this machine")
    with postgres_server() as running:
        yield running


@pytest.fixture
def sqlite_source(tmp_path: Path) -> Iterator[Miniature]:
    path = tmp_path / "source.sqlite"
    db = sqlite3.connect(path, isolation_level=None)
    yield Miniature("collection", f"sqlite:///{path}", of_sqlite(db))
    db.close()


@pytest.fixture
def postgres_source(server: Server) -> Iterator[Miniature]:
    dsn = server.create_database()
    with psycopg.connect(dsn, autocommit=True) as db:
        yield Miniature("collection", dsn, of_postgres(db))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def source(request: pytest.FixtureRequest) -> Miniature:
    """The collection system in miniature, once as a SQLite file and once on a PostgreSQL server."""
    made: Miniature = request.getfixturevalue(f"{request.param}_source")
    return made


@pytest.fixture
def settings_for(tmp_path: Path) -> Callable[[Miniature], DataPathSettings]:
    def settings(source: Miniature) -> DataPathSettings:
        return DataPathSettings(home=tmp_path / "home", sources={source.name: source.url})

    return settings
