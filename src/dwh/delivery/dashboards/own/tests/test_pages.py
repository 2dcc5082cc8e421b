"""The pages: list, editor, the board under the reader's own rights."""

from __future__ import annotations

import json

import pytest

from dwh.delivery.dashboards.own import services, share_services
from dwh.delivery.dashboards.own.services import NewTile
from dwh.delivery.dashboards.own.tests.conftest import QUERY, by, free
from dwh.governance.sharing.share_services import Receiver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("release")]
KINDS = ("number", "trend", "ranking", "table", "text")


def test_every_kind_of_tile_shows_its_figures(built, lan, see):
    board = built(*KINDS)
    status, page = see(lan, f"{board.pk}/")
    assert status == 200
    assert page.count('class="panel ob-tile') == len(KINDS)
    assert "Họp giao ban thứ hai." in page
    assert "Hà Nội" in page
    assert 'data-chart="tile-2"' in page


def test_a_board_that_is_not_shared_is_not_there(built, nam, see):
    board = built("number")
    assert [see(nam, f"{board.pk}/{path}")[0] for path in ("", "sua/")] == [404, 404]
    assert "Thu của Hà Nội" not in see(nam)[1]


@pytest.mark.req("B-07")
def test_the_receiver_sees_his_own_figures_and_is_told_of_tiles_he_may_not_see(built, lan, khanh, see):
    board = built("number")
    claims = QUERY | {"subject": "claims", "values": ["visits"]}
    services.add_tile(board.pk, NewTile("number", "Lượt khám", json.dumps(claims)), by=by(lan), cost=free)
    share_services.share_board(board.pk, Receiver("00.01"), by=by(lan), cost=free)
    board.shares.update(unit_code=khanh.unit_code)
    status, page = see(khanh, f"{board.pk}/")
    assert status == 200
    assert "Ông/bà chưa được giao chủ đề" in page


def test_the_editor_adds_a_link_moves_by_place_and_by_button_and_tells_what_is_wrong(built, lan, see):
    board = built("number")
    form = {"loai": "table", "tieu_de": "Bảng thu", "lien_ket": "https://x/"}
    status, page = see(lan, f"{board.pk}/o/", form)
    assert (status, "không phải liên kết của một phân tích" in page, 'value="https://x/"' in page) == (
        422,
        True,
        True,
    )
    assert see(lan, f"{board.pk}/o/1/", {"x": "6", "y": "0"})[0] == 200
    assert see(lan, f"{board.pk}/o/1/", {"viec": "cao"})[0] == 200
    board.refresh_from_db()
    assert [(one.x, one.height) for one in board.placed] == [(6, 3)]
    assert see(lan, f"{board.pk}/o/1/", {"viec": "bay"})[0] == 422


def test_the_list_begins_empty_finds_without_marks_and_undoes(built, lan, see):
    assert "Chưa có bảng nào" in see(lan)[1]
    board = built(title="Thu quý bốn")
    assert "Thu quý bốn" in see(lan, "?tim=quy+bon")[1]
    assert "Không có bảng nào khớp" in see(lan, "?tim=benh")[1]
    assert "Hoàn tác" in see(lan, f"{board.pk}/xoa/", {})[1]
    assert "Đã khôi phục" in see(lan, f"{board.pk}/khoi-phuc/", {})[1]
