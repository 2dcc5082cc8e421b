"""Giving and taking rights. Minh administers Hà Nội, Tuấn the whole system; Hoa is new in Hà Nội."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from dwh.governance.access import services
from dwh.governance.access.models import AccessGrant
from dwh.governance.access.services import Terms
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound
from dwh.kernel.org.scope import OrgScope
from tests.personas import TODAY, hire

PAPER = Terms("analyst", "00.01", document_no="15/BHXH-CNTT", decided_by="Giám đốc BHXH thành phố Hà Nội")
TOMORROW = TODAY + timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hoa():
    return hire("hoa.nt@vss.gov.vn", "Nguyễn Thị Hoa", "00.01", "BHXH thành phố Hà Nội", "NV00000021")


def granted() -> int:
    return AuditRecord.objects.filter(action="access.granted").count()


@pytest.mark.req("A-07")
@pytest.mark.law("QC-DWH 3.4c")
@pytest.mark.law("QĐ-2366 7.1")
def test_the_right_holds_over_the_unit_and_everything_below_it(hoa, minh):
    services.grant(hoa, PAPER, by=minh.as_actor(), today=TODAY)
    scope = services.scope_for(hoa, "data:ask", TODAY)
    assert scope == OrgScope(frozenset({"00.01"}))
    assert scope.covers("00.01.501")
    assert not scope.covers("00.48-2025")
    assert not services.permissions_of(hoa, TODAY) & {"sync:run", "sync:view", "log:view", "access:manage"}


def test_one_record_tells_by_which_paper_and_whose_decision(hoa, minh):
    given = services.grant(hoa, PAPER, by=minh.as_actor(), today=TODAY)
    entry = AuditRecord.objects.get(action="access.granted", actor_email=minh.email)
    assert (entry.object, entry.org_code) == (f"accessgrant:{given.pk}", "00.01")
    assert (entry.facts["letter"], entry.facts["decided_by"]) == (PAPER.document_no, PAPER.decided_by)
    assert (entry.facts["account"], entry.facts["group"]) == (hoa.email, "analyst")


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        (replace(PAPER, document_no=" "), "Chưa ghi số văn bản"),
        (replace(PAPER, group="boss"), "Không có nhóm"),
        (replace(PAPER, subjects=()), "Chưa chọn chủ đề"),
        (replace(PAPER, valid_until=TODAY), "Ngày hết hiệu lực phải sau"),
        (replace(PAPER, valid_from=TOMORROW, valid_until=TODAY), "Ngày hết hiệu lực phải sau"),
    ],
)
def test_a_decision_that_is_not_whole_is_refused(hoa, clerk, terms, sentence):
    before = granted()
    with pytest.raises(Invalid, match=sentence):
        services.grant(hoa, terms, by=clerk, today=TODAY)
    assert not hoa.grants.exists()
    assert granted() == before


@pytest.mark.law("QC-DWH 7.4")
@pytest.mark.parametrize("group", ["analyst", "central_admin"])
def test_nobody_grants_to_himself(tuan, group):
    before = granted()
    with pytest.raises(Denied, match="tự cấp quyền"):
        services.grant(tuan, replace(PAPER, group=group, org_code="00"), by=tuan.as_actor(), today=TODAY)
    assert tuan.grants.count() == 1
    assert granted() == before


def test_the_database_itself_refuses_a_right_to_oneself_or_without_a_paper(hoa):
    fields = {
        "account": hoa,
        "group": "analyst",
        "org_code": "00.01",
        "unit_code": "00.01",
        "valid_from": TODAY,
    }
    for wrong in ({"granted_by": hoa, "document_no": "1"}, {"document_no": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessGrant.objects.create(**fields, **wrong)


@pytest.mark.req("A-05")
@pytest.mark.law("QC-DWH 3.4a")
@pytest.mark.law("QC-DWH 7.4")
def test_only_the_it_centre_has_central_administrators(hoa, tuan):
    with pytest.raises(Denied, match="chỉ dành cho người của đơn vị CNTT"):
        services.grant(
            hoa, replace(PAPER, group="central_admin", org_code="00"), by=tuan.as_actor(), today=TODAY
        )
    assert not hoa.grants.exists()


@pytest.mark.req("A-06")
@pytest.mark.law("QC-DWH 3.4b")
@pytest.mark.parametrize(
    ("unit", "org"), [("00.01", "00.01"), ("00.48-2025.CNTT", "00.01"), ("00.01.CNTT", "00.01.501")]
)
def test_only_a_province_s_it_office_has_its_administrators(tuan, unit, org):
    person = hire("q@vss.gov.vn", "Quân", unit, "Đơn vị", "NV77")
    with pytest.raises(Denied, match="chỉ dành cho người của đơn vị CNTT"):
        services.grant(
            person, replace(PAPER, group="province_admin", org_code=org), by=tuan.as_actor(), today=TODAY
        )
    assert not person.grants.exists()


@pytest.mark.req("A-05", "A-06")
@pytest.mark.parametrize(("group", "org"), [("central_admin", "00"), ("province_admin", "00.01")])
def test_the_database_itself_refuses_an_administrator_from_elsewhere(hoa, group, org):
    fields = {"account": hoa, "group": group, "org_code": org, "unit_code": "00.01", "document_no": "1"}
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessGrant.objects.create(**fields, valid_from=TODAY)


@pytest.mark.req("Q-05")
def test_an_administrator_is_one_of_the_sector_assigned_by_a_paper_of_his_leader(tuan):
    ngoc = hire("ngoc.pt@vss.gov.vn", "Phạm Thị Ngọc", "00.CNTT", "Trung tâm CNTT", "NV00000031")
    paper = Terms("central_admin", "00", document_no="7/QĐ-CNTT", decided_by="Giám đốc Trung tâm CNTT")
    for nameless in (replace(paper, document_no=""), replace(paper, decided_by=" ")):
        with pytest.raises(Invalid):
            services.grant(ngoc, nameless, by=tuan.as_actor(), today=TODAY)

    given = services.grant(ngoc, paper, by=tuan.as_actor(), today=TODAY)

    kept = (given.document_no, given.decided_by, given.unit_code, given.valid_from)
    assert kept == ("7/QĐ-CNTT", "Giám đốc Trung tâm CNTT", "00.CNTT", TODAY)
    with pytest.raises(Invalid, match="hộp thư"):
        hire("ngoc@congty.example", "Người ngoài", "00.CNTT", "Trung tâm CNTT", "NV00000032")


@pytest.mark.req("A-06")
@pytest.mark.law("QC-DWH 13.1")
def test_a_province_administrator_grants_in_his_province_only_and_no_administrators(minh, hoa, nam):
    with pytest.raises(Denied, match="không quản trị đơn vị này"):
        services.grant(nam, replace(PAPER, org_code="00.48-2025.501"), by=minh.as_actor(), today=TODAY)
    other = hire("c@vss.gov.vn", "Chi", "00.01.CNTT", "Phòng CNTT", "NV78")
    with pytest.raises(Denied, match="không quản trị đơn vị này"):
        services.grant(other, replace(PAPER, group="province_admin"), by=minh.as_actor(), today=TODAY)
    assert nam.grants.count() == 1
    assert not other.grants.exists()


def test_an_analyst_grants_nothing(lan, hoa):
    with pytest.raises(Denied):
        services.grant(hoa, PAPER, by=lan.as_actor(), today=TODAY)


def test_the_same_right_twice_is_refused(lan, clerk):
    with pytest.raises(Conflict, match="đang có đúng quyền ấy"):
        services.grant(lan, PAPER, by=clerk, today=TODAY)
    assert lan.grants.count() == 1


def test_a_closed_account_gets_no_right(hoa, clerk):
    services.close_account(hoa.pk, reason="thôi việc", by=clerk, today=TODAY)
    with pytest.raises(Conflict, match="đã đóng"):
        services.grant(hoa, PAPER, by=clerk, today=TODAY)


def test_a_right_holds_from_its_first_day_to_the_day_before_its_last(hoa, clerk):
    services.grant(hoa, replace(PAPER, valid_from=TODAY, valid_until=TOMORROW), by=clerk, today=TODAY)
    holds = {day: bool(services.permissions_of(hoa, day)) for day in (date(2026, 11, 22), TODAY, TOMORROW)}
    assert list(holds.values()) == [False, True, False]


def test_rights_over_several_units_add_up_and_each_keeps_to_its_subjects(hoa, clerk):
    services.grant(hoa, replace(PAPER, org_code="00.01.501", subjects=("claims",)), by=clerk, today=TODAY)
    services.grant(
        hoa, replace(PAPER, org_code="00.48-2025", subjects=("contributions",)), by=clerk, today=TODAY
    )
    for subject, area in (("claims", "00.01.501"), ("contributions", "00.48-2025")):
        assert services.scope_for(hoa, "data:ask", TODAY, subject).codes == {area}
    assert services.scope_for(hoa, "data:ask", TODAY).codes == {"00.01.501", "00.48-2025"}
    assert services.subjects_for(hoa, "data:ask", TODAY) == {"claims", "contributions"}
    assert services.scope_for(hoa, "sync:run", TODAY).is_empty


@pytest.mark.law("QC-DWH 16")
def test_a_revoked_right_is_gone_at_once_and_on_record(lan, minh):
    held = lan.grants.get()
    services.revoke(held.pk, document_no="20/BHXH-CNTT", by=minh.as_actor(), today=TODAY)
    assert services.permissions_of(lan, TODAY) == frozenset()
    entry = AuditRecord.objects.get(action="access.revoked")
    assert (entry.actor_email, entry.facts["letter"]) == (minh.email, "20/BHXH-CNTT")


def test_a_refused_revocation_changes_nothing(lan, nam, minh, clerk):
    held, other = lan.grants.get(), nam.grants.get()
    refused = [
        (Denied, other.pk, "1", minh.as_actor()),
        (Denied, held.pk, "1", lan.as_actor()),
        (Invalid, held.pk, " ", clerk),
        (NotFound, 0, "1", clerk),
    ]
    for error, pk, paper, by in refused:
        with pytest.raises(error):
            services.revoke(pk, document_no=paper, by=by, today=TODAY)
    assert services.permissions_of(lan, TODAY)
    assert services.permissions_of(nam, TODAY)
    assert not AuditRecord.objects.filter(action="access.revoked").exists()


def test_a_right_that_ended_is_not_revoked_again(lan, clerk):
    held = lan.grants.get()
    services.revoke(held.pk, document_no="1", by=clerk, today=TODAY)
    with pytest.raises(Conflict, match="đã hết hiệu lực"):
        services.revoke(held.pk, document_no="1", by=clerk, today=TODAY)


def test_a_right_that_has_not_begun_never_begins_when_revoked(hoa, clerk):
    given = services.grant(hoa, replace(PAPER, valid_from=TOMORROW), by=clerk, today=TODAY)
    services.revoke(given.pk, document_no="1", by=clerk, today=TODAY)
    assert services.permissions_of(hoa, TOMORROW) == frozenset()
