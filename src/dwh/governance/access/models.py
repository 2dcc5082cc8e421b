"""Accounts and grants. An account holds no password: IAM verifies people (QC-DWH Điều 5.1)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from dwh.governance.access.rules import ALL_SUBJECTS, GROUP_LABELS, IT_UNIT, Group
from dwh.kernel.actor import Actor, Origin
from dwh.kernel.org.scope import NATION

GROUP_CHOICES = [(str(group), label) for group, label in GROUP_LABELS.items()]


class AccountManager(models.Manager["Account"]):
    def active(self) -> models.QuerySet[Account]:
        return self.filter(is_active=True)

    def get_by_natural_key(self, email: str) -> Account:
        return self.get(email=email)


class Account(models.Model):
    """One person who may enter the DWH, known by the sector mailbox. Nobody ever deletes one.

    `unit_code` is the org_code of the unit where the person works; what he may see comes from grants only.

    Source: QC-DWH Điều 3.5 (bound to the sector mailbox), Điều 6.1 (one per person).
    """

    email = models.EmailField("hộp thư điện tử ngành", unique=True)
    person_code = models.CharField("mã cán bộ", max_length=20)
    full_name = models.CharField("họ và tên", max_length=120)
    unit_code = models.CharField("mã đơn vị", max_length=40)
    unit_name = models.CharField("đơn vị", max_length=200)
    is_active = models.BooleanField("đang hoạt động", default=True)
    opened_on = models.DateField("ngày mở")
    closed_on = models.DateField("ngày đóng", null=True, blank=True)

    objects = AccountManager()

    # What Django's session machinery asks of a user; no password, no last_login.
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_authenticated: ClassVar[Literal[True]] = True
    is_anonymous: ClassVar[Literal[False]] = False

    class Meta:
        verbose_name = "tài khoản"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_code"], condition=Q(is_active=True), name="account_one_active_per_person"
            ),
            models.CheckConstraint(condition=Q(email__contains="@"), name="account_has_mailbox"),
            models.CheckConstraint(
                condition=Q(is_active=True, closed_on=None) | Q(is_active=False, closed_on__isnull=False),
                name="account_closed_has_day",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def get_username(self) -> str:
        return self.email

    def as_actor(self, origin: Origin | None = None) -> Actor:
        """Return this person as the log remembers them, acting from `origin`."""
        place = origin or Origin()
        return Actor(
            email=self.email,
            name=self.full_name,
            unit=self.unit_code,
            account_id=self.pk,
            origin=place.channel,
            address=place.address,
            request_id=place.request_id,
        )


class AccessGrantQuerySet(models.QuerySet["AccessGrant"]):
    def holding_on(self, day: date) -> AccessGrantQuerySet:
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day, account__is_active=True
        )


class AccessGrant(models.Model):
    """One group, for one account, over one org unit and all units below it, for the named subjects.

    Holds on days `valid_from <= day < valid_until`; None means until revoked. A grant is only ever
    ended, never edited or deleted: a change of group ends one and opens another.
    `unit_code` is where the person worked when it was given: the database itself refuses an
    administrator from elsewhere (Điều 3.4a, 3.4b).

    Source: QC-DWH Điều 3.5 (what a right is), Điều 18.2 (revoke first, then grant anew).
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    group = models.CharField("nhóm người sử dụng", max_length=20, choices=GROUP_CHOICES)
    org_code = models.CharField("phạm vi", max_length=40)
    subjects = models.JSONField("chủ đề", default=list)
    unit_code = models.CharField("đơn vị khi cấp", max_length=40)
    document_no = models.CharField("số văn bản", max_length=60)
    decided_by = models.CharField("người quyết định", max_length=200)
    granted_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người thực hiện"
    )
    valid_from = models.DateField("hiệu lực từ ngày")
    valid_until = models.DateField("hết hiệu lực từ ngày", null=True, blank=True)

    objects = AccessGrantQuerySet.as_manager()

    class Meta:
        verbose_name = "quyền truy cập"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "group", "org_code"],
                condition=Q(valid_until=None),
                name="access_grant_one_open",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="access_grant_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(granted_by=None) | ~Q(granted_by=F("account")),
                name="access_grant_not_to_oneself",
            ),
            models.CheckConstraint(condition=~Q(document_no=""), name="access_grant_has_document"),
            models.CheckConstraint(
                condition=~Q(group=str(Group.CENTRAL_ADMIN))
                | Q(unit_code=f"{NATION}.{IT_UNIT}", org_code=NATION),
                name="access_grant_central_admin_of_it_centre",
            ),
            models.CheckConstraint(
                condition=~Q(group=str(Group.PROVINCE_ADMIN))
                | (~Q(org_code=NATION) & Q(unit_code=Concat(F("org_code"), Value(f".{IT_UNIT}")))),
                name="access_grant_province_admin_of_it_office",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.org_code} ({self.account_id})"

    def names_subject(self, subject: str | None) -> bool:
        """Tell whether this grant is about `subject`; None asks for no subject in particular."""
        return subject is None or ALL_SUBJECTS in self.subjects or subject in self.subjects
