"""Clerks' decisions about persons: plain rows that are only added, read by every build, undone by other rows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dwh.datapath.pipeline.tests import kit
from dwh.datapath.pipeline.tests.small_plans import contributions_plan
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.person_decisions import (
    PersonDecision,
    add_decisions,
    decisions_file,
    read_decisions,
)
from dwh.datapath.warehouse.release import current_release
from dwh.kernel.errors import Conflict, DamagedFile, Invalid

LINES = [kit.line(1), kit.line(2, person=2), kit.line(3, "2025-06", person=2)]
ONE, TWO = "0100000001", "0100000002"
PERSONS = "contribution_month, participant_key, person_key"


def decision(name: str, action: Any = "merge", day: int = 1, **changes: Any) -> PersonDecision:
    numbers = {} if action == "withdraw" else {"number": TWO, "other_number": ONE}
    at = datetime(2026, 11, day, 8, tzinfo=UTC)
    why = {"reason": "cùng một người, đã đối chiếu hồ sơ"}
    return PersonDecision(name, at, "NV001", action, **why | numbers | changes)


@pytest.fixture
def nation(tmp_path) -> DataPathSettings:
    settings = kit.settings_in(tmp_path)
    kit.small_nation(settings, lines=LINES)
    kit.make_public(settings, plan=contributions_plan())
    return settings


def build(settings: DataPathSettings, **options: Any) -> list[tuple[Any, ...]]:
    release = kit.make_public(settings, plan=contributions_plan(), **options)
    return kit.rows_of(release, "core.fct_contribution", PERSONS)


def test_a_merge_makes_one_person_of_two_numbers_and_a_split_two_again(nation):
    before = kit.rows_of(current_release(nation), "core.fct_contribution", PERSONS)
    add_decisions(nation, [decision("A")])
    joined = build(nation)
    add_decisions(nation, [decision("B", "split", 2)])

    assert joined == [("2025-05", 1, 1), ("2025-05", 2, 1), ("2025-06", 2, 1)]
    assert build(nation) == before == [("2025-05", 1, 1), ("2025-05", 2, 2), ("2025-06", 2, 2)]


def test_who_decided_when_why_and_until_when_stays_on_record(nation):
    add_decisions(nation, [decision("A", document_no="12/QĐ-BHXH"), decision("B", "split", 2)])
    build(nation)
    release = current_release(nation)
    rows = kit.rows_of(
        release, "core.person_decision", "decision_id, decided_by, document_no, state, valid_until"
    )

    assert [row[:4] for row in rows] == [
        ("A", "NV001", "12/QĐ-BHXH", "ended"),
        ("B", "NV001", None, "in_force"),
    ]
    assert rows[0][4] == datetime(2026, 11, 2, 8)  # noqa: DTZ001 - the engine's timestamps are UTC without saying so
    links = kit.rows_of(
        release, "core.person_link", "left_key, right_key, rule_code, is_applied, overruled_by"
    )
    assert links == [(1, 2, "R-TAY", False, "R-TACH")]


def test_a_locked_month_keeps_the_persons_it_was_published_with(nation):
    add_decisions(nation, [decision("A")])
    locked = build(nation, locked=frozenset({"2025-05"}))

    assert locked == [("2025-05", 1, 1), ("2025-05", 2, 2), ("2025-06", 2, 1)]


def test_only_the_months_of_the_person_are_made_again(nation):
    kit.land(nation, "tst_dong_ca_nhan", [kit.line(4, "2025-07", person=3)])
    build(nation)
    before = current_release(nation).manifest["parts"]["core.fct_contribution"]
    add_decisions(nation, [decision("A")])
    build(nation)
    after = current_release(nation).manifest["parts"]["core.fct_contribution"]

    assert {month for month in after if after[month] != before[month]} == {"2025-05", "2025-06"}


def test_decisions_that_vanished_stop_the_build(nation):
    add_decisions(nation, [decision("A")])
    build(nation)
    decisions_file(nation).unlink()

    with pytest.raises(DamagedFile, match=r"persons\.csv"):
        build(nation)


def test_the_same_decisions_make_no_new_release(nation):
    add_decisions(nation, [decision("A")])
    build(nation)

    assert kit.make(nation, plan=contributions_plan()).release_id is None


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (decision("A"), Conflict),
        (decision("C", "withdraw", withdraws="Z"), Conflict),
        (decision("C", number="12345"), Invalid),
        (decision("C", other_number=TWO), Invalid),
        (decision("C", "split", number=""), Invalid),
        (decision(""), Invalid),
    ],
)
def test_a_row_no_build_could_understand_is_refused_and_nothing_is_written(tmp_path, wrong, error):
    settings = kit.settings_in(tmp_path)
    add_decisions(settings, [decision("A")])
    before = decisions_file(settings).read_bytes()

    with pytest.raises(error):
        add_decisions(settings, [decision("B", day=3), wrong])
    assert decisions_file(settings).read_bytes() == before


def test_what_was_written_is_read_back(tmp_path):
    settings = kit.settings_in(tmp_path)
    made = [decision("A", reason='lý do có "dấu", xuống\ndòng'), decision("B", "withdraw", 2, withdraws="A")]
    add_decisions(settings, made[:1])
    add_decisions(settings, made[1:])

    assert read_decisions(settings) == made
