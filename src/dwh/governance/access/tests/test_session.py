"""Django's session machinery with an account that has no password."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth import get_user, login
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest

from dwh.governance.access.models import Account

BACKEND = "dwh.governance.access.backends.ActiveAccounts"


@pytest.fixture
def someone(db, settings):
    settings.AUTHENTICATION_BACKENDS = [BACKEND]
    return Account.objects.create(
        email="an@vss.gov.vn",
        person_code="1",
        full_name="An",
        unit_code="00.01",
        unit_name="Hà Nội",
        opened_on=date(2026, 1, 1),
    )


@pytest.fixture
def signed_in(someone):
    request = HttpRequest()
    request.session = SessionStore()
    login(request, someone, backend=BACKEND)
    return request


def test_an_account_keeps_its_session(signed_in, someone):
    assert get_user(signed_in) == someone


def test_a_closed_account_loses_its_session_at_the_next_request(signed_in, someone):
    Account.objects.filter(pk=someone.pk).update(is_active=False, closed_on=date(2026, 11, 22))
    assert not get_user(signed_in).is_authenticated


@pytest.mark.django_db
@pytest.mark.law("QC-DWH 5.1")
def test_no_table_has_a_column_for_a_password():
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        columns = {c.name for t in tables for c in connection.introspection.get_table_description(cursor, t)}
    assert not {c for c in columns if "password" in c or "hash" in c.split("_")}
