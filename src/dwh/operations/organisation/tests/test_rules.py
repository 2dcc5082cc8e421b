"""Which lines a reorganisation means, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dwh.kernel.errors import Invalid
from dwh.kernel.org.services import Unit
from dwh.operations.organisation.rules import NewUnit, Tree, Wish, lines_of, state_in_words, with_events

BEGAN, DAY = date(1995, 2, 16), date(2027, 1, 1)


def unit(code: str, tier: str, name: str = "", until: date | None = None, office: str = "") -> Unit:
    return Unit(code, name or f"BHXH {code}", tier, BEGAN, until, code, office_code=office)


UNITS = [
    unit("00", "central", "BHXH Việt Nam"),
    unit("00.BYT", "central"),
    unit("00.24", "province"),
    unit("00.24.CNTT", "department"),
    unit("00.24.501", "office", office="24501"),
    unit("00.24.502", "office", office="24502"),
    unit("00.27", "province"),
    unit("00.27.CNTT", "department"),
    unit("00.27.501", "office"),
    unit("00.30", "province", until=date(2026, 1, 1)),
]


def tree(*more: Unit) -> Tree:
    known = {one.code: one for one in (*UNITS, *more)}
    return Tree(known, DAY, frozenset(one.office_code for one in known.values() if one.office_code))


def wish(kind, old=(), new=(), into="") -> Wish:
    return Wish(kind, DAY, "12/QĐ-BHXH ngày 01/12/2026", "Sắp xếp lại tổ chức.", tuple(old), tuple(new), into)


def lines(kind, old=(), new=(), into="") -> set[tuple[str, str, str]]:
    found = lines_of(wish(kind, old, new, into), tree(), "1")
    return {(line.from_code, line.to_code, line.weight) for line in found}


@pytest.mark.law("QC-DWH 12.5")
def test_two_provinces_become_one_and_take_what_lies_under_them_along():
    new = [NewUnit("BHXH tỉnh Kinh Bắc", "24-2027")]
    assert lines("merge", ["00.24", "00.27"], new) == {
        ("00.24", "00.24-2027", "1"), ("00.27", "00.24-2027", "1"),
        ("00.24.CNTT", "00.24-2027.CNTT", "1"), ("00.27.CNTT", "00.24-2027.CNTT", "1"),
        ("00.24.501", "00.24-2027.501", "1"), ("00.24.502", "00.24-2027.502", "1"),
        ("00.27.501", "00.24-2027.501-27", "1"),  # another office: it stays one of its own
    }  # fmt: skip


def test_an_office_is_taken_over_by_one_that_is_there():
    assert lines("merge", ["00.24.501"], into="00.24.502") == {("00.24.501", "00.24.502", "1")}


def test_a_division_names_the_share_of_each():
    new = [NewUnit("Một", "601", share="62,5"), NewUnit("Hai", "602", share="37.5")]
    assert lines("split", ["00.24.501"], new) == {
        ("00.24.501", "00.24.601", "0.625"), ("00.24.501", "00.24.602", "0.375"),
    }  # fmt: skip


def test_an_office_that_moves_keeps_its_name_and_the_end_of_its_code_while_that_is_free():
    assert lines("move", ["00.24.502"], [NewUnit("", parent="00.27")]) == {("00.24.502", "00.27.502", "1")}
    assert lines("move", ["00.24.501"], [NewUnit("", parent="00.27")]) == {
        ("00.24.501", "00.27.501-2027", "1")
    }


def test_renaming_ending_and_beginning():
    assert lines("rename", ["00.24"], [NewUnit("BHXH tỉnh Bắc Giang")]) == {("00.24", "00.24", "1")}
    assert {old for old, _, _ in lines("abolish", ["00.27"])} == {"00.27", "00.27.CNTT", "00.27.501"}
    assert lines("create", new=[NewUnit("BHXH cơ sở Chín", "509", "00.24", tier="office")]) == {
        ("", "00.24.509", "")
    }


BAD = {
    "no paper": (replace(wish("abolish", ["00.27"]), basis=" "), "Ghi số và ngày của văn bản"),
    "no reason": (replace(wish("abolish", ["00.27"]), reason="vì"), "lý do bằng một câu"),
    "twice": (wish("merge", ["00.24", "00.24"], [NewUnit("A", "99")]), "chọn hai lần"),
    "one alone": (wish("merge", ["00.24"], [NewUnit("A", "99")]), "ít nhất hai đơn vị cũ"),
    "into itself": (wish("merge", ["00.24"], into="00.24"), "Bỏ nó khỏi danh sách"),
    "ended before": (wish("abolish", ["00.30"]), "01/01/2027 không có đơn vị BHXH 00.30"),
    "unknown": (wish("abolish", ["00.99"]), "không có đơn vị «00.99»"),
    "nothing new": (wish("merge", ["00.24", "00.27"]), "Ghi đúng một đơn vị mới"),
    "no name": (wish("merge", ["00.24", "00.27"], [NewUnit("", "99")]), "Ghi tên"),
    "bad code": (wish("merge", ["00.24", "00.27"], [NewUnit("A", "9 9")]), "gồm chữ hoa không dấu"),
    "no number": (wish("merge", ["00.24", "00.27"], [NewUnit("A", "KB")]), "hai chữ số mã tỉnh"),
    "taken code": (wish("merge", ["00.24", "00.27"], [NewUnit("A", "30")]), "Mã 00.30 đã là của"),
    "taken office": (
        wish("create", new=[NewUnit("A", "509", "00.24", "24501", tier="office")]), "Mã cơ quan BHXH 24501 đang là",
    ),
    "short office": (wish("create", new=[NewUnit("A", "509", "00.24", "245", tier="office")]), "đúng 5 ký tự"),
    "wrong place": (wish("create", new=[NewUnit("A", "509", "00.BYT", tier="office")]), "không thuộc trực tiếp"),
    "no tier": (wish("create", new=[NewUnit("A", "509", "00.24")]), "Chọn cấp"),
    "with children": (wish("split", ["00.24"], [NewUnit("A", "91"), NewUnit("B", "92")]), "còn 3 đơn vị trực thuộc"),
    "one part": (wish("split", ["00.24.501"], [NewUnit("A", "601")]), "ít nhất hai đơn vị mới"),
    "not the whole": (
        wish("split", ["00.24.501"], [NewUnit("A", "601", share="60"), NewUnit("B", "602", share="30")]),
        "cộng đúng 100",
    ),
    "half known": (
        wish("split", ["00.24.501"], [NewUnit("A", "601", share="60"), NewUnit("B", "602")]), "để trống tất cả",
    ),
    "no share": (
        wish("split", ["00.24.501"], [NewUnit("A", "601", share="x"), NewUnit("B", "602", share="9")]), "Tỷ lệ «x»",
    ),
    "same parent": (wish("move", ["00.24.501"], [NewUnit("", parent="00.24")]), "đang thuộc đơn vị cấp trên này"),
    "same name": (wish("rename", ["00.24"], [NewUnit("BHXH 00.24")]), "khác tên đang dùng"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_whole_is_refused_with_what_to_do(name):
    asked, says = BAD[name]
    with pytest.raises(Invalid) as refused:
        lines_of(asked, tree(), "1")
    assert says in refused.value.message_vi


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["00.24", "00.27", "00.24.501", "00.24.502", "00.27.501"]), unique=True, min_size=1
    )
)
def test_after_any_event_no_unit_stands_under_one_that_does_not(chosen):
    asked = [wish("abolish", chosen)]
    offices = [code for code in chosen if code.count(".") == 2]
    if len(offices) > 1:
        asked.append(wish("merge", offices, [NewUnit("Mới", "777")]))
    for one in asked:
        after = Tree(with_events(tree().units, lines_of(one, tree(), "1")), DAY)
        standing = [code for code in after.units if after.stands(code)]
        assert all(code == "00" or after.stands(after.units[code].parent_code) for code in standing)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 99), min_size=2, max_size=6))
def test_the_shares_of_a_division_make_the_whole_or_are_refused(parts):
    asked = wish(
        "split", ["00.24.501"], [NewUnit(f"N{at}", f"6{at}", share=str(p)) for at, p in enumerate(parts)]
    )
    if sum(parts) != 100:
        with pytest.raises(Invalid):
            lines_of(asked, tree(), "1")
    else:
        assert sum(Decimal(line.weight) for line in lines_of(asked, tree(), "1")) == 1


def test_an_approved_event_waits_for_its_day():
    assert state_in_words("approved", DAY, date(2026, 12, 31)) == "đã duyệt, chờ đến 01/01/2027"
    assert state_in_words("approved", DAY, DAY) == "có hiệu lực"
    assert state_in_words("undone", DAY, DAY) == "đã hoàn tác"
