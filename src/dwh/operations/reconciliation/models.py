"""What was compared, when, and what came of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models

from dwh.operations.reconciliation.rules import TICKET_LABELS, TicketState


class ReconciliationQuerySet(models.QuerySet["Reconciliation"]):
    def newest(self) -> ReconciliationQuerySet:
        """Return the last reconciliation of every table."""
        last = self.values("source", "table").annotate(last=models.Max("id")).values("last")
        return self.filter(pk__in=last)


class Reconciliation(models.Model):
    """One table of one source beside one release. Never changed but by its signature; never deleted.

    `totals`: measure → source, published, held, late, changed, unexplained, as exact decimal text.

    Source: QC-DWH Điều 10.5.
    """

    source = models.CharField("nguồn", max_length=40)
    table = models.CharField("bảng", max_length=60)
    label = models.CharField("tên bảng", max_length=200)
    release_id = models.CharField("bản số liệu", max_length=20)
    at = models.DateTimeField("đối soát lúc")
    asked_by = models.CharField("người đối soát", max_length=254)
    file = models.CharField("tệp chi tiết", max_length=200)
    sha256 = models.CharField("sha256", max_length=64)
    totals: Any = models.JSONField("tổng kiểm soát", default=dict)
    cells = models.PositiveIntegerField("số ô")
    unexplained_cells = models.PositiveIntegerField("ô chưa rõ nguyên nhân")
    agrees = models.BooleanField("khớp")
    signed_by = models.CharField("người ký", max_length=254, blank=True, default="")
    signed_at = models.DateTimeField("ký lúc", null=True, blank=True)
    signed_note = models.TextField("ý kiến khi ký", blank=True, default="")

    objects = ReconciliationQuerySet.as_manager()

    class Meta:
        verbose_name = "lần đối soát"
        ordering: ClassVar = ["source", "table", "-id"]
        indexes: ClassVar = [models.Index(fields=["source", "table", "-id"])]

    def amount(self, side: str, measure: str = "rows") -> Decimal:
        """Return one side of a measure's total."""
        return Decimal(self.totals.get(measure, {}).get(side, "0"))


class Discrepancy(models.Model):
    """A difference somebody asks about: from the unit that owns the figure to the focal point and the IT Centre.

    Source: QC-DWH Điều 8.2, 11.4 (problems are reported promptly).
    """

    reconciliation = models.ForeignKey(Reconciliation, models.PROTECT, related_name="discrepancies")
    period = models.CharField("kỳ", max_length=6, blank=True)
    unit = models.CharField("cơ quan", max_length=10, blank=True)
    org_code = models.CharField("đơn vị", max_length=40, blank=True)
    measure = models.CharField("chỉ tiêu", max_length=60)
    difference = models.DecimalField("chênh lệch", max_digits=38, decimal_places=2)
    note = models.TextField("nội dung")
    state = models.CharField(
        "tình trạng", max_length=10, choices=list(TICKET_LABELS.items()), default=TicketState.OPEN
    )
    opened_by = models.CharField("người báo", max_length=254)
    opened_at = models.DateTimeField("báo lúc")
    answer = models.TextField("trả lời", blank=True, default="")
    answered_by = models.CharField("người trả lời", max_length=254, blank=True, default="")
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    closed_at = models.DateTimeField("đóng lúc", null=True, blank=True)

    class Meta:
        verbose_name = "phiếu chênh lệch"
        ordering: ClassVar = ["-id"]
