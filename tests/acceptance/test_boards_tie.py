"""Every board on the demonstration: the parts of a level add up to it, from the nation down to a leaf (E-06)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.utils.timezone import localdate

from dwh.datapath.semantic.catalog import load_catalog
from dwh.delivery.dashboards.asking import Viewer
from dwh.delivery.dashboards.board import Part, board_named, boards
from dwh.delivery.dashboards.choice import Choice, Place, latest
from dwh.delivery.dashboards.services import BoardPage, board_page
from dwh.governance import gate
from dwh.kernel.actor import Origin, operator
from tests.personas import dung  # noqa: F401 -- of the cast

NATION = Place("00", whole=True)
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def page_at(demo_home, settings, dung):  # noqa: F811
    """Return what opens a board of the demonstration at a place, for the sector's leadership."""
    settings.DATAPATH = demo_home
    gate.refresh_units(by=operator("Kiểm thử"))
    until = gate.current_release_info().data_until

    def open_board(name: str, place: Place, leaf: str = "") -> BoardPage:
        choice = Choice(latest(until), place, leaf=leaf)
        viewer = Viewer(dung, localdate(), Origin())
        return board_page(board_named(name), choice, viewer=viewer, root=NATION, data_until=until)

    return open_board


def read(text: str) -> Decimal:
    return Decimal(0) if text == "–" else Decimal(text.replace(".", "").replace(",", ".").replace("−", "-"))


def additive(part: Part) -> list[int]:
    """Return the columns that add up over units: sums, and stocks that stand at one unit each."""
    subject = load_catalog().subject(part.subject)
    return [
        at for at, name in enumerate(part.query["values"]) if subject.value(name).additive in ("all", "last")
    ]


def must_tie(page: BoardPage) -> None:
    table = page.places.table
    for at in additive(page.places.part):
        parts = [read(cells[at]) for _, _, cells in table.rows]
        rounding = Decimal(len(parts)) / 2  # claims carry xu, shown in whole đồng
        assert abs(sum(parts) - read(table.total[at])) <= rounding, (
            page.board.name,
            page.choice.place.code,
            at,
        )


def units_below(page: BoardPage, most: int) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """Yield the first and the last units below that have a page of their own, with the cells of their row."""
    rows = [(url, cells) for _, url, cells in page.places.table.rows if "don_vi=" in url]
    for url, cells in dict([*rows[:most], *rows[-most:]]).items():
        yield Place(url.split("don_vi=")[1].split("&")[0], whole=True), cells


@pytest.mark.req("E-06")
@pytest.mark.law("QC-DWH 3.2c")
@pytest.mark.parametrize("name", [board.name for board in boards()])
def test_the_sum_of_the_parts_is_the_whole_at_every_level(page_at, name):
    nation = page_at(name, NATION)
    must_tie(nation)
    tiers = {"nation"}
    for province, cells in units_below(nation, 2):
        page = page_at(name, province)
        must_tie(page)
        assert page.places.table.total == cells
        tiers.add(page.choice.place.tier)
        for office, its_cells in units_below(page, 1):
            below = page_at(name, office)
            must_tie(page_at(name, office))
            tiers.add(below.choice.place.tier)
            if below.places.part.query["values"] == page.places.part.query["values"]:
                assert below.places.table.total == its_cells
    assert tiers == {"nation", "province", "office"}


@pytest.mark.req("E-06")
@pytest.mark.parametrize("name", ["thu", "kham-chua-benh", "chi", "giao-dich-dien-tu"])
def test_a_leaf_shows_what_its_row_says(page_at, name):
    """The last step: the months of one employer, facility, benefit or procedure end at its row in the office."""
    province = next(units_below(page_at(name, NATION), 1))[0]
    office = next(units_below(page_at(name, province), 1))[0]
    table = page_at(name, office).places.table
    key, row = table.keys[0], table.rows[0]
    page = page_at(name, office, leaf=key)
    value = board_named(name).chart.query["values"][0]
    at = list(board_named(name).leaves.query["values"]).index(value)
    column = len(page.chart.legend)
    assert page.chart.table.total[column] == row[2][at]
    assert page.places.table.total == table.total
