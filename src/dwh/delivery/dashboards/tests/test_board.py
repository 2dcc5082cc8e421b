"""Boards are data: every name in them is a word of the catalogue, every indicator has its unit from there."""

from __future__ import annotations

import pytest

from dwh.datapath.semantic.query import Query
from dwh.delivery.dashboards.board import Part, board_named, boards
from dwh.kernel.errors import NotFound


def parts(board) -> list[Part]:
    return [board.totals, board.chart, board.places, board.leaves]


@pytest.mark.parametrize("board", boards(), ids=lambda board: board.name)
def test_every_part_of_a_board_is_a_question_the_catalogue_can_answer(board):
    for part in parts(board):
        asked = {
            "subject": board.subject,
            "filters": [{"field": board.slice.field, "op": "in", "values": ["x"]}],
        }
        assert Query.from_json({**asked, **part.query}).values


@pytest.mark.parametrize("board", boards(), ids=lambda board: board.name)
def test_every_tile_and_ranking_shows_a_value_that_was_asked(board):
    asked = set(board.totals.query["values"])
    assert {tile.value for tile in board.tiles} | {t.beside for t in board.tiles if t.beside} <= asked
    assert board.places.rank_by in board.places.query["values"]
    assert board.leaves.rank_by in board.leaves.query["values"]
    assert len(board.tiles) == 4


def test_a_board_that_is_none_says_what_to_do():
    with pytest.raises(NotFound, match="Chọn một bảng"):
        board_named("../thu")
