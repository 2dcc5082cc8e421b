"""The run table: what was asked of the data path, by whom, and how far it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from dwh.operations.runs.rules import KIND_LABELS, LATE, READING_LABELS, STATE_LABELS, Kind, State


class RunQuerySet(models.QuerySet["Run"]):
    def waiting(self, now: datetime) -> RunQuerySet:
        """Runs a worker may take: queued, or running with a worker that stopped showing itself."""
        return self.filter(Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lt=now))

    def active(self) -> RunQuerySet:
        return self.filter(state__in=[State.QUEUED, State.RUNNING])

    def reading(self, source: str) -> RunQuerySet:
        """Runs that read `source`: its own syncs and the runs of everything."""
        return self.filter(Q(kind=Kind.SYNC, source=source) | Q(kind=Kind.RUN) | Q(kind=Kind.SYNC, source=""))


class Run(models.Model):
    """One request to the data path, from being asked to its outcome. Never deleted.

    Source: QC-DWH Điều 12.2 (watch synchronisation), Điều 12.5 (manage its processes).
    """

    kind = models.CharField("việc", max_length=10, choices=list(KIND_LABELS.items()))
    source = models.CharField("nguồn", max_length=20, blank=True, default="")
    state = models.CharField(
        "tình trạng", max_length=10, choices=list(STATE_LABELS.items()), default=State.QUEUED
    )
    asked_by = models.CharField("người yêu cầu", max_length=254)
    origin = models.CharField("nơi yêu cầu", max_length=10)
    asked_at = models.DateTimeField("yêu cầu lúc")
    started_at = models.DateTimeField("bắt đầu lúc", null=True, blank=True)
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    attempt = models.PositiveSmallIntegerField("lần chạy", default=0)
    worker = models.CharField("tiến trình", max_length=100, blank=True, default="")
    lease_until = models.DateTimeField("giữ đến", null=True, blank=True)
    stop_asked_by = models.CharField("người dừng", max_length=254, blank=True, default="")
    message = models.TextField("kết quả", blank=True, default="")
    release_id = models.CharField("bản công bố", max_length=20, blank=True, default="")
    report: Any = models.JSONField("báo cáo", default=dict)
    again_from = models.DateField("đọc lại từ ngày", null=True, blank=True)
    again_until = models.DateField("đọc lại đến hết ngày", null=True, blank=True)
    retry_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="retries")

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = "lượt chạy"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["state", "lease_until"])]

    @property
    def seconds(self) -> float | None:
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()


class RunStep(models.Model):
    """One named step of a run with its counts; the screen draws it, the next attempt begins anew."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    seq = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=list(STATE_LABELS.items()), default=State.RUNNING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=30, blank=True, default="")
    counts: Any = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["run", "seq"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "seq"], name="runs_step_once")]

    @property
    def seconds(self) -> float | None:
        return None if self.ended_at is None else (self.ended_at - self.started_at).total_seconds()

    @property
    def per_second(self) -> float | None:
        """Return how many of its unit the step did a second; None while it runs, or where nothing is counted."""
        return self.done / self.seconds if self.done and self.seconds else None

    @property
    def percent(self) -> int | None:
        return None if not self.total else min(100, 100 * self.done // self.total)


class SourceReadingQuerySet(models.QuerySet["SourceReading"]):
    def newest(self, source: str, *states: str) -> SourceReading | None:
        """Return the newest reading of a source that ended in one of these states."""
        return self.filter(source=source, state__in=states).first()


class SourceReading(models.Model):
    """What one ended run did to one source: kept beside the run's report, so that months of it are quickly told.

    Grain: run × source. Units: `rows` (new or changed) and `deletes` are rows landed, `seconds` wall time of reading;
    all three empty when it was not read.
    Source: QC-DWH Điều 12.2.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="readings")
    source = models.CharField("nguồn", max_length=20)
    state = models.CharField("kết cục", max_length=10, choices=list(READING_LABELS.items()))
    ended_at = models.DateTimeField("kết thúc lúc")
    rows = models.BigIntegerField("dòng đọc", null=True, blank=True)
    deletes = models.BigIntegerField("dòng xóa", null=True, blank=True)
    seconds = models.FloatField("giây đọc", null=True, blank=True)
    failure = models.CharField("mã lỗi", max_length=60, blank=True, default="")
    message = models.TextField("lý do", blank=True, default="")

    objects = SourceReadingQuerySet.as_manager()

    class Meta:
        verbose_name = "lần đọc nguồn"
        ordering: ClassVar = ["-ended_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["source", "-ended_at"]), models.Index(fields=["-ended_at"])]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "source"], name="runs_reading_once")]


class Schedule(models.Model):
    """When everything is read, built and published without anybody asking."""

    every_minutes = models.PositiveIntegerField("chạy mỗi (phút)", default=60)
    opens_at = models.TimeField("đọc nguồn từ", null=True, blank=True)  # both empty: at any hour
    closes_at = models.TimeField("đến", null=True, blank=True)
    is_paused = models.BooleanField("tạm dừng", default=False)
    last_asked_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.CharField(max_length=254, blank=True, default="")
    changed_at = models.DateTimeField(null=True, blank=True)


class SourcePauseQuerySet(models.QuerySet["SourcePause"]):
    def in_force(self, today: date) -> SourcePauseQuerySet:
        """Pauses that hold today: not ended, and their last day has not passed."""
        return self.filter(ended_at=None).filter(Q(last_day=None) | Q(last_day__gte=today))

    def lapsed(self, today: date) -> SourcePauseQuerySet:
        return self.filter(ended_at=None, last_day__lt=today)


class SourcePause(models.Model):
    """One source that nobody reads for a while, from being paused to its end. Never deleted.

    Source: QC-DWH Điều 12.5.
    """

    source = models.CharField("nguồn", max_length=20)
    reason = models.CharField("lý do", max_length=400)
    last_day = models.DateField("đến hết ngày", null=True, blank=True)  # empty: until somebody resumes it
    paused_by = models.CharField("người tạm dừng", max_length=254)
    paused_name = models.CharField("tên người tạm dừng", max_length=200)
    paused_at = models.DateTimeField("tạm dừng lúc")
    ended_at = models.DateTimeField("hết tạm dừng lúc", null=True, blank=True)
    ended_by = models.CharField("người cho đọc tiếp", max_length=254, blank=True, default="")

    objects = SourcePauseQuerySet.as_manager()

    class Meta:
        verbose_name = "lần tạm dừng nguồn"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(ended_at=None), name="runs_one_pause_of_a_source"
            )
        ]


class SyncAlertQuerySet(models.QuerySet["SyncAlert"]):
    def standing(self) -> SyncAlertQuerySet:
        """Alerts whose cause is still there."""
        return self.filter(closed_at=None)

    def owned_by(self, unit_code: str) -> SyncAlertQuerySet:
        """Alerts of the central unit a person works in; what the nation would own is nobody's."""
        parts = unit_code.split(".")
        return self.filter(owner_unit__in=[".".join(parts[:n]) for n in range(2, len(parts) + 1)])


class SyncAlert(models.Model):
    """One reason why a source, or the work on all of them, needs its owner; closed when it is gone. Never deleted.

    `source` is empty for the work on all. `cause` is «late», or the code of the refusal, after the kind of work.
    Source: QC-DWH Điều 12.2.
    """

    source = models.CharField("nguồn", max_length=20, blank=True, default="")
    cause = models.CharField("nguyên nhân", max_length=60)
    label = models.CharField("về", max_length=120)
    what = models.CharField("nội dung", max_length=600)
    owner_unit = models.CharField("đơn vị phụ trách", max_length=40)
    owner_name = models.CharField("tên đơn vị phụ trách", max_length=200)
    run = models.ForeignKey(Run, models.PROTECT, null=True, blank=True, related_name="alerts")
    opened_at = models.DateTimeField("mở lúc")
    acknowledged_at = models.DateTimeField("đã biết lúc", null=True, blank=True)
    acknowledged_by = models.CharField("người đã biết", max_length=254, blank=True, default="")
    acknowledged_name = models.CharField("tên người đã biết", max_length=200, blank=True, default="")
    note = models.CharField("ghi chú", max_length=400, blank=True, default="")
    closed_at = models.DateTimeField("hết lúc", null=True, blank=True)

    objects = SyncAlertQuerySet.as_manager()

    class Meta:
        verbose_name = "cảnh báo đồng bộ"
        ordering: ClassVar = ["opened_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "cause"], condition=Q(closed_at=None), name="runs_one_alert_of_a_cause"
            )
        ]

    @property
    def is_late(self) -> bool:
        return self.cause == LATE
