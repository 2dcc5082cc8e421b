"""Nobody is shown a row of another unit: an answer equals the question over data cut to his units beforehand.

Ten people of every kind of right ask the same random questions in turn, the nation among them, so that results kept
for one are there when the next asks; a second round asks all of it again, warm. Ways out: the answer, the document of
the API, the file, the list of members. Screen, XLSX, PDF and command line: test_random_tables.py.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.members import Choice
from dwh.datapath.semantic.query import Query
from dwh.delivery.exchange.plain import csv_of
from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.kernel.actor import operator
from dwh.kernel.errors import Denied
from tests.compare_outputs import answer_values, read_csv
from tests.generated.expected import Asked, Cells
from tests.generated.load import generated_settings
from tests.generated.people import PEOPLE, Person, choices, is_refused, may_see, open_accounts, seen_by
from tests.generated.questions import NARROW, SIDES, random_asked
from tests.generated.words import places
from tests.personas import TODAY, give

pytestmark = pytest.mark.django_db
PARTS, QUESTIONS, WIDE, CASES = 4, 60, 10, 10_000
EVERY = 100_000  # members of a list, all of them


@pytest.fixture
def accounts(settings: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Account]:
    settings.DATAPATH = generated_settings()
    gate.refresh_units(by=operator("Kiểm thử"))
    cleared = {person.email: person.cleared for person in PEOPLE}
    monkeypatch.setattr(gate, "clearance_of", lambda account, today: cleared[account.email])
    return open_accounts()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_answer_is_that_over_the_rows_one_may_see(accounts: dict[str, Account], part: int) -> None:
    dice, told = random.Random(part), Counter[str]()
    for number in range(QUESTIONS):
        asked = random_asked(dice, seen_by(("00",)), NARROW if number % WIDE else SIDES)
        query = Query.from_json(asked.question, latest_month="2025-08")
        expected = {
            person: None if is_refused(person, asked.question) else may_see(person, asked.question)
            for person in PEOPLE
        }
        for how in ("cold", "warm"):
            for person in dice.sample(PEOPLE, len(PEOPLE)):
                told.update(_checked(query, accounts[person.name], expected[person], how))
        told.update(_lists(dice, asked, accounts))
    print(f"{told.total()} cases, no leak: {dict(told)}")
    assert told.total() >= CASES / PARTS
    assert min(told.values()) > QUESTIONS


def _checked(query: Query, account: Account, expected: Cells | None, how: str) -> list[str]:
    """Ask as one person and hold every way out against the rows he may see; return the cases checked."""
    if expected is None:
        with pytest.raises(Denied):
            gate.ask(query, by=account, purpose="kiểm thử", today=TODAY)
        return ["refused"]
    answer = gate.ask(query, by=account, purpose="kiểm thử", today=TODAY)
    assert {row.keys: row.values for row in answer.rows} == expected, (account.email, query)
    assert how == "cold" or answer.was_kept
    return [how, *(_files(answer, expected) if how == "warm" else ())]


def _files(answer: Answer, expected: Cells) -> list[str]:
    """Hold the document of the API against what may be seen, and the file against the document."""
    document = answer.to_json()
    names = [*answer.query.rows, *answer.query.columns]
    assert [tuple(row["_keys"][name] for name in names) for row in document["rows"]] == [
        row.keys for row in answer.rows
    ]
    assert {row.keys for row in answer.rows} == expected.keys()
    decimals = {column.label: column.decimals for column in answer.values}
    file = read_csv(csv_of(answer), len(answer.query.rows), decimals)
    shown = {key: value for key, value in answer_values(document).items() if value is not None}
    assert {key: value for key, value in file.items() if value is not None} == shown
    return ["document", "file"]


def _lists(dice: random.Random, asked: Asked, accounts: dict[str, Account]) -> list[str]:
    """Ask for the members of one field as everybody: those that occur in the rows he may see, no others."""
    name = dice.choice([*places(asked.question["subject"])])
    basis = asked.question["org_basis"]
    wanted = Choice(asked.question["subject"], name, org_basis=basis, limit=EVERY)
    listed = {person.name: _listed(person, asked, wanted, accounts[person.name]) for person in PEOPLE}
    whole = listed["cleared" if listed["nation"] is None else "nation"] or set()
    for person in PEOPLE:
        found, there = listed[person.name], choices(person, asked._replace(cleared=person.cleared), name)
        if found is not None:
            assert found <= there, (person, wanted)
            assert found == there & whole, (person, wanted)
    return ["members"] * len(PEOPLE)


def _listed(person: Person, asked: Asked, wanted: Choice, account: Account) -> set[str] | None:
    """Return the members shown; None when the list must be refused, and is."""
    level = places(wanted.subject)[wanted.field].level
    if person.scope(wanted.subject) and level.get("personal", "") in ("", *person.cleared):
        found = gate.members(wanted, by=account, today=TODAY, permission="data:ask")
        return {member.key for member in found}
    with pytest.raises(Denied):
        gate.members(wanted, by=account, today=TODAY, permission="data:ask")
    return None


@pytest.mark.req("B-04")
def test_a_central_unit_has_its_own_subject_of_the_whole_nation_and_no_other(
    accounts: dict[str, Account],
) -> None:
    thu = next(person for person in PEOPLE if person.name == "thu")
    parts = {"columns": [], "filters": [], "org_basis": "as_is", "totals": True}
    own = {"subject": "contributions", "rows": ["org.province"], "values": ["due_vnd", "persons"], **parts}
    staff = {"subject": "staff", "rows": ["org.province"], "values": ["staff_end"], **parts}

    def shown(question: dict[str, Any], name: str = "thu") -> Cells:
        query = Query.from_json(question, latest_month="2025-08")
        answer = gate.ask(query, by=accounts[name], purpose="kiểm thử", today=TODAY)
        return {row.keys: row.values for row in answer.rows}

    assert shown(own) == may_see(thu, own) == seen_by(("00",)).answer(own, ("00",))
    with pytest.raises(Denied, match="chưa được giao chủ đề"):
        shown(staff)
    give(accounts["nothing"], "analyst", "00", "staff")
    assert shown(staff, "nothing") == seen_by(("00",)).answer(staff, ("00",))
