"""The field panel, the first table of a subject, and which fields cannot join."""

from __future__ import annotations

import pytest

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.tables import address
from dwh.delivery.analysis.compatibility import blocked_fields
from dwh.delivery.analysis.defaults import first_query
from dwh.delivery.analysis.fields import panel_of, subject_in
from dwh.kernel.errors import Invalid, NotFound

CATALOG = load_catalog()


def _subject(name):
    return subject_in(CATALOG.to_json(), name)


@pytest.mark.parametrize("name", sorted(CATALOG.subjects))
def test_every_measure_has_a_unit_and_a_kind_and_every_dimension_its_levels(name):
    panel = panel_of(_subject(name))
    assert all(one.unit and one.glyph in {"Σ", "%", "heads"} for one in panel.measures)
    assert all(one.levels and one.default for one in panel.dimensions)


@pytest.mark.parametrize("name", sorted(CATALOG.subjects))
def test_the_first_table_of_every_subject_can_be_asked(name):
    query = Query.from_json(first_query(_subject(name)))
    assert (query.rows, query.columns, len(query.values)) == (("org.province",), ("month.year",), 3)


def test_the_first_table_leaves_out_what_the_person_may_not_use():
    subject = _subject("contributions")
    subject["measures"] = [one for one in subject["measures"] if one["name"] != "participants"]
    assert first_query(subject)["values"] == ["collected_vnd", "collection_rate"]


def test_a_subject_outside_the_person_s_rights_is_not_found():
    with pytest.raises(NotFound, match="Không có chủ đề"):
        subject_in({"subjects": []}, "claims")


def test_a_level_the_stock_does_not_have_is_blocked_and_says_why():
    blocked = blocked_fields(Query("contributions", values=("participants_end",)), CATALOG)
    why = "«Số người tham gia cuối kỳ» không có chiều này"
    assert blocked == dict.fromkeys(("fund.component", "arrears_age.arrears_age"), why)


def test_a_measure_that_cannot_be_cut_by_the_dimension_is_blocked_and_says_why():
    blocked = blocked_fields(Query("contributions", rows=("fund.component",), values=("due_vnd",)), CATALOG)
    assert blocked["participants_end"] == "không tách được theo «Quỹ thành phần»"
    assert "collected_vnd" not in blocked


def test_a_level_another_subject_of_the_table_does_not_share_is_blocked_and_says_why():
    query = Query("contributions", rows=("org.province",), values=("collected_vnd", "claims:hi_paid_vnd"))
    blocked = blocked_fields(query, CATALOG)
    assert blocked["fund.component"].startswith("chủ đề «Khám bệnh, chữa bệnh")
    assert not {"org.province", "org.office", "month.year", "due_vnd"} & blocked.keys()


def test_a_question_survives_its_address():
    document = first_query(_subject("claims"))
    assert Query.from_text(address.decode(address.encode(document))).to_json() == document


@pytest.mark.parametrize("text", ["%%%", "e30=e30=x", "_w"])
def test_a_link_copied_in_part_is_refused_in_one_sentence(text):
    with pytest.raises(Invalid, match="Liên kết phân tích bị hỏng"):
        address.decode(text)
