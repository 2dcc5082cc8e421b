"""Every change to the run table: one verb, one transaction, one entry in the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from dwh.datapath.sources.contract import source_names
from dwh.kernel.actor import Actor
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.audit.models import Kind as RecordKind
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, Invalid, NotFound
from dwh.operations.runs import rules
from dwh.operations.runs.models import Run, RunStep, Schedule, SourceReading
from dwh.operations.runs.pause_services import must_be_known, must_not_be_paused
from dwh.operations.runs.processes import is_dead
from dwh.operations.runs.readings import reading_of
from dwh.operations.runs.rules import Kind, State


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: its state, a sentence for people, the release it made if any, its report."""

    state: State
    message: str
    release_id: str = ""
    report: dict[str, Any] | None = None


@transaction.atomic
def ask_run(
    kind: Kind, *, source: str = "", by: Actor, now: datetime, retry_of: Run | None = None, worker: str = ""
) -> Run:
    """Queue a run, or begin it at once in the process `worker`; the same work twice at a time is refused.

    Raises:
        Invalid: no such source.
        SourceOnPause: nobody reads the source for now.
        Conflict: the same work is already waiting or running.

    Source: QC-DWH Điều 12.5.
    """
    _must_be_free(kind, source, now)
    again = {"again_from": retry_of.again_from, "again_until": retry_of.again_until} if retry_of else {}
    run = Run.objects.create(
        kind=kind,
        source=source,
        asked_by=by.email,
        origin=by.origin,
        asked_at=now,
        retry_of=retry_of,
        **again,
    )
    record("run.asked", by=by, about=f"run:{run.pk}", kind=str(kind), source=source)
    return _begin(run, worker, now) if worker else run


@transaction.atomic
def ask_again(source: str, since: date, until: date, *, by: Actor, now: datetime) -> Run:
    """Queue the reading of one source with the rows it changed on these days read again.

    What changed without moving `updated_at` is found that way; what is landed as it is does not land twice.

    Raises:
        Invalid: no such source, or days that cannot be. SourceOnPause: nobody reads it for now.
        Conflict: the source is waiting to be read or being read.

    Source: QC-DWH Điều 12.5.
    """
    rules.again_window(since, until, timezone.localdate(now))
    _must_be_free(Kind.SYNC, source, now)
    run = Run.objects.create(
        kind=Kind.SYNC, source=source, asked_by=by.email, origin=by.origin, asked_at=now, again_from=since,
        again_until=until,
    )  # fmt: skip
    record(
        "run.asked", by=by, about=f"run:{run.pk}", kind=str(Kind.SYNC), source=source,
        again_from=since.isoformat(), again_until=until.isoformat(),
    )  # fmt: skip
    return run


def _must_be_free(kind: Kind, source: str, now: datetime) -> None:
    """Refuse a source nobody knows or nobody may read now, and work that waits or runs already."""
    if source:
        must_be_known(source)
        must_not_be_paused(source, now=now)
    same = Run.objects.active().filter(kind=kind, source=source).first()
    if same is not None:
        raise Conflict(
            f"Việc này {same.get_state_display().lower()} (lượt {same.pk}). "
            "Chờ lượt đó xong hoặc dừng lượt đó rồi chạy lại.",
            run=same.pk,
        )


def accept_loss(run: Run, tables: Iterable[str], *, by: Actor) -> None:
    """Put on record who answers for building although these source tables suddenly lost rows.

    Source: QC-DWH Điều 12.2 (faults of synchronisation are looked into), QĐ-2366 Điều 4.2.4.
    """
    record("build.loss_accepted", by=by, about=f"run:{run.pk}", tables=sorted(tables))


@transaction.atomic
def retry_run(run_id: int, *, by: Actor, now: datetime) -> Run:
    """Ask again for the work of a run that failed or was stopped. Reading again doubles nothing.

    Raises:
        NotFound: no such run.
        Conflict: the run has not ended, or ended well.

    Source: QC-DWH Điều 12.5.
    """
    run = _locked(run_id)
    if not rules.may_retry(run.state):
        raise Conflict("Chỉ chạy lại được lượt đã lỗi hoặc đã dừng.", state=run.state)
    return ask_run(Kind(run.kind), source=run.source, by=by, now=now, retry_of=run)


@transaction.atomic
def stop_run(run_id: int, *, by: Actor, now: datetime) -> Run:
    """Ask a run to stop: one that waits ends here, one that runs ends at its next statement or batch.

    Raises:
        NotFound: no such run.
        Conflict: the run has already ended.

    Source: QC-DWH Điều 12.5.
    """
    run = _locked(run_id)
    if not rules.may_stop(run.state):
        raise Conflict("Lượt chạy này đã kết thúc.", state=run.state)
    run.stop_asked_by = by.email
    if run.state == State.QUEUED:
        run.state, run.ended_at, run.message = State.CANCELLED, now, f"{by.name} dừng trước khi chạy."
    run.save()
    _keep_readings(run)
    record("run.stop_asked", by=by, about=f"run:{run.pk}", state=run.state)
    return run


def take_next(worker: str, *, now: datetime) -> Run | None:
    """Lease the oldest waiting run to `worker`, or one whose worker died; None when there is nothing.

    Source: house §9 (lease, heartbeat, take-over); QC-DWH Điều 12.5.
    """
    with transaction.atomic():
        _free_the_dead(now)
        waiting = Run.objects.waiting(now).exclude(origin="cli", state=State.RUNNING).order_by("id")
        if connection.vendor == "postgresql":
            waiting = waiting.select_for_update(skip_locked=True)
        run = waiting.first()
        if run is None:
            return None
        if run.attempt >= rules.MAX_ATTEMPTS:
            finish(
                run,
                Outcome(State.FAILED, f"Tiến trình bị ngắt {run.attempt} lần. Xem nhật ký máy chủ."),
                now=now,
            )
            return None
        return _begin(run, worker, now)


def end_abandoned(*, now: datetime) -> None:
    """Close runs of the command line whose process died: nobody takes them over, the person asks again."""
    for run in Run.objects.filter(state=State.RUNNING, origin="cli"):
        if not (rules.is_abandoned(run.state, run.lease_until, now) or is_dead(run.worker)):
            continue
        finish(
            run,
            Outcome(State.FAILED, "Tiến trình bị ngắt giữa chừng. Chạy lại lệnh; không dòng nào mất."),
            now=now,
        )


def beat(run_id: int, worker: str, *, now: datetime) -> bool:
    """Renew the lease; return False when somebody asked to stop or another worker took the run."""
    mine = Run.objects.filter(pk=run_id, worker=worker, state=State.RUNNING)
    mine.update(lease_until=rules.lease_until(now))
    return mine.filter(stop_asked_by="").exists()


@transaction.atomic
def finish(run: Run, outcome: Outcome, *, now: datetime, by: Actor | None = None) -> None:
    """Close a run with its outcome and end its open step.

    Source: QC-DWH Điều 12.2 (outcome of each synchronisation is known); QĐ-2366 Điều 4.2.4.
    """
    run.state, run.message, run.release_id = outcome.state, outcome.message, outcome.release_id
    run.report, run.ended_at, run.lease_until = outcome.report or {}, now, None
    run.save()
    RunStep.objects.filter(run=run, ended_at=None).update(state=outcome.state, ended_at=now)
    _keep_readings(run)
    record(
        "run.ended", by=by or worker_actor(run.worker), about=f"run:{run.pk}",
        kind=run.kind, source=run.source, state=str(outcome.state), message=outcome.message, release=outcome.release_id,
    )  # fmt: skip


def _keep_readings(run: Run) -> None:
    """Keep what an ended run did to each source it was to read."""
    if run.ended_at is None or run.kind not in {Kind.SYNC, Kind.RUN}:
        return
    names = (run.source,) if run.source else source_names()
    SourceReading.objects.filter(run=run).delete()  # of a run two workers ended, the last word holds
    SourceReading.objects.bulk_create(reading_of(run, name) for name in names)


@dataclass(frozen=True, slots=True)
class Plan:
    """When to read and publish without being asked; between `opens_at` and `closes_at` (Vietnam's time) if given."""

    every_minutes: int
    is_paused: bool = False
    opens_at: time | None = None
    closes_at: time | None = None


@transaction.atomic
def set_schedule(plan: Plan, *, by: Actor, now: datetime) -> Schedule:
    """Change how often and at which hours everything is read and published, or pause it.

    Raises:
        Invalid: more often than every five minutes, less than once a month, or half a window.

    Source: QC-DWH Điều 3.1 (without harm to the business software), 12.1, 12.5.
    """
    if not 5 <= plan.every_minutes <= 31 * 24 * 60:
        raise Invalid("Chu kỳ phải từ 5 phút đến 31 ngày (44.640 phút).", every_minutes=plan.every_minutes)
    if (plan.opens_at is None) != (plan.closes_at is None):
        raise Invalid("Khung giờ đọc nguồn cần cả giờ bắt đầu và giờ kết thúc, hoặc để trống cả hai.")
    before, after = schedule(), asdict(plan)
    saved, _ = Schedule.objects.update_or_create(
        pk=1, defaults={**after, "changed_by": by.email, "changed_at": now}
    )
    was = {name: getattr(before, name) for name in after}
    record("schedule.changed", by=by, about="schedule:1", before=_words(was), after=_words(after))
    return saved


def _words(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat("minutes") if isinstance(value, time) else value
        for name, value in values.items()
    }


def schedule() -> Schedule:
    return Schedule.objects.filter(pk=1).first() or Schedule(pk=1)


def ask_scheduled(*, now: datetime) -> Run | None:
    """Queue the scheduled run when it is due and nothing of the kind is under way."""
    plan = schedule()
    if plan.is_paused or plan.last_asked_at is None:
        return None
    if not rules.in_window(timezone.localtime(now).time(), plan.opens_at, plan.closes_at):
        return None
    if rules.next_due(plan.last_asked_at, plan.every_minutes, now) > now or Run.objects.active().exists():
        return None
    return ask_due(plan, now=now)


def ask_due(plan: Schedule, *, now: datetime) -> Run | None:
    """Queue the run a schedule is due for, unless another worker that read the same schedule was first."""
    if not Schedule.objects.filter(pk=1, last_asked_at=plan.last_asked_at).update(last_asked_at=now):
        return None
    try:
        return ask_run(Kind.RUN, by=worker_actor("schedule"), now=now)
    except Conflict:
        return None  # a person asked for it in between


def begin_schedule(*, now: datetime) -> None:
    """Start counting the schedule from now, if it has not begun."""
    Schedule.objects.get_or_create(pk=1)
    Schedule.objects.filter(pk=1, last_asked_at=None).update(last_asked_at=now)


def readers_met_damage(run: Run) -> bool:
    """Tell whether somebody was refused since the last build began because a file of a release is damaged."""
    builds = Run.objects.filter(kind__in=[Kind.BUILD, Kind.RUN], started_at__isnull=False).exclude(pk=run.pk)
    last = builds.order_by("-id").first()
    met = AuditRecord.objects.filter(kind=RecordKind.DENIED, object__startswith="release:")
    return (met.filter(at__gte=last.started_at) if last else met).exists()


def worker_actor(name: str) -> Actor:
    return Actor(email="worker@dwh", name=f"Tiến trình {name}".strip(), unit="00.CNTT", origin="worker")


def _free_the_dead(now: datetime) -> None:
    """End the lease of runs whose process on this machine is gone, so that they are taken over at once."""
    for run in Run.objects.filter(state=State.RUNNING, lease_until__gte=now).exclude(origin="cli"):
        if is_dead(run.worker):
            Run.objects.filter(pk=run.pk, worker=run.worker).update(lease_until=now - rules.LEASE)


def _begin(run: Run, worker: str, now: datetime) -> Run:
    run.steps.all().delete()
    run.state, run.worker, run.attempt = State.RUNNING, worker, run.attempt + 1
    run.started_at, run.lease_until = now, rules.lease_until(now)
    run.save()
    return run


def _locked(run_id: int) -> Run:
    run = Run.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound("Không có lượt chạy này. Quay lại trang Đồng bộ.", run=run_id)
    return run
