"""A reorganisation entered as data: applied from its day on, undone without a trace, figures of the nation unmoved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dwh.datapath.pipeline.publish import publish
from dwh.datapath.pipeline.tests import kit
from dwh.datapath.pipeline.tests.small_plans import contributions_plan
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.org_events import EventLine, events_file, put_events
from dwh.datapath.warehouse.release import Release, current_release
from dwh.kernel.errors import DamagedFile

LINES = [kit.line(1), kit.line(2, person=2), kit.line(3, "2025-06", person=2), kit.line(4, "2025-08")]
OLD, NEW, OTHER = "00.01.501", "00.01.601", "00.01.602"
MADE: dict[str, Any] = {
    "to_tier": "office",
    "to_parent": "00.01",
    "to_province_code": "01",
    "to_class": "cơ sở",
}


def split(day: date = kit.TODAY) -> list[EventLine]:
    return [
        EventLine("7", "split", day, OLD, "", to, weight, "12/QĐ-BHXH", name, to_office_code=office, **MADE)
        for to, weight, name, office in (
            (NEW, "0.7", "BHXH cơ sở Bảy", "01601"),
            (OTHER, "0.3", "BHXH cơ sở Ba", "01602"),
        )
    ]


@pytest.fixture
def nation(tmp_path) -> DataPathSettings:
    settings = kit.settings_in(tmp_path)
    kit.small_nation(settings, lines=LINES)
    kit.make_public(settings, plan=contributions_plan())
    return settings


def build(settings: DataPathSettings, **options: Any) -> Release:
    report = kit.make(settings, **options)
    return publish(report, settings=settings) if report.release_id else current_release(settings)


def everything(release: Release) -> dict[str, list[tuple[Any, ...]]]:
    tables = ("core.dim_org", "core.dim_org_at", "core.fct_contribution", "core.fct_participation")
    return {table: kit.rows_of(release, table) for table in tables}


def org_of(release: Release, code: str) -> dict[str, Any]:
    columns = (
        "org_code, org_name, valid_from, valid_until, cur_org_code, cur_office_org_code, cur_office_name"
    )
    rows = kit.rows_of(release, "core.dim_org", columns)
    return next(dict(zip(columns.split(", "), row, strict=True)) for row in rows if row[0] == code)


def test_a_split_ends_the_unit_and_figures_of_before_stand_under_both_together(nation):
    put_events(nation, split())
    release = build(nation)

    old, new = org_of(release, OLD), org_of(release, NEW)
    assert (old["valid_until"], old["cur_org_code"]) == (kit.TODAY, NEW)  # the larger share answers for it
    assert (old["cur_office_org_code"], old["cur_office_name"]) == (
        f"{NEW}+{OTHER}",
        "BHXH cơ sở Bảy + BHXH cơ sở Ba",
    )
    assert (new["valid_from"], new["cur_office_org_code"]) == (kit.TODAY, NEW)


def test_what_was_built_on_is_what_a_full_build_gives(nation):
    put_events(nation, split())
    steps = build(nation)
    assert org_of(steps, OLD)["valid_until"] == kit.TODAY
    assert kit.make(nation, full=True).release_id is None  # every part came out with the bytes it had


def test_an_event_that_is_undone_leaves_the_release_as_it_was(nation):
    before = everything(build(nation))
    put_events(nation, split())
    assert everything(build(nation)) != before
    put_events(nation, [])
    assert everything(build(nation)) == before


def test_facts_of_before_are_not_made_again_for_an_event(nation):
    put_events(nation, split())
    report = kit.make(nation)
    after = publish(report, settings=nation)
    made = {step.table: step.months for step in report.steps}
    assert made["core.fct_contribution"] == made["staging.stg_contribution"] == 0
    assert org_of(after, OLD)["valid_until"] == kit.TODAY


def test_an_event_waits_for_its_day(nation):
    before = everything(build(nation))
    put_events(nation, split(kit.TODAY + timedelta(days=3)))
    assert everything(build(nation)) == before
    later = build(nation, today=kit.TODAY + timedelta(days=3))
    assert org_of(later, OLD)["valid_until"] == kit.TODAY + timedelta(days=3)


def test_rows_that_name_the_new_office_go_to_it(nation):
    put_events(nation, split())
    kit.land(nation, "tst_dong_ca_nhan", [kit.line(9, "2026-10", ma_cq_bhxh="01602")])
    rows = kit.rows_of(build(nation), "core.fct_contribution", "contribution_month, org_code")
    assert ("2026-10", OTHER) in rows


def test_a_renamed_unit_bears_each_name_in_its_time(nation):
    line = EventLine(
        "8", "rename", date(2026, 3, 1), OLD, "BHXH 01.501", OLD, "1", "13/QĐ-BHXH", "BHXH cơ sở Hồ Gươm"
    )
    put_events(nation, [line])
    release = build(nation)
    assert org_of(release, OLD)["org_name"] == "BHXH cơ sở Hồ Gươm"
    at = kit.rows_of(release, "core.dim_org_at", "org_code, valid_from, cur_office_name")
    names = [(since, name) for code, since, name in at if code == OLD and since >= date(2025, 7, 1)]
    assert names == [(date(2025, 7, 1), "BHXH 01.501"), (date(2026, 3, 1), "BHXH cơ sở Hồ Gươm")]


def test_a_lost_file_of_events_stops_the_build(nation):
    put_events(nation, split())
    build(nation)
    events_file(nation).unlink()
    with pytest.raises(DamagedFile, match=r"organisation\.csv"):
        build(nation)
