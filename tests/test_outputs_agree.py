"""One question, five outputs: the screen, JSON, CSV, XLSX and PDF say the same, cell by cell (small release)."""

from __future__ import annotations

import pytest

from tests.outputs import ask_everywhere
from tests.warehouse_fixture import tiny_release

pytestmark = pytest.mark.django_db(transaction=True)

QUESTIONS = {
    "province by year": {
        "rows": ["org.province"],
        "columns": ["month.year"],
        "values": ["collected_vnd", "collection_rate", "participants"],
    },
    "offices under provinces": {
        "rows": ["org.province", "org.office"],
        "columns": ["month.quarter"],
        "values": ["due_vnd", "arrears_vnd", "participants_end"],
    },
    "two levels on columns": {
        "rows": ["fund.component"],
        "columns": ["month.quarter", "month.month"],
        "values": ["collected_vnd", "lines"],
    },
    "no rows": {"columns": ["month.month"], "values": ["avg_base_vnd", "collected_share"]},
    "nothing but values": {"values": ["collected_vnd", "employers"]},
    "no totals": {
        "rows": ["org.province", "org.office"],
        "values": ["participants", "collection_rate"],
        "totals": False,
    },
    "today's tree, sorted": {
        "rows": ["org.office"],
        "values": ["collected_vnd"],
        "org_basis": "as_is",
        "sort": [{"field": "collected_vnd", "desc": True}],
    },
    "heads by sex and age": {
        "rows": ["participant.sex", "participant.birth_decade"],
        "values": ["participants"],
    },
    "claims": {
        "subject": "claims",
        "rows": ["facility.facility"],
        "columns": ["visit_type.care"],
        "values": ["visits", "total_vnd", "avg_cost_vnd", "inpatient_rate"],
    },
}


ASKED = [
    (who, name)
    for who in ("lan", "ha", "nam", "khanh")
    for name in QUESTIONS
    if who != "khanh" or QUESTIONS[name].get("subject") != "claims"  # Khanh asks about contributions only
]


@pytest.mark.parametrize(("who", "name"), ASKED)
def test_five_outputs_of_one_question_are_equal(client, request, settings, tmp_path, who, name):
    settings.DATAPATH = tiny_release(tmp_path)
    question = {"subject": "contributions", **QUESTIONS[name]}
    client.force_login(request.getfixturevalue(who))
    assert ask_everywhere(client, question) == []


def test_a_table_in_windows_and_folded_groups_is_the_same_table(client, lan, settings, tmp_path, monkeypatch):
    settings.DATAPATH = tiny_release(tmp_path)
    monkeypatch.setattr("dwh.delivery.analysis.grid.WINDOW_CELLS", 3)
    client.force_login(lan)
    assert ask_everywhere(client, {"subject": "contributions", **QUESTIONS["offices under provinces"]}) == []
