"""How an answer is shown: read, written back, refused; and which cells a format marks."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dwh.datapath.semantic.answer import Column
from dwh.datapath.tables.marks import marks_of, notes_of
from dwh.datapath.tables.pivot import Cell, Leaf, PivotRow, PivotTable
from dwh.datapath.tables.view import Format, View, view_of
from dwh.kernel.errors import Invalid

RATE = Column("rate", "Tỷ lệ thu", "measure", "%", 2, "none")
BELOW = {"value": "rate", "kind": "threshold", "op": "lt", "at": ["94.5"], "look": "bad"}


def _table(*numbers, total="99"):
    cells = [(Decimal(n) if n is not None else None, False) for n in numbers] + [(Decimal(total), True)]
    rows = tuple(
        PivotRow((str(n),), (str(n),), str(n), 1, is_total, (Cell(value, "%", 2, is_total, ""),))
        for n, (value, is_total) in enumerate(cells)
    )
    return PivotTable((), (), (RATE,), (), (Leaf((), (), RATE, is_total=False),), rows)


def test_a_view_is_written_back_as_it_was_read():
    document = {
        "shown": "chart",
        "unit": "ty",
        "chart": "pareto",
        "formats": [BELOW, {"value": "rate", "kind": "bars"}],
    }
    assert View.from_json(document).to_json() == document
    assert view_of("", "", "", "") == View()


@pytest.mark.parametrize(
    ("document", "said"),
    [({"colour": 1}, "không đúng dạng"), ([], "không đúng dạng"), ({"shown": "pie"}, "không có"),
     ({"chart": ["x"]}, "không có"), ({"formats": [BELOW] * 13}, "nhiều nhất"), ({"formats": [1]}, "không đúng dạng"),
     ({"formats": [BELOW | {"at": ["x"]}]}, "không phải là số"), ({"formats": [BELOW | {"at": ["1e999999"]}]}, "số"),
     ({"formats": [BELOW | {"at": []}]}, "cần một số"), ({"formats": [BELOW | {"op": "between"}]}, "hai số"),
     ({"formats": [BELOW | {"at": ["NaN"]}]}, "không phải là số"), ({"formats": [BELOW | {"value": ""}]}, "chỉ tiêu")],
)  # fmt: skip
def test_what_is_no_view_is_refused_with_the_remedy(document, said):
    with pytest.raises(Invalid, match=said):
        View.from_json(document)


def test_a_threshold_marks_its_side_in_words_too_and_never_a_total():
    table = _table("94.49", "94.5", None, total="10")
    marks = marks_of(table, View.from_json({"formats": [BELOW]}).formats)
    told = [marks.of(0, row.cells[0]) for row in table.rows]
    assert [one.css for one in told] == ["ct-bad", "", "", ""]
    assert told[0].words == "Cần chú ý"
    assert notes_of(table, View.from_json({"formats": [BELOW]}).formats) == [
        "Tỷ lệ thu nhỏ hơn 94,5 %: cần chú ý, ô được đánh dấu."
    ]


def test_a_scale_and_bars_go_from_the_least_to_the_most_of_the_parts():
    table = _table("0", "50", "100", total="150")
    for kind, found in (("scale", ["cs1", "cs4", "cs7", ""]), ("bars", ["cb0", "cb10", "cb20", ""])):
        marks = marks_of(table, (Format("rate", kind),))
        assert [marks.of(0, row.cells[0]).css for row in table.rows] == found


def test_equal_numbers_and_a_measure_that_is_not_there_mark_nothing_wrongly():
    same = _table("5", "5")
    assert marks_of(same, (Format("rate", "scale"),)).of(0, same.rows[0].cells[0]).css == "cs1"
    assert marks_of(same, (Format("gone", "scale"),)).of(0, same.rows[0].cells[0]).css == ""
