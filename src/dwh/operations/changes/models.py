"""Requests for change, every step of each, and what the program found at a source."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from dwh.operations.changes.rules import ENDED, KIND_LABELS, OPEN, STATE_LABELS, State, Viewer


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    def visible_to(self, who: Viewer) -> ChangeRequestQuerySet:
        """Requests that exist for a person: the same as `rules.sees`, which a test compares."""
        found = Q(opened_by=who.email)
        if who.shares_a_unit:
            found |= Q(origin_unit=who.unit)
        if who.leads(who.unit):
            found |= Q(origin_unit__startswith=f"{who.unit}.")
        if who.leads_the_sector:
            found |= ~Q(unit_approved_by="")
        if who.carries_out:
            found |= ~Q(leader_approved_by="") | Q(is_detected=True)
        return self.filter(found)

    def waiting_for(self, who: Viewer) -> ChangeRequestQuerySet:
        """Requests whose next act is this person's: the same as `rules.waits_for`, which a test compares."""
        found = Q(state=State.RETURNED, opened_by=who.email) if OPEN in who.permissions else Q(pk__in=[])
        others = ~Q(opened_by=who.email) & ~Q(unit_approved_by=who.email)
        if who.leads(who.unit):
            mine = Q(origin_unit=who.unit) | Q(origin_unit__startswith=f"{who.unit}.")
            found |= Q(state=State.DRAFT) & mine & others
        if who.leads_the_sector:
            found |= Q(state=State.UNIT_APPROVED) & others
        if who.carries_out:
            found |= Q(state__in=[State.LEADER_APPROVED, State.DETECTED, State.ASSIGNED])
        return self.filter(found)

    def overdue_on(self, today: date) -> ChangeRequestQuerySet:
        """Requests that have not ended and are past their day: the same as `rules.is_overdue`."""
        return (
            self.exclude(state__in=ENDED).annotate(day=Coalesce("due_on", "wanted_by")).filter(day__lt=today)
        )

    def matching(self, words: list[str]) -> ChangeRequestQuerySet:
        """Requests with each of the words, which have no marks."""
        found = self
        for word in words:
            found = found.filter(search_words__contains=word)
        return found


class ChangeRequest(models.Model):
    """One request for change, or one difference found at a source. Never deleted.

    `revision` counts its texts, so that a decision is about the text that was read.

    Source: QC-DWH Điều 8.4, 10.4; QĐ-2366 Điều 10.2.1.
    """

    kind = models.CharField("loại", max_length=10, choices=list(KIND_LABELS.items()))
    title = models.CharField("tiêu đề", max_length=200)
    what = models.TextField("nội dung")
    why = models.TextField("lý do")
    table = models.CharField("bảng", max_length=120, blank=True, default="")
    column = models.CharField("cột", max_length=120, blank=True, default="")
    definition = models.TextField("định nghĩa", blank=True, default="")
    completeness = models.TextField("quy tắc đầy đủ", blank=True, default="")
    wanted_by = models.DateField("cần trước ngày", null=True, blank=True)
    revision = models.PositiveIntegerField("lần sửa", default=1)
    state = models.CharField(
        "tình trạng", max_length=16, choices=list(STATE_LABELS.items()), default=State.DRAFT
    )
    is_detected = models.BooleanField("do chương trình phát hiện", default=False)
    origin_unit = models.CharField("đơn vị", max_length=40)
    origin_name = models.CharField("tên đơn vị", max_length=200)
    opened_by = models.CharField("người lập", max_length=254)
    opened_name = models.CharField("họ tên người lập", max_length=120)
    opened_at = models.DateTimeField("lập lúc")
    unit_approved_by = models.CharField("thủ trưởng duyệt", max_length=254, blank=True, default="")
    leader_approved_by = models.CharField("Lãnh đạo Ngành duyệt", max_length=254, blank=True, default="")
    assigned_to = models.CharField("người thực hiện", max_length=120, blank=True, default="")
    due_on = models.DateField("hạn xong", null=True, blank=True)
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    search_words = models.TextField(blank=True, default="")  # without marks, for the search box

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "yêu cầu thay đổi"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["state", "-id"]), models.Index(fields=["origin_unit"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(unit_approved_by=F("opened_by")) & ~Q(leader_approved_by=F("opened_by")),
                name="change_not_decided_by_its_author",
            ),
            models.CheckConstraint(
                condition=Q(leader_approved_by="")
                | (~Q(unit_approved_by="") & ~Q(leader_approved_by=F("unit_approved_by"))),
                name="change_approved_in_order_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.LEADER_APPROVED, State.ASSIGNED, State.DONE])
                | ~Q(leader_approved_by="")
                | Q(is_detected=True),
                name="change_no_work_before_approval",
            ),
        ]

    def __str__(self) -> str:
        return f"Yêu cầu {self.pk}: {self.title}"


class ChangeStep(models.Model):
    """One step of a request: who did what, when, why. Never changed, never deleted."""

    request = models.ForeignKey(ChangeRequest, models.PROTECT, related_name="steps")
    act = models.CharField("việc", max_length=16)
    state = models.CharField("tình trạng sau đó", max_length=16, choices=list(STATE_LABELS.items()))
    by = models.CharField("người làm", max_length=254)
    by_name = models.CharField("họ tên", max_length=120)
    at = models.DateTimeField("lúc")
    note = models.TextField("ý kiến", blank=True, default="")

    class Meta:
        verbose_name = "bước của yêu cầu"
        ordering: ClassVar = ["id"]


class SourceDrift(models.Model):
    """What differed between a source and its contract. `gone_at`: a later check no longer met it.

    Source: QC-DWH Điều 10.4.
    """

    request = models.OneToOneField(ChangeRequest, models.PROTECT, related_name="drift")
    key = models.CharField("dấu hiệu", max_length=600)
    source = models.CharField("nguồn", max_length=40)
    change = models.CharField("thay đổi", max_length=10)
    expected = models.CharField("kiểu trong hợp đồng", max_length=80, blank=True)
    found = models.CharField("kiểu ở nguồn", max_length=120, blank=True)
    mode = models.CharField("chế độ hợp đồng", max_length=10)
    stops = models.BooleanField("làm dừng nguồn")
    first_run = models.PositiveBigIntegerField("lượt đầu tiên thấy")
    last_run = models.PositiveBigIntegerField("lượt gần nhất thấy")
    gone_at = models.DateTimeField("không còn từ", null=True, blank=True)

    class Meta:
        verbose_name = "khác biệt của nguồn"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], condition=Q(gone_at=None), name="change_drift_once")
        ]
        indexes: ClassVar = [models.Index(fields=["source"])]
