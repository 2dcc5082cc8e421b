"""What every test shares: the cast, a home folder of its own, and a log that may be emptied between tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from dwh.kernel.audit.fence import TABLES, lower_fence, raise_fence

pytest_plugins = ["tests.personas", "tests.places"]


@pytest.fixture(autouse=True)
def _no_test_writes_into_the_working_home(settings: Settings, tmp_path: Path) -> None:
    """Keys and the witness file of tests never land in var/demo, and no figure of it is ever asked for."""
    settings.HOME = tmp_path
    settings.DATAPATH = replace(settings.DATAPATH, home=tmp_path)


@pytest.fixture(autouse=True)
def _log_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Django empties the tables after a transactional test; the log's fence would refuse, so empty it here."""
    wanted = {"transactional_db", "live_server", "django_db_reset_sequences"}
    marker = request.node.get_closest_marker("django_db")
    if not (wanted & set(request.fixturenames) or (marker and marker.kwargs.get("transaction"))):
        yield
        return
    request.getfixturevalue("transactional_db")
    lower_fence(connection)
    raise_fence(connection)
    yield
    lower_fence(connection)
    if connection.vendor == "sqlite":  # PostgreSQL's TRUNCATE asks the fence even about empty tables
        _empty_the_log()
        raise_fence(connection)


def _empty_the_log() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = 'audit_auditrecord'")


class LawOutcomes:
    """Remembers what happened to each test, for `make law`: a skipped test proves nothing."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.seen: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            name = report.nodeid.partition("[")[0].partition("@")[0]
            worse = {"passed": 0, "skipped": 1, "failed": 2}
            self.seen[name] = max(self.seen.get(name, "passed"), report.outcome, key=worse.__getitem__)

    def pytest_sessionfinish(self) -> None:
        cache = getattr(self.config, "cache", None)
        if cache is not None and not hasattr(self.config, "workerinput"):
            cache.set("dwh/outcomes", {**cache.get("dwh/outcomes", {}), **self.seen})


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(LawOutcomes(config), "law-outcomes")
