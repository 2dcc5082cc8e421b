"""Claims that came in files are counted beside those of the claim system, and never twice."""

from __future__ import annotations

import pytest

from dwh.datapath.pipeline.tests.kit import (
    claim,
    land,
    lines_of,
    make,
    make_public,
    rows_of,
    settings_in,
    small_nation,
)
from dwh.datapath.pipeline.tests.small_plans import claims_plan
from dwh.datapath.sources.files.tests.claims import claim as filed
from dwh.datapath.sources.files.tests.claims import load, written

SYSTEM = [claim(1, left="202611051000"), claim(2, left="202611061000")]
PAID = 240_000


@pytest.fixture
def area(tmp_path):
    settings = settings_in(tmp_path / "home")
    small_nation(settings, claims=SYSTEM)
    return settings


def counted(area) -> list[tuple]:
    """Return (from a file?, total, paid, drugs) of every claim of the new release; keys of files are negative."""
    return rows_of(
        make_public(area, plan=claims_plan()),
        "core.fct_claim",
        "claim_key < 0, total_vnd, hi_paid_vnd, drug_vnd",
    )


def test_claims_of_a_file_are_counted_with_those_of_the_system(tmp_path, area):
    before = counted(area)
    load(written(tmp_path, filed(7), filed(8)), area)
    assert counted(area) == [*before, *[(True, 300_000, PAID, 100_000)] * 2]


def test_sent_again_by_file_only_the_later_sending_counts(tmp_path, area):
    load(written(tmp_path, filed(7)), area)
    load(written(tmp_path, filed(7, t_bhtt=200_000), name="b.xml"), area)
    assert [row[2] for row in counted(area) if row[0]] == [200_000]


def test_where_the_claim_system_has_the_claim_it_wins_whichever_came_first(tmp_path, area):
    load(written(tmp_path, filed(1, ma_lk="LK1", t_bhtt=1), filed(9, t_bhtt=2)), area)  # the system has LK1
    assert [row[2] for row in counted(area)] == [PAID, PAID, 2]
    reviewed = claim(9, left="202611051000", ma_lk="LK0009", t_bhtt=150_000)  # and gets LK0009 later
    land(area, "gd_ho_so", [reviewed])
    for table, rows in zip(("gd_thuoc", "gd_dvkt"), lines_of(reviewed), strict=True):
        land(area, table, rows)
    assert counted(area) == [(False, 300_000, paid, 200_000) for paid in (150_000, PAID, PAID)]


def test_step_by_step_equals_at_once(tmp_path, area):
    load(written(tmp_path, filed(7)), area)
    counted(area)
    load(written(tmp_path, filed(7, t_bhtt=1), filed(8), name="b.xml"), area)
    assert len(counted(area)) == 4
    assert (
        make(area, full=True, plan=claims_plan()).release_id is None
    )  # everything made anew is what was there


def test_a_second_build_finds_nothing_new(tmp_path, area):
    load(written(tmp_path, filed(7)), area)
    make_public(area, plan=claims_plan())
    assert make(area, plan=claims_plan()).release_id is None
