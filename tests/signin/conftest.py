from __future__ import annotations

from collections.abc import Iterator

import pytest

from demo.serve import start
from tests.chromium import browser, page, phone  # noqa: F401 -- fixtures of the tests here
from tests.live import Live, Person, build_without_data
from tests.ports import free_pair


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The real provider and the real web process, with accounts and no data."""
    home = build_without_data(tmp_path_factory.mktemp("signin"), free_pair())
    processes = start(home, worker=False)
    yield Live(home)
    processes.stop()


@pytest.fixture
def person(live: Live) -> Iterator[Person]:
    """Somebody at a fresh browser."""
    with Person(live) as somebody:
        yield somebody
