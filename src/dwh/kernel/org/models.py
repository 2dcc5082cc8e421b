"""The units of the sector, as the personnel system dates them."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from dwh.kernel.org.scope import Tier


class OrgUnitQuerySet(models.QuerySet["OrgUnit"]):
    def existing_on(self, day: date) -> OrgUnitQuerySet:
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day)

    def it_units(self) -> OrgUnitQuerySet:
        return self.filter(is_it_unit=True)

    def subtree(self, code: str) -> OrgUnitQuerySet:
        return self.filter(Q(code=code) | Q(code__startswith=f"{code}."))


class OrgUnit(models.Model):
    """One unit, existing on days `valid_from <= day < valid_until`; None means still.

    `current_code` is the unit that took over its work: itself while it exists (docs/adr/0007).
    """

    code = models.CharField("mã đơn vị", max_length=40, primary_key=True)
    name = models.CharField("tên đơn vị", max_length=200)
    tier = models.CharField("cấp", max_length=12, choices=[(str(tier), str(tier)) for tier in Tier])
    parent_code = models.CharField("đơn vị cấp trên", max_length=40, blank=True)
    valid_from = models.DateField("tồn tại từ ngày")
    valid_until = models.DateField("đến trước ngày", null=True, blank=True)
    current_code = models.CharField("đơn vị kế tục", max_length=40)
    is_it_unit = models.BooleanField("đơn vị công nghệ thông tin", default=False)
    office_code = models.CharField("mã cơ quan BHXH", max_length=5, blank=True, default="")

    objects = OrgUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị"
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class OrgName(models.Model):
    """What a unit was called on days `valid_from <= day < valid_until`; None means still.

    Source: organisation.md 4 (names on documents are those of their date).
    """

    code = models.CharField("mã đơn vị", max_length=40)
    name = models.CharField("tên đơn vị", max_length=200)
    valid_from = models.DateField("từ ngày")
    valid_until = models.DateField("đến trước ngày", null=True, blank=True)

    class Meta:
        verbose_name = "tên đơn vị theo thời gian"
        ordering: ClassVar = ["code", "valid_from"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="one_name_a_day")
        ]


class OrgSuccession(models.Model):
    """Which unit took over from which; `weight` is the share of `from_code`, None when nobody knows it."""

    from_code = models.CharField("đơn vị trước", max_length=40, db_index=True)
    to_code = models.CharField("đơn vị kế tục", max_length=40, db_index=True)
    happened_on = models.DateField("ngày")
    weight = models.DecimalField("tỷ lệ", max_digits=9, decimal_places=6, null=True, blank=True)
    basis = models.CharField("căn cứ", max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "kế tục giữa đơn vị"
        ordering: ClassVar = ["happened_on", "from_code", "to_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["from_code", "to_code"], name="one_succession")
        ]
