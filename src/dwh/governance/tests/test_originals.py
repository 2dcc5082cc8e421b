"""Original values are never altered: what was landed and what was published can only be read (QĐ-3582 II.4.3)."""

from __future__ import annotations

import pytest

from dwh.datapath.warehouse.release import current_release
from dwh.governance.tests.asking import ask, collected, total_of

pytestmark = [pytest.mark.usefixtures("release"), pytest.mark.req("B-18"), pytest.mark.req("E-11")]

ATTEMPTS = [
    "UPDATE core.fct_contribution SET collected_vnd = 0",
    "DELETE FROM core.fct_claim",
    "INSERT INTO core.dim_fund VALUES ('X', 'X', 'x', 'x')",
    "CREATE TABLE mine AS SELECT 1 AS a",
    "DROP TABLE core.fct_claim",
    "COPY core.fct_contribution TO '{folder}/taken.csv'",
    "SELECT * FROM read_csv('/etc/passwd')",
    "ATTACH '{folder}/other.duckdb' AS other",
    "SET enable_external_access = true",
]


@pytest.mark.law("QĐ-3582 II.4.3¶2")
@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.split()[0])
def test_a_published_release_can_only_be_read(release, khanh, tmp_path, attempt):
    with pytest.raises(Exception, match=r"(?i)read-only|disabled|locked"):
        current_release(release).fetch(attempt.format(folder=tmp_path), limit=10)
    assert not (tmp_path / "taken.csv").exists()
    assert total_of(ask(khanh)) == collected("00")
