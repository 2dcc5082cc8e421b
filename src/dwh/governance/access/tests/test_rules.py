"""Tables of cases: who decides, by when, what a group may do, which unit may hold it."""

from __future__ import annotations

from datetime import date

import pytest

from dwh.governance.access import rules
from dwh.governance.access.rules import Authority, Group
from dwh.kernel.org.scope import Tier

FRIDAY, TUESDAY = date(2025, 11, 21), date(2025, 11, 25)
EVERYTHING = set(rules.PERMISSION_LABELS)


@pytest.mark.law("QC-DWH 6.2")
@pytest.mark.law("QC-DWH 6.3")
@pytest.mark.law("QC-DWH 6.4")
@pytest.mark.law("QC-DWH 6.5")
@pytest.mark.parametrize(
    ("group", "tier", "heads_unit", "decider"),
    [
        (Group.CENTRAL_ADMIN, Tier.CENTRAL, False, Authority.SECTOR_LEADERSHIP),
        (Group.ANALYST, Tier.CENTRAL, True, Authority.SECTOR_LEADERSHIP),
        (Group.ANALYST, Tier.CENTRAL, False, Authority.UNIT_HEAD),
        (Group.PROVINCE_ADMIN, Tier.PROVINCE, False, Authority.IT_CENTRE),
        (Group.PROVINCE_ADMIN, Tier.PROVINCE, True, Authority.IT_CENTRE),
        (Group.ANALYST, Tier.PROVINCE, False, Authority.PROVINCE_DIRECTOR),
        (Group.ANALYST, Tier.OFFICE, True, Authority.PROVINCE_DIRECTOR),
        (Group.ANALYST, Tier.DEPARTMENT, False, Authority.PROVINCE_DIRECTOR),
    ],
)
def test_who_decides(group, tier, heads_unit, decider):
    assert rules.decider_of(group, tier, heads_unit=heads_unit) == decider


@pytest.mark.law("QC-DWH 17.5")
def test_two_working_days_skip_the_weekend():
    assert rules.due_on(FRIDAY) == TUESDAY


@pytest.mark.req("B-17")
@pytest.mark.law("QĐ-2366 10.5.2")
def test_administrators_take_no_data_out():
    for group in (Group.CENTRAL_ADMIN, Group.PROVINCE_ADMIN):
        assert "data:export" not in rules.PERMISSIONS[group]


def test_what_each_group_may_do():
    reading = {"dashboard:view", "report:run", "dictionary:view", "change:view"}
    assert rules.PERMISSIONS[Group.CENTRAL_ADMIN] == EVERYTHING - {
        "data:export", "change:open", "change:decide", "submission:send", "share:decide",
    }  # fmt: skip
    assert rules.PERMISSIONS[Group.PROVINCE_ADMIN] == reading | {
        "data:ask", "sync:view", "quarantine:view", "quarantine:decide", "log:view", "access:manage", "change:open",
        "submission:view", "submission:send", "submission:receive", "share:view",
    }  # fmt: skip
    assert rules.PERMISSIONS[Group.ANALYST] == reading | {
        "data:ask", "data:export", "quarantine:view", "load:prepare", "change:open", "submission:view",
        "submission:send", "alert:acknowledge", "share:view",
    }  # fmt: skip
    assert rules.PERMISSIONS[Group.LEADERSHIP] == reading | {
        "change:decide", "alert:acknowledge", "share:view", "share:decide",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("groups", "unit", "post"),
    [
        ({Group.LEADERSHIP}, "00.LDN", Authority.SECTOR_LEADERSHIP),
        ({Group.LEADERSHIP, Group.ANALYST}, "00.BTHU", Authority.UNIT_HEAD),
        ({Group.LEADERSHIP}, "00.CNTT", Authority.UNIT_HEAD),
        ({Group.LEADERSHIP}, "00.01", Authority.PROVINCE_DIRECTOR),
        ({Group.LEADERSHIP}, "00.48-2025", Authority.PROVINCE_DIRECTOR),
        ({Group.LEADERSHIP}, "00.01.501", Authority.UNIT_HEAD),
        ({Group.ANALYST}, "00.LDN", None),
        ({Group.CENTRAL_ADMIN}, "00.CNTT", None),
        (set(), "00.01", None),
    ],
)
def test_who_is_in_the_group_of_leaders_leads_the_unit_where_he_works(groups, unit, post):
    assert rules.post_of(groups, unit) == post


@pytest.mark.law("QC-DWH 18.1")
def test_in_two_groups_one_may_do_what_either_may():
    both = [Group.ANALYST, Group.PROVINCE_ADMIN]
    each = [rules.PERMISSIONS[group] for group in both]
    assert rules.permissions_in(both) == each[0] | each[1]
    assert not rules.permissions_in(both) & {"sync:run", "load:approve", "organisation:set", "change:decide"}
    assert rules.permissions_in([]) == frozenset()


@pytest.mark.law("QC-DWH 3.4a")
@pytest.mark.law("QC-DWH 3.4b")
@pytest.mark.parametrize(
    ("group", "unit", "org", "may"),
    [
        ("central_admin", "00.CNTT", "00", True),
        ("central_admin", "00.BTHU", "00", False),
        ("central_admin", "00.01.CNTT", "00", False),
        ("central_admin", "00.CNTT", "00.01", False),
        ("province_admin", "00.01.CNTT", "00.01", True),
        ("province_admin", "00.48-2025.CNTT", "00.48-2025", True),
        ("province_admin", "00.01", "00.01", False),
        ("province_admin", "00.48-2025.CNTT", "00.01", False),
        ("province_admin", "00.CNTT", "00", False),
        ("province_admin", "00.01.501", "00.01.501", False),
        ("analyst", "00.01.501", "00.01.501", True),
        ("leadership", "00.LDN", "00", True),
    ],
)
def test_which_unit_may_hold_a_group(group, unit, org, may):
    assert rules.unit_may_hold(group, unit, org) is may


@pytest.mark.law("QC-DWH 12.3")
@pytest.mark.law("QC-DWH 13.1")
@pytest.mark.parametrize(
    ("groups", "given", "may"),
    [
        ({"central_admin"}, "central_admin", True),
        ({"central_admin"}, "analyst", True),
        ({"province_admin"}, "analyst", True),
        ({"province_admin"}, "", True),
        ({"province_admin"}, "province_admin", False),
        ({"province_admin"}, "central_admin", False),
        ({"analyst", "leadership"}, "analyst", False),
        (set(), "analyst", False),
    ],
)
def test_who_may_carry_out_a_decision(groups, given, may):
    assert rules.may_carry_out(groups, given) is may


@pytest.mark.law("QC-DWH 3.5")
@pytest.mark.parametrize(
    ("email", "is_one"),
    [
        ("lan.lt@vss.gov.vn", True),
        ("lan.lt@gmail.com", False),
        ("lan.lt@vss.gov.vn.evil.example", False),
        ("@vss.gov.vn", False),
        ("lan.lt", False),
        ("a@b@vss.gov.vn", False),
        ("", False),
    ],
)
def test_what_is_a_mailbox_of_the_sector(email, is_one):
    assert rules.is_sector_mailbox(email, {"vss.gov.vn"}) is is_one
