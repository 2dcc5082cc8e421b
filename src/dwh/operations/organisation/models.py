"""Every reorganisation that was ever entered."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from dwh.operations.organisation.rules import KIND_LABELS, STATE_LABELS, State


class OrgEvent(models.Model):
    """One reorganisation. Its lines never change: a wrong one is withdrawn or undone, and entered anew.

    `lines`: the fields of `EventLine`, one mapping each.

    Source: QC-DWH Điều 12.5.
    """

    kind = models.CharField("loại", max_length=10, choices=list(KIND_LABELS.items()))
    effective_on = models.DateField("ngày hiệu lực")
    basis = models.CharField("văn bản", max_length=200)
    reason = models.TextField("lý do")
    lines: Any = models.JSONField("các dòng", default=list)
    state = models.CharField(
        "trạng thái", max_length=10, choices=list(STATE_LABELS.items()), default=State.ENTERED
    )
    entered_by = models.CharField("người nhập", max_length=254)
    entered_at = models.DateTimeField("nhập lúc")
    closed_by = models.CharField("người duyệt, rút", max_length=254, blank=True, default="")
    closed_at = models.DateTimeField("duyệt, rút lúc", null=True, blank=True)
    undone_by = models.CharField("người hoàn tác", max_length=254, blank=True, default="")
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)
    undone_reason = models.TextField("lý do hoàn tác", blank=True, default="")

    class Meta:
        verbose_name = "thay đổi tổ chức"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.effective_on}"
