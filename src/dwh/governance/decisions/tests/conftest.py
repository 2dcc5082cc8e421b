"""A small published release of Hà Nội and Đà Nẵng, to decide about its failed rows."""

from __future__ import annotations

import pytest

from dwh.governance import gate
from dwh.kernel.actor import operator
from tests.warehouse_fixture import tiny_release


@pytest.fixture
def release(settings, tmp_path, db):
    """Publish the small release and load its units; returns its settings."""
    settings.DATAPATH = tiny_release(tmp_path)
    gate.refresh_units(by=operator("Kiểm thử"))
    return settings.DATAPATH
