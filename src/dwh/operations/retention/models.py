"""Decisions under which an official figure may be removed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from dwh.datapath.retention.removal import Permit
from dwh.operations.retention import rules


class RemovalDecisionQuerySet(models.QuerySet["RemovalDecision"]):
    def waiting(self) -> RemovalDecisionQuerySet:
        return self.filter(used_at=None, withdrawn_at=None)


class RemovalDecision(models.Model):
    """One decision of an authority to remove one release, as put on record here. Never deleted.

    Source: QĐ-2366 Điều 4.2.3.
    """

    release_id = models.CharField("bản công bố", max_length=20)
    decided_by = models.CharField("người quyết định", max_length=200)
    document_no = models.CharField("số văn bản", max_length=60)
    decided_on = models.DateField("ngày văn bản")
    reason = models.TextField("lý do")
    recorded_by = models.CharField("người ghi", max_length=254)
    recorded_at = models.DateTimeField("ghi lúc")
    withdrawn_by = models.CharField("người rút", max_length=254, blank=True, default="")
    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)
    used_by = models.CharField("người thực hiện", max_length=254, blank=True, default="")
    used_at = models.DateTimeField("thực hiện lúc", null=True, blank=True)

    objects = RemovalDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "quyết định xóa bản công bố"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release_id"],
                condition=Q(used_at=None, withdrawn_at=None),
                name="retention_one_waiting_decision",
            )
        ]

    @property
    def state(self) -> str:
        return rules.state_of(used=self.used_at is not None, withdrawn=self.withdrawn_at is not None)

    def as_permit(self) -> Permit:
        """Return the decision as the data path takes it."""
        return Permit(self.pk, self.release_id, self.decided_by, self.document_no, self.reason)
