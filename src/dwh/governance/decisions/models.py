"""Decisions about failed rows, and the rows each is about. Nobody ever deletes one."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q, Sum

from dwh.governance.access.models import Account
from dwh.governance.decisions.rules import LIVE, STATE_LABELS, VERDICT_LABELS, State, Verdict
from dwh.kernel.org.scope import NATION, OrgScope


class DecisionQuerySet(models.QuerySet["Decision"]):
    def within(self, scope: OrgScope) -> DecisionQuerySet:
        """Decisions whose rows all lie inside `scope`."""
        if NATION in scope.codes:
            return self.all()
        mine = Q(pk__in=[])
        for code in scope.codes:
            mine |= Q(org_code=code) | Q(org_code__startswith=f"{code}.")
        return self.filter(mine)

    def live(self) -> DecisionQuerySet:
        """Decisions that hold, or will when they are approved."""
        return self.filter(state__in=LIVE)

    def accepted_alone_on(self, account: Account, day: date) -> Decimal:
        """Return the đồng, signs left out, `account` let in that day without another person."""
        mine = self.filter(
            decided_by=account, verdict=Verdict.ACCEPT, approved_by=None, state__in=[State.OPEN, State.HANDED],
            decided_on=day,
        )  # fmt: skip
        return Decimal(mine.aggregate(total=Sum("weight"))["total"] or 0)


class Decision(models.Model):
    """One verdict of one person about one or many failed rows, with its reason. Units: vnd and weight in đồng.

    `check_code` empty: about every reason that holds the rows. `org_code` is the smallest unit all rows lie in.

    Source: QC-DWH Điều 12.5 (bad rows are dealt with by the administrators).
    """

    reference = models.UUIDField("mã quyết định", default=uuid.uuid4, unique=True, editable=False)
    verdict = models.CharField("quyết định", max_length=8, choices=list(VERDICT_LABELS.items()))
    state = models.CharField("tình trạng", max_length=10, choices=list(STATE_LABELS.items()))
    check_code = models.CharField("kiểm tra", max_length=20, blank=True, default="")
    source = models.CharField("nguồn", max_length=20, blank=True, default="")
    org_code = models.CharField("đơn vị", max_length=40)
    reason = models.TextField("lý do")
    rows = models.PositiveIntegerField("số dòng")
    vnd = models.DecimalField("số tiền", max_digits=20, decimal_places=2)
    weight = models.DecimalField("số tiền không kể dấu", max_digits=20, decimal_places=2)
    asked: Any = models.JSONField("cách chọn dòng", default=dict)
    release_id = models.CharField("bản số liệu đã xem", max_length=20)
    decided_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="người quyết định")
    decided_on = models.DateField("ngày quyết định")
    decided_at = models.DateTimeField("quyết định lúc")
    approved_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người duyệt"
    )
    approved_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    closed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người hoàn tác"
    )
    closed_at = models.DateTimeField("hoàn tác, từ chối lúc", null=True, blank=True)
    closed_reason = models.TextField("lý do hoàn tác, từ chối", blank=True, default="")
    handed_at = models.DateTimeField("giao cho lượt tổng hợp lúc", null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "quyết định về dữ liệu lỗi"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["state", "org_code"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("decided_by")),
                name="decision_approved_by_another",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_reason"),
            models.CheckConstraint(condition=Q(rows__gt=0), name="decision_has_rows"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.rows} ({self.pk})"

    @property
    def holds_since(self) -> Any:
        """When it began to hold: its approval, or itself."""
        return self.approved_at or self.decided_at


class DecidedRow(models.Model):
    """One row a decision is about, by its version, for one check; open until a build has read it or it was closed."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="lines")
    source_table = models.CharField(max_length=60)
    source_id = models.BigIntegerField()
    version = models.CharField(max_length=64)
    check_code = models.CharField(max_length=20)
    month = models.CharField(max_length=7, null=True, blank=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        verbose_name = "dòng được quyết định"
        indexes: ClassVar = [models.Index(fields=["source_table", "source_id"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source_table", "source_id", "version", "check_code"],
                condition=Q(is_open=True),
                name="decided_row_one_open",
            ),
        ]
