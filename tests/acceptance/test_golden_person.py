"""The golden person on the demonstration: equal to union and find over the source files; every step can be undone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dwh.datapath.pipeline.build import build
from dwh.datapath.pipeline.publish import publish
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.person_decisions import PersonDecision, add_decisions, decisions_file
from dwh.datapath.warehouse.release import Release, current_release
from tests.conftest import settings_of
from tests.oracle.persons import persons_of

pytestmark = pytest.mark.xdist_group("demo")
EVERY_ROW = 1_000_000


def rows(release: Release, sql: str) -> list[tuple[object, ...]]:
    return release.fetch(sql, limit=EVERY_ROW)[1]


def persons_in(release: Release) -> dict[object, object]:
    return dict(rows(release, "SELECT participant_key, person_key FROM core.dim_participant"))


def counted(release: Release) -> tuple[object, ...]:
    sql = "SELECT count(DISTINCT person_key), count(DISTINCT participant_key), sum(due_vnd) FROM core.fct_contribution"
    return rows(release, sql)[0]


def test_the_persons_of_the_demonstration_are_those_of_union_and_find(built_home):
    release = current_release(settings_of(built_home))

    assert persons_in(release) == persons_of(built_home / "sources")
    persons, participants, _ = counted(release)
    assert persons < participants  # people who work under two numbers


def test_every_rule_joins_somebody_and_every_pair_says_why(built_home):
    release = current_release(settings_of(built_home))
    links = rows(
        release, "SELECT rule_code, evidence, valid_from, is_applied, overruled_by FROM core.person_link"
    )

    assert {rule for rule, *_ in links} == {"R-CCCD", "R-MA", "R-TRUNG", "R-KHAC"}
    assert all(evidence and since for _, evidence, since, _, _ in links)
    assert all(applied is (why is None) for *_, applied, why in links)


@pytest.mark.slow
def test_two_people_joined_by_mistake_are_two_again(own_home):
    settings = settings_of(own_home)
    before = current_release(settings)
    alone = "NOT IN (SELECT participant_key FROM core.person_member)"
    sql = "SELECT DISTINCT p.si_number FROM core.dim_participant p JOIN core.fct_contribution f USING (participant_key)"
    one, two = [r[0] for r in rows(before, f"{sql} WHERE p.participant_key {alone} ORDER BY 1 LIMIT 2")]

    joined = decided(settings, PersonDecision("A", at(1), "NV1", "merge", "thử", str(two), str(one)))
    apart = decided(settings, PersonDecision("B", at(2), "NV2", "split", "nhầm", str(two), str(one)))

    assert counted(joined)[0] == counted(before)[0] - 1
    assert counted(joined)[1:] == counted(before)[1:]
    assert persons_in(joined) != persons_in(before) == persons_in(apart)
    assert persons_in(apart) == persons_of(own_home / "sources", decisions_file(settings))
    assert len(rows(apart, "SELECT decision_id FROM core.person_decision")) == 2


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 8, tzinfo=UTC)


def decided(settings: DataPathSettings, decision: PersonDecision) -> Release:
    add_decisions(settings, [decision])
    return publish(build(settings=settings, today=date(2026, 11, 25)), settings=settings)
