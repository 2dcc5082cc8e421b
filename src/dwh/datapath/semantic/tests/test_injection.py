"""Whatever stands in a Query document, the SQL text is made of catalogue words only, or the question is refused."""

from __future__ import annotations

import re
from contextlib import suppress
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.tests.asking import ask, document, plan
from dwh.datapath.semantic.words import UNKNOWN_KEY
from dwh.kernel.errors import DwhError, Invalid

GOOD = document(
    rows=["org.province"],
    columns=["month.year"],
    values=["collected_vnd", "participants"],
    filters=[
        {"field": "fund", "op": "in", "values": ["si"]},
        {"field": "employer.sector", "op": "not_in", "values": ["DN", "HC"]},
        {"field": "participant.birth_decade", "op": "between", "values": ["1960", "1990"]},
    ],
    sort=[{"field": "collected_vnd", "desc": True}],
    limit=5,
    org_basis="as_was",
    totals=True,
)
PLACES = [
    ("subject",), ("rows", 0), ("columns", 0), ("values", 0), ("org_basis",), ("totals",), ("limit",),
    ("sort", 0, "field"), ("sort", 0, "desc"), ("filters", 0, "field"), ("filters", 0, "op"),
    ("filters", 0, "values", 0), ("filters", 1, "values", 1), ("filters", 2, "values", 0), ("filters", 2, "values", 1),
]  # fmt: skip
TEXT = plan(GOOD).sql
NASTY = [
    "'; DROP TABLE core.fct_claim; --", "' OR 1=1 --", '"', "$1", "?", "{p1: String}", "\\", "%", "00.01%", "*/ /*",
    "org.province) UNION SELECT 1 --", "due_vnd\u0000", "\ud800", "ｄｕｅ", "__class__", "month.__init__", "1e999",
]  # fmt: skip


def put(value, *path):
    changed = deepcopy(GOOD)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


@given(
    st.sampled_from(PLACES), st.text() | st.sampled_from(NASTY) | st.integers() | st.none() | st.booleans()
)
@settings(max_examples=600, deadline=None)
def test_text_in_any_place_is_a_parameter_or_a_refusal_never_sql(path, value):
    try:
        made = plan(put(value, *path))
    except DwhError:
        return
    if path[0] == "filters" and path[-2] == "values":
        assert made.sql == TEXT or value == UNKNOWN_KEY  # the unknown member, which is NULL in the fact
        assert str(value) in made.params
    else:  # another word of the catalogue: only catalogue words can change the text
        assert value is None or isinstance(value, int) or re.fullmatch(r"[a-z_.]+", str(value))


@pytest.mark.parametrize("value", NASTY[:11])
def test_a_nasty_value_is_compared_and_not_run(value):
    answer = ask(put(value, "filters", 0, "values", 0))
    assert answer.rows == ()
    kept = ask(document(values=["lines"], filters=[{"field": "fund", "op": "not_in", "values": [value]}]))
    assert kept.rows == ask(document(values=["lines"])).rows


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_a_question_or_one_refusal(value):
    with pytest.raises(Invalid):
        Query.from_json(value)


@given(st.sampled_from(["rows", "columns", "values", "filters", "sort", "limit", "totals"]), json_values)
@settings(max_examples=300, deadline=None)
def test_any_json_under_a_key_is_understood_or_refused(key, value):
    with suppress(Invalid):
        Query.from_json(GOOD | {key: value})
