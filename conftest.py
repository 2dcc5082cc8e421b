"""What every test shares: the cast, a home folder of its own, and a log that may be emptied between tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from dwh.kernel.audit.fence import lower_fence, raise_fence

pytest_plugins = ["tests.personas"]


@pytest.fixture(autouse=True)
def _no_test_writes_into_the_working_home(settings, tmp_path) -> None:
    """Keys and the witness file of tests never land in var/demo."""
    settings.HOME = tmp_path


@pytest.fixture(autouse=True)
def _log_can_be_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Django empties the tables after a transactional test; the log's fence would refuse, so it is lowered then."""
    wanted = {"transactional_db", "live_server", "django_db_reset_sequences"}
    marker = request.node.get_closest_marker("django_db")
    if not (wanted & set(request.fixturenames) or (marker and marker.kwargs.get("transaction"))):
        yield
        return
    request.getfixturevalue("transactional_db")
    raise_fence(connection)
    yield
    lower_fence(connection)
