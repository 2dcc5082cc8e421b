"""Opening and closing accounts: one per person, by the sector mailbox, on record."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from dwh.governance.access import services
from dwh.governance.access.models import Account
from dwh.governance.access.services import NewAccount
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound
from tests.personas import TODAY
from tests.places import python

HOA = NewAccount("Hoa.NT@vss.gov.vn ", "NV00000021", "Nguyễn Thị Hoa", "00.01", "BHXH thành phố Hà Nội")

pytestmark = pytest.mark.django_db


@pytest.fixture
def hoa(clerk):
    return services.open_account(HOA, by=clerk, today=TODAY)


@pytest.mark.law("QC-DWH 3.5")
def test_an_account_is_known_by_its_mailbox_and_has_no_right_yet(hoa):
    assert (hoa.email, hoa.unit_code, hoa.is_active, hoa.opened_on) == (
        "hoa.nt@vss.gov.vn",
        "00.01",
        True,
        TODAY,
    )
    assert services.permissions_of(hoa, TODAY) == frozenset()
    entry = AuditRecord.objects.get(action="account.opened")
    assert (entry.object, entry.org_code) == (f"account:{hoa.pk}", "00.01")
    assert entry.facts["after"]["person_code"] == "NV00000021"


@pytest.mark.req("A-01")
@pytest.mark.law("QC-DWH 6.1")
@pytest.mark.parametrize("again", [replace(HOA, email="hoa2@vss.gov.vn"), replace(HOA, person_code="NV9")])
def test_a_second_account_for_the_person_or_the_mailbox_is_refused(hoa, clerk, again):
    with pytest.raises(Conflict, match="chỉ được một tài khoản"):
        services.open_account(again, by=clerk, today=TODAY)
    assert Account.objects.count() == AuditRecord.objects.count() == 1


@pytest.mark.req("A-01")
@pytest.mark.law("QC-DWH 6.1")
def test_the_database_itself_refuses_a_second_active_account(hoa):
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(email="x@vss.gov.vn", person_code=hoa.person_code, opened_on=TODAY)
    Account.objects.filter(pk=hoa.pk).update(is_active=False, closed_on=TODAY)
    Account.objects.create(email="x@vss.gov.vn", person_code=hoa.person_code, opened_on=TODAY)


PRESS_TWICE = """
import threading, django; django.setup()
from django.db import connection
from dwh.governance.access import services
from dwh.governance.access.models import Account
from dwh.governance.access.tests.test_accounts import HOA, TODAY
from dwh.kernel.actor import operator
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import DwhError
outcomes, together = [], threading.Barrier(6)
def press():
    together.wait()
    try:
        services.open_account(HOA, by=operator("K"), today=TODAY)
        outcomes.append("opened")
    except DwhError as refusal:
        outcomes.append(type(refusal).__name__)
    finally:
        connection.close()
presses = [threading.Thread(target=press) for _ in range(6)]
[one.start() for one in presses]; [one.join() for one in presses]
print(sorted(outcomes), Account.objects.count(), AuditRecord.objects.count())
"""


@pytest.mark.req("A-01")
@pytest.mark.slow
def test_pressing_many_times_at_once_opens_one_account(place):
    assert python(PRESS_TWICE, place).strip() == f"{['Conflict'] * 5 + ['opened']} 1 1"


@pytest.mark.req("A-04")
@pytest.mark.law("QC-DWH 3.5")
@pytest.mark.parametrize("email", ["hoa@gmail.com", "hoa", "", "hoa@vss.gov.vn.example"])
def test_an_address_outside_the_sector_gets_no_account(clerk, email):
    with pytest.raises(Invalid, match="hộp thư điện tử ngành"):
        services.open_account(replace(HOA, email=email), by=clerk, today=TODAY)
    assert not Account.objects.exists()
    assert not AuditRecord.objects.exists()


@pytest.mark.req("A-04")
def test_the_database_keeps_no_account_without_a_mailbox():
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(email="", person_code="NV1", opened_on=TODAY)


@pytest.mark.req("A-06")
def test_a_province_administrator_opens_accounts_of_his_province_only(minh):
    assert services.open_account(HOA, by=minh.as_actor(), today=TODAY).pk
    there = replace(HOA, email="b@vss.gov.vn", person_code="NV2", unit_code="00.48-2025")
    with pytest.raises(Denied, match="không quản trị đơn vị này"):
        services.open_account(there, by=minh.as_actor(), today=TODAY)
    assert not Account.objects.filter(email="b@vss.gov.vn").exists()


def test_an_analyst_opens_no_account(lan):
    with pytest.raises(Denied):
        services.open_account(HOA, by=lan.as_actor(), today=TODAY)


@pytest.mark.law("QĐ-2366 6.2.1")
@pytest.mark.law("QC-DWH 16")
def test_closing_an_account_ends_its_rights_and_says_why(lan, clerk):
    held = lan.grants.get()
    closed = services.close_account(lan.pk, reason="nghỉ hưu", by=clerk, today=TODAY)
    assert (closed.is_active, closed.closed_on) == (False, TODAY)
    assert services.permissions_of(lan, TODAY) == frozenset()
    entry = AuditRecord.objects.get(action="account.closed")
    assert entry.facts == {"reason": "nghỉ hưu", "ended": [held.pk]}


def test_a_closed_account_is_not_closed_again(lan, clerk):
    services.close_account(lan.pk, reason="nghỉ hưu", by=clerk, today=TODAY)
    with pytest.raises(Conflict, match="đã đóng"):
        services.close_account(lan.pk, reason="nghỉ hưu", by=clerk, today=TODAY)
    assert AuditRecord.objects.filter(action="account.closed").count() == 1


def test_closing_what_does_not_exist_or_is_not_ones_own_is_refused(minh, nam, clerk):
    with pytest.raises(NotFound):
        services.close_account(0, reason="", by=clerk, today=TODAY)
    with pytest.raises(Denied):
        services.close_account(nam.pk, reason="", by=minh.as_actor(), today=TODAY)
    nam.refresh_from_db()
    assert nam.is_active
