"""The columns of one share. Each room that shares something has its own table of these: no table here."""

from __future__ import annotations

from django.db import models

from dwh.governance.access.rules import GROUP_LABELS
from dwh.governance.sharing.rules import STATE_LABELS

GROUP_CHOICES = [(str(group), label) for group, label in GROUP_LABELS.items()]


class Share(models.Model):
    """One share: with the people of a unit and below, of one group or of all. Never deleted.

    `asked_by` and `decided_by` are mailboxes; empty `decided_by` means that no decision was needed or made yet.

    Source: QĐ-3582 II.4.4 (sharing follows the head's approval).
    """

    unit_code = models.CharField("đơn vị nhận", max_length=40)
    unit_name = models.CharField("tên đơn vị nhận", max_length=200)
    group = models.CharField("nhóm người nhận", max_length=20, blank=True, default="", choices=GROUP_CHOICES)
    state = models.CharField("tình trạng", max_length=10, choices=list(STATE_LABELS.items()))
    is_outside = models.BooleanField("ra ngoài đơn vị")
    reason = models.TextField("lý do", blank=True, default="")
    asked_by = models.CharField("người đề nghị", max_length=254)
    asked_at = models.DateTimeField("đề nghị lúc")
    decided_by = models.CharField("người duyệt", max_length=254, blank=True, default="")
    decided_name = models.CharField("họ tên người duyệt", max_length=120, blank=True, default="")
    decided_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    note = models.TextField("ý kiến", blank=True, default="")
    ended_at = models.DateTimeField("ngừng lúc", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def owner_unit(self) -> str:
        """Return the unit whose head decides: that of whoever owns what is shared."""
        raise NotImplementedError
