"""Reading a pivot from the top down."""

from __future__ import annotations

from decimal import Decimal

from dwh.datapath.semantic.answer import Answer, Column, Row
from dwh.datapath.semantic.query import Query
from dwh.datapath.tables.outline import ROOT, extent, outline
from dwh.datapath.tables.pivot import arrange

PROVINCE = Column("org.province", "Tỉnh", "dimension")
OFFICE = Column("org.office", "Cơ sở", "dimension")
MONEY = Column("collected_vnd", "Đã thu", "measure", "đồng")


def _answer(rows, fields=(PROVINCE, OFFICE)):
    query = Query("contributions", rows=tuple(f.name for f in fields), values=("collected_vnd",))
    return Answer(query, (*fields, MONEY), tuple(rows), "2026-11-22.1", "provisional", True, "as_was")


def _row(keys, labels, value):
    over = tuple(f.name for f, key in zip((PROVINCE, OFFICE), keys, strict=False) if key is None)
    return Row(keys, labels, (Decimal(value),), over)


TWO_LEVELS = [
    _row(("00.01", "a/1"), ("Hà Nội", "Ba Đình"), 1),
    _row(("00.01", "a2"), ("Hà Nội", "Đống Đa"), 2),
    _row(("00.01", None), ("Hà Nội", None), 3),
    _row(("00.48", "b1"), ("Đà Nẵng", "Hải Châu"), 4),
    _row(("00.48", None), ("Đà Nẵng", None), 4),
    _row((None, None), (None, None), 7),
]


def test_a_parent_stands_before_its_children_with_its_own_total():
    read = outline(arrange(_answer(TWO_LEVELS)))
    told = [(line.label, line.depth, int(line.cells[0].value)) for line in read.lines]
    assert told == [
        ("Hà Nội", 0, 3), ("Ba Đình", 1, 1), ("Đống Đa", 1, 2), ("Đà Nẵng", 0, 4), ("Hải Châu", 1, 4),
    ]  # fmt: skip
    assert (read.total.label, int(read.total.cells[0].value)) == ("Tổng cộng", 7)


def test_a_line_is_named_by_its_path_and_finds_its_children():
    read = outline(arrange(_answer(TWO_LEVELS)))
    assert [line.id for line in read.children_of(ROOT)] == ["00.01", "00.48"]
    assert [line.id for line in read.children_of("00.01")] == ["00.01/a%2F1", "00.01/a2"]


def test_a_parent_without_a_total_of_its_own_keeps_its_name_and_has_no_cells():
    read = outline(arrange(_answer([row for row in TWO_LEVELS if None not in row.keys])))
    assert [(line.label, line.cells is None) for line in read.lines][:2] == [
        ("Hà Nội", True),
        ("Ba Đình", False),
    ]
    assert read.total is None


def test_a_question_without_rows_is_one_line():
    read = outline(arrange(_answer([Row((), (), (Decimal(7),))], fields=())))
    assert [(line.label, int(line.cells[0].value)) for line in read.lines] == [("Tổng cộng", 7)]
    assert read.total is None


def test_the_extent_is_known_before_the_table_is_laid_out():
    answer = _answer(TWO_LEVELS)
    assert extent(answer) == (len(arrange(answer).rows), len(arrange(answer).leaves))
