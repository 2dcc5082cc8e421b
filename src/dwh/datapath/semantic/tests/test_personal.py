import pytest

from dwh.datapath.semantic.tests.asking import IDENTITY, ask, cells, document, plan
from dwh.kernel.errors import Denied
from tests.warehouse_fixture import LINES

WHOLE = sum(line[7] for line in LINES)


def test_without_clearance_persons_are_one_group_masked_before_grouping():
    answer = ask(document(rows=["participant"], values=["due_vnd", "participants"]))
    assert cells(answer) == {("***",): (WHOLE, 14), (None,): (WHOLE, 14)}
    assert answer.rows[0].labels == ("***",)
    assert "«Mã số BHXH» được che" in answer.notes[0]


def test_without_clearance_no_column_of_the_person_is_in_the_sql():
    sql = plan(document(rows=["participant"], values=["due_vnd"])).sql
    assert "si_number" not in sql
    assert "full_name" not in sql


def test_with_clearance_each_person_is_shown():
    answer = ask(document(rows=["participant"], values=["due_vnd"]), clearance=IDENTITY)
    assert len(answer.rows) == 15
    assert answer.rows[0].labels[0].startswith(f"{answer.rows[0].keys[0]} – NGUYỄN THỊ SỐ")
    assert answer.notes == ()


def test_another_clearance_does_not_open_it():
    answer = ask(document(rows=["participant"], values=["due_vnd"]), clearance=frozenset({"health"}))
    assert answer.rows[0].keys == ("***",)


@pytest.mark.parametrize(("subject", "field"), [("contributions", "participant"), ("claims", "patient")])
def test_a_filter_on_a_hidden_field_is_denied_for_it_would_be_an_oracle(subject, field):
    value = {"contributions": "lines", "claims": "visits"}[subject]
    asked = document(
        subject, values=[value], filters=[{"field": field, "op": "in", "values": ["0100000001"]}]
    )
    with pytest.raises(Denied, match="không lọc được theo"):
        ask(asked)
    assert ask(asked, clearance=IDENTITY).rows[0].values[0] > 0


def test_limit_and_sort_do_not_tell_hidden_persons_apart():
    asked = document(
        rows=["participant"], values=["due_vnd"], sort=[{"field": "due_vnd", "desc": True}], limit=1
    )
    assert cells(ask(asked)) == {("***",): WHOLE, (None,): WHOLE}
