"""Every value a technical parameter was ever given."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ParameterChange(models.Model):
    """One change of one parameter. Never changed but by its withdrawal before it takes effect; never deleted.

    Source: QC-DWH Điều 12.1.
    """

    code = models.CharField("tham số", max_length=80)
    was = models.CharField("giá trị cũ", max_length=40, blank=True)
    value = models.CharField("giá trị mới", max_length=40, blank=True)
    reason = models.TextField("lý do")
    asked_by = models.CharField("người đặt", max_length=254)
    asked_at = models.DateTimeField("đặt lúc")
    takes_effect_at = models.DateTimeField("hiệu lực từ")
    withdrawn_by = models.CharField("người rút", max_length=254, blank=True, default="")
    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)

    class Meta:
        verbose_name = "thay đổi tham số"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["code", "takes_effect_at"])]
