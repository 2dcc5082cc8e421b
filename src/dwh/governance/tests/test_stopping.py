"""A person who no longer waits stops the engine: his own question, no other, and it is on record."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.governance.protection.stopping import STOP, ask_stop
from dwh.governance.tests.asking import question
from dwh.governance.tests.test_record import _with_endless_contributions
from dwh.kernel.actor import Origin
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Cancelled

pytestmark = pytest.mark.django_db(transaction=True)
MINE, OTHER = "0" * 31 + "1", "0" * 31 + "2"


@pytest.fixture
def endless(settings, tmp_path):
    """Contributions the engine would add up for hours."""
    settings.DATAPATH = _with_endless_contributions(tmp_path)


def asked_in_a_thread(pool: ThreadPoolExecutor, who: Account, ticket: str):
    """Ask for ever, and return once the question is on record, so that the engine has it."""

    def ask() -> None:
        try:
            gate.ask(
                question(),
                by=who,
                purpose="kiểm thử",
                today=timezone.localdate(),
                origin=Origin(ticket=ticket),
            )
        finally:
            connection.close()

    running = pool.submit(ask)
    while not (running.done() or watching()):
        time.sleep(0.01)
    return running


def watching() -> list[threading.Thread]:
    """Return the threads that watch a statement of the engine."""
    return [thread for thread in threading.enumerate() if thread.name == "watch"]


def stop(ticket: str, who: Account) -> None:
    """Ask to stop; the tests' database lies in memory, where a writer does not wait for a reader."""
    for _ in range(100):
        try:
            return ask_stop(ticket, by=who, origin=Origin())
        except OperationalError:
            time.sleep(0.01)
    raise AssertionError("the log could not be written")


@pytest.mark.req("B-14")
def test_a_question_its_person_stopped_ends_in_the_engine_and_the_next_one_is_answered(khanh, nam, endless):
    with ThreadPoolExecutor() as pool:
        running = asked_in_a_thread(pool, khanh, MINE)
        stop(OTHER, khanh)
        time.sleep(1.2)  # two looks of the watch: another ticket stops nothing
        assert not running.done()

        began = time.monotonic()
        stop(MINE, khanh)
        with pytest.raises(Cancelled, match="Câu hỏi đã được dừng theo yêu cầu"):
            running.result(timeout=30)

    assert time.monotonic() - began < gate.TIMEOUT_S / 2
    assert watching() == []
    claims = question(rows=(), values=("visits",), subject="claims")
    assert gate.ask(claims, by=nam, purpose="kiểm thử", today=timezone.localdate()).rows
    said = AuditRecord.objects.filter(actor_email=khanh.email).values_list("action", "kind")
    assert (STOP, "act") in said
    assert AuditRecord.objects.get(action="data.refused").facts["code"] == Cancelled.code


def test_nobody_stops_another_person_s_question(khanh, lan, endless):
    with ThreadPoolExecutor() as pool:
        running = asked_in_a_thread(pool, khanh, MINE)
        stop(MINE, lan)
        time.sleep(1.2)
        assert not running.done()
        stop(MINE, khanh)
        with pytest.raises(Cancelled):
            running.result(timeout=30)
