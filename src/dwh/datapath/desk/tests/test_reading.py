"""What the gate reads of failed rows: by area, check, source, age and state, with the đồng held back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from dwh.datapath.desk import reading as desk
from dwh.datapath.desk.reading import Page
from dwh.datapath.desk.relation import Failed, Pending
from dwh.datapath.warehouse.release import current_release
from dwh.kernel.errors import TooManyRows
from tests.failed_fixture import HELD
from tests.warehouse_fixture import tiny_release

LINES = "tst_dong_ca_nhan"


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return current_release(tiny_release(tmp_path_factory.mktemp("tiny")))


def ids(release, page=Page(), **wanted):  # noqa: B008 -- a frozen value
    return [row.source_id for row in desk.failed_rows(release, Failed(**{"org_codes": None} | wanted), page)]


def test_all_rows_come_with_the_largest_amount_first(release):
    assert ids(release) == [9001, 9101, 9002, 9003]


def test_an_area_sees_its_own_rows_those_of_its_predecessors_included(release):
    assert ids(release, org_codes={"00.01"}) == [9001, 9101]
    assert ids(release, org_codes={"00.48-2025"}) == [9002]  # it took over 00.48.492
    assert ids(release, org_codes={"00.01.501"}) == [9001]
    assert ids(release, org_codes={"00.01.501", "00.48-2025.502"}) == [9001, 9002]


def test_a_closed_unit_an_unknown_one_or_no_unit_sees_nothing(release):
    for codes in ({"00.48"}, {"00.0"}, set()):
        assert ids(release, org_codes=codes) == []
        assert desk.failed_count(release, Failed(codes)) == (0, Decimal(0))
        assert desk.quarantine_count(release, org_codes=codes) == (0, Decimal(0))


def test_rows_are_picked_by_check_source_and_age(release):
    assert ids(release, check="TST-C06") == [9002]
    assert ids(release, source="claims") == [9101]
    assert ids(release, check="x' OR TRUE --") == []
    assert ids(release, seen_until=datetime(2026, 11, 20)) == []  # noqa: DTZ001 -- as the release stores it
    assert len(ids(release, seen_from=datetime(2026, 11, 20))) == 4  # noqa: DTZ001
    assert ids(release, rows=((LINES, 9002), ("gd_ho_so", 9001))) == [9002]


@pytest.mark.parametrize(
    ("words", "found"),
    [("9101", [9101]), ("Đống Đa", [9101]), ("dong da", [9101]), ("claims.1", [9101]),
     ("100000077", []), ("NGUYỄN", [])],
)  # fmt: skip
def test_a_search_finds_rows_by_their_key_unit_and_batch_but_never_by_what_tells_of_a_person(
    release, words, found
):
    assert ids(release, search=words) == found


def test_pages_follow_each_other_in_the_order_asked_for(release):
    pages = [ids(release, Page(limit=3, offset=offset)) for offset in (0, 3, 6)]
    assert pages == [[9001, 9101, 9002], [9003], []]
    assert ids(release, Page(order="unit")) == [9001, 9101, 9002, 9003]
    assert ids(release, Page(order="month")) == [9101, 9002, 9001, 9003]


def test_the_count_is_of_rows_and_dong(release):
    assert desk.failed_count(release, Failed(None)) == (4, sum(row[7] for row in HELD))
    assert desk.quarantine_count(release, org_codes=None) == (4, sum(row[7] for row in HELD))
    assert desk.quarantine_count(release, org_codes={"00.01"}, source="collection") == (1, Decimal("1760000"))


def test_rows_are_grouped_by_check_unit_source_and_age(release):
    def groups(by, **more):
        found = desk.failed_groups(release, Failed(None, by_province=by == "unit"), by, **more)
        return {(g.key, g.source_table): (g.rows, g.undecided) for g in found}

    assert groups("check")["TST-C01", LINES] == (1, 1)
    assert groups("unit") == {("00.01", ""): (2, 2), ("00.48-2025", ""): (1, 1), ("", ""): (1, 1)}
    assert groups("source")[LINES, LINES] == (2, 2)
    marks = [datetime(2026, 11, 19), datetime(2026, 11, 21)]  # noqa: DTZ001
    assert groups("age", marks=marks) == {("1", ""): (4, 4)}


def test_what_was_decided_and_read_by_a_build_is_seen_where_it_brought_the_row(release):
    assert ids(release, states=("rejected",)) == [9050]
    assert ids(release, states=("accepted",)) == [9060]
    assert desk.failed_states(release, Failed(None, states=("accepted", "rejected", "waiting"))) == {
        "accepted": (1, Decimal(88_000)), "rejected": (1, Decimal(440_000)), "waiting": (4, Decimal(2_111_760)),
    }  # fmt: skip
    assert desk.decisions_read(release) == {"earlier-1", "earlier-2"}


@pytest.mark.parametrize(
    ("verdict", "state"),
    [("accept", "accepting"), ("propose", "proposed"), ("reject", "rejecting"), ("fix", "fix")],
)
def test_a_decision_no_build_has_read_yet_is_seen_at_once(release, verdict, state):
    pending = Pending.of([(LINES, 9002, "v9002", "TST-C06", verdict)])
    assert ids(release, pending=pending, states=(state,)) == [9002]
    assert ids(release, pending=pending, states=("waiting",)) == [9001, 9101, 9003]
    [group] = [g for g in desk.failed_groups(release, Failed(None, pending), "check") if g.key == "TST-C06"]
    assert (group.rows, group.undecided) == (1, 0)


def test_a_decision_about_another_version_or_another_reason_is_none(release):
    for line in ((LINES, 9002, "v1", "TST-C06", "accept"), (LINES, 9002, "v9002", "TST-C01", "accept")):
        assert 9002 in ids(release, pending=Pending.of([line]), states=("waiting",))


def test_a_rejected_row_can_be_decided_about_again(release):
    pending = Pending.of([(LINES, 9050, "v9050", "TST-C03", "fix")])
    assert ids(release, pending=pending, states=("fix",)) == [9050]
    assert ids(release, pending=pending, states=("rejected",)) == []


def test_what_a_decision_names_is_the_row_its_version_and_the_reasons_that_hold_it(release):
    [key] = desk.failed_keys(release, Failed({"00.48-2025"}), limit=5)
    assert (key.source_table, key.source_id, key.version, key.codes) == (LINES, 9002, "v9002", ("TST-C06",))
    with pytest.raises(TooManyRows):
        desk.failed_keys(release, Failed(None), limit=3)


def test_the_versions_of_a_row_come_newest_first(release):
    assert [v.version for v in desk.row_versions(release, LINES, 9001)] == ["v9001", "v8001"]
    assert desk.row_versions(release, LINES, 9002) == []


def test_rules_in_trial_are_counted_within_the_area(release):
    [total] = desk.trial_totals(release, org_codes={"00.01"})
    assert (total.check_code, total.rows, total.amount_vnd) == ("TST-C05", 3, Decimal(12_000_000))
    assert desk.trial_totals(release, org_codes={"00.48-2025"}) == []


def test_flagged_rows_count_once_under_each_of_their_checks(release):
    found = {(t.check_code, t.org_code): t.rows for t in desk.flagged_summary(release)}
    assert found == {("TST-N03", "00.01.006"): 1, ("GD-H05", "00.48.492"): 1, ("GD-H06", "00.48.492"): 1}
    assert len(desk.flagged_summary(release, org_codes={"00.48-2025"})) == 2
