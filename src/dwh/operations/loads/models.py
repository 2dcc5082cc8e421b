"""What was prepared for loading, what it would do, who decided. Never deleted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from dwh.operations.loads.rules import LOAD_LABELS, LoadState


class PlannedLoad(models.Model):
    """One file under one plan. `preview` is what the approver saw; `digest` ties the approval to it.

    Source: QĐ-2366 Điều 5.1 (plan, file hash, approver: row C-18 of the mission).
    """

    plan = models.CharField("số kế hoạch", max_length=60)
    report = models.CharField("biểu", max_length=20)
    file_name = models.CharField("tên tệp", max_length=255)
    sha256 = models.CharField("sha256", max_length=64)
    kept = models.CharField("bản lưu", max_length=100)
    preview: Any = models.JSONField("bản xem trước", default=dict)
    digest = models.CharField("dấu bản xem trước", max_length=64)
    state = models.CharField(
        "tình trạng", max_length=10, choices=list(LOAD_LABELS.items()), default=LoadState.PREPARED
    )
    prepared_by = models.CharField("người chuẩn bị", max_length=254)
    prepared_at = models.DateTimeField("chuẩn bị lúc")
    decided_by = models.CharField("người duyệt", max_length=254, blank=True, default="")
    decided_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    reason = models.TextField("lý do", blank=True, default="")
    landed = models.PositiveIntegerField("số dòng đã nạp", default=0)
    held = models.PositiveIntegerField("số dòng giữ lại", default=0)

    class Meta:
        verbose_name = "lần nạp theo kế hoạch"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(decided_by=F("prepared_by")), name="load_decided_by_another"),
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(state=LoadState.PREPARED), name="load_waits_once_per_file"
            ),
        ]
