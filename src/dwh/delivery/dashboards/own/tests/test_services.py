"""Each act changes the board and leaves one record; what is refused changes nothing."""

from __future__ import annotations

import json

import pytest

from dwh.datapath.tables.address import encode
from dwh.delivery.dashboards.asking import Viewer
from dwh.delivery.dashboards.own import budget, services, share_services
from dwh.delivery.dashboards.own.models import BoardShare, OwnBoard
from dwh.delivery.dashboards.own.questions import cut_to, query_of_link
from dwh.delivery.dashboards.own.services import NewTile
from dwh.delivery.dashboards.own.tests.conftest import QUERY, REASON, TODAY, by, free
from dwh.governance.sharing.rules import ShareState
from dwh.governance.sharing.share_services import Receiver
from dwh.kernel.actor import Origin
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("release")]
HANOI, DANANG = "00.01", "00.48-2025"


def actions():
    found = AuditRecord.objects.filter(action__startswith="board.").order_by("id")
    return list(found.values_list("action", flat=True))


def test_a_board_is_built_arranged_named_taken_out_and_brought_back(built, lan):
    board = built("number", "text")
    services.move_tile(board.pk, 2, x=8, y=0, by=by(lan))
    services.step_tile(board.pk, 1, "rong", by=by(lan))
    services.remove_tile(board.pk, 2, by=by(lan))
    services.rename_board(board.pk, "Thu  tháng này", by=by(lan))
    services.archive_board(board.pk, by=by(lan))
    with pytest.raises(NotFound):
        services.seen(board.pk, by(lan).who)
    board = services.restore_board(board.pk, by=by(lan))
    assert (board.title, [(one.kind, one.width) for one in board.placed]) == (
        "Thu tháng này",
        [("number", 4)],
    )
    assert actions() == ["board.created", *["board.changed"] * 6, "board.archived", "board.restored"]


def test_a_tile_asks_only_what_its_kind_shows(lan):
    text = json.dumps(QUERY)
    assert cut_to("number", text, by(lan).who)["rows"] == []
    assert cut_to("trend", text, by(lan).who)["rows"] == ["month.month"]
    ranked = cut_to("ranking", text, by(lan).who)
    assert (ranked["values"], ranked["limit"]) == (["collected_vnd"], 10)
    assert cut_to("table", text, by(lan).who)["values"] == ["collected_vnd", "due_vnd"]
    with pytest.raises(Invalid, match="cần một chiều"):
        cut_to("ranking", json.dumps(QUERY | {"rows": []}), by(lan).who)


def test_a_pasted_link_is_read_and_another_one_is_told():
    link = f"https://dwh.example/phan-tich/contributions/?v=chart&q={encode(QUERY)}"
    assert json.loads(query_of_link(link)) == QUERY
    for text in ("https://dwh.example/", "q", f"?q={encode(QUERY)[:21]}!"):
        with pytest.raises(Invalid, match="iên kết"):
            query_of_link(text)


def test_a_subject_that_was_not_given_makes_no_tile(khanh, lan):
    board = services.create_board("Khám chữa bệnh", by=by(khanh))
    claims = NewTile("number", "Lượt", json.dumps(QUERY | {"subject": "claims", "values": ["visits"]}))
    with pytest.raises(Denied):
        services.add_tile(board.pk, claims, by=by(khanh), cost=free)
    with pytest.raises(NotFound):
        services.rename_board(board.pk, "Của Lan", by=by(lan))
    assert OwnBoard.objects.get().tiles == []


@pytest.mark.req("B-08")
def test_a_share_outside_waits_for_the_head_and_a_new_tile_asks_again(built, lan, nam, hoa):
    board = built("number")
    share = share_services.share_board(board.pk, Receiver(DANANG, "", REASON), by=by(lan), cost=free)
    with pytest.raises(NotFound):
        services.seen(board.pk, by(nam).who)
    with pytest.raises(Denied):
        share_services.approve_share(share.pk, by=by(lan))
    share_services.approve_share(share.pk, by=by(hoa))
    assert services.seen(board.pk, by(nam).who) == board
    services.add_tile(board.pk, NewTile("text", "Ghi chú", text="Mới"), by=by(lan), cost=free)
    share.refresh_from_db()
    assert share.state == ShareState.WAITING
    share_services.refuse_share(share.pk, "Chưa cần chia sẻ rộng.", by=by(hoa))
    assert actions()[-4:] == [
        "board.share_asked",
        "board.share_approved",
        "board.changed",
        "board.share_refused",
    ]


def test_inside_the_unit_a_share_is_in_force_at_once_until_it_ends(built, lan, ha, nam):
    board = built("number")
    share = share_services.share_board(board.pk, Receiver(HANOI, "analyst"), by=by(lan), cost=free)
    assert services.seen(board.pk, by(ha).who) == board
    with pytest.raises(Conflict, match="đã chia sẻ"):
        share_services.share_board(board.pk, Receiver(HANOI, "analyst"), by=by(lan), cost=free)
    share_services.end_share(share.pk, by=by(lan))
    for person in (ha, nam):
        with pytest.raises(NotFound):
            services.seen(board.pk, by(person).who)


def test_a_board_over_its_budget_is_not_shared_and_its_costliest_tile_is_named(built, lan):
    board = built("number", "table")
    with pytest.raises(Conflict, match="«Ô table», 2,9 giây"):
        share_services.share_board(
            board.pk, Receiver(HANOI), by=by(lan), cost=lambda tile: 2.9 if tile.kind == "table" else 0.2
        )
    assert (BoardShare.objects.count(), "board.shared" in actions()) == (0, False)


def test_the_estimate_is_measured_on_the_release_with_nothing_kept(built, lan):
    board = built("number", "text")
    cost = budget.measured(Viewer(lan, TODAY, Origin()))
    before = AuditRecord.objects.count()
    assert 0 < budget.must_fit(board.placed, cost) < budget.BUDGET_S
    asked = AuditRecord.objects.count() - before
    assert asked in (0, 1)
