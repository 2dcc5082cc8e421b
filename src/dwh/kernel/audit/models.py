"""The three tables of the log. The database itself refuses to change or delete a row (`fence`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from dwh.kernel.audit.body import facts_of
from dwh.kernel.org.scope import OrgScope


class Kind(models.TextChoices):
    ACT = "act", "thao tác"
    QUERY = "query", "khai thác số liệu"
    DENIED = "denied", "bị từ chối"
    SIGNIN = "signin", "đăng nhập"


class AuditRecordQuerySet(models.QuerySet["AuditRecord"]):
    def of_person(self, email: str) -> AuditRecordQuerySet:
        return self.filter(actor_email=email)

    def by_units_in(self, scope: OrgScope) -> AuditRecordQuerySet:
        """Return what people who work in these units did; an empty scope sees nothing."""
        if scope.is_empty:
            return self.none()
        inside = Q()
        for code in scope.codes:
            inside |= Q(actor_unit=code) | Q(actor_unit__startswith=f"{code}.")
        return self.filter(inside)

    def between(self, start: datetime, end: datetime) -> AuditRecordQuerySet:
        return self.filter(at__gte=start, at__lt=end)


class AuditRecord(models.Model):
    """One thing somebody did, asked or was refused: who, when, from where, on what, why.

    `body` is the exact text that was hashed; the other columns repeat parts of it for searching, and
    `verify` compares them. `leaf` is SHA-256(0x00 ‖ body) as in RFC 6962; `mac` proves that the program wrote it.
    On PostgreSQL the migration adds `xid`, the writing transaction's number, for the sealer.
    """

    at = models.DateTimeField("thời điểm", db_index=True)
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    actor_email = models.CharField("hộp thư", max_length=254, db_index=True)
    actor_name = models.CharField("họ và tên", max_length=120)
    actor_unit = models.CharField("đơn vị", max_length=40)
    action = models.CharField("việc", max_length=60)
    object = models.CharField("đối tượng", max_length=200)
    org_code = models.CharField("đơn vị của đối tượng", max_length=40)
    origin = models.CharField("kênh", max_length=10)
    address = models.CharField("địa chỉ máy", max_length=60)
    request_id = models.CharField("mã yêu cầu", max_length=60)
    purpose = models.CharField("mục đích", max_length=300)
    body = models.TextField("toàn văn")
    leaf = models.BinaryField(max_length=32, unique=True)
    mac = models.BinaryField(max_length=32)

    objects = AuditRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "bản ghi nhật ký"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.action}"

    @property
    def facts(self) -> dict[str, Any]:
        return facts_of(self.body)


class AuditLeaf(models.Model):
    """The place of one record in the sealed order, counted from 0 without a gap."""

    seq = models.BigIntegerField(primary_key=True)
    record_id = models.BigIntegerField(unique=True)
    leaf = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = "vị trí niêm phong"


class AuditCheckpoint(models.Model):
    """The Merkle root (RFC 6962) over the first `size` leaves, signed; the witness file holds a copy.

    `frontier` is the roots of the perfect subtrees, left to right: enough to go on without reading the past.
    """

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    frontier = models.BinaryField()
    at = models.CharField(max_length=32)
    signature = models.BinaryField(max_length=64)

    class Meta:
        verbose_name = "điểm niêm phong"
