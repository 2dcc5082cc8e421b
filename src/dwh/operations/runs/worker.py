"""The worker: takes runs from the table one at a time, keeps the schedule, seals the log, looks for late sources."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable

from django.db import close_old_connections
from django.utils import timezone

from dwh.datapath.settings import DataPathSettings
from dwh.kernel.audit.services import seal
from dwh.kernel.machine import machine_fault
from dwh.operations.runs import services
from dwh.operations.runs.alert_services import look
from dwh.operations.runs.execution import execute
from dwh.operations.runs.pause_services import end_lapsed
from dwh.operations.runs.processes import this_worker

IDLE_SECONDS = 1.0  # how soon a queued run is noticed
LOOK_SECONDS = 60.0  # how often somebody looks for sources that became late, also during a long run
SEAL_SECONDS = 10.0  # how often the log gets a signed checkpoint (anchors: every 10 s)

log = logging.getLogger("dwh.worker")
_BESIDE: dict[str, Callable[[], bool]] = {}  # work that never waits for a run of the data path: what, and how


def work_beside(name: str, work: Callable[[], bool]) -> None:
    """Let this process also do `work`, in a thread of its own; it returns whether there was something to do."""
    _BESIDE[name] = work


def serve(settings: DataPathSettings) -> None:
    """Work until SIGTERM or SIGINT; a run under way is asked to stop and stays retryable."""
    ended = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    services.begin_schedule(now=timezone.now())
    for beside in (_seal_for_ever, _look_for_ever):
        threading.Thread(target=beside, args=(ended,), name=beside.__name__, daemon=True).start()
    for what, work in _BESIDE.items():
        threading.Thread(target=_work_for_ever, args=(ended, work), name=what, daemon=True).start()
    while not ended.is_set():
        if not _worked(settings):
            ended.wait(IDLE_SECONDS)


def _worked(settings: DataPathSettings) -> bool:
    """Do one waiting run, if any; a database that does not answer, or has no room, is asked again later."""
    try:
        return work_once(settings)
    except Exception as fault:
        log.exception(
            "%s", machine_fault(fault) or "the run table could not be read or written; trying again"
        )
        return False


def work_once(settings: DataPathSettings) -> bool:
    """Do one waiting run, if any. Return whether there was one."""
    close_old_connections()
    end_lapsed(by=services.worker_actor("schedule"), now=timezone.now())
    services.ask_scheduled(now=timezone.now())
    run = services.take_next(this_worker(), now=timezone.now())
    if run is None:
        return False
    outcome = execute(run, settings)
    log.info("run %s %s: %s", run.pk, outcome.state, outcome.message)
    return True


def _seal_for_ever(ended: threading.Event) -> None:
    while not ended.wait(SEAL_SECONDS):
        close_old_connections()
        try:
            seal(timezone.now())
        except Exception:
            log.exception("the log could not be sealed; trying again")


def _work_for_ever(ended: threading.Event, work: Callable[[], bool]) -> None:
    while not ended.is_set():
        close_old_connections()
        try:
            worked = work()
        except Exception:
            log.exception("work beside the runs could not be taken up; trying again")
            worked = False
        if not worked:
            ended.wait(IDLE_SECONDS)


def _look_for_ever(ended: threading.Event) -> None:
    while not ended.wait(LOOK_SECONDS):
        close_old_connections()
        try:
            look(by=services.worker_actor("watcher"), now=timezone.now())
        except Exception:
            log.exception("nobody could look for late sources; trying again")
