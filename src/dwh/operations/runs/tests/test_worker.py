"""Leases: one worker at a time, a dead worker's run is taken over, a deadly run is given up."""

from __future__ import annotations

import subprocess
import sys
from datetime import time, timedelta

import pytest

from dwh.kernel.errors import Invalid
from dwh.operations.runs import rules, services
from dwh.operations.runs.models import Run, Schedule
from dwh.operations.runs.processes import is_dead, this_worker
from dwh.operations.runs.rules import Kind, State
from dwh.operations.runs.services import Plan

pytestmark = pytest.mark.django_db
ELSEWHERE = "another-machine:77:123"


def test_the_oldest_waiting_run_is_taken_once(tuan_acts, noon):
    first = services.ask_run(Kind.SYNC, source="iam", by=tuan_acts, now=noon)
    services.ask_run(Kind.SYNC, source="claims", by=tuan_acts, now=noon)

    assert services.take_next("a", now=noon) == first
    assert services.take_next("b", now=noon).source == "claims"
    assert services.take_next("c", now=noon) is None


def test_a_run_whose_worker_went_silent_is_taken_over_after_its_lease(tuan_acts, noon):
    run = services.ask_run(Kind.RUN, by=tuan_acts, now=noon)
    services.take_next(ELSEWHERE, now=noon)

    assert services.take_next("b", now=noon + timedelta(seconds=29)) is None
    taken = services.take_next("b", now=noon + timedelta(seconds=31))
    assert (taken.pk, taken.worker, taken.attempt) == (run.pk, "b", 2)


def test_a_beat_keeps_the_run_and_a_lost_run_beats_no_more(tuan_acts, noon):
    run = services.ask_run(Kind.RUN, by=tuan_acts, now=noon)
    services.take_next(ELSEWHERE, now=noon)
    later = noon + timedelta(seconds=25)

    assert services.beat(run.pk, ELSEWHERE, now=later)
    assert services.take_next("b", now=noon + timedelta(seconds=31)) is None
    assert not services.beat(run.pk, "b", now=later)


def test_a_process_of_this_machine_that_is_gone_frees_its_run_at_once(tuan_acts, noon):
    gone = subprocess.run(
        [sys.executable, "-c", "from dwh.operations.runs.processes import this_worker; print(this_worker())"],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": "src:."},
    ).stdout.strip()  # fmt: skip
    assert is_dead(gone)
    assert not is_dead(this_worker())
    services.ask_run(Kind.RUN, by=tuan_acts, now=noon)
    services.take_next(gone, now=noon)

    assert services.take_next("b", now=noon).attempt == 2


def test_a_run_that_ended_three_workers_is_given_up_with_a_reason(tuan_acts, noon):
    run = services.ask_run(Kind.RUN, by=tuan_acts, now=noon)
    for n in range(rules.MAX_ATTEMPTS):
        assert services.take_next(ELSEWHERE, now=noon + n * timedelta(minutes=1)) is not None

    assert services.take_next("b", now=noon + timedelta(minutes=9)) is None
    run.refresh_from_db()
    assert run.state == State.FAILED
    assert "3 lần" in run.message


def test_the_schedule_asks_when_due_and_not_while_paused(tuan_acts, noon):
    services.begin_schedule(now=noon)
    services.set_schedule(Plan(60, False), by=tuan_acts, now=noon)

    assert services.ask_scheduled(now=noon + timedelta(minutes=59)) is None
    assert services.ask_scheduled(now=noon + timedelta(minutes=60)).kind == Kind.RUN
    Run.objects.update(state=State.SUCCEEDED)
    services.set_schedule(Plan(60, True), by=tuan_acts, now=noon)
    assert services.ask_scheduled(now=noon + timedelta(hours=9)) is None


def test_of_two_workers_that_read_one_schedule_the_first_asks(tuan_acts, noon):
    services.begin_schedule(now=noon)
    services.set_schedule(Plan(60, False), by=tuan_acts, now=noon)
    read, due = services.schedule(), noon + timedelta(minutes=60)

    assert services.ask_due(read, now=due).kind == Kind.RUN
    assert services.ask_due(read, now=due) is None
    assert Run.objects.count() == 1


def test_a_schedule_that_meets_a_run_just_asked_for_asks_nothing(tuan_acts, noon):
    services.begin_schedule(now=noon)
    read = services.schedule()
    services.ask_run(Kind.RUN, by=tuan_acts, now=noon)

    assert services.ask_due(read, now=noon + timedelta(hours=2)) is None
    assert Run.objects.count() == 1


def test_a_schedule_that_missed_its_times_asks_once(noon, tuan_acts):
    services.begin_schedule(now=noon)
    services.set_schedule(Plan(5, False), by=tuan_acts, now=noon)
    services.ask_scheduled(now=noon + timedelta(days=2))
    Run.objects.update(state=State.SUCCEEDED)

    assert services.ask_scheduled(now=noon + timedelta(days=2, minutes=1)) is None
    assert Schedule.objects.get().last_asked_at == noon + timedelta(days=2)


@pytest.mark.req("B-15")
def test_a_schedule_reads_sources_only_in_its_window(noon, tuan_acts):
    """NOON is 12:00 in Vietnam; the sources may be read from 22:00 to 05:00."""
    services.begin_schedule(now=noon)
    services.set_schedule(Plan(60, False, time(22), time(5)), by=tuan_acts, now=noon)

    assert services.ask_scheduled(now=noon + timedelta(hours=9)) is None  # 21:00
    assert services.ask_scheduled(now=noon + timedelta(hours=10)) is not None  # 22:00


def test_half_a_window_is_refused(noon, tuan_acts):
    with pytest.raises(Invalid, match="cả giờ bắt đầu và giờ kết thúc"):
        services.set_schedule(Plan(60, False, time(22)), by=tuan_acts, now=noon)
