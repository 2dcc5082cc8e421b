"""What a figure says of itself is about the figure of the table: its own number, what it lacks, who sees it so."""

from __future__ import annotations

import random

import pytest

from dwh.datapath.semantic.catalog import load_catalog
from dwh.governance.explaining import CellOf, explain_cell
from dwh.governance.tests.asking import ask, in_unit, question
from dwh.governance.tests.test_rows import AREAS, analyst, asked_at_random
from dwh.kernel import vi
from dwh.kernel.errors import Denied, Invalid
from tests.personas import TODAY, give, hire

pytestmark = pytest.mark.usefixtures("release")


def explained(who, query, keys, measure):
    return explain_cell(CellOf(query, tuple(keys), measure), by=who, today=TODAY)


@pytest.mark.parametrize("seed", range(6))
def test_the_number_explained_is_the_number_of_the_table(seed):
    luck, who = random.Random(seed), analyst(seed, AREAS[seed % len(AREAS)])
    for query in [one for one in (asked_at_random(luck) for _ in range(4)) if one]:
        answer = ask(who, query)
        for row in luck.sample(list(answer.rows), min(2, len(answer.rows))):
            place = luck.randrange(len(query.values))
            column = answer.values[place]
            if row.values[place] is None:
                continue  # an empty cell is refused, see below
            told = explained(who, query, row.keys, column.name).told
            assert told.number == vi.number(row.values[place], column.decimals), (
                query,
                row.keys,
                column.name,
            )


def test_a_share_is_of_the_whole_table_and_says_so():
    who, query = analyst(1, ("00",)), question(values=["collected_share"])
    row = next(row for row in ask(who, query).rows if row.keys == ("00.01",))
    found = explained(who, query, row.keys, "collected_share")
    assert found.told.number == vi.number(row.values[0], 2) != "100,00"
    cell, whole = found.told.parts
    assert (cell.of_whole, whole.of_whole) == (False, True)
    assert found.told.worked == f"100 × {cell.text} ÷ {whole.text}"


def test_a_cell_above_ones_area_is_explained_as_far_as_the_area_goes():
    """An office sees the line of its province, with its own figures; the panel used to refuse it."""
    who, query = analyst(1, ("00.01.501",)), question(values=["due_vnd"])
    found = explained(who, query, ("00.01",), "due_vnd")
    assert found.told.number == vi.number(ask(who, query).rows[0].values[0])
    assert [line.month for line in found.told.months] == ["2025-05", "2025-06", "2025-07", "2025-08"]


def test_a_unit_the_person_filters_on_is_still_refused():
    with pytest.raises(Denied):
        explained(analyst(1, ("00.01",)), question(filters=in_unit("00.48-2025")), (None,), "collected_vnd")


def test_a_cell_no_row_makes_up_is_refused():
    with pytest.raises(Invalid):
        explained(analyst(1, ("00",)), question(), ("00.99",), "collected_vnd")


def test_it_says_what_the_slice_lacks_and_only_of_ones_area():
    query, nation = question(values=["due_vnd"]), analyst(1, ("00",))
    mine = explained(analyst(2, ("00.01",)), query, (None,), "due_vnd").standing
    theirs = explained(analyst(3, ("00.48-2025",)), query, (None,), "due_vnd").standing
    all_held = explained(nation, query, (None,), "due_vnd").standing
    assert 0 < mine.held_rows < all_held.held_rows
    assert mine.held_rows + theirs.held_rows <= all_held.held_rows
    assert mine.held_vnd <= all_held.held_vnd


def test_it_counts_who_sees_the_same_and_names_them_only_to_their_administrator():
    query, lan = question(values=["due_vnd"]), analyst(1, ("00.01",))
    analyst(2, ("00.01.501",))
    admin = hire("qt@vss.gov.vn", "Quản Trị", "00.CNTT", "Trung tâm CNTT", "NV9")
    give(admin, "central_admin", "00")
    seen = explained(lan, query, (None,), "due_vnd").standing.viewers
    assert {one.group: one.count for one in seen} == {
        "Quản trị ứng dụng Trung ương": 1, "Nhóm khai thác các chỉ tiêu, báo cáo": 1,
    }  # fmt: skip
    assert all(one.names == () for one in seen)
    looked = explained(admin, query, ("00.01",), "due_vnd").standing.viewers
    assert ("Người 1",) in [one.names for one in looked]


def test_it_names_the_table_the_formula_of_the_release_and_todays():
    found = explained(
        analyst(1, ("00.01",)), question(values=["collection_rate"]), ("00.01",), "collection_rate"
    )
    assert [table.name for table in found.standing.tables] == ["core.fct_contribution"]
    assert found.standing.catalog == load_catalog().hash
    assert found.standing.now
    assert not found.standing.has_other_formula
    assert found.standing.locked == ()
