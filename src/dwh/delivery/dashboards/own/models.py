"""Boards people built, and with whom they are shared. No figure is kept: every opening asks the gate anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from dwh.delivery.dashboards.own.tiles import Tiles, tiles_of
from dwh.governance.access.models import Account
from dwh.governance.sharing.models import Share
from dwh.governance.sharing.rules import OPEN_STATES, ShareState, Viewer


class OwnBoardQuerySet(models.QuerySet["OwnBoard"]):
    def own(self, who: Viewer) -> OwnBoardQuerySet:
        return self.filter(owner_id=who.account)

    def visible_to(self, who: Viewer) -> OwnBoardQuerySet:
        """Boards that exist for a person: his own, and those an active share brings to him."""
        reaching = BoardShare.objects.filter(
            board=OuterRef("pk"), state=ShareState.ACTIVE, unit_code__in=who.units_above
        ).filter(Q(group="") | Q(group__in=who.groups))
        return self.filter(Q(owner_id=who.account) | Q(Exists(reaching)), archived_at=None)

    def matching(self, words: list[str]) -> OwnBoardQuerySet:
        """Boards with each of the words, which have no marks."""
        found = self
        for word in words:
            found = found.filter(search_words__contains=word)
        return found


class OwnBoard(models.Model):
    """One board: its title and tiles. Archived, never deleted.

    `owner_unit` is where the owner worked when it was changed last.

    Source: QC-DWH Điều 3.2c.
    """

    owner = models.ForeignKey(Account, models.PROTECT, related_name="own_boards", verbose_name="người lập")
    owner_unit = models.CharField("đơn vị người lập", max_length=40)
    title = models.CharField("tên", max_length=120)
    tiles = models.JSONField("các ô", default=list)
    search_words = models.TextField(blank=True, default="")  # without marks, for the search box
    created_at = models.DateTimeField("lập lúc")
    changed_at = models.DateTimeField("sửa lần cuối")
    archived_at = models.DateTimeField("đã xóa lúc", null=True, blank=True)

    objects = OwnBoardQuerySet.as_manager()

    class Meta:
        verbose_name = "bảng của tôi"
        ordering: ClassVar = ["-changed_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "title"], condition=Q(archived_at=None), name="board_one_title_per_owner"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="board_has_title"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def placed(self) -> Tiles:
        """Return the tiles in reading order."""
        return tiles_of(self.tiles)


class BoardShare(Share):
    """One share of a board. Never deleted.

    Source: QĐ-3582 II.4.4 (sharing follows the head's approval).
    """

    board = models.ForeignKey(OwnBoard, models.PROTECT, related_name="shares")

    class Meta:
        verbose_name = "chia sẻ bảng"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["board", "unit_code", "group"],
                condition=Q(state__in=[str(state) for state in OPEN_STATES]),
                name="board_share_once_per_receiver",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("asked_by")), name="board_share_not_decided_by_asker"
            ),
            models.CheckConstraint(
                condition=~Q(state=str(ShareState.ACTIVE), is_outside=True) | ~Q(decided_by=""),
                name="board_share_outside_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.board_id} → {self.unit_name}"

    @property
    def owner_unit(self) -> str:
        return self.board.owner_unit
