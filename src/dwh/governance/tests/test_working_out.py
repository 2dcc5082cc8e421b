"""A figure of a calculated column says its kind, its base and the numbers it was worked out from."""

from __future__ import annotations

import pytest

from dwh.governance.explaining import CellOf, cell_in, explain_cell, work_out
from dwh.governance.tests.asking import ask, question
from dwh.kernel import vi
from dwh.kernel.errors import Invalid
from tests.personas import TODAY

pytestmark = pytest.mark.usefixtures("release")
JUNE = [{"field": "month", "op": "in", "values": ["2025-06"]}]
KINDS = (
    {"kind": "growth", "of": "collected_vnd", "base": "previous"},
    {"kind": "difference", "of": "collected_vnd", "base": "previous"},
    {"kind": "year_to_date", "of": "collected_vnd"},
    {"kind": "share_of_total", "of": "collected_vnd"},
    {"kind": "share_of_parent", "of": "collected_vnd"},
    {"kind": "rank", "of": "collected_vnd"},
    {"kind": "nation", "of": "collected_vnd"},
    {"kind": "formula", "formula": "100 * collected_vnd / total(collected_vnd)"},
)


def worked(who, query, keys, name="c1"):
    return work_out(CellOf(query, keys, name), by=who, today=TODAY)


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one["kind"])
def test_the_number_and_its_base_are_those_of_the_table(khanh, kind):
    query = question(filters=JUNE, calculations=[{"name": "c1", **kind}])
    row = next(row for row in ask(khanh, query).rows if row.keys[0])
    found = worked(khanh, query, row.keys)
    base, made = row.values[0], row.values[-1]
    column = ask(khanh, query).values[-1]
    assert found.working.number == vi.number(made, column.decimals)
    assert found.working.steps[0].text == vi.number(base)
    assert found.steps[0][1].startswith("q=")  # the rows of the base can be read


def test_growth_shows_both_numbers_in_its_sum(khanh):
    query = question(filters=JUNE, calculations=[{"name": "c1", **KINDS[0]}])
    found = worked(khanh, query, (None,)).working
    now, before = (step.text for step in found.steps)
    assert found.worked == f"100 × ({now} − {before}) ÷ {before}"
    assert found.kind == "Tăng trưởng"


def test_a_formula_is_written_with_its_numbers(khanh):
    query = question(filters=JUNE, calculations=[{"name": "c1", **KINDS[-1]}])
    found = worked(khanh, query, (None,)).working
    own, whole = found.steps
    assert found.worked == f"100 × {own.text} ÷ {whole.text}"


def test_no_figure_says_why(khanh):
    filters = [{"field": "month", "op": "in", "values": ["2025-05"]}]  # the first month of the warehouse
    found = worked(khanh, question(filters=filters, calculations=[{"name": "c1", **KINDS[0]}]), (None,))
    assert found.working.number == vi.NO_DATA
    assert "kỳ gốc" in found.working.reason.lower()


def test_the_rest_of_a_top_n_is_worked_out_but_its_values_say_it_is_no_member(khanh):
    query = question(
        filters=JUNE, calculations=[{"name": "c1", **KINDS[3]}], limit=1, others=True, totals=True,
        sort=[{"field": "collected_vnd", "desc": True}],
    )  # fmt: skip
    assert worked(khanh, query, ("~~",)).working.number != vi.NO_DATA
    with pytest.raises(Invalid, match="«Khác» gộp các dòng"):
        explain_cell(CellOf(query, ("~~",), "collected_vnd"), by=khanh, today=TODAY)


def test_a_value_of_another_subject_is_explained_by_that_subject(lan):
    query = question(filters=JUNE, values=("collected_vnd", "claims:visits"))
    row = next(row for row in ask(lan, query).rows if row.keys == ("00.01",))
    found = explain_cell(cell_in(query, row.keys, "claims:visits"), by=lan, today=TODAY)
    assert found.told.number == vi.number(row.values[1])
    assert found.question.subject == "claims"


def test_a_column_that_is_not_there_is_refused(khanh):
    with pytest.raises(Invalid, match="không còn trong bảng"):
        worked(khanh, question(filters=JUNE), (None,))
