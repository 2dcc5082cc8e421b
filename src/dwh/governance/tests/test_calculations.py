"""Calculations and several subjects through the gate: one record, every right, no figure of another unit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dwh.datapath.semantic.query import Query
from dwh.governance.tests.asking import ask, in_unit, question
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Denied
from dwh.kernel.vi import rounded
from tests.units_fixture import DN, SUCCESSOR
from tests.warehouse_fixture import CLAIMS, LINES

pytestmark = pytest.mark.usefixtures("release")

JUNE = [{"field": "month", "op": "in", "values": ["2025-06"]}]
GROWTH = {"name": "c1", "kind": "growth", "of": "collected_vnd", "base": "previous"}


def compared(kind="nation", of="collected_vnd", **more):
    return question(
        filters=more.pop("filters", JUNE), calculations=[{"name": "c1", "kind": kind, "of": of}], **more
    )


def column(answer, name="c1"):
    place = [one.name for one in answer.values].index(name)
    return {row.keys: row.values[place] for row in answer.rows}


def why(answer, name="c1"):
    place = [one.name for one in answer.values].index(name)
    return {row.keys: row.reasons[place] for row in answer.rows if row.reasons}


def paid(*months, home=""):
    return sum(x[8] for x in LINES if x[4] in months and SUCCESSOR[x[5]].startswith(home))


def test_growth_is_inside_the_area_of_the_person(lan):
    answer = ask(lan, question(filters=JUNE, calculations=[GROWTH]))
    now, before = paid("2025-06", home="00.01"), paid("2025-05", home="00.01")
    assert (
        column(answer)["00.01",]
        == column(answer)[None,]
        == rounded(Decimal(100 * (now - before)) / before, 2)
    )


def test_one_record_holds_the_whole_question(lan):
    before = AuditRecord.objects.count()
    query = question(filters=JUNE, values=("collected_vnd", "claims:visits"), calculations=[GROWTH])
    ask(lan, query)
    assert AuditRecord.objects.count() == before + 1
    facts = AuditRecord.objects.order_by("-id")[0].facts
    assert Query.from_json(facts["query"]) == query
    assert (facts["scope"], facts["scopes"]) == (["00.01"], ["claims:00.01"])


def test_two_subjects_each_inside_its_own_area(lan):
    answer = ask(lan, question(filters=JUNE, values=("collected_vnd", "claims:hi_paid_vnd")))
    mine = sum(x[14] for x in CLAIMS if x[1] == "2025-06" and x[2].startswith("00.01."))
    assert column(answer, "claims:hi_paid_vnd")["00.01",] == mine
    assert set(column(answer, "collected_vnd")) == {("00.01",), (None,)}


def test_a_subject_the_person_was_not_given_refuses_the_whole_question(khanh):
    assert ask(khanh, question(filters=JUNE, calculations=[GROWTH])).rows
    with pytest.raises(Denied, match="chưa được giao chủ đề «Khám bệnh, chữa bệnh BHYT»"):
        ask(khanh, question(filters=JUNE, values=("collected_vnd", "claims:visits")))


def test_a_comparison_with_the_nation_needs_three_provinces_behind_it(lan):
    answer = ask(lan, compared())
    assert column(answer)["00.01",] == paid("2025-06")  # Hà Nội, Đà Nẵng, Quảng Nam of June
    assert any("từ 3 tỉnh trở lên" in note for note in answer.notes)
    july = ask(lan, compared(filters=[{"field": "month", "op": "in", "values": ["2025-07"]}]))
    assert column(july)["00.01",] is None  # two provinces since the reform
    assert why(july)["00.01",] == "Dưới 3 tỉnh đứng sau con số này nên không hiện"


def test_a_region_of_one_province_is_not_shown(lan):
    assert column(ask(lan, compared("region")))["00.01",] is None


def test_a_ratio_is_hidden_with_its_parts(lan):
    rate = ask(lan, compared(of="collection_rate", values=("collection_rate",)))
    due = sum(x[7] for x in LINES if x[4] == "2025-06")
    assert column(rate)["00.01",] == rounded(Decimal(100 * paid("2025-06")) / due, 2)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (compared(of="participants", values=("participants",)), "«Số người tham gia» chưa được khai báo"),
        (compared(rows=("org.office",)), "không so sánh được theo «BHXH cơ sở»"),
        (compared(rows=("employer",)), "không so sánh được theo «Đơn vị sử dụng lao động»"),
        (compared(rows=("employer.sector",)), "không so sánh được theo «Khối, loại hình»"),
        (compared(rows=("participant.sex",)), "không so sánh được theo «Giới tính»"),
        (
            compared(filters=[*JUNE, {"field": "employer", "op": "not_in", "values": ["TA0001A"]}]),
            "không so sánh được theo «Đơn vị sử dụng lao động»",
        ),
    ],
)
def test_what_is_not_declared_is_refused_and_on_record(lan, query, says):
    with pytest.raises(Denied, match="Hãy bỏ phép tính so sánh") as refusal:
        ask(lan, query)
    assert says in refusal.value.message_vi
    assert AuditRecord.objects.order_by("-id")[0].action == "data.refused"


def test_naming_a_unit_outside_is_refused_as_ever(lan):
    with pytest.raises(Denied, match="không có quyền xem số liệu"):
        ask(lan, compared(filters=[*JUNE, *in_unit(DN)]))


@pytest.mark.parametrize("kind", ["nation", "region", "peers"])
@pytest.mark.parametrize("rows", [("org.province",), ("fund",), ("org.region", "org.province"), ()])
@pytest.mark.parametrize("month", ["2025-05", "2025-06", "2025-07"])
def test_no_answer_holds_a_figure_of_another_province(lan, kind, rows, month):
    """Every number of the answer is Hà Nội's own, or a sum at least three provinces stand behind."""
    answer = ask(lan, compared(kind, rows=rows, columns=["fund"] if "fund" not in rows else []))
    theirs = {
        sum(x[8] for x in LINES if x[4] == month and x[5].startswith(home) and fund in (None, x[3]))
        for home in ("00.48.", "00.49.", "00.48-2025.")
        for fund in ("si", "hi", "ui", None)
    } - {0}
    assert not theirs & {value for row in answer.rows for value in row.values}
    assert not {"00.48", "00.49", "00.48-2025", "V03"} & {key for row in answer.rows for key in row.keys}


def test_who_holds_the_nation_compares_as_he_likes(tuan):
    answer = ask(tuan, compared("region", rows=("org.office",), of="participants", values=("participants",)))
    assert column(answer)["00.48.490",] == len(
        {x[0] for x in LINES if x[4] == "2025-06" and not x[5].startswith("00.01.")}
    )
