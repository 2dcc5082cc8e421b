"""Every duty the law gives the system is carried out and shown, or waived with the capability that will do it."""

from __future__ import annotations

from datetime import date

import pytest

from dwh.kernel import lawtable
from dwh.kernel.law import DOCUMENTS

ARTICLES = {str(article): article for document in DOCUMENTS for article in document.articles.values()}


@pytest.fixture(scope="module")
def tests() -> list[lawtable.MarkedTest]:
    return lawtable.marked_tests()


def test_every_duty_of_the_system_has_rule_and_test_or_a_waiver():
    assert lawtable.open_articles() == []


def test_every_mark_names_a_row_or_an_article_that_exists(tests):
    assert {row for test in tests for row in test.rows} <= lawtable.requirements().keys()
    assert {article for test in tests for article in test.articles} <= ARTICLES.keys()


def test_every_cited_article_is_in_force_today():
    today = date.today()  # noqa: DTZ011 - the day the suite runs
    cited = lawtable.rules_citing()
    assert cited.keys() <= ARTICLES.keys()
    assert [name for name in cited if not ARTICLES[name].in_force_on(today)] == []


def test_a_waiver_names_a_duty_that_exists_and_is_still_open(tests):
    rows = lawtable.requirements()
    waived = {name: why for name, why in lawtable.waivers().items() if name not in rows}
    rules = lawtable.rules_citing()
    assert [name for name in waived if name not in ARTICLES] == []
    assert [name for name in waived if ARTICLES[name].duty != "system"] == []
    tested = {article for test in tests if test.runs for article in test.articles}
    assert [name for name in waived if name in rules and name in tested] == [], "take it out of waivers.toml"


def test_a_waived_row_of_the_mission_says_why_and_is_not_proven():
    waived = {row: told for row, told in lawtable.law_status().items() if told["waived"]}
    assert all("docs/adr/" in told["waived"] for told in waived.values())
    assert [row for row, told in waived.items() if told["proven"]] == [], "take it out of waivers.toml"


def test_the_mission_has_its_284_rows():
    status = lawtable.law_status()
    assert len(status) == 284
    assert set(status["A-15"]) == {"proven", "tests", "waived"}


def test_the_pages_of_the_law_are_those_of_the_code(tmp_path):
    """`make docs` writes them; the names of rules are compared, not of tests, which come and go."""
    for path in lawtable.write_pages(tmp_path):
        kept = lawtable.ROOT / "docs" / "law" / path.name
        fresh, old = (text.read_text(encoding="utf-8").splitlines() for text in (path, kept))
        assert [line.split("|")[1:5] for line in old] == [line.split("|")[1:5] for line in fresh], kept.name
