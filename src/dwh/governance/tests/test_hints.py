"""A filter value that names nobody gets a hint, and the hint never names what lies outside one's area."""

from __future__ import annotations

import pytest

from dwh.governance.tests.asking import ask, in_unit, question

pytestmark = pytest.mark.usefixtures("release")
BA_DINH, SONG_HONG, LIEN_CHIEU = "00.01.001", "TA0001A", "TD0020A"


def hints(who, *values, field="fund", op="in", **more):
    filters = [{"field": field, "op": op, "values": list(values)}]
    answer = ask(who, question(filters=filters, **more))
    return [note for note in answer.notes if note.startswith("Không có thành viên")]


@pytest.mark.parametrize(
    ("field", "value", "offered"),
    [
        ("fund", "BHXH", "có phải «si» (BHXH)?"),
        ("fund", "sii", "có phải «si» (BHXH)?"),
        ("fund", "khác", "Các thành viên: ui (BHTN), si (BHXH), hi (BHYT)."),
        ("org.province", "Hà Nội", "có phải «00.01» (Hà Nội)?"),
        ("org.province", "ha noi", "có phải «00.01» (Hà Nội)?"),
        ("employer.employer", "song hong", "Công ty cổ phần Sông Hồng)?"),
        ("employer.sector", "DNN", "có phải «DN» (Doanh nghiệp ngoài nhà nước)?"),
    ],
)
def test_a_value_without_a_member_is_named_with_the_nearest_one(lan, field, value, offered):
    [hint] = hints(lan, value, field=field)
    assert hint.startswith(f"Không có thành viên «{value}» trong «")
    assert hint.endswith(offered)


def test_a_unit_that_does_not_exist_is_said_to_who_sees_the_nation(khanh):
    [hint] = hints(khanh, "00.999", field="org.province")
    assert "«00.999»" in hint


def test_one_wrong_value_among_right_ones_is_said_too(lan):
    assert len(hints(lan, "si", "hii")) == 1  # the field is not in the table
    assert len(hints(lan, "si", "hii", rows=["fund"])) == 1
    assert len(hints(lan, "hii", op="not_in")) == 1


def test_many_wrong_values_are_counted_not_listed(lan):
    found = hints(lan, *[f"x{number}" for number in range(500)], field="employer.employer")
    assert len(found) == 4
    assert found[-1].startswith("Không có thành viên nào cho 497 giá trị khác của «")


def test_values_that_exist_get_no_hint_even_where_they_have_no_figures(lan):
    assert (
        hints(lan, "si") == hints(lan, "si", "hi") == hints(lan, "~") == hints(lan, "ui", op="not_in") == []
    )
    early = [
        {"field": "month", "op": "eq", "values": ["2025-01"]},
        {"field": "fund", "op": "eq", "values": ["si"]},
    ]
    answer = ask(lan, question(filters=early))
    assert not answer.rows
    assert not [note for note in answer.notes if "thành viên" in note]


@pytest.mark.req("B-02")
def test_another_area_s_member_and_none_at_all_read_the_same(lan, khanh):
    def said(value):
        [hint] = hints(lan, value, field="employer.employer")
        return hint.replace(f"«{value}»", "«…»")

    there, nowhere = said("Công ty TNHH Liên Chiểu"), said("Công ty TNHH Không Có")
    assert "Liên Chiểu" not in there
    assert there == nowhere
    assert "Liên Chiểu" in str(hints(khanh, "lien chieu", field="employer.employer"))


def test_a_unit_outside_is_still_refused_and_not_hinted_at(lan):
    with pytest.raises(Exception, match="không có quyền xem số liệu của"):
        ask(lan, question(filters=in_unit("00.48-2025")))
