"""Totals tie at each level: a unit's own page, its line in the parent, and the sum of its parts agree."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dwh.delivery.dashboards.asking import Viewer
from dwh.delivery.dashboards.board import board_named
from dwh.delivery.dashboards.choice import Against, Choice, Period, Place, root_of
from dwh.delivery.dashboards.services import BoardPage, board_page
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


def choose(account, choice: Choice, board: str = "thu") -> BoardPage:
    viewer = Viewer(account, TODAY, Origin())
    return board_page(board_named(board), choice, viewer=viewer, root=NATION, data_until=UNTIL)


def read(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", ".").replace("−", "-"))


def adding(page: BoardPage) -> list[int]:
    """Return the columns that add up: money and counts, no rate and no average."""
    names = list(page.places.part.query["values"])
    return [
        at
        for at, name in enumerate(names)
        if (name.endswith("_vnd") and not name.startswith("avg")) or name == "visits"
    ]


@pytest.mark.req("E-06")
@pytest.mark.law("QC-DWH 3.2c")
@pytest.mark.parametrize("board", ["thu", "kham-chua-benh"])
def test_totals_tie_from_the_nation_to_the_employer_and_the_facility(dung, board):
    places, seen = [NATION], []
    while places:
        page = page_of(dung, board, places.pop())
        seen.append(page.choice.place.tier)
        for at in adding(page):
            parts = [read(cells[at]) for _, _, cells in page.places.table.rows]
            rounding = Decimal(len(parts)) / 2 if board == "kham-chua-benh" else 0  # claims carry xu
            assert abs(sum(parts) - read(page.places.table.total[at])) <= rounding
        for _, url, cells in page.places.table.rows:
            if url and "muc=" not in url:
                child = Place(url.split("don_vi=")[1].split("&")[0], whole=True)
                assert page_of(dung, board, child).places.table.total == cells
                places.append(child)
    assert {"nation", "province", "office"} == set(seen)


def test_the_total_of_the_nation_is_the_sum_of_the_lines(dung):
    total = page_of(dung, "thu", NATION).places.table.total
    assert read(total[0]) == sum(line[8] for line in LINES)
    assert read(total[1]) == sum(line[7] for line in LINES)


def test_an_old_province_counts_in_the_one_that_took_it_over(dung):
    rows = {name: cells for name, _, cells in page_of(dung, "thu", NATION).places.table.rows}
    assert set(rows) == {"Hà Nội", "Đà Nẵng"}
    in_danang = [line for line in LINES if SUCCESSOR[line[5]].startswith("00.48-2025")]
    assert read(rows["Đà Nẵng"][0]) == sum(line[8] for line in in_danang)


def test_a_ratio_is_that_of_the_sums(dung):
    page = page_of(dung, "kham-chua-benh", NATION)
    total = sum(claim[13] for claim in CLAIMS)
    assert read(page.places.table.total[3]) == (total / len(CLAIMS)).quantize(
        Decimal(1), rounding="ROUND_HALF_UP"
    )


def test_the_chart_and_its_table_add_up_to_the_tile(dung):
    page = page_of(dung, "thu", NATION)
    months = [read(cells[3]) for _, _, cells in page.chart.table.rows if cells[3] != "–"]
    assert sum(months) == read(page.chart.table.total[3]) == read(page.places.table.total[0])


def test_an_analyst_of_two_offices_sees_their_sum_and_no_more(lan):
    root = root_of(OrgScope.of({"00.01"}))
    page = page_of(lan, "thu", root, root)
    assert page.trail == ()
    assert page.place_name == "Hà Nội"
    assert {name for name, _, _ in page.places.table.rows} == {"Hoàn Kiếm", "Đống Đa"}


def test_last_year_is_compared_only_when_it_is_whole(dung):
    assert all(tile.change is None for tile in page_of(dung, "thu", NATION).tiles)


def test_a_slice_narrows_every_part(dung):
    page = choose(dung, Choice(PERIOD, NATION, "hi"))
    assert read(page.places.table.total[0]) == sum(line[8] for line in LINES if line[3] == "hi")
    assert [key.name for key in page.chart.legend] == ["BHYT"]


def test_what_was_late_a_year_ago_is_not_compared_for_it_was_paid_since(dung):
    tiles = {tile.label: tile for tile in page_of(dung, "thu", NATION).tiles}
    assert [tile.compared for tile in tiles.values()] == [True, False, False, True]
    assert tiles["Chậm đóng của kỳ"].note.endswith("% phải thu")
    assert tiles["Chậm đóng của kỳ"].full == sum(line[7] for line in LINES)


HOAN_KIEM = Place(SUCCESSOR["00.01.001"], whole=True)


def test_the_months_of_the_year_so_far_end_at_the_total(dung):
    chart = page_of(dung, "thu", NATION).chart
    assert chart.so_far is not None
    last = next(text for text in reversed(chart.so_far["series"][0]["texts"]) if text != "–")
    assert chart.so_far["unit"] == "triệu đồng"
    assert read(last) == (read(chart.table.total[3]) / 10**6).quantize(Decimal("0.1"))


def test_stocks_do_not_add_up_over_months_so_there_is_no_year_so_far(dung):
    assert page_of(dung, "nguoi-tham-gia", NATION).chart.so_far is None


def test_a_clicked_month_narrows_every_part_but_the_months(dung):
    page = choose(dung, Choice(PERIOD, NATION, month="2025-07"))
    july = sum(line[8] for line in LINES if line[4] == "2025-07")
    assert read(page.places.table.total[0]) == july
    assert len([1 for _, _, cells in page.chart.table.rows if cells[3] != "–"]) == 4
    assert page.chips == (("Tháng 7/2025", page.choice.link(thang="")),)


def test_a_clicked_employer_narrows_the_tiles_and_the_months_and_the_list_stays_whole(dung):
    whole = page_of(dung, "thu", HOAN_KIEM)
    page = choose(dung, Choice(PERIOD, HOAN_KIEM, leaf="TA0001A"))
    row = dict(zip(page.places.table.keys, page.places.table.rows, strict=True))["TA0001A"]
    assert page.places.table.total == whole.places.table.total
    assert read(row[2][0]) == read(page.chart.table.total[3]) < read(whole.chart.table.total[3])
    assert page.place_name == page.chips[0][0] == row[0]


def test_two_units_stand_side_by_side(dung):
    danang = Place("00.48-2025", whole=True)
    against = Against(place=danang, name="Đà Nẵng")
    page = choose(dung, Choice(PERIOD, Place("00.01", whole=True), against=against))
    assert page.chart.line == page.tiles[0].against.removeprefix("so với ") == "Đà Nẵng"
    there = sum(line[8] for line in LINES if SUCCESSOR[line[5]].startswith("00.48-2025"))
    assert page.tiles[0].mark == read(page.chart.table.total[-1]) == there
    assert all(tile.change for tile in page.tiles)


def test_two_periods_stand_side_by_side(dung):
    page = choose(dung, Choice(PERIOD, NATION, against=Against(period=Period(2025, 7))))
    until_july = sum(line[8] for line in LINES if line[4] <= "2025-07")
    assert page.tiles[0].compared
    assert page.tiles[0].change is None  # January to April of 2025 hold nothing here
    assert read(page.chart.table.total[-1]) == until_july


def test_equal_questions_are_asked_once_and_all_in_one_batch(dung):
    page = page_of(dung, "thu", NATION)
    assert page.asked == 6  # tiles and months, each of now and of last year; the plan; the provinces
    assert page.seconds > 0
