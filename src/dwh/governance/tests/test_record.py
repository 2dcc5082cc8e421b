"""No record, no answer: what is in the log before, after and instead of an answer."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from dwh.datapath.semantic.members import Choice
from dwh.datapath.semantic.query import Query
from dwh.datapath.warehouse import release as releases
from dwh.datapath.warehouse.engine import TooSlow, connect
from dwh.governance import gate
from dwh.governance.protection import asking, limits
from dwh.governance.protection.turns import Turns
from dwh.governance.tests.asking import ask, in_unit, question
from dwh.kernel.actor import Origin
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, Denied, TooManyRows
from tests.personas import TODAY
from tests.units_fixture import DN
from tests.warehouse_fixture import RELEASE, tiny_release

pytestmark = pytest.mark.usefixtures("release")


def last() -> AuditRecord:
    return AuditRecord.objects.order_by("-id")[0]


@pytest.mark.req("I-01", "I-02")
@pytest.mark.law("QĐ-2366 4.2.4")
def test_the_record_holds_all_it_takes_to_ask_again(lan):
    query = question(filters=in_unit("00.01"))
    answer = ask(lan, query, origin=Origin("web", "10.0.0.9", "req-1"))
    facts = last().facts
    assert Query.from_json(facts["query"]) == query
    assert (facts["release"], facts["scope"], len(facts["catalog"])) == (RELEASE, ["00.01"], 64)
    assert (last().kind, last().actor_email, last().purpose) == ("query", lan.email, "kiểm thử")
    assert (last().address, last().request_id) == ("10.0.0.9", "req-1")
    assert answer.release == RELEASE


@pytest.mark.law("CV-BVDLCN II.2")
def test_a_person_searched_for_among_personal_members_is_not_named_in_the_log(lan):
    with pytest.raises(Denied, match="dữ liệu cá nhân"):
        gate.members(Choice("contributions", "participant", search="NGUYỄN VĂN THỬ"), by=lan, today=TODAY)
    assert "NGUYỄN" not in last().body
    assert last().facts["query"]["search"].startswith("hmac:")


@pytest.mark.req("I-01")
def test_a_question_that_broke_the_engine_is_on_record(lan, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the engine fell over")

    monkeypatch.setattr(releases.Release, "fetch", broken)
    with pytest.raises(RuntimeError):
        ask(lan)
    assert (last().kind, last().action) == ("query", "data.asked")


@pytest.mark.req("I-01")
def test_nothing_is_answered_when_the_log_cannot_be_written(lan, monkeypatch):
    asked = []
    monkeypatch.setattr(releases.Release, "fetch", lambda *a, **k: asked.append(a))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditrecord RENAME TO gone")
    with pytest.raises(Exception, match="audit_auditrecord"):
        ask(lan)
    assert not asked


def test_the_record_is_committed_before_the_engine_is_asked(lan, monkeypatch):
    seen = []
    fetch = releases.Release.fetch

    def watched(self, *args, **more):
        seen.append((AuditRecord.objects.filter(kind="query").count(), len(connection.savepoint_ids)))
        return fetch(self, *args, **more)

    inside = len(connection.savepoint_ids)
    monkeypatch.setattr(releases.Release, "fetch", watched)
    ask(lan)
    assert seen == [(1, inside)]


@pytest.mark.req("I-01")
def test_a_refusal_is_on_record_with_what_was_asked_and_told(lan):
    with pytest.raises(Denied) as refused:
        ask(lan, question(filters=in_unit(DN)))
    assert (last().kind, last().action, last().actor_email) == ("denied", "data.refused", lan.email)
    assert last().facts["code"] == "access.denied"
    assert last().facts["message"] == refused.value.message_vi
    assert last().facts["query"]["filters"][0]["values"] == [DN]


def test_a_personal_value_in_a_refused_question_cannot_be_read(lan):
    filters = [{"field": "participant.participant", "op": "in", "values": ["0100000001"]}]
    with pytest.raises(Denied):
        ask(lan, question(filters=filters))
    assert "0100000001" not in last().body
    assert last().facts["query"]["filters"][0]["values"][0].startswith("hmac:")


@pytest.mark.req("B-14")
@pytest.mark.law("QC-DWH 7.3")
def test_too_many_rows_are_refused_and_nothing_of_them_is_answered(khanh, monkeypatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 5)
    with pytest.raises(TooManyRows, match="hơn 5 dòng"):
        ask(khanh, question(rows=("employer.employer",)))
    assert last().facts["code"] == "query.too_many_rows"


@pytest.fixture
def endless(settings, tmp_path, monkeypatch):
    """Contributions nobody can add up; a question about them is stopped by the clock. Returns what was fetched."""
    settings.DATAPATH = _with_endless_contributions(tmp_path / "endless")
    monkeypatch.setattr(gate, "TIMEOUT_S", 1.5)
    fetched: list[Any] = []
    fetch = releases.Release.fetch

    def remembered(self, *arguments, **more):
        fetched.append(lambda: fetch(self, *arguments, **more))
        return fetch(self, *arguments, **more)

    monkeypatch.setattr(releases.Release, "fetch", remembered)
    return fetched


@pytest.mark.req("B-14")
@pytest.mark.law("QC-DWH 7.3")
def test_a_runaway_question_is_stopped_and_others_are_answered_meanwhile(khanh, nam, endless):
    with pytest.raises(TooSlow, match="chạy quá"):
        ask(khanh)
    assert last().facts["code"] == TooSlow.code
    with ThreadPoolExecutor() as beside:
        runaway = beside.submit(endless[0])
        began = time.perf_counter()
        assert ask(nam, question(rows=(), values=("visits",), subject="claims")).rows
        assert time.perf_counter() - began < 1.0 or runaway.running()
        with pytest.raises(TooSlow):
            runaway.result()


@pytest.mark.req("B-14")
def test_when_all_places_are_taken_one_is_told_to_come_back(lan, monkeypatch):
    monkeypatch.setattr(asking, "turns", Turns(at_once=0))
    monkeypatch.setattr(asking, "WAIT_S", 0.01)
    with pytest.raises(Conflict, match="thử lại sau"):
        ask(lan)


def _with_endless_contributions(folder):
    """Return the small release with more contributions than anyone can add up."""
    release = tiny_release(folder)
    engine = connect(release.releases / RELEASE / "serving.duckdb", memory_limit="256MB", threads=1)
    engine.run("ALTER TABLE core.fct_contribution RENAME TO few")
    engine.run(
        "CREATE VIEW core.fct_contribution AS SELECT few.* REPLACE (few.collected_vnd + r.range AS collected_vnd)"
        " FROM core.few, range(10000000000) AS r"
    )
    engine.close()
    return release
