"""For every demonstration account, `dwh ask` and the same question on screen, in XLSX and in PDF: same numbers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from demo import accounts
from demo.people import load_people
from dwh.datapath.settings import DataPathSettings
from dwh.governance.access.models import Account
from dwh.governance.access.rules import PERMISSIONS, Group
from dwh.kernel.errors import Denied
from dwh.operations.runs.command import ask_as
from tests.outputs import answer_of, ask_everywhere

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

QUESTIONS: list[dict[str, Any]] = [
    {
        "subject": "contributions",
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["collected_vnd", "collection_rate", "participants"],
    },
    {
        "subject": "contributions",
        "rows": ["org.region", "org.province"],
        "columns": ["month.quarter"],
        "values": ["due_vnd", "participants_end"],
        "filters": [{"field": "month.year", "op": "in", "values": ["2025"]}],
    },
    {
        "subject": "contributions",
        "rows": ["fund.fund", "fund.component"],
        "columns": ["participant.sex"],
        "values": ["collected_vnd", "arrears_rate", "avg_base_vnd"],
        "org_basis": "as_is",
    },
    {
        "subject": "claims",
        "rows": ["org.province"],
        "columns": ["visit_type.care"],
        "values": ["visits", "total_vnd", "avg_cost_vnd", "inpatient_rate"],
        "sort": [{"field": "total_vnd", "desc": True}],
    },
    {
        "subject": "claims",
        "rows": ["month.month"],
        "values": ["patients", "hi_paid_vnd", "avg_inpatient_days"],
    },
]
PEOPLE = [person for person in load_people() if person.group]


@pytest.fixture
def demonstration(demo_home: DataPathSettings, settings: Any) -> None:
    """The built demonstration behind the gate, with its accounts."""
    settings.DATAPATH = demo_home
    accounts.open_all(demo_home.home)


@pytest.mark.parametrize("email", [person.email for person in PEOPLE])
def test_every_account_reads_the_same_numbers_everywhere(
    client: Client, demonstration: None, email: str
) -> None:
    person = next(one for one in PEOPLE if one.email == email)
    allowed = PERMISSIONS[Group(person.group)]
    client.force_login(Account.objects.get(email=email))
    for question in QUESTIONS:
        may_ask = "data:ask" in allowed and ("*" in person.subjects or question["subject"] in person.subjects)
        if may_ask:
            document = json.loads(ask_as(email, json.dumps(question), "json"))
            assert ask_everywhere(client, question, document, files="data:export" in allowed) == []
        else:
            _refused_everywhere(client, email, question)


def _refused_everywhere(client: Client, email: str, question: dict[str, Any]) -> None:
    with pytest.raises(Denied):
        ask_as(email, json.dumps(question), "json")
    assert answer_of(client, question).status_code == 403
    asked = {"q": json.dumps(question)}
    assert client.post("/phan-tich/bang/", asked).status_code == 403
    for kind in ("csv", "xlsx", "pdf"):
        assert client.post(f"/phan-tich/xuat/{kind}/", asked).status_code == 403


def test_a_person_without_an_account_gets_no_number(demonstration: None) -> None:
    guest = next(person for person in load_people() if not person.group)
    with pytest.raises(Denied, match="Không có tài khoản"):
        ask_as(guest.email, json.dumps(QUESTIONS[0]), "json")
