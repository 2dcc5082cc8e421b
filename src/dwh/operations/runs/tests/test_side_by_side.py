"""Sources are read side by side: each has its steps, one that fails stops no other, a stop ends them all."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from dwh.datapath.sources.contract import source_names
from dwh.kernel.errors import SourceDown
from dwh.operations.runs import services
from dwh.operations.runs.models import Run, RunStep
from dwh.operations.runs.rules import State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("at_once", [2, 4])
def test_as_many_are_read_at_once_as_the_settings_say(sync, at_once):
    together = threading.Barrier(at_once)

    def read(name, progress):
        together.wait(20)  # passes only when so many are at work at once

    run = sync(read, at_once=at_once)

    assert (run.state, sorted(run.report["sources"])) == (State.SUCCEEDED, sorted(source_names()))
    assert run.message == "Đã đọc 24 dòng mới hoặc thay đổi."
    steps = RunStep.objects.filter(run=run)
    assert sorted(step.name for step in steps) == sorted(f"Đọc {name}" for name in source_names())
    assert sorted(step.seq for step in steps) == list(range(1, len(source_names()) + 1))
    assert {(step.state, step.done) for step in steps} == {(State.SUCCEEDED, 3)}


@pytest.mark.parametrize("at_once", [1, 3])
def test_a_source_that_is_down_stops_no_other(sync, at_once):
    def read(name, progress):
        if name == "claims":
            raise SourceDown("Nguồn «claims» không trả lời.", source=name)

    run = sync(read, at_once=at_once)

    assert (run.state, run.message) == (State.FAILED, "Nguồn «claims» không trả lời.")
    assert set(run.report["sources"]) == set(source_names()) - {"claims"}
    assert set(run.report["failures"]) == {"claims"}


def test_a_stop_ends_them_all(sync, tuan_acts, noon):
    both = threading.Barrier(2)

    def read(name, progress):
        both.wait(20)
        if name == source_names()[0]:
            services.stop_run(Run.objects.get().pk, by=tuan_acts, now=noon + timedelta(seconds=1))
        while True:  # as a reading asks between two batches; the heart hears of the stop within a second
            progress.check()
            threading.Event().wait(0.05)

    run = sync(read, at_once=2)

    assert run.state == State.CANCELLED
    assert run.report == {}
