"""What the tests of the sources share: real servers, small sources of every kind, a landing area."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.tests.miniature import Miniature, of_mariadb, of_postgres, of_sqlite
from tests import mariadb
from tests.postgres import Server, binaries, postgres_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of this test process."""
    _need(binaries() is not None, "PostgreSQL server (apt-get install postgresql)")
    with postgres_server() as running:
        yield running


@pytest.fixture(scope="session")
def maria() -> Iterator[mariadb.Server]:
    """A MariaDB server of this test process."""
    _need(mariadb.is_installed(), "MariaDB server (apt-get install mariadb-server)")
    with mariadb.mariadb_server() as running:
        yield running


def _need(there: bool, what: str) -> None:
    """CI must have it; elsewhere the reason of the skip is shown."""
    if not there and os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"CI=true but there is no {what}")
    if not there:
        pytest.skip(f"no {what} on this machine")


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


@pytest.fixture
def mariadb_source(maria: mariadb.Server) -> Iterator[Miniature]:
    url = maria.create_database()
    with maria.admin(url.rpartition("/")[2]) as db:
        yield Miniature("collection", url, of_mariadb(db))


SERVERS = [
    pytest.param("postgres", marks=pytest.mark.postgres),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]


@pytest.fixture(params=["sqlite", *SERVERS])
def source(request: pytest.FixtureRequest) -> Miniature:
    """The collection system in miniature: a SQLite file, on a PostgreSQL server, on a MariaDB server."""
    made: Miniature = request.getfixturevalue(f"{request.param}_source")
    return made


@pytest.fixture(params=SERVERS)
def server_source(request: pytest.FixtureRequest) -> Miniature:
    """The same, on servers only."""
    made: Miniature = request.getfixturevalue(f"{request.param}_source")
    return made


@pytest.fixture
def settings_for(tmp_path: Path) -> Callable[[Miniature], DataPathSettings]:
    def settings(source: Miniature) -> DataPathSettings:
        return DataPathSettings(home=tmp_path / "home", sources={source.name: source.url})

    return settings
