"""What the pages of people's boards show: within what exists for the person, each figure under his own rights."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.urls import reverse

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.tables.address import encode
from dwh.delivery.dashboards.asking import Questions, Viewer
from dwh.delivery.dashboards.own.drawing import Drawn, drawn
from dwh.delivery.dashboards.own.models import BoardShare, OwnBoard
from dwh.delivery.dashboards.own.questions import ready_for
from dwh.delivery.dashboards.own.services import seen
from dwh.delivery.dashboards.own.tiles import KINDS, MAX_TILES, OwnTile
from dwh.delivery.dashboards.page import tabs_for
from dwh.delivery.dashboards.services import STATES
from dwh.governance.access.models import Account
from dwh.governance.access.rules import GROUP_LABELS
from dwh.governance.sharing import rules
from dwh.governance.sharing.people import viewer_of
from dwh.governance.sharing.rules import OPEN_STATES, ShareState
from dwh.kernel.errors import DwhError
from dwh.kernel.org.models import OrgUnit
from dwh.kernel.vi import strip_marks

NAME: Final = "cua-toi"
SHOWN: Final = 30
MOST_WORDS: Final = 80
NOT_HIS: Final = "Ông/bà chưa được giao chủ đề «{}» nên không thấy số của ô này."


def listed(viewer: Viewer, words: str, page: str) -> dict[str, Any]:
    """Return the context of the list: boards of one's own and those shared with him."""
    who, words = viewer_of(viewer.account, viewer.today), words[:MOST_WORDS]
    found = OwnBoard.objects.visible_to(who).matching(strip_marks(words).lower().split())
    active = Count("shares", filter=Q(shares__state=ShareState.ACTIVE), distinct=True)
    waiting = Count("shares", filter=Q(shares__state=ShareState.WAITING), distinct=True)
    ordered = (
        found.select_related("owner").annotate(active=active, waiting=waiting).order_by("-changed_at", "-pk")
    )
    one = Paginator(ordered, SHOWN).get_page(page)
    return {
        "page": one,
        "words": words,
        "tabs": tabs_for(viewer, NAME),
        "account": viewer.account.pk,
        "may_build": rules.ASK in who.permissions,
        "may_look_at_shares": rules.SEE_SHARES in who.permissions,
        "previous": _to(words, one.number - 1) if one.has_previous() else "",
        "next": _to(words, one.number + 1) if one.has_next() else "",
    }


def gone(viewer: Viewer, pk: str) -> OwnBoard | None:
    """Return a board of one's own that was just taken out of the list, so that it can be undone."""
    mine = OwnBoard.objects.own(viewer_of(viewer.account, viewer.today)).exclude(archived_at=None)
    return mine.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 18 else None


def shown(pk: int, viewer: Viewer) -> dict[str, Any]:
    """Return the context of one board with every figure, asked under the viewer's rights. Raises NotFound."""
    who = viewer_of(viewer.account, viewer.today)
    board, asking = seen(pk, who), Questions(NAME, viewer)
    tiles = [_shown(tile, asking, may_open=rules.ASK in who.permissions) for tile in board.placed]
    answers = asking.answers
    states = [one.state for one in answers]
    return {
        "board": board,
        "is_own": board.owner_id == viewer.account.pk,
        "may_build": rules.ASK in who.permissions,
        "tiles": tiles,
        "asked": asking.asked,
        "seconds": asking.seconds,
        "release_id": answers[0].release if answers else "",
        "state": next((one for one in STATES if one in states), ""),
        "tabs": tabs_for(viewer, NAME),
    }  # fmt: skip


def _shown(tile: OwnTile, asking: Questions, *, may_open: bool) -> Drawn:
    if tile.kind == "text":
        return Drawn(tile)
    subject = str(tile.query["subject"])
    if asking.scope(subject).is_empty:
        return Drawn(tile, said=NOT_HIS.format(_label(subject)))
    try:
        answer = asking.answer(Query.from_json(tile.query))
    except DwhError as refused:  # one tile that cannot be answered takes no other away
        return Drawn(tile, said=refused.message_vi)
    return drawn(tile, answer, _analysis(tile) if may_open else "")


def editor(pk: int, account: Account, today: date) -> dict[str, Any]:
    """Return the context of the editor: the tiles in their places, what can be added, the shares. Raises NotFound."""
    who = viewer_of(account, today)
    board = OwnBoard.objects.own(who).filter(pk=pk, archived_at=None).first() or seen(pk, who)
    return {
        "board": board,
        "is_own": board.owner_id == account.pk,
        "tiles": [(one, _label(str(one.query["subject"])) if one.query else "") for one in board.placed],
        "kinds": KINDS.items(),
        "ready": ready_for(account, today),
        "is_full": len(board.tiles) >= MAX_TILES,
        "most": MAX_TILES,
        "shares": list(board.shares.all()),
        "units": _receivers(account.unit_code, today),
        "own_unit": account.unit_code,
        "groups": [(str(group), label) for group, label in GROUP_LABELS.items()],
    }


def shares_of(account: Account, today: date) -> dict[str, Any]:
    """Return the context of the list of shares: those that wait, those in force, those that ended."""
    who = viewer_of(account, today)
    found = BoardShare.objects.select_related("board__owner")
    told: list[dict[str, Any]] = [
        {
            "share": one,
            "tiles": one.board.placed,
            "may_decide": one.state == ShareState.WAITING
            and rules.may_decide(one.owner_unit, one.asked_by, who),
            "may_end": one.state in OPEN_STATES and rules.may_end(one.owner_unit, one.asked_by, who),
        }
        for one in found
        if rules.sees_share(one.owner_unit, one.asked_by, who)
    ]
    return {
        "waiting": [one for one in told if one["share"].state == ShareState.WAITING],
        "active": [one for one in told if one["share"].state == ShareState.ACTIVE],
        "past": [one for one in told if one["share"].state not in OPEN_STATES],
    }


def _to(words: str, page: int) -> str:
    return "?" + urlencode({"tim": words, "trang": page})


def _analysis(tile: OwnTile) -> str:
    address = reverse("analysis:page", kwargs={"subject": tile.query["subject"]})
    return f"{address}?{urlencode({'q': encode(tile.query)})}"


def _receivers(unit: str, today: date) -> list[OrgUnit]:
    units = OrgUnit.objects.existing_on(today).filter(Q(is_it_unit=False) | Q(code=unit))
    return sorted(units, key=lambda one: (not one.code.startswith(unit), one.code))


def _label(subject: str) -> str:
    found = load_catalog().subjects.get(subject)
    return found.label if found else subject
