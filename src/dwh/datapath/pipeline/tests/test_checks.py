"""A check in trial, a check for some months, a check whose code list did not arrive: what each does to rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dwh.datapath.pipeline.packing import tables as serve
from dwh.datapath.pipeline.tests.kit import (
    FIRM,
    PEOPLE,
    UNITS,
    land,
    line,
    make,
    make_public,
    rows_of,
    settings_in,
)
from dwh.datapath.pipeline.tests.small_plans import CONTRIBUTIONS, MONTHS
from dwh.datapath.pipeline.tests.small_plans import plan_of as small_plan
from dwh.datapath.sources.check import Check, read_check
from dwh.datapath.standardise import scans
from dwh.datapath.standardise.checks import checks_of

LINES = "tst_dong_ca_nhan"
LARGE = Check("TST-X01", "hold", "t.can_cu_dong < 9000000", "Căn cứ đóng quá lớn.", "D-10")
SUSPECT = [line(1), line(2, person=2, base=9_500_000), line(3, "2025-06", person=3, base=9_500_000)]


@pytest.fixture
def plan_with(monkeypatch):
    """Return the contributions plan in which the lines have one more check."""

    def plan_of(check):
        def checks(table):
            return (*checks_of(table), check) if table == LINES else checks_of(table)

        monkeypatch.setattr(scans, "checks_of", checks)
        monkeypatch.setattr(serve, "all_checks", lambda: {LINES: checks(LINES)})
        return small_plan(
            CONTRIBUTIONS, MONTHS.format(month="contribution_month", table="staging.stg_contribution")
        )

    return plan_of


@pytest.fixture
def landed(tmp_path):
    settings = settings_in(tmp_path)
    land(settings, "ns_don_vi", UNITS)
    land(settings, "tst_nguoi_tham_gia", PEOPLE)
    land(settings, "tst_don_vi", [FIRM])
    land(settings, LINES, SUSPECT)
    return settings


def staged(report, table="staging.stg_contribution"):
    return next(step.rows for step in report.steps if step.table == table)


def test_an_active_check_holds_its_rows(landed, plan_with):
    report = make(landed, plan=plan_with(LARGE))
    assert (staged(report), report.held["TST-X01"]["rows"], report.shadow) == (1, 2, {})


@pytest.mark.req("C-12")
def test_a_check_in_trial_counts_what_it_would_hold_and_holds_nothing(landed, plan_with):
    release = make_public(landed, plan=plan_with(replace(LARGE, state="shadow")))
    assert release.manifest["shadow"] == {"TST-X01": {"rows": 2, "vnd": "4180000.00"}}
    assert "TST-X01" not in release.manifest["quarantine"]
    assert len(rows_of(release, "core.fct_contribution")) == 3
    assert rows_of(release, "quarantine.flagged") == []


def test_taking_a_check_out_of_trial_makes_the_lines_again(landed, plan_with):
    make_public(landed, plan=plan_with(replace(LARGE, state="shadow")))
    report = make(landed, plan=plan_with(LARGE))
    assert (staged(report), report.held["TST-X01"]["rows"]) == (1, 2)


def test_a_check_is_asked_of_the_months_it_is_in_force_for(landed, plan_with):
    report = make(landed, plan=plan_with(replace(LARGE, valid_from="2025-06")))
    assert report.held["TST-X01"]["rows"] == 1
    report = make(landed, plan=plan_with(replace(LARGE, valid_from="2024-01", valid_until="2025-06")))
    assert report.held["TST-X01"]["rows"] == 1


NEEDS_FIRMS = replace(LARGE, needs=("staging.stg_employer",))


def test_a_code_list_that_did_not_arrive_stops_the_check_and_not_the_rows(tmp_path, plan_with):
    settings, plan = settings_in(tmp_path), plan_with(NEEDS_FIRMS)
    land(settings, "ns_don_vi", UNITS)
    land(settings, "tst_nguoi_tham_gia", PEOPLE)
    land(settings, LINES, SUSPECT)
    first = make_public(settings, plan=plan)
    assert first.manifest["stopped_checks"] == ["TST-X01"]
    assert "TST-X01" not in first.manifest["quarantine"]

    land(settings, "tst_don_vi", [FIRM])
    second = make(settings, plan=plan)
    assert (second.held["TST-X01"]["rows"], second.stopped_checks) == (2, [])


@pytest.mark.parametrize(("changes", "why"), [
    ({"dimension": "beauty"}, "dimension"), ({"severity": "warn"}, "severity"),
    ({"customProperties": [{"property": "defect", "value": "D-1"}, {"property": "colour", "value": "red"}]}, "colour"),
    ({"customProperties": [{"property": "defect", "value": "D-1"}, {"property": "state", "value": "on"}]}, "state"),
    ({"customProperties": [{"property": "defect", "value": "D-1"}, {"property": "lacks", "value": "x"}]}, "lacks"),
])  # fmt: skip
def test_a_check_written_wrong_is_named(changes, why):
    good = {
        "id": "X-01", "dimension": "accuracy", "severity": "hold", "implementation": "TRUE", "description": "Câu.",
        "customProperties": [{"property": "defect", "value": "D-1"}],
    }  # fmt: skip
    assert read_check(good).code == "X-01"
    with pytest.raises(ValueError, match=f"X-01.*{why}"):
        read_check(good | changes)
