"""Asking through the gate, over a small published release of Hà Nội and Đà Nẵng."""

from __future__ import annotations

import pytest

from dwh.datapath.semantic.query import Query
from dwh.governance import gate
from dwh.kernel.actor import operator
from tests.personas import TODAY
from tests.warehouse_fixture import DN, HN, LINES, SUCCESSOR, tiny_release

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def release(settings, tmp_path):
    settings.DATAPATH = tiny_release(tmp_path)
    gate.refresh_units(by=operator("Kiểm thử"))


def question(rows=("org.province",), values=("collected_vnd", "participants"), filters=(), **more):
    return Query.from_json(
        {
            "subject": "contributions",
            "rows": list(rows),
            "values": list(values),
            "filters": list(filters),
            **more,
        }
    )


def ask(who, query=None, **more):
    return gate.ask(query or question(), by=who, purpose="kiểm thử", today=TODAY, **more)


def total_of(answer):
    return next(row.values[0] for row in answer.rows if len(row.total_over) == len(answer.fields))


def collected(owner):
    """What the hand-written rows say was collected in a subtree of today's units."""
    return sum(line[8] for line in LINES if f"{SUCCESSOR.get(line[5], line[5])}.".startswith(f"{owner}."))


def in_unit(*codes, field="org.province"):
    return [{"field": field, "op": "in", "values": list(codes)}]


@pytest.mark.req("B-01", "B-02")
@pytest.mark.law("QĐ-2366 5.3.1")
def test_each_sees_the_sum_of_his_own_area(lan, nam, khanh):
    assert total_of(ask(lan)) == collected(HN)
    assert total_of(ask(nam)) == collected(DN)
    assert total_of(ask(khanh)) == collected("00") == collected(HN) + collected(DN)


@pytest.mark.req("B-02")
def test_another_province_is_not_in_the_answer(nam):
    answer = ask(nam, question(rows=("org.province", "org.office")))
    assert not [key for row in answer.rows for key in row.keys if key and key.startswith(HN)]
    assert not [text for row in answer.rows for text in row.labels if text and "Hà Nội" in text]


@pytest.mark.law("QĐ-2366 5.3.2")
def test_an_office_sees_itself_and_what_was_merged_into_it(ha):
    assert total_of(ask(ha)) == collected("00.01.501")
    assert total_of(ask(ha, question(filters=in_unit("00.01.001", field="org.office")))) > 0
