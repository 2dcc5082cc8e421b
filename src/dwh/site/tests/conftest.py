"""A small published release of Hà Nội and Đà Nẵng under the pages."""

from __future__ import annotations

import pytest

from dwh.governance import gate
from dwh.kernel.actor import operator
from dwh.operations.loads.tests.conftest import area, file, huong, tuan  # noqa: F401 -- planned loads
from tests.warehouse_fixture import tiny_release


@pytest.fixture
def release(settings, tmp_path, db):
    """Publish the small release and load its units; returns its settings."""
    settings.DATAPATH = tiny_release(tmp_path)
    gate.refresh_units(by=operator("Kiểm thử"))
    return settings.DATAPATH


@pytest.fixture(autouse=True)
def _no_release_unless_asked_for(settings, tmp_path):
    settings.DATAPATH = type(settings.DATAPATH)(home=tmp_path / "empty")
