"""What each software asks for, and what units sent and receivers got."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from dwh.kernel.org.scope import Tier
from dwh.operations.submissions.rules import FREQUENCY_LABELS, SENDER_LABELS


class RequirementQuerySet(models.QuerySet["Requirement"]):
    def in_force(self) -> RequirementQuerySet:
        return self.filter(ended_at=None)


class Requirement(models.Model):
    """What one software asks of one tier: how often, until which day. A change ends the row and begins another.

    Source: QĐ-3582 III.2a.
    """

    source = models.CharField("phần mềm", max_length=40)
    sender_tier = models.CharField(
        "cấp gửi", max_length=12, choices=[(str(tier), label) for tier, label in SENDER_LABELS.items()]
    )
    frequency = models.CharField("kỳ", max_length=10, choices=list(FREQUENCY_LABELS.items()))
    due_day = models.PositiveSmallIntegerField("hạn: ngày của tháng sau kỳ")
    guide = models.CharField("văn bản hướng dẫn", max_length=200)
    since = models.DateField("áp dụng từ")
    set_by = models.CharField("người đặt", max_length=254)
    ended_at = models.DateTimeField("hết hiệu lực lúc", null=True, blank=True)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = "yêu cầu báo cáo CSDL"
        ordering: ClassVar = ["source", "-sender_tier"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "sender_tier"], condition=Q(ended_at=None), name="submissions_one_in_force"
            )
        ]

    @property
    def is_of_offices(self) -> bool:
        return self.sender_tier == Tier.OFFICE


class Submission(models.Model):
    """The report of one unit for one period of one software. Never deleted.

    Source: QĐ-3582 III.2a.
    """

    source = models.CharField("phần mềm", max_length=40)
    unit = models.CharField("đơn vị gửi", max_length=40)
    frequency = models.CharField("kỳ", max_length=10)
    period = models.DateField("ngày đầu kỳ")
    due_on = models.DateField("hạn gửi")
    sent_at = models.DateTimeField("gửi lúc")
    sent_by = models.CharField("người gửi", max_length=254)
    note = models.CharField("nội dung gửi", max_length=400)
    received_at = models.DateTimeField("nhận lúc", null=True, blank=True)
    received_by = models.CharField("người nhận", max_length=254, blank=True, default="")

    class Meta:
        verbose_name = "lần gửi báo cáo CSDL"
        ordering: ClassVar = ["-period", "unit"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "unit", "frequency", "period"], name="submissions_one_per_period"
            )
        ]
