"""Totals tie at each level: a unit's own page, its line in the parent, and the sum of its parts agree."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dwh.delivery.dashboards.board import board_named, boards
from dwh.delivery.dashboards.choice import Choice, Period, Place, root_of
from dwh.delivery.dashboards.services import BoardPage, Viewer, board_page
from dwh.kernel.actor import Origin
from dwh.kernel.org.scope import OrgScope
from tests.personas import TODAY
from tests.units_fixture import SUCCESSOR
from tests.warehouse_fixture import CLAIMS, LINES

pytestmark = pytest.mark.usefixtures("release")
PERIOD, UNTIL = Period(2025, 8), "2025-08"
NATION = Place("00", whole=True)


def page_of(account, board: str, place: Place, root: Place = NATION) -> BoardPage:
    viewer = Viewer(account, TODAY, Origin())
    return board_page(board_named(board), Choice(PERIOD, place), viewer=viewer, root=root, data_until=UNTIL)


def read(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", ".").replace("−", "-"))


def additive(page: BoardPage) -> list[int]:
    """Return the columns that add up: money and counts, no rate and no average."""
    names = list((page.places.query)["values"])
    return [
        at
        for at, name in enumerate(names)
        if (name.endswith("_vnd") and not name.startswith("avg")) or name == "visits"
    ]


@pytest.mark.req("E-06")
@pytest.mark.law("QC-DWH 3.2c")
@pytest.mark.parametrize("board", [board.name for board in boards()])
def test_totals_tie_from_the_nation_to_the_employer_and_the_facility(dung, board):
    places, seen = [NATION], []
    while places:
        page = page_of(dung, board, places.pop())
        seen.append(page.choice.place.tier)
        for at in additive(page):
            parts = [read(cells[at]) for _, _, cells in page.table.rows]
            rounding = Decimal(len(parts)) / 2 if board == "kham-chua-benh" else 0  # claims carry xu
            assert abs(sum(parts) - read(page.table.total[at])) <= rounding
        for _, url, cells in page.table.rows:
            if url:
                child = Place(url.split("don_vi=")[1].split("&")[0], whole=True)
                assert page_of(dung, board, child).table.total == cells
                places.append(child)
    assert {"nation", "province", "office"} == set(seen)


def test_the_total_of_the_nation_is_the_sum_of_the_lines(dung):
    total = page_of(dung, "thu", NATION).table.total
    assert read(total[0]) == sum(line[8] for line in LINES)
    assert read(total[1]) == sum(line[7] for line in LINES)


def test_an_old_province_counts_in_the_one_that_took_it_over(dung):
    rows = {name: cells for name, _, cells in page_of(dung, "thu", NATION).table.rows}
    assert set(rows) == {"Hà Nội", "Đà Nẵng"}
    in_danang = [line for line in LINES if SUCCESSOR[line[5]].startswith("00.48-2025")]
    assert read(rows["Đà Nẵng"][0]) == sum(line[8] for line in in_danang)


def test_a_ratio_is_that_of_the_sums(dung):
    page = page_of(dung, "kham-chua-benh", NATION)
    total = sum(claim[13] for claim in CLAIMS)
    assert read(page.table.total[3]) == (total / len(CLAIMS)).quantize(Decimal(1), rounding="ROUND_HALF_UP")


def test_the_chart_and_its_table_add_up_to_the_tile(dung):
    page = page_of(dung, "thu", NATION)
    months = [read(cells[3]) for _, _, cells in page.chart.table.rows if cells[3] != "–"]
    assert sum(months) == read(page.chart.table.total[3]) == read(page.table.total[0])


def test_an_analyst_of_two_offices_sees_their_sum_and_no_more(lan):
    root = root_of(OrgScope.of({"00.01"}))
    page = page_of(lan, "thu", root, root)
    assert page.trail == ()
    assert page.place_name == "Hà Nội"
    assert {name for name, _, _ in page.table.rows} == {"Hoàn Kiếm", "Đống Đa"}


def test_last_year_is_compared_only_when_it_is_whole(dung):
    assert all(tile.change is None for tile in page_of(dung, "thu", NATION).tiles)


def test_a_slice_narrows_every_part(dung):
    viewer = Viewer(dung, TODAY, Origin())
    choice = Choice(PERIOD, NATION, "hi")
    page = board_page(board_named("thu"), choice, viewer=viewer, root=NATION, data_until=UNTIL)
    assert read(page.table.total[0]) == sum(line[8] for line in LINES if line[3] == "hi")
    assert [name for name, _ in page.chart.legend] == ["BHYT"]


def test_what_was_late_a_year_ago_is_not_compared_for_it_was_paid_since(dung):
    tiles = {tile.label: tile for tile in page_of(dung, "thu", NATION).tiles}
    assert [tile.compared for tile in tiles.values()] == [True, False, False, True]
    assert tiles["Chậm đóng của kỳ"].note.endswith("% phải thu")
    assert tiles["Chậm đóng của kỳ"].full == sum(line[7] for line in LINES)
