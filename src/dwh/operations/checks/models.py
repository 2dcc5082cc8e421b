"""One record per check: what the program found, what a person wrote, who signed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from dwh.operations.checks import rules


class CheckRecordQuerySet(models.QuerySet["CheckRecord"]):
    def signed(self) -> CheckRecordQuerySet:
        return self.exclude(signed_by="")

    def before(self, month: str) -> CheckRecord | None:
        """Return the newest record of an earlier month, a signed one rather than one that is not."""
        earlier = self.filter(month__lt=month)
        newest = earlier.order_by("-month").first()
        if newest is None:
            return None
        return earlier.signed().filter(month=newest.month).order_by("-id").first() or newest


class CheckRecord(models.Model):
    """One check of the database. Changes until it is signed; then the database itself refuses (`fence`).

    `result` is what the program found, `sha256` its digest; `digest` covers that and everything a person added.

    Source: QĐ-2366 Điều 10.1.6.
    """

    month = models.CharField("tháng", max_length=7)
    release_id = models.CharField("bản số liệu", max_length=20, blank=True)
    began_at = models.DateTimeField("bắt đầu lúc")
    ended_at = models.DateTimeField("xong lúc")
    asked_by = models.CharField("người yêu cầu", max_length=254)
    result: Any = models.JSONField("kết quả")
    sha256 = models.CharField("sha256 của kết quả", max_length=64)
    grave = models.PositiveIntegerField("số lỗi")
    warnings = models.PositiveIntegerField("số cảnh báo")
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    correction_reason = models.TextField("lý do đính chính", blank=True, default="")
    note = models.TextField("nhận xét và xử lý", blank=True, default="")
    signed_by = models.CharField("người ký", max_length=254, blank=True, default="")
    signed_name = models.CharField("họ tên người ký", max_length=120, blank=True, default="")
    signed_at = models.DateTimeField("ký lúc", null=True, blank=True)
    digest = models.CharField("sha256 của biên bản", max_length=64, blank=True, default="")

    objects = CheckRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "biên bản kiểm tra CSDL"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["month", "-id"])]

    @property
    def correction(self) -> CheckRecord | None:
        """Return the record that corrects this one, None when there is none."""
        return getattr(self, "corrected_by", None)

    def computed_digest(self) -> str:
        """Return the digest this record has as it stands; equal to `digest` while nobody changed a word."""
        return rules.digest_of({
            "id": self.pk, "month": self.month, "release": self.release_id, "asked_by": self.asked_by,
            "result": rules.digest_of(self.result), "corrects": self.corrects_id,
            "reason": self.correction_reason, "note": self.note, "signed_by": self.signed_by,
            "signed_name": self.signed_name, "signed_at": self.signed_at.timestamp() if self.signed_at else None,
        })  # fmt: skip
