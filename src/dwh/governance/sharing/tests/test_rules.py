"""Who sees, shares and decides: tables of cases."""

from __future__ import annotations

import pytest

from dwh.governance.access.rules import Authority
from dwh.governance.sharing import rules
from dwh.governance.sharing.rules import ASK, DECIDE, Viewer
from dwh.kernel.org.scope import OrgScope


def _viewer(unit, *, post=None, email="x@vss.gov.vn", area=()):
    permissions = frozenset({ASK, DECIDE} if post else {ASK})
    return Viewer(1, email, unit, frozenset(), frozenset({"claims"}), post, permissions, OrgScope.of(area))


@pytest.mark.parametrize(
    ("owner", "target", "needed"),
    [("00.01", "00.01", False), ("00.01", "00.01.501", False), ("00.01.501", "00.01", True),
     ("00.01", "00.48-2025", True), ("00.BTHU", "00", True), ("00.01", "00.011", True)],
)  # fmt: skip
def test_a_share_outside_the_owner_s_unit_needs_its_head(owner, target, needed):
    assert rules.needs_approval(owner, target) is needed


def test_the_head_of_the_unit_or_of_one_above_decides_and_nobody_his_own():
    head = _viewer("00.01", post=Authority.PROVINCE_DIRECTOR)
    assert rules.may_decide("00.01", "lan@vss.gov.vn", head)
    assert rules.may_decide("00.01.501", "ha@vss.gov.vn", head)
    assert not rules.may_decide("00.48-2025", "nam@vss.gov.vn", head)
    assert not rules.may_decide("00.01", head.email, head)
    assert not rules.may_decide("00.01", "lan@vss.gov.vn", _viewer("00.01"))


def test_an_administrator_sees_the_shares_of_his_area_and_ends_none():
    minh = _viewer("00.01.CNTT", area=["00.01"])
    assert rules.sees_share("00.01", "lan@vss.gov.vn", minh)
    assert not rules.sees_share("00.48-2025", "nam@vss.gov.vn", minh)
    assert not rules.may_end("00.01", "lan@vss.gov.vn", minh)


def test_a_share_with_a_unit_reaches_the_units_below_it():
    assert _viewer("00.01.501").units_above == ("00", "00.01", "00.01.501")
