"""Who sees what through the gate. Hà Nội is unchanged by the reform; new Đà Nẵng took over old Quảng Nam."""

from __future__ import annotations

import pytest

from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.members import Choice
from dwh.governance import gate
from dwh.governance.access.models import AccessGrant
from dwh.governance.access.rules import PERMISSIONS
from dwh.governance.tests.asking import ask, collected, in_unit, parts_of, question, total_of
from dwh.kernel.errors import Denied, Invalid, NotFound
from tests.personas import TODAY, give, hire
from tests.units_fixture import DN, DN_OLD, HN, QN_OLD

pytestmark = pytest.mark.usefixtures("release")


@pytest.mark.req("B-01", "B-02")
@pytest.mark.law("QĐ-2366 5.3.1")
@pytest.mark.law("QĐ-3582 II.4.1¶4")
@pytest.mark.law("QĐ-2366 5.3.3")
def test_each_sees_the_sum_of_his_own_area(lan, nam, khanh):
    assert total_of(ask(lan)) == collected(HN)
    assert total_of(ask(nam)) == collected(DN)
    assert total_of(ask(khanh)) == collected("00") == collected(HN) + collected(DN)


@pytest.mark.req("B-02")
@pytest.mark.law("QC-DWH 7.2")
@pytest.mark.parametrize(
    "rows", [("org.province",), ("org.province", "org.office"), ("employer.employer",), ()]
)
@pytest.mark.parametrize("basis", ["as_was", "as_is"])
def test_another_province_is_not_in_the_answer(nam, khanh, rows, basis):
    answer = ask(nam, question(rows=rows, org_basis=basis))
    assert not [key for row in answer.rows for key in row.keys if key and key.startswith(HN)]
    assert not [
        text for row in answer.rows for text in row.labels if text and ("Hà Nội" in text or "Hồng" in text)
    ]
    assert total_of(answer) == collected(DN) < total_of(ask(khanh))


@pytest.mark.law("QĐ-2366 5.3.2")
def test_an_office_sees_itself_and_what_was_merged_into_it(ha):
    assert total_of(ask(ha)) == collected("00.01.501")
    assert total_of(ask(ha, question(filters=in_unit("00.01.001", field="org.office")))) > 0


@pytest.mark.req("B-02")
@pytest.mark.parametrize("op", ["in", "not_in", "eq"])
@pytest.mark.parametrize("code", [DN, DN_OLD, "00", "00.99"])
def test_naming_a_unit_outside_ones_area_is_refused(lan, code, op):
    with pytest.raises(Denied, match="không có quyền xem số liệu của"):
        ask(lan, question(filters=in_unit(code, op=op)))


def test_the_refusal_names_the_unit_as_people_call_it(lan):
    with pytest.raises(Denied, match="BHXH thành phố Đà Nẵng"):
        ask(lan, question(filters=in_unit(DN)))


def test_a_province_that_was_merged_into_ones_own_may_be_named(nam):
    old = sum(total_of(ask(nam, question(filters=in_unit(code)))) for code in (DN_OLD, QN_OLD))
    assert old + total_of(ask(nam, question(filters=in_unit(DN)))) == collected(DN)


@pytest.mark.req("B-01")
def test_a_subject_that_was_not_given_is_refused(khanh, nam):
    claims = question(rows=("org.province",), values=("visits",), subject="claims")
    with pytest.raises(Denied, match="chưa được giao chủ đề"):
        ask(khanh, claims)
    assert ask(nam, claims).rows


@pytest.mark.req("B-01", "A-07")
@pytest.mark.law("QĐ-2366 5.2")
@pytest.mark.parametrize(
    "permission", ["data:ask", "data:export", "report:run", "dashboard:view", "sync:run"]
)
@pytest.mark.parametrize("who", ["lan", "minh", "tuan", "dung"])
def test_every_permission_is_asked_for(request, who, permission):
    account = request.getfixturevalue(who)
    group = account.grants.get().group
    if permission in PERMISSIONS[group]:
        assert ask(account, permission=permission).rows
    else:
        with pytest.raises(Denied, match="chưa có quyền"):
            ask(account, permission=permission)


def test_an_account_without_a_right_today_sees_nothing(lan):
    AccessGrant.objects.update(valid_until=TODAY)
    with pytest.raises(Denied):
        ask(lan)


def test_a_right_over_a_unit_without_rows_sees_nothing():
    stranger = hire("x.y@vss.gov.vn", "Người lạ", "00.79", "BHXH TP. Hồ Chí Minh", "NV1")
    give(stranger, "analyst", "00.79")
    assert parts_of(ask(stranger)) == {}


def test_the_answer_says_whose_area_it_is(lan, khanh):
    assert "Số liệu trong phạm vi: BHXH thành phố Hà Nội." in ask(lan).notes
    assert not [note for note in ask(khanh).notes if "phạm vi" in note]


def test_a_period_without_data_yet_is_refused(khanh):
    with pytest.raises(Invalid, match="tương lai"):
        ask(khanh, question(filters=[{"field": "month", "op": "in", "values": ["2025-09"]}]))


def test_before_the_first_release_one_is_told_what_to_do(khanh, settings, tmp_path):
    (settings.DATAPATH.releases / "current").unlink()
    with pytest.raises(NotFound, match="dwh run"):
        ask(khanh)


def test_the_catalogue_shows_only_the_subjects_that_were_given(khanh, lan, dung):
    def names(who):
        return [subject["name"] for subject in gate.fields_for(by=who, today=TODAY)["subjects"]]

    assert (names(khanh), names(lan), names(dung)) == (["contributions"], list(load_catalog().subjects), [])


def test_members_are_those_of_ones_area(nam, dung):
    def names(who):
        return {one.key for one in gate.members(Choice("contributions", "org.province"), by=who, today=TODAY)}

    assert names(nam) == {DN, DN_OLD, QN_OLD}
    assert names(dung) == {HN, DN, DN_OLD, QN_OLD}


def test_filters_are_called_by_their_names(nam):
    query = question(filters=[*in_unit(DN), {"field": "month.year", "op": "in", "values": ["2025"]}])
    labels = gate.filter_labels(query, by=nam, today=TODAY)
    assert list(labels) == [("org.province", DN)]
    assert "Đà Nẵng" in labels["org.province", DN]
