"""Files too large to make while somebody waits: asked for, made by the worker, fetched once by the person who asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from dwh.governance.access.models import Account


class JobState(models.TextChoices):
    QUEUED = "queued", "Chờ tới lượt"
    RUNNING = "running", "Đang tạo"
    DONE = "done", "Đã xong"
    REFUSED = "refused", "Bị từ chối"
    FAILED = "failed", "Lỗi"
    CANCELLED = "cancelled", "Đã hủy"


ACTIVE = (JobState.QUEUED, JobState.RUNNING)


class ExportJobQuerySet(models.QuerySet["ExportJob"]):
    def waiting(self, now: datetime) -> ExportJobQuerySet:
        """Jobs a worker may take: queued, or running with a worker that stopped showing itself."""
        return self.filter(Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now))

    def expired(self, day: datetime) -> ExportJobQuerySet:
        """Jobs whose file has been kept since before `day`."""
        return self.filter(ended_at__lt=day, content__isnull=False)


class ExportJob(models.Model):
    """One file somebody asked for, from being asked to its outcome. The row stays, the file goes after a day.

    `ticket` names its question, so that cancelling it interrupts the engine too.

    Source: QĐ-2366 Điều 5.3, 9.6.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="người yêu cầu")
    query: Any = models.JSONField("câu hỏi")
    kind = models.CharField("dạng tệp", max_length=10)
    formats: Any = models.JSONField("định dạng theo điều kiện", default=list)
    state = models.CharField("tình trạng", max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    step = models.CharField("đang làm", max_length=80, blank=True, default="")
    done = models.PositiveIntegerField("đã làm", default=0)
    total = models.PositiveIntegerField("tổng", default=0)
    ticket = models.CharField("vé", max_length=32)
    stop_asked = models.BooleanField("đã yêu cầu hủy", default=False)
    message = models.TextField("trả lời", blank=True, default="")
    asked_at = models.DateTimeField("yêu cầu lúc")
    lease_until = models.DateTimeField("giữ đến", null=True, blank=True)
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    name = models.CharField("tên tệp", max_length=200, blank=True, default="")
    mime = models.CharField("kiểu tệp", max_length=120, blank=True, default="")

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp kết xuất lớn"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["state", "lease_until"])]

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 0


class ExportContent(models.Model):
    """The bytes of a finished file, kept apart so that reading the state of a job does not read them."""

    job = models.OneToOneField(ExportJob, models.CASCADE, related_name="content")
    data = models.BinaryField()

    class Meta:
        verbose_name = "nội dung tệp kết xuất"
