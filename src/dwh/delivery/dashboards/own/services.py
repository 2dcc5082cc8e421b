"""Every act on people's boards: one verb, one transaction, one entry in the log. No figure is touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from dwh.delivery.dashboards.own import tiles as grid
from dwh.delivery.dashboards.own.budget import Cost, must_fit
from dwh.delivery.dashboards.own.models import BoardShare, OwnBoard
from dwh.delivery.dashboards.own.questions import cut_to
from dwh.delivery.dashboards.own.tiles import Tiles
from dwh.governance.sharing import rules
from dwh.governance.sharing.people import Acting
from dwh.governance.sharing.rules import OPEN_STATES, ShareState, Viewer
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, Invalid, NotFound
from dwh.kernel.vi import strip_marks

MAX_BOARDS = 100  # of one person; ours: a list nobody can read is no list


@dataclass(frozen=True, slots=True)
class NewTile:
    """What a person asks for: kind, title, the text of a question or of a note."""

    kind: str
    title: str
    query: str = ""
    text: str = ""


@transaction.atomic
def create_board(title: str, *, by: Acting) -> OwnBoard:
    """Begin an empty board.

    Raises:
        Invalid: no title. Conflict: he has one of this title, or too many.

    Source: QC-DWH Điều 3.2c.
    """
    if OwnBoard.objects.own(by.who).filter(archived_at=None).count() >= MAX_BOARDS:
        raise Conflict(f"Ông/bà đã có {MAX_BOARDS} bảng. Xóa bớt bảng không dùng rồi lập bảng mới.")
    board = OwnBoard(owner_id=by.who.account, created_at=by.now)
    _store(board, title, by)
    record("board.created", by=by.actor, about=f"board:{board.pk}", title=board.title)
    return board


@transaction.atomic
def rename_board(pk: int, title: str, *, by: Acting) -> OwnBoard:
    """Give a board another title.

    Raises:
        NotFound: none of his. Invalid: no title. Conflict: he has another of this title.

    Source: QC-DWH Điều 3.2c.
    """
    board = own(pk, by.who)
    _store(board, title, by)
    record("board.changed", by=by.actor, about=f"board:{pk}", title=board.title, change="rename")
    return board


def add_tile(pk: int, new: NewTile, *, by: Acting, cost: Cost) -> OwnBoard:
    """Put a tile on a board; on a shared one it must fit the budget, and approved shares are asked for again.

    Raises:
        NotFound: none of his. Invalid: no kind, title, question. Denied: a subject not his. Conflict: full, dear.

    Source: QC-DWH Điều 3.2c; QĐ-3582 II.4.4 (the head approved what he read: our rule).
    """
    query = {} if new.kind == "text" else cut_to(new.kind, new.query, by.who)
    text = new.text.replace("\x00", "").strip() if new.kind == "text" else ""
    before = seen(pk, by.who).placed
    made = grid.with_new(before, new.kind, _line(new.title), query=query, text=text)
    if BoardShare.objects.filter(board=pk, state__in=OPEN_STATES).exists():
        must_fit(made, cost)
    with transaction.atomic():
        board = own(pk, by.who)
        if board.placed != before:
            raise Conflict("Bảng vừa được sửa ở nơi khác. Tải lại trang rồi thêm ô.")
        waiting = _ask_again(board)
        return _changed(board, made, by=by, change="tile_added", tile=_line(new.title), waiting=waiting)


@transaction.atomic
def move_tile(pk: int, key: int, *, x: int, y: int, by: Acting) -> OwnBoard:
    """Put a tile at a column and row of the grid.

    Raises:
        NotFound: no such board of his, or no such tile.

    Source: QC-DWH Điều 3.2c.
    """
    board = own(pk, by.who)
    title = grid.tile_of(board.placed, key).title
    return _changed(board, grid.moved(board.placed, key, x=x, y=y), by=by, change="tile_moved", tile=title)


@transaction.atomic
def step_tile(pk: int, key: int, step: str, *, by: Acting) -> OwnBoard:
    """Move or size a tile by one step of the grid.

    Raises:
        NotFound: no such board of his, or no such tile. Invalid: no such step.

    Source: QC-DWH Điều 3.2c.
    """
    board = own(pk, by.who)
    title = grid.tile_of(board.placed, key).title
    return _changed(board, grid.stepped(board.placed, key, step), by=by, change="tile_moved", tile=title)


@transaction.atomic
def remove_tile(pk: int, key: int, *, by: Acting) -> OwnBoard:
    """Take a tile off a board.

    Raises:
        NotFound: no such board of his, or no such tile.

    Source: QC-DWH Điều 3.2c.
    """
    board = own(pk, by.who)
    title = grid.tile_of(board.placed, key).title
    return _changed(board, grid.without(board.placed, key), by=by, change="tile_removed", tile=title)


@transaction.atomic
def archive_board(pk: int, *, by: Acting) -> OwnBoard:
    """Take a board out of every list, also of those it is shared with.

    Raises:
        NotFound: none of his, or taken out already.

    Source: QC-DWH Điều 3.2c (our rule: nothing is deleted).
    """
    board = own(pk, by.who)
    board.archived_at = by.now
    board.save()
    record("board.archived", by=by.actor, about=f"board:{pk}", title=board.title)
    return board


@transaction.atomic
def restore_board(pk: int, *, by: Acting) -> OwnBoard:
    """Bring a board back.

    Raises:
        NotFound: none of his that was taken out. Conflict: another has its title now.

    Source: QC-DWH Điều 3.2c.
    """
    gone = OwnBoard.objects.own(by.who).select_for_update().filter(pk=pk).exclude(archived_at=None).first()
    if gone is None:
        raise none(pk)
    gone.archived_at = None
    _store(gone, gone.title, by)
    record("board.restored", by=by.actor, about=f"board:{pk}", title=gone.title)
    return gone


def seen(pk: int, who: Viewer) -> OwnBoard:
    """Return a board that exists for a person. Raises NotFound."""
    found = OwnBoard.objects.visible_to(who).select_related("owner").filter(pk=pk).first()
    if found is None:
        raise none(pk)
    return found


def own(pk: int, who: Viewer) -> OwnBoard:
    """Return a board of the person's own, locked for a change. Raises NotFound."""
    found = OwnBoard.objects.own(who).select_for_update().filter(pk=pk, archived_at=None).first()
    if found is None:
        raise none(pk)
    return found


def none(pk: int) -> NotFound:
    return NotFound(
        "Không có bảng này, hoặc chưa được chia sẻ với ông/bà. Mở danh sách Bảng của tôi.", board=pk
    )


def _changed(board: OwnBoard, tiles: Tiles, *, by: Acting, **facts: Any) -> OwnBoard:
    board.tiles = [one.to_json() for one in tiles]
    board.owner_unit, board.changed_at = by.who.unit, by.now
    board.save()
    record("board.changed", by=by.actor, about=f"board:{board.pk}", title=board.title, **facts)
    return board


def _store(board: OwnBoard, title: str, by: Acting) -> None:
    name = _line(title)
    if not rules.SHORTEST_NAME <= len(name) <= rules.LONGEST_NAME:
        raise Invalid(f"Đặt tên bảng từ {rules.SHORTEST_NAME} đến {rules.LONGEST_NAME} ký tự.", field="ten")
    board.title, board.owner_unit, board.changed_at = name, by.who.unit, by.now
    board.search_words = strip_marks(name).lower()
    try:
        with transaction.atomic():
            board.save()
    except IntegrityError as twice:
        raise Conflict(f"Ông/bà đã có bảng tên «{name}». Đặt tên khác.", field="ten") from twice


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _ask_again(board: OwnBoard) -> int:
    approved = BoardShare.objects.filter(board=board, state=ShareState.ACTIVE, is_outside=True)
    return approved.update(state=ShareState.WAITING, decided_by="", decided_name="", decided_at=None, note="")
