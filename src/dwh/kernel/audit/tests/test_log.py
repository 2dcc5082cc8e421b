"""Writing the log: what a record holds, and that it can only be added to."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from dwh.kernel.actor import Actor
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.audit.services import log_query, record, record_denied, seal, verify
from dwh.kernel.org.scope import OrgScope

LAN = Actor("lan.lt@vss.gov.vn", "Lê Thị Lan", "00.01", 7, "web", "10.1.2.3", "req-9")
QUERY = {
    "subject": "claims",
    "values": ["claims"],
    "filters": [{"field": "patient.code", "op": "in", "values": ["0123456789"]}],
}

pytestmark = pytest.mark.django_db(transaction=connection.vendor == "postgresql")


@pytest.mark.req("I-02")
@pytest.mark.law("QĐ-2366 4.2.4")
def test_a_record_tells_who_when_where_what_before_after_and_why():
    began = timezone.now()
    written = record(
        "schedule.changed", by=LAN, about="schedule:1", org_code="00.01",
        purpose="theo văn bản 12", before={"every": 5}, after={"every": 9},
    )  # fmt: skip
    body = json.loads(written.body)
    assert began <= written.at <= timezone.now()
    assert (body["actor_email"], body["actor_name"], body["actor_unit"]) == (LAN.email, LAN.name, "00.01")
    assert (body["origin"], body["address"], body["request_id"]) == ("web", "10.1.2.3", "req-9")
    assert (body["action"], body["object"], body["org_code"]) == ("schedule.changed", "schedule:1", "00.01")
    assert body["purpose"] == "theo văn bản 12"
    assert body["facts"] == {"before": {"every": 5}, "after": {"every": 9}}


@pytest.mark.req("I-02")
def test_a_question_can_be_asked_again_from_its_record_but_no_person_can_be_read():
    scope = OrgScope(frozenset({"00.01"}))
    personal = frozenset({"patient.code"})
    first, again = (
        log_query(QUERY, by=LAN, scope=scope, release="2026-11-22.1", purpose="p", personal=personal)
        for _ in range(2)
    )
    assert "0123456789" not in first.body
    assert first.facts["query"]["filters"] == again.facts["query"]["filters"]
    assert first.facts["query"]["values"] == ["claims"]
    assert (first.facts["scope"], first.facts["release"], first.org_code) == (
        ["00.01"],
        "2026-11-22.1",
        "00.01",
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditrecord SET purpose = 'khác'",
        "DELETE FROM audit_auditrecord",
        "INSERT OR REPLACE INTO audit_auditrecord SELECT * FROM audit_auditrecord",
        "UPDATE audit_auditleaf SET seq = seq + 1",
        "DELETE FROM audit_auditleaf",
        "UPDATE audit_auditcheckpoint SET at = ''",
        "DELETE FROM audit_auditcheckpoint",
    ],
)
@pytest.mark.req("I-01")
@pytest.mark.law("QC-DWH 7.5")
def test_the_database_refuses_to_change_the_log(statement):
    if "REPLACE" in statement and connection.vendor != "sqlite":
        statement = "TRUNCATE audit_auditrecord"
    record("x", by=LAN)
    seal(timezone.now())
    with pytest.raises(DatabaseError, match="chỉ được ghi thêm"), transaction.atomic():
        connection.cursor().execute(statement)
    assert verify().ok


def test_a_denial_stays_when_what_it_refused_is_rolled_back():
    with transaction.atomic():
        record("x.done", by=LAN)
        transaction.set_rollback(True)
    record_denied("x.refused", by=LAN, code="access.denied")
    assert [r.action for r in AuditRecord.objects.all()] == ["x.refused"]


def test_an_untouched_log_is_whole_sealed_or_not():
    for number in range(25):
        record("x", by=LAN, number=number)
        if number % 7 == 0:
            seal(timezone.now())
    verdict = verify()
    assert verdict.problems == []
    assert (verdict.records, verdict.checkpoints, verdict.pending) == (25, 4, 3)
