"""Scopes as plain values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dwh.kernel.org.scope import OrgScope, province_of

CODES = [
    "00",
    "00.01",
    "00.01.501",
    "00.01.502",
    "00.010",
    "00.48-2025",
    "00.48-2025.501",
    "00.48",
    "00.BTHU",
]
scopes = st.frozensets(st.sampled_from(CODES), max_size=4).map(OrgScope.of)


@pytest.mark.parametrize(
    ("root", "code", "covers"),
    [
        ("00", "00.01.501", True),
        ("00.01", "00.01", True),
        ("00.01", "00.010", False),
        ("00.48", "00.48-2025", False),
        ("00.01.501", "00.01", False),
    ],
)
def test_what_a_scope_covers(root, code, covers):
    assert OrgScope.of([root]).covers(code) is covers


def test_an_empty_scope_covers_nothing():
    assert OrgScope().is_empty
    assert not any(OrgScope().covers(code) for code in CODES)


@given(scopes, scopes)
def test_union_and_intersection_say_what_they_mean(one, other):
    for code in CODES:
        assert one.union(other).covers(code) == (one.covers(code) or other.covers(code))
        assert one.intersect(other).covers(code) == (one.covers(code) and other.covers(code))


@given(scopes)
def test_no_root_lies_inside_another(scope):
    assert not [(a, b) for a in scope.codes for b in scope.codes if a != b and OrgScope.of([a]).covers(b)]


@pytest.mark.parametrize(
    ("code", "province"),
    [
        ("00", None),
        ("00.BTHU", None),
        ("00.01", "00.01"),
        ("00.48-2025.501", "00.48-2025"),
        ("00.01.CNTT", "00.01"),
    ],
)
def test_the_province_of_a_unit(code, province):
    assert province_of(code) == province
