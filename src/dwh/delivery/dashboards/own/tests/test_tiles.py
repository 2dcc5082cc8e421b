"""The grid: nothing overlaps, nothing leaves it, gaps close. Pure."""

from __future__ import annotations

from itertools import combinations

import pytest

from dwh.delivery.dashboards.own import tiles as grid
from dwh.kernel.errors import Conflict, Invalid, NotFound


def _board(*kinds):
    tiles = ()
    for kind in kinds:
        tiles = grid.with_new(tiles, kind, f"Ô {kind}", query={}, text="ghi chú")
    return tiles


def _stands(tiles):
    assert not any(one.overlaps(other) for one, other in combinations(tiles, 2))
    assert all(one.x >= 0 and one.x + one.width <= grid.COLUMNS for one in tiles)
    assert min(one.y for one in tiles) == 0


def test_new_tiles_fill_the_grid_from_the_upper_left():
    tiles = _board("number", "number", "trend", "ranking")
    _stands(tiles)
    assert [(one.x, one.y) for one in tiles] == [(0, 0), (3, 0), (6, 0), (0, 2)]


@pytest.mark.parametrize("step", grid.STEPS)
@pytest.mark.parametrize("key", [1, 2, 3, 4])
def test_no_step_lets_tiles_overlap_or_leave_the_grid(key, step):
    tiles = _board("number", "trend", "ranking", "table")
    for _ in range(14):
        tiles = grid.stepped(tiles, key, step)
        _stands(tiles)


def test_a_tile_dropped_on_another_takes_its_place_and_pushes_it_down():
    tiles = grid.moved(_board("trend", "trend"), 2, x=0, y=0)
    assert [(one.key, one.x, one.y) for one in tiles] == [(2, 0, 0), (1, 0, 4)]
    _stands(grid.moved(tiles, 1, x=90, y=90))


def test_down_passes_the_neighbour_below_and_up_comes_back():
    tiles = grid.settled(grid.moved(_board("trend", "trend"), 2, x=0, y=4))
    lower = grid.stepped(tiles, 1, "xuong")
    assert [one.key for one in lower] == [2, 1]
    assert [one.key for one in grid.stepped(lower, 1, "len")] == [1, 2]


def test_a_full_board_an_unknown_kind_and_a_missing_tile_are_told():
    full = _board(*["number"] * grid.MAX_TILES)
    with pytest.raises(Conflict, match="đã có 12 ô"):
        grid.with_new(full, "number", "x", query={})
    with pytest.raises(Invalid, match="kiểu ô"):
        grid.with_new((), "pie", "x", query={})
    with pytest.raises(Invalid, match="nội dung ghi chú"):
        grid.with_new((), "text", "x", query={})
    with pytest.raises(NotFound):
        grid.without(full, 99)
