"""Asking for a run, stopping it, asking again: each is one entry in the log (QC-DWH Điều 12.5)."""

from __future__ import annotations

from datetime import date

import pytest

from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, Invalid, NotFound
from dwh.operations.runs import services
from dwh.operations.runs.models import Run
from dwh.operations.runs.rules import Kind, State
from dwh.operations.runs.services import Outcome

pytestmark = pytest.mark.django_db


def test_a_run_asked_for_waits_and_leaves_an_entry(tuan_acts, noon):
    run = services.ask_run(Kind.SYNC, source="claims", by=tuan_acts, now=noon)

    assert (run.state, run.source, run.asked_by) == (State.QUEUED, "claims", tuan_acts.email)
    assert AuditRecord.objects.get().action == "run.asked"


def test_the_same_work_twice_at_a_time_is_refused_and_changes_nothing(tuan_acts, noon):
    services.ask_run(Kind.RUN, by=tuan_acts, now=noon)

    with pytest.raises(Conflict, match="chờ chạy"):
        services.ask_run(Kind.RUN, by=tuan_acts, now=noon)
    assert Run.objects.count() == 1


def test_an_unknown_source_is_refused_with_the_names_that_exist(tuan_acts, noon):
    with pytest.raises(Invalid, match=r"collection, .*claims, .*iam"):
        services.ask_run(Kind.SYNC, source="kho", by=tuan_acts, now=noon)


def test_a_waiting_run_that_is_stopped_never_begins(tuan_acts, noon):
    run = services.ask_run(Kind.RUN, by=tuan_acts, now=noon)

    services.stop_run(run.pk, by=tuan_acts, now=noon)

    assert services.take_next("w", now=noon) is None
    assert Run.objects.get().state == State.CANCELLED


def test_a_running_run_hears_that_it_should_stop(tuan_acts, noon):
    run = services.ask_run(Kind.RUN, by=tuan_acts, now=noon)
    services.take_next("w", now=noon)
    assert services.beat(run.pk, "w", now=noon)

    services.stop_run(run.pk, by=tuan_acts, now=noon)

    assert not services.beat(run.pk, "w", now=noon)


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.SUCCEEDED])
def test_only_a_run_that_failed_or_was_stopped_can_be_asked_again(state, tuan_acts, noon):
    run = services.ask_run(Kind.RUN, by=tuan_acts, now=noon)
    Run.objects.filter(pk=run.pk).update(state=state)

    with pytest.raises(Conflict):
        services.retry_run(run.pk, by=tuan_acts, now=noon)


def test_asking_again_makes_a_new_run_that_names_the_old_one(tuan_acts, noon):
    run = services.ask_run(Kind.SYNC, source="iam", by=tuan_acts, now=noon, worker="w")
    services.finish(run, Outcome(State.FAILED, "Nguồn không trả lời."), now=noon)

    again = services.retry_run(run.pk, by=tuan_acts, now=noon)

    assert (again.retry_of_id, again.kind, again.source) == (run.pk, "sync", "iam")
    actions = list(AuditRecord.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["run.asked", "run.ended", "run.asked"]


def test_a_run_that_does_not_exist_is_not_found(tuan_acts, noon):
    with pytest.raises(NotFound):
        services.stop_run(99, by=tuan_acts, now=noon)


def test_a_run_that_ended_cannot_be_stopped(tuan_acts, noon):
    run = services.ask_run(Kind.BUILD, by=tuan_acts, now=noon, worker="w")
    services.finish(run, Outcome(State.SUCCEEDED, "Xong."), now=noon)

    with pytest.raises(Conflict):
        services.stop_run(run.pk, by=tuan_acts, now=noon)


DAYS = (date(2026, 10, 1), date(2026, 10, 31))


def test_a_window_asked_for_again_is_on_record_and_tried_again_whole(tuan_acts, noon):
    run = services.ask_again("claims", *DAYS, by=tuan_acts, now=noon)
    assert (run.kind, run.again_from, run.again_until) == (Kind.SYNC, *DAYS)
    assert AuditRecord.objects.get().facts["again_until"] == "2026-10-31"
    with pytest.raises(Conflict):
        services.ask_again("claims", *DAYS, by=tuan_acts, now=noon)

    services.stop_run(run.pk, by=tuan_acts, now=noon)
    again = services.retry_run(run.pk, by=tuan_acts, now=noon)

    assert (again.again_from, again.again_until) == DAYS


def test_a_window_of_an_unknown_source_or_too_long_changes_nothing(tuan_acts, noon):
    for source, since in (("kho", DAYS[0]), ("claims", date(2026, 9, 1))):
        with pytest.raises(Invalid):
            services.ask_again(source, since, DAYS[1], by=tuan_acts, now=noon)
    assert not Run.objects.exists()
    assert not AuditRecord.objects.exists()
