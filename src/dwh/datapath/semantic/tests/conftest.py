"""`make golden` rewrites the reviewed SQL; everybody else compares."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--golden-rewrite", action="store_true", help="rewrite the golden SQL instead of comparing"
    )


@pytest.fixture
def rewrite(request: pytest.FixtureRequest) -> bool:
    """Tell whether the golden files are to be written; false when the option was not registered in time."""
    return bool(request.config.getoption("--golden-rewrite", default=False))
