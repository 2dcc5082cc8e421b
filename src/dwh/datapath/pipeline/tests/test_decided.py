"""What people decide about held rows: accepted ones enter, rejected ones stay out, and nothing is lost on the way."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dwh.datapath.pipeline.plan import Plan
from dwh.datapath.pipeline.report import BuildReport
from dwh.datapath.pipeline.tests import kit
from dwh.datapath.pipeline.tests.small_plans import contributions_plan
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources import decisions
from dwh.datapath.warehouse.release import Release, current_release
from dwh.kernel.errors import AuditFailed, DamagedFile

LINES = "tst_dong_ca_nhan"
FACT = "contribution_month, participant_key, due_vnd"
LOW = {"base": 8_000}  # thousands of đồng written for đồng: held by TST-C06


@pytest.fixture
def plan() -> Plan:
    return contributions_plan()


@pytest.fixture
def nation(tmp_path) -> DataPathSettings:
    """Two good lines; in May one line with a low base (4) and one of nobody (5), in June another low one (6)."""
    settings = kit.settings_in(tmp_path)
    lines = [
        kit.line(1), kit.line(2, "2025-06", person=2), kit.line(4, person=3, **LOW),
        kit.line(5, ma_so_bhxh="99"), kit.line(6, "2025-06", person=4, **LOW),
    ]  # fmt: skip
    kit.small_nation(settings, lines=lines)
    return settings


@pytest.fixture
def first(nation, plan) -> Release:
    return kit.make_public(nation, plan=plan)


def kept(report: BuildReport) -> dict[str, tuple[int, Decimal]]:
    equation = next(e for e in report.equations if e.name == f"landed:{LINES}")
    assert equation.holds
    return {place: (total.rows, total.vnd) for place, total in equation.right.items()}


def changed(before: Release, after: Release) -> set[tuple[str, str]]:
    old, new = before.manifest["parts"], after.manifest["parts"]
    keys = {(table, month) for parts in (old, new) for table in parts for month in parts[table]}
    return {(t, m) for t, m in keys if old.get(t, {}).get(m) != new.get(t, {}).get(m)}


@pytest.mark.req("C-12")
def test_an_accepted_row_enters_the_figures_with_a_flag_and_the_sums_still_agree(nation, plan, first):
    kit.decide(nation, "accept", kit.failed(first, "held", 4))
    report = kit.make(nation, plan=plan)
    release = kit.publish(report, settings=nation)

    assert kept(report) == {"staging": (3, 3_521_760), "quarantine": (2, 1_761_760), "rejected": (0, 0)}
    assert ("2025-05", 3, 1_760) in kit.rows_of(release, "core.fct_contribution", FACT)
    assert kit.rows_of(release, "quarantine.flagged", "source_id, check_codes")[-1] == (
        4,
        ["TST-C06", "accepted"],
    )
    assert [row[1] for row in kit.failed(release, "accepted")] == [4]
    assert report.decided["accepted"] == {"rows": 1, "vnd": "1760.00"}


def test_a_rejected_row_stays_out_is_counted_and_can_be_seen(nation, plan, first):
    kit.decide(nation, "reject", kit.failed(first, "held", 5))
    report = kit.make(nation, plan=plan)
    release = kit.publish(report, settings=nation)

    assert kept(report) == {"staging": (2, 3_520_000), "quarantine": (2, 3_520), "rejected": (1, 1_760_000)}
    assert report.landed == report.staged + report.quarantined + report.decided["rejected"]["rows"]
    assert kit.rows_of(release, "quarantine.rejected", "source_id, amount_vnd") == [
        (5, Decimal("1760000.00"))
    ]
    assert release.manifest["decided"]["rejected"] == {"rows": 1, "vnd": "1760000.00"}


def test_a_row_to_be_fixed_stays_held_and_comes_in_by_itself_when_it_is(nation, plan, first):
    kit.decide(nation, "fix", kit.failed(first, "held", 5))
    waiting = kit.make_public(nation, plan=plan)
    assert changed(first, waiting) == {("desk.decisions", "all")}
    kit.land(nation, LINES, [kit.line(5, person=4)])
    release = kit.make_public(nation, plan=plan)
    assert [row[1] for row in kit.failed(release)] == [4, 6]
    assert ("2025-05", 4, 1_760_000) in kit.rows_of(release, "core.fct_contribution", FACT)


def test_a_decision_makes_only_the_months_it_touches_again(nation, plan, first):
    kit.decide(nation, "accept", kit.failed(first, "held", 6))
    found = changed(first, kit.make_public(nation, plan=plan))
    assert {month for table, month in found if table != "desk.decisions"} == {"2025-06"}
    assert ("core.fct_contribution", "2025-06") in found


def test_a_row_that_changes_at_its_source_is_asked_again(nation, plan, first):
    kit.decide(nation, "accept", kit.failed(first, "held", 4))
    kit.decide(nation, "reject", kit.failed(first, "held", 5))
    kit.make_public(nation, plan=plan)
    kit.land(nation, LINES, [kit.line(4, person=3, base=9_000), kit.line(5, ma_so_bhxh="98")])
    report = kit.make(nation, plan=plan)
    assert kept(report) == {"staging": (2, 3_520_000), "quarantine": (3, 1_763_740), "rejected": (0, 0)}


def test_a_row_only_touched_at_its_source_keeps_what_was_decided(nation, plan, first):
    kit.decide(nation, "accept", kit.failed(first, "held", 4))
    kit.make_public(nation, plan=plan)
    kit.land(nation, LINES, [kit.line(4, person=3, **LOW)])  # its updated_at is new, nothing else
    assert kept(kit.make(nation, plan=plan, full=True))["staging"] == (3, 3_521_760)


def test_a_later_decision_about_the_same_row_replaces_the_first(nation, plan, first):
    kit.decide(nation, "accept", kit.failed(first, "held", 4))
    accepted = kit.make_public(nation, plan=plan)
    kit.decide(nation, "reject", kit.failed(accepted, "accepted", 4))
    rejected = kit.make_public(nation, plan=plan)
    assert [row[1] for row in kit.failed(rejected, "rejected")] == [4]
    kit.decide(nation, "fix", kit.failed(rejected, "rejected", 4))
    again = kit.make_public(nation, plan=plan)
    assert [row[1] for row in kit.failed(again)] == [4, 5, 6]
    parts = again.manifest["parts"]
    assert parts["core.fct_contribution"] == first.manifest["parts"]["core.fct_contribution"]


def test_accepting_one_of_two_reasons_does_not_let_a_row_in(nation, plan):
    kit.land(nation, LINES, [kit.line(7, person=1, ma_don_vi="KHÔNG CÓ", **LOW)])
    first = kit.make_public(nation, plan=plan)
    [(table, key, version, codes, month)] = kit.failed(first, "held", 7)
    assert codes == ["TST-C03", "TST-C06", "TST-C08"]  # the last is told by another row, which staging took
    kit.decide(nation, "accept", [(table, key, version, ["TST-C06"], month)])
    assert 7 in [row[1] for row in kit.failed(kit.make_public(nation, plan=plan))]


def test_an_accepted_row_without_a_key_stays_held_and_does_not_break_the_build(nation, plan, first):
    kit.decide(nation, "accept", kit.failed(first, "held", 5))  # nobody has the number 99
    report = kit.make(nation, plan=plan)
    assert report.release_id
    assert kept(report)["quarantine"] == (3, 1_763_520)


def test_a_rejected_row_stays_out_even_when_its_reason_goes_away(nation, plan):
    kit.land(nation, LINES, [kit.line(8, person=9)])
    kit.decide(nation, "reject", kit.failed(kit.make_public(nation, plan=plan), "held", 8))
    kit.make_public(nation, plan=plan)
    kit.land(nation, "tst_nguoi_tham_gia", [kit.person(9)])
    report = kit.make(nation, plan=plan)
    assert kept(report)["rejected"] == (1, 1_760_000)


@pytest.mark.req("C-26")
def test_a_locked_month_is_not_touched_by_a_decision_until_it_is_unlocked(nation, plan, first):
    kit.decide(nation, "accept", kit.failed(first, "held", 4))
    kit.decide(nation, "reject", kit.failed(first, "held", 6))
    locked = kit.make(nation, plan=plan, locked=frozenset({"2025-05"}))
    release = kit.publish(locked, settings=nation, locked=frozenset({"2025-05"}))
    assert {month for _, month in changed(first, release)} == {"2025-06", "all"}
    assert locked.decided["waiting"] == {"rows": 1, "vnd": "1760.00"}
    assert kept(locked)["quarantine"] == (2, 1_761_760)

    assert kit.make(nation, plan=plan, locked=frozenset({"2025-05"})).release_id is None
    report = kit.make(nation, plan=plan)
    assert kept(report) == {"staging": (3, 3_521_760), "quarantine": (1, 1_760_000), "rejected": (1, 1_760)}
    assert report.decided["waiting"] == {"rows": 0, "vnd": "0"}


def test_a_full_build_in_a_locked_month_leaves_its_decisions_waiting_too(nation, plan, first):
    kit.decide(nation, "accept", kit.failed(first, "held", 4))
    report = kit.make(nation, plan=plan, locked=frozenset({"2025-05"}), full=True)
    assert report.decided["waiting"]["rows"] == 1
    assert kept(report)["staging"] == (2, 3_520_000)


def test_nothing_decided_anew_makes_no_release(nation, plan, first):
    kit.decide(nation, "reject", kit.failed(first))
    kit.make_public(nation, plan=plan)
    assert kit.make(nation, plan=plan).release_id is None
    assert kit.make(nation, plan=plan, full=True).release_id is None


def test_a_changed_file_of_decisions_stops_the_build_and_says_what_to_do(nation, plan, first):
    batch = kit.decide(nation, "accept", kit.failed(first, "held", 4))
    batch.path.write_bytes(batch.path.read_bytes()[:-1] + b"x")
    with pytest.raises(DamagedFile, match=r"Tệp quyết định về dữ liệu lỗi bị hỏng.*«dwh run»"):
        kit.make(nation, plan=plan)
    assert current_release(nation) == first
    assert decisions.set_damaged_aside(nation) == 1
    assert decisions.landed_decisions(nation) == (frozenset(), 0)


def test_a_row_lost_among_the_rejected_stops_the_build(nation, plan, first, monkeypatch):
    from dwh.datapath.pipeline import make as making  # noqa: PLC0415

    kit.decide(nation, "reject", kit.failed(first, "held", 5))
    scan = making.held_rows
    monkeypatch.setattr(making, "held_rows", lambda *a, **k: scan(*a, **k) + " AND t.id <> 5")
    with pytest.raises(AuditFailed, match="lệch 1 dòng và 1760000"):
        kit.make(nation, plan=plan)


def test_the_release_keeps_every_line_that_was_decided(nation, plan, first):
    kit.decide(nation, "accept", kit.failed(first, "held", 4))
    kit.make_public(nation, plan=plan)
    kit.decide(nation, "fix", kit.failed(first, "held", 5, 6))
    release = kit.make_public(nation, plan=plan)
    found = kit.rows_of(release, "desk.decisions", "decision_id, source_id, check_code, verdict")
    assert found[0] == ("decision 1", 4, "TST-C06", "accept")
    assert [row[3] for row in found] == ["accept", "fix", "fix"]


def test_the_release_tells_what_a_failed_row_was_before(nation, plan, first):
    kit.land(nation, LINES, [kit.line(4, person=3, **LOW)])  # only touched: no new version
    kit.land(nation, LINES, [kit.line(4, person=3, base=9_000)])
    kit.delete(nation, LINES, [6])
    kit.land(nation, LINES, [kit.line(6, "2025-06", person=4, **LOW)])
    release = kit.make_public(nation, plan=plan)
    found = release.fetch(
        "SELECT source_id, right(batch_id, 1), gone, json_extract_string(raw, '$.can_cu_dong') "
        "FROM quarantine.versions ORDER BY source_id, landed_at", limit=9,
    )[1]  # fmt: skip
    assert found == [
        (4, "1", False, "8000"), (4, "3", False, "9000"),
        (6, "1", False, "8000"), (6, "4", True, None), (6, "5", False, "8000"),
    ]  # fmt: skip
