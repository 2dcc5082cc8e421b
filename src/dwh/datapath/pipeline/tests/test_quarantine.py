"""What the gate reads of held and flagged rows: by area, check and source, with the đồng held back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dwh.datapath.pipeline.quarantine import (
    flagged_summary,
    quarantine_count,
    quarantine_rows,
    quarantine_summary,
)
from dwh.datapath.warehouse.release import current_release
from tests.warehouse_fixture import HELD, tiny_release


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return current_release(tiny_release(tmp_path_factory.mktemp("tiny")))


def ids(rows):
    return [row.source_id for row in rows]


def test_all_rows_come_with_the_largest_amount_first(release):
    assert ids(quarantine_rows(release, org_codes=None)) == [9001, 9101, 9002, 9003]


def test_an_area_sees_its_own_rows_those_of_its_predecessors_included(release):
    assert ids(quarantine_rows(release, org_codes={"00.01"})) == [9001, 9101]
    assert ids(quarantine_rows(release, org_codes={"00.48-2025"})) == [9002]  # it took over 00.48.492
    assert ids(quarantine_rows(release, org_codes={"00.01.501"})) == [9001]
    assert ids(quarantine_rows(release, org_codes={"00.01.501", "00.48-2025.502"})) == [9001, 9002]


def test_a_closed_unit_an_unknown_one_or_no_unit_sees_nothing(release):
    for codes in ({"00.48"}, {"00.0"}, set()):
        assert quarantine_rows(release, org_codes=codes) == []
        assert quarantine_count(release, org_codes=codes) == (0, Decimal(0))


def test_rows_are_picked_by_check_and_source(release):
    assert ids(quarantine_rows(release, org_codes=None, check="TST-C06")) == [9002]
    assert ids(quarantine_rows(release, org_codes=None, source="claims")) == [9101]
    assert ids(quarantine_rows(release, org_codes=None, check="x' OR TRUE --")) == []


def test_pages_follow_each_other(release):
    pages = [ids(quarantine_rows(release, org_codes=None, limit=3, offset=offset)) for offset in (0, 3, 6)]
    assert pages == [[9001, 9101, 9002], [9003], []]


def test_the_count_is_of_rows_and_dong(release):
    assert quarantine_count(release, org_codes=None) == (4, sum(row[7] for row in HELD))
    assert quarantine_count(release, org_codes={"00.01"}, source="collection") == (1, Decimal("1760000.00"))


def test_the_summary_names_check_office_and_month(release):
    found = {(t.check_code, t.org_code, t.month): (t.rows, t.amount_vnd) for t in quarantine_summary(release)}
    assert found[("GD-H02", "00.01.502", "2025-07")] == (1, Decimal("350000.00"))
    assert found[("TST-N01", None, None)] == (1, Decimal("0.00"))
    assert len(quarantine_summary(release, org_codes={"00.01"})) == 2


def test_flagged_rows_count_once_under_each_of_their_checks(release):
    found = {(t.check_code, t.org_code): t.rows for t in flagged_summary(release)}
    assert found == {("TST-N03", "00.01.006"): 1, ("GD-H05", "00.48.492"): 1, ("GD-H06", "00.48.492"): 1}
    assert len(flagged_summary(release, org_codes={"00.48-2025"})) == 2
