"""Random tables of random people: screen, API, command line, CSV, XLSX and PDF say the same, read back cell by cell.

What they say is also what a recount over the rows of the person's own units gives, so no way out shows more.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.kernel.actor import operator
from dwh.operations.runs.command import ask_as
from tests.generated.expected import Cells
from tests.generated.load import generated_settings
from tests.generated.people import PEOPLE, Person, is_refused, may_see, open_accounts, seen_by
from tests.generated.questions import NARROW, SIDES, random_asked
from tests.generated.words import Words
from tests.outputs import answer_of, ask_everywhere

pytestmark = pytest.mark.django_db
PARTS, TABLES, WIDE = 8, 26, 4  # 208 tables; one in WIDE has up to three dimensions a side
MOST_GROUPS, MOST_COLUMNS = 300, 40  # of a table here; paper holds no more columns, and says so


@pytest.fixture
def accounts(settings: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Account]:
    settings.DATAPATH = generated_settings()
    gate.refresh_units(by=operator("Kiểm thử"))
    cleared = {person.email: person.cleared for person in PEOPLE}
    monkeypatch.setattr(gate, "clearance_of", lambda account, today: cleared[account.email])
    return open_accounts()


@pytest.mark.req("E-10")
@pytest.mark.parametrize("part", range(PARTS))
def test_a_table_is_the_same_on_every_way_out(
    client: Client, accounts: dict[str, Account], part: int
) -> None:
    told = Counter[str]()
    for person, question, expected in tables(random.Random(f"tables {part}")):
        client.force_login(accounts[person.name])
        text = json.dumps(question)
        document = json.loads(ask_as(person.email, text, "json"))
        assert answer_of(client, question).json()["rows"] == document["rows"]
        assert read(document) == expected, (person, question)
        assert ask_everywhere(client, question, document) == [], (person, question)
        told.update(tables=1, cells=sum(map(len, expected.values())), **{person.name: 1})
    print(f"no difference: {dict(told)}")
    assert told["tables"] == TABLES


def tables(dice: random.Random) -> Iterator[tuple[Person, Words, Cells]]:
    """Yield people with a question that may be answered, is not empty and is not a book."""
    found = 0
    while found < TABLES:
        person = dice.choice(PEOPLE)
        question = random_asked(dice, seen_by(("00",)), NARROW if found % WIDE else SIDES).question
        if is_refused(person, question):
            continue
        expected = may_see(person, question)
        heads = {keys[len(question["rows"]) :] for keys in expected}
        is_paper = len(heads) * len(question["values"]) <= MOST_COLUMNS
        if 0 < len(expected) <= MOST_GROUPS and is_paper:
            found += 1
            yield person, question, expected


def read(document: Words) -> Cells:
    """Return keys → values of an answer document."""
    names = [*document["query"]["rows"], *document["query"]["columns"]]
    values = [column["name"] for column in document["columns"] if column["kind"] == "measure"]
    return {
        tuple(row["_keys"][name] for name in names): tuple(
            None if row[name] is None else Decimal(str(row[name])) for name in values
        )
        for row in document["rows"]
    }
