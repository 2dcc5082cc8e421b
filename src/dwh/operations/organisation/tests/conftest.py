"""The small release with its units loaded, and a second central administrator to approve."""

from __future__ import annotations

import pytest

from dwh.governance import gate
from dwh.kernel.actor import operator
from tests.personas import clerk, dung, give, ha, hire, khanh, lan, minh, nam, today, tuan  # noqa: F401 -- the cast
from tests.warehouse_fixture import tiny_release


@pytest.fixture
def area(db, settings, tmp_path):
    """Return the data-path settings of a small published release whose units are known."""
    settings.DATAPATH = tiny_release(tmp_path)
    gate.refresh_units(by=operator("Kiểm thử"))
    return settings.DATAPATH


@pytest.fixture
def vinh(db):
    """Another central administrator."""
    account = hire("vinh.tq@vss.gov.vn", "Trần Quang Vinh", "00.CNTT", "Trung tâm CNTT", "NV00000009")
    give(account, "central_admin", "00")
    return account
