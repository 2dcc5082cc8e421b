"""Saved questions, who marked them, with whom they are shared. No figure is kept: every opening asks the gate anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from dwh.governance.access.models import Account
from dwh.governance.access.rules import ALL_SUBJECTS
from dwh.governance.sharing.models import Share
from dwh.governance.sharing.rules import OPEN_STATES, ShareState, Viewer


class SavedAnalysisQuerySet(models.QuerySet["SavedAnalysis"]):
    def own(self, who: Viewer) -> SavedAnalysisQuerySet:
        return self.filter(owner_id=who.account)

    def shared_with(self, who: Viewer) -> SavedAnalysisQuerySet:
        """Analyses of others that an active share brings to a person."""
        reaching = AnalysisShare.objects.filter(
            analysis=OuterRef("pk"), state=ShareState.ACTIVE, unit_code__in=who.units_above
        ).filter(Q(group="") | Q(group__in=who.groups))
        return self.filter(Exists(reaching), archived_at=None).exclude(owner_id=who.account)

    def visible_to(self, who: Viewer) -> SavedAnalysisQuerySet:
        """Analyses that exist for a person: his own, and those shared with him of subjects he may ask about."""
        found = self.own(who) | self.shared_with(who)
        return found if ALL_SUBJECTS in who.subjects else found.filter(subject__in=who.subjects)

    def matching(self, words: list[str]) -> SavedAnalysisQuerySet:
        """Analyses with each of the words, which have no marks."""
        found = self
        for word in words:
            found = found.filter(search_words__contains=word)
        return found


class SavedAnalysis(models.Model):
    """One question somebody gave a name: the Query document and how it is shown. Archived, never deleted.

    `owner_unit` is where the owner worked when it was saved last.

    Source: QC-DWH Điều 3.2b.
    """

    owner = models.ForeignKey(
        Account, models.PROTECT, related_name="saved_analyses", verbose_name="người lưu"
    )
    owner_unit = models.CharField("đơn vị người lưu", max_length=40)
    name = models.CharField("tên", max_length=120)
    folder = models.CharField("thư mục", max_length=80, blank=True, default="")
    notes = models.TextField("ghi chú", blank=True, default="")
    subject = models.CharField("chủ đề", max_length=40)
    query = models.JSONField("câu hỏi")
    view = models.JSONField("cách xem", default=dict)
    search_words = models.TextField(blank=True, default="")  # without marks, for the search box
    created_at = models.DateTimeField("lưu lần đầu")
    changed_at = models.DateTimeField("sửa lần cuối")
    archived_at = models.DateTimeField("đã xóa lúc", null=True, blank=True)

    objects = SavedAnalysisQuerySet.as_manager()

    class Meta:
        verbose_name = "phân tích đã lưu"
        ordering: ClassVar = ["-changed_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(archived_at=None), name="analysis_one_name_per_owner"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="analysis_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Favourite(models.Model):
    """A person's star on an analysis."""

    analysis = models.ForeignKey(SavedAnalysis, models.PROTECT, related_name="favourites")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "dấu yêu thích"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["analysis", "account"], name="favourite_once_per_person")
        ]


class AnalysisShare(Share):
    """One share: with the people of a unit and below, of one group or of all. Never deleted.

    `asked_by` and `decided_by` are mailboxes; empty `decided_by` means that no decision was needed or made yet.

    Source: QĐ-3582 II.4.4 (sharing follows the head's approval).
    """

    analysis = models.ForeignKey(SavedAnalysis, models.PROTECT, related_name="shares")

    class Meta:
        verbose_name = "chia sẻ phân tích"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["analysis", "unit_code", "group"],
                condition=Q(state__in=[str(state) for state in OPEN_STATES]),
                name="share_once_per_receiver",
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")), name="share_not_decided_by_asker"),
            models.CheckConstraint(
                condition=~Q(state=str(ShareState.ACTIVE), is_outside=True) | ~Q(decided_by=""),
                name="share_outside_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.analysis_id} → {self.unit_name}"

    @property
    def owner_unit(self) -> str:
        return self.analysis.owner_unit
