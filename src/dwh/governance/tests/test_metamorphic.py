"""What must hold between answers, whatever the question (anchors: scope A + B = union, child ⊂ parent, masks)."""

from __future__ import annotations

from itertools import product

import pytest

from dwh.governance import gate
from dwh.governance.access.models import AccessGrant
from dwh.governance.tests.asking import ask, parts_of, question
from tests.personas import give, hire
from tests.units_fixture import DN, HN

pytestmark = [pytest.mark.usefixtures("release"), pytest.mark.req("B-01")]

ROWS = [("org.office",), ("org.province", "fund.fund"), ("month.month", "org.office"), ("employer.employer",)]
BASES = ["as_was", "as_is"]
QUESTIONS = list(product(ROWS, BASES))


def analyst(number: int, *areas: str):
    account = hire(f"p{number}@vss.gov.vn", f"Người {number}", "00.BTHU", "Ban", f"NV{number}")
    for area in areas:
        give(account, "analyst", area)
    return account


def rows_of(who, rows, basis):
    return parts_of(ask(who, question(rows=rows, org_basis=basis)))


@pytest.mark.parametrize(("rows", "basis"), QUESTIONS)
def test_two_areas_together_see_what_each_sees(rows, basis):
    alone = [rows_of(analyst(n, area), rows, basis) for n, area in enumerate((HN, DN))]
    both = rows_of(analyst(9, HN, DN), rows, basis)
    keys = set(alone[0]) | set(alone[1])
    assert set(both) == keys
    assert all(both[key][0] == sum(one.get(key, (0,))[0] for one in alone) for key in keys)


@pytest.mark.parametrize(("rows", "basis"), QUESTIONS)
def test_an_office_sees_a_part_of_its_province(rows, basis):
    office, province = rows_of(analyst(1, "00.01.501"), rows, basis), rows_of(analyst(2, HN), rows, basis)
    assert set(office) <= set(province)
    assert all(office[key][0] <= province[key][0] for key in office)


@pytest.mark.parametrize(("rows", "basis"), QUESTIONS)
def test_a_right_inside_another_adds_nothing(rows, basis):
    assert rows_of(analyst(1, HN), rows, basis) == rows_of(analyst(2, HN, "00.01.501"), rows, basis)


@pytest.mark.parametrize("basis", BASES)
def test_masking_changes_no_total_and_shows_no_person(monkeypatch, basis):
    """Persons one is not cleared for become one row, so that no figure of one person is shown either."""
    query = question(rows=("org.office", "participant.participant"), org_basis=basis)
    who = analyst(1, HN)
    masked = ask(who, query)
    monkeypatch.setattr(gate, "clearance_of", lambda account, today: frozenset({"identity"}))
    shown = ask(who, query)
    assert [r for r in masked.rows if r.total_over] == [r for r in shown.rows if r.total_over]
    assert {row.labels[1] for row in masked.rows if not row.total_over} == {"***"}
    assert len(shown.rows) > len(masked.rows)
    assert any("NGUYỄN" in str(row.labels[1]) for row in shown.rows)


def test_a_right_that_ended_yesterday_and_none_are_the_same():
    who = analyst(1, HN, DN)
    AccessGrant.objects.filter(account=who, org_code=DN).update(valid_until="2026-11-22")
    assert rows_of(who, ROWS[0], "as_was") == rows_of(analyst(2, HN), ROWS[0], "as_was")
