"""Boards are data: every name in them is a word of the catalogue, every indicator has its unit from there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dwh import datapath
from dwh.datapath.semantic.query import Query
from dwh.delivery.dashboards.board import board_named, boards
from dwh.kernel.errors import NotFound

SEEDS = Path(datapath.__file__).parent / "warehouse" / "models" / "seeds"
ITEMS = {
    row["item_code"]
    for row in csv.DictReader((SEEDS / "budget_item.csv").read_text(encoding="utf-8").splitlines())
}


@pytest.mark.parametrize("board", boards(), ids=lambda board: board.name)
def test_every_part_of_a_board_is_a_question_the_catalogue_can_answer(board):
    for part in board.parts:
        assert Query.from_json({"subject": part.subject, **part.query}).values


@pytest.mark.parametrize("board", boards(), ids=lambda board: board.name)
def test_every_tile_and_ranking_shows_a_value_that_was_asked(board):
    for group in board.groups:
        asked = set(group.part.query["values"])
        shown = {word for tile in group.tiles for word in (tile.value, tile.beside, tile.of) if word}
        assert shown <= asked
    assert board.places.rank_by in board.places.query["values"]
    assert board.leaves.rank_by in board.leaves.query["values"]
    assert len(board.tiles) == 4


@pytest.mark.parametrize("board", boards(), ids=lambda board: board.name)
def test_the_legend_of_the_months_is_the_slice_so_that_a_click_on_it_narrows_the_board(board):
    assert board.chart.query["columns"] == [board.slice.field]
    assert Query.from_json(
        {
            "subject": board.chart.subject,
            **board.chart.query,
            "filters": [{"field": board.slice.field, "op": "in", "values": ["x"]}],
        }
    )


@pytest.mark.parametrize("board", boards(), ids=lambda board: board.name)
def test_a_plan_is_a_question_about_the_budget_by_items_it_knows(board):
    for target in filter(None, (tile.target for tile in board.tiles)):
        named = {member for members in target.slices.values() for member in members}
        filters = [{"field": target.field, "op": "in", "values": sorted(named)}]
        assert Query.from_json({"subject": target.subject, "values": [target.value], "filters": filters})
        assert named <= ITEMS


def test_a_board_that_is_none_says_what_to_do():
    with pytest.raises(NotFound, match="Chọn một bảng"):
        board_named("../thu")
