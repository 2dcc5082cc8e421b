"""Large files, made by the worker: asked for, taken up, cancelled, fetched. One verb, one entry in the log."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from dwh.datapath.semantic.query import Query
from dwh.datapath.tables.view import View
from dwh.delivery.exchange.models import ACTIVE, ExportContent, ExportJob, JobState
from dwh.delivery.exchange.services import Asked, export_pivot
from dwh.governance.access.models import Account
from dwh.governance.protection.stopping import ask_stop
from dwh.kernel.actor import Origin
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Cancelled, Conflict, DwhError, NotFound
from dwh.kernel.machine import machine_fault

LEASE: Final = timedelta(seconds=150)  # longer than the longest question, which shows no progress
KEPT: Final = timedelta(hours=24)  # ours: a file nobody fetched in a day is asked for again
AT_ONCE: Final = 3  # files of one person under way
TELL_EVERY: Final = timedelta(milliseconds=400)


@transaction.atomic
def ask_for_file(asked: Asked, *, by: Account, now: datetime, origin: Origin) -> ExportJob:
    """Queue a file for the worker.

    Raises:
        Conflict: he has as many under way as one person may.

    Source: QĐ-2366 Điều 5.3, 9.6.
    """
    if ExportJob.objects.filter(account=by, state__in=ACTIVE).count() >= AT_ONCE:
        raise Conflict(
            f"Ông/bà đang có {AT_ONCE} tệp lớn chờ tạo. Chờ một tệp xong, hoặc hủy bớt rồi xuất lại."
        )
    job = ExportJob.objects.create(
        account=by, query=asked.query.to_json(), kind=asked.kind, asked_at=now, ticket=secrets.token_hex(16),
        formats=[one.to_json() for one in asked.formats],
    )  # fmt: skip
    record(
        "export.asked", by=by.as_actor(origin), about=f"export:{job.pk}", format=asked.kind,
        subject=asked.query.subject,
    )  # fmt: skip
    return job


@transaction.atomic
def cancel_job(pk: int, *, by: Account, now: datetime, origin: Origin) -> ExportJob:
    """Cancel a file: one that waits ends here, one under way ends at its next row; the engine is told too.

    Raises:
        NotFound: none of his. Conflict: it has ended.

    Source: QĐ-2366 Điều 9.6.
    """
    job = job_of(pk, by)
    if job.state not in ACTIVE:
        raise Conflict("Tệp này đã xong hoặc đã hủy. Tải lại trang để xem tình trạng.")
    job.stop_asked = True
    if job.state == JobState.QUEUED:
        job.state, job.ended_at, job.message = JobState.CANCELLED, now, "Đã hủy theo yêu cầu."
    job.save()
    ask_stop(job.ticket, by=by, origin=origin)
    record("export.cancelled", by=by.as_actor(origin), about=f"export:{pk}")
    return job


@transaction.atomic
def fetch_file(pk: int, *, by: Account, origin: Origin) -> tuple[ExportJob, bytes]:
    """Return a finished file to the person who asked for it.

    Raises:
        NotFound: none of his, or not kept any more.

    Source: QĐ-2366 Điều 9.6 (each export on record, with person and time).
    """
    job = job_of(pk, by)
    content = ExportContent.objects.filter(job=job).first()
    if content is None:
        raise NotFound(
            "Tệp này chưa xong, hoặc đã quá 24 giờ nên không còn giữ. Xuất lại từ trang Phân tích."
        )
    record("export.fetched", by=by.as_actor(origin), about=f"export:{pk}", file=job.name)
    return job, bytes(content.data)


def job_of(pk: int, account: Account) -> ExportJob:
    """Return a job of the person's own. Raises NotFound: another's is not told apart from none."""
    job = ExportJob.objects.filter(pk=pk, account=account).first()
    if job is None:
        raise NotFound("Không có tệp kết xuất này. Xuất lại từ trang Phân tích.", export=pk)
    return job


def work_once() -> bool:
    """Make one waiting file, if any, under the rights its person has now. Return whether there was one."""
    now = timezone.now()
    ExportContent.objects.filter(job__in=ExportJob.objects.expired(now - KEPT)).delete()
    job = _take(now)
    if job is None:
        return False
    state, message = _made(job)
    ended = {"state": state, "message": message, "ended_at": timezone.now(), "lease_until": None}
    ExportJob.objects.filter(pk=job.pk).update(**ended)
    return True


@transaction.atomic
def _take(now: datetime) -> ExportJob | None:
    """Lease the oldest waiting job; two workers never take one."""
    skip = connection.features.has_select_for_update_skip_locked
    waiting = ExportJob.objects.waiting(now).select_for_update(skip_locked=skip).order_by("id")
    job = waiting.first()
    if job is not None:
        job.state, job.lease_until, job.done = JobState.RUNNING, now + LEASE, 0
        job.save()
    return job


def _made(job: ExportJob) -> tuple[JobState, str]:
    """Make the file of a job; return how it ended, in words."""
    origin = Origin("worker", request_id=f"export:{job.pk}", ticket=job.ticket)
    try:
        formats = View.from_json({"formats": job.formats}).formats
        asked = Asked(Query.from_json(job.query), job.kind, formats)
        made = export_pivot(asked, by=job.account, now=timezone.now(), origin=origin, seen=Told(job))
        with transaction.atomic():
            ExportContent.objects.create(job=job, data=made.content)
            ExportJob.objects.filter(pk=job.pk).update(name=made.name, mime=made.mime)
    except Cancelled:
        return JobState.CANCELLED, "Đã hủy theo yêu cầu."
    except DwhError as refusal:
        return JobState.REFUSED, refusal.message_vi
    except Exception as fault:
        said = (
            machine_fault(fault)
            or f"Lỗi chương trình ({type(fault).__name__}). Báo Trung tâm CNTT tệp số {job.pk}."
        )
        return JobState.FAILED, said
    return JobState.DONE, f"Đã tạo tệp {made.name}."


@dataclass(slots=True)
class Told:
    """Progress of a file in its row of the table; learns there that somebody cancelled it."""

    job: ExportJob
    _told_at: datetime | None = None

    def step(self, name: str, *, total: int | None = None, unit: str = "") -> None:
        self._tell(step=name, done=0, total=total or 0)

    def advance(self, done: int, **counts: int) -> None:
        now = timezone.now()
        if self._told_at is None or now - self._told_at >= TELL_EVERY:
            self._tell(done=done)

    def check(self) -> None:
        if ExportJob.objects.filter(pk=self.job.pk, stop_asked=True).exists():
            raise Cancelled("Đã hủy theo yêu cầu.")

    def _tell(self, **facts: int | str) -> None:
        self._told_at = timezone.now()
        self.check()
        ExportJob.objects.filter(pk=self.job.pk).update(lease_until=self._told_at + LEASE, **facts)
