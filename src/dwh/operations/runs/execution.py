"""Does what a run asks of the data path, and turns every ending into an outcome a person can read."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, TypedDict

from django.db import connection
from django.utils import timezone

from dwh.datapath.pipeline import build as pipeline_build
from dwh.datapath.pipeline import publish as pipeline_publish
from dwh.datapath.pipeline.order import USUAL, Order
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.contract import Contract, load_contract, source_names
from dwh.datapath.sources.drift import Drift, Heed
from dwh.datapath.sources.reading.table_job import Limits
from dwh.datapath.sources.report import SyncReport
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.staleness.figures import formulas
from dwh.governance import gate
from dwh.governance.decisions.services import hand_over
from dwh.kernel import vi
from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Cancelled, DwhError
from dwh.kernel.machine import machine_fault
from dwh.operations.runs import services
from dwh.operations.runs.alert_services import look
from dwh.operations.runs.interrupt import stops_on_ctrl_c
from dwh.operations.runs.models import Run
from dwh.operations.runs.pause_services import SourceOnPause, must_not_be_paused
from dwh.operations.runs.rules import Kind, State, again_window
from dwh.operations.runs.services import Outcome
from dwh.operations.runs.watching import Heart, TableProgress, TerminalProgress, Watched, bars


def execute(
    run: Run,
    settings: DataPathSettings,
    *,
    on_terminal: bool = False,
    by: Actor | None = None,
    order: Order = USUAL,
) -> Outcome:
    """Do the work of a leased run to its end and record the outcome. Never raises for a failed run.

    An `order` beyond the usual is one of a build. The run works with the technical parameters in force when it
    begins, and its report names those people have set.

    Source: QC-DWH Điều 12.1, 12.5.
    """
    settings, parameters = _in_force(settings, timezone.now())
    stop_asked = threading.Event()
    table = TableProgress(run, stop_asked)

    def stop() -> None:
        stop_asked.set()
        pipeline_build.stop_running()

    with (
        Heart(run, run.worker, stop),
        bars() as shown,
        stops_on_ctrl_c(stop) if on_terminal else nullcontext(),
    ):
        progress = TerminalProgress(table, shown) if on_terminal else table
        outcome = _attempt(run, settings, progress, order)
        if outcome.state == State.SUCCEEDED:
            table.finish()
            if on_terminal:
                progress.finish()
    if parameters:
        outcome = replace(outcome, report={**(outcome.report or {}), "parameters": parameters})
    services.finish(run, outcome, now=timezone.now(), by=by)
    look(by=services.worker_actor(run.worker), now=timezone.now())
    return outcome


def _attempt(run: Run, settings: DataPathSettings, progress: Watched, order: Order) -> Outcome:
    if order != USUAL:
        return _ending(run, partial(_build, run, settings, progress, order))
    return _ending(run, partial(_WORK[Kind(run.kind)], run, settings, progress))


def _ending(run: Run, work: Callable[[], Outcome]) -> Outcome:
    """Return the outcome of `work`, also when it was stopped, refused or broke."""
    try:
        return work()
    except Cancelled as stopped:
        return Outcome(State.CANCELLED, stopped.message_vi)
    except DwhError as refusal:
        return Outcome(State.FAILED, refusal.message_vi, report={"code": refusal.code})
    except Exception as fault:
        return _unforeseen(fault, run)


def _unforeseen(fault: Exception, run: Run) -> Outcome:
    """Return the outcome of what no one refused: the machine's fault (disk, folder rights) or a bug of ours."""
    detail, said = str(fault)[:2000], machine_fault(fault)
    if said is not None:
        return Outcome(State.FAILED, said, report={"code": "file.unusable", "detail": detail})
    said = (
        f"Lỗi chương trình ({type(fault).__name__}). Số liệu đang dùng giữ nguyên. "
        f"Báo Trung tâm CNTT lượt {run.pk}."
    )
    return Outcome(State.FAILED, said, report={"code": "bug", "detail": detail})


def _sync(run: Run, settings: DataPathSettings, progress: Watched) -> Outcome:
    names = (run.source,) if run.source else source_names()
    read = _sync_each(names, settings, progress, _reading_of(run))
    if run.source and read.paused:
        return Outcome(State.CANCELLED, _said_of_paused(read.paused), report=read.to_json())
    return _sync_outcome(read)


@dataclass(frozen=True, slots=True)
class Read:
    """What reading some sources came to: a report each, or why there is none; `paused` says why nobody reads it."""

    reports: dict[str, Any] = field(default_factory=dict)
    failures: dict[str, DwhError] = field(default_factory=dict)
    paused: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the part of a run's report that is about its sources."""
        failures = {name: _failure(error) for name, error in self.failures.items()}
        told = {"sources": self.reports, "failures": failures}
        return told | ({"paused": self.paused} if self.paused else {})


class Reading(TypedDict):
    """How the sources of one run are read: who is told of drift, and which window is read again."""

    heed: Heed
    limits: Limits


def _reading_of(run: Run) -> Reading:
    again = None
    if run.again_from and run.again_until:
        again = again_window(run.again_from, run.again_until, timezone.localdate())
    return {"heed": partial(_on_drift, run), "limits": Limits(again=again)}


def _sync_each(names: tuple[str, ...], settings: DataPathSettings, progress: Watched, how: Reading) -> Read:
    """Read the sources, as many at once as the settings say; one that fails or is paused does not stop the others."""
    done = Read()
    for name, read in zip(names, _readings(names, settings, progress, how), strict=True):
        try:
            done.reports[name] = read().to_json()
        except Cancelled:
            raise
        except SourceOnPause as pause:
            done.paused[name] = str(pause.facts["words"])
        except DwhError as refusal:
            done.failures[name] = refusal
    return done


def _readings(
    names: tuple[str, ...], settings: DataPathSettings, progress: Watched, how: Reading
) -> Iterator[Callable[[], SyncReport]]:
    """Yield for each source what returns its report, or raises why there is none."""
    if min(settings.sources_at_once, len(names)) < 2:
        for name in names:
            yield partial(_read, name, settings, progress, how)
        return
    with ThreadPoolExecutor(settings.sources_at_once, "sync") as pool:
        running = [pool.submit(_read_beside, name, settings, progress.lane(), how) for name in names]
        for reading in running:
            yield reading.result


def _read(name: str, settings: DataPathSettings, progress: Watched, how: Reading) -> SyncReport:
    """Read one source, unless somebody paused it, be it while this run was reading another."""
    now = timezone.now()
    must_not_be_paused(name, now=now)
    return sync_source(name, settings=settings, progress=progress, now=now, **how)


def _read_beside(name: str, settings: DataPathSettings, lane: Watched, how: Reading) -> SyncReport:
    try:
        report = _read(name, settings, lane, how)
        lane.finish()
        return report
    finally:
        connection.close()  # each thread has its own


def _sync_outcome(read: Read) -> Outcome:
    rows = sum(table["rows"] for report in read.reports.values() for table in report["tables"])
    skipped = [_said_of_paused(read.paused)] if read.paused else []
    if read.failures:
        said = [error.message_vi for error in read.failures.values()]
        return Outcome(State.FAILED, " ".join([*said, *skipped]), report=read.to_json())
    said = [f"Đã đọc {vi.number(rows)} dòng mới hoặc thay đổi."]
    return Outcome(State.SUCCEEDED, " ".join([*said, *skipped]), report=read.to_json())


def _said_of_paused(paused: dict[str, str]) -> str:
    named = "; ".join(f"{load_contract(name).label} ({words})" for name, words in paused.items())
    return f"Không đọc nguồn đang tạm dừng: {named}."


def _failure(error: DwhError) -> dict[str, Any]:
    told = {"drifts": error.facts["drifts"]} if "drifts" in error.facts else {}
    return {"code": error.code, "message": error.message_vi, **told}


def _build(run: Run, settings: DataPathSettings, progress: Watched, order: Order = USUAL) -> Outcome:
    hand_over(settings, by=services.worker_actor(run.worker), now=timezone.now())
    order = replace(order, distrust=services.readers_met_damage(run))
    report = pipeline_build.build(
        settings=settings, progress=progress, today=timezone.localdate(), order=order, figures=formulas()
    )
    plain = {**report.to_json(), "full": order.full}
    if report.release_id is None:
        said, made = "Không có gì thay đổi; bản công bố đang dùng vẫn đúng.", ""
    else:
        said, made = f"Đã tổng hợp bản {report.release_id}, chờ công bố.", report.release_id
    return Outcome(State.SUCCEEDED, " ".join([*report.notes, said]), made, plain)


def _publish(run: Run, settings: DataPathSettings, progress: Watched) -> Outcome:
    waiting = pipeline_publish.waiting_candidate(settings)
    if waiting is None:
        return Outcome(State.SUCCEEDED, "Không có bản nào chờ công bố; bản đang dùng giữ nguyên.")
    release = pipeline_publish.publish(waiting, settings=settings, progress=progress)
    record(
        "release.published", by=services.worker_actor(run.worker), about=f"release:{release.id}",
        manifest_sha256=hashlib.sha256((release.path / "manifest.json").read_bytes()).hexdigest(), run=run.pk,
    )  # fmt: skip
    gate.refresh_units(by=services.worker_actor(run.worker))
    return Outcome(State.SUCCEEDED, f"Đã công bố bản {release.id}.", release.id)


def _run(run: Run, settings: DataPathSettings, progress: Watched) -> Outcome:
    """Read, build, publish; what was read is in the report whatever becomes of the rest."""
    synced = _sync_outcome(_sync_each(source_names(), settings, progress, _reading_of(run)))
    made = _ending(run, partial(_build_and_publish, run, settings, progress))
    state = synced.state if made.state == State.SUCCEEDED else made.state
    report = {**(synced.report or {}), **(made.report or {})}
    return Outcome(state, f"{synced.message} {made.message}", made.release_id, report)


def _build_and_publish(run: Run, settings: DataPathSettings, progress: Watched) -> Outcome:
    built = _build(run, settings, progress)
    published = _publish(run, settings, progress)
    said = " ".join([*(built.report or {})["notes"], published.message])
    return Outcome(State.SUCCEEDED, said, published.release_id, {"build": built.report})


def take_on(kind: Kind, work: Work) -> None:
    """Do runs of `kind` by `work`, which another package offers; the site says so when it starts."""
    _WORK[kind] = work


def _as_configured(settings: DataPathSettings, moment: datetime) -> tuple[DataPathSettings, dict[str, str]]:
    return settings, {}


def work_with(in_force: InForce) -> None:
    """Let runs take their settings from `in_force`, which another package offers; the site says so when it starts."""
    global _in_force
    _in_force = in_force


def tell_of_drift(to: ToldOfDrift) -> None:
    """Let `to` hear how each source differs from its contract before it is read; the site says so when it starts."""
    global _told_of_drift
    _told_of_drift = to


def _on_drift(run: Run, contract: Contract, drifts: tuple[Drift, ...]) -> None:
    _told_of_drift(run, contract, drifts)


def _nobody(_run: Run, _contract: Contract, _drifts: tuple[Drift, ...]) -> None:
    pass


ToldOfDrift = Callable[[Run, Contract, tuple[Drift, ...]], None]
_told_of_drift: ToldOfDrift = _nobody
InForce = Callable[[DataPathSettings, datetime], tuple[DataPathSettings, dict[str, str]]]
_in_force: InForce = _as_configured
Work = Callable[[Run, DataPathSettings, Watched], Outcome]
_WORK: dict[Kind, Work] = {Kind.SYNC: _sync, Kind.BUILD: _build, Kind.PUBLISH: _publish, Kind.RUN: _run}
