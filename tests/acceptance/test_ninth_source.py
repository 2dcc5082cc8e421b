"""A ninth source is a contract, a standardise file and an address: the files of the tutorial, run as they are."""

from __future__ import annotations

import pytest

from tests.acceptance.complaints import FOLDER, PHIEU, balance, published, runner, write

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
ROWS = [
    (1, "PA1", "thu", "2026-09-03", "2026-09-05", "…", "01000", "2026-09-03 01:00:00", "2026-09-05 01:00:00", 0),
    (2, "PA2", "thẻ", "2026-09-10", None, "…", "01000", "2026-09-10 01:00:00", "2026-09-10 01:00:00", 0),
    (3, "PA3", "thẻ", "2026-10-10", "2026-10-01", "…", "01000", "2026-10-10 01:00:00", "2026-10-10 01:00:00", 0),
]  # fmt: skip


@pytest.fixture
def ninth(own_home, tmp_path):
    """Return a runner of `dwh` on the demonstration with the ninth source connected."""
    file = tmp_path / "pakn.sqlite"
    write(file, PHIEU, ROWS)
    return runner(own_home, FOLDER, file)


@pytest.mark.req("C-09")
def test_a_ninth_source_flows_without_a_line_of_code(ninth, own_home):
    assert "3 dòng" in ninth("sync", "complaints")
    ninth("build")
    ninth("publish")

    manifest = published(own_home)
    assert balance(manifest) == (3, {"staging": 2, "quarantine": 1, "rejected": 0}, True)
    assert manifest["quarantine"]["PA-P01"]["rows"] == 1
    assert set(manifest["parts"]["staging.stg_complaint"]) == {"2026-09"}
