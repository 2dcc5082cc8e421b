"""Each act changes the state and leaves one record; a refused one changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from dwh.delivery.analyses import services, share_services
from dwh.delivery.analyses.models import AnalysisShare, SavedAnalysis
from dwh.delivery.analyses.services import Document, Label
from dwh.delivery.analyses.tests.conftest import DOCUMENT, NOON, QUERY, REASON, by
from dwh.governance.sharing.rules import ShareState
from dwh.governance.sharing.share_services import Receiver
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("units")]
DANANG = "00.48-2025"


def actions():
    found = AuditRecord.objects.filter(action__startswith="analysis.").order_by("id")
    return list(found.values_list("action", flat=True))


def test_an_analysis_is_kept_changed_named_taken_out_and_brought_back(saved, lan):
    one = saved(folder="Thu", notes="Họp tháng")
    assert (one.subject, one.query["rows"], one.view["unit"]) == ("contributions", ["org.province"], "ty")
    services.overwrite_analysis(one.pk, Document(json.dumps(QUERY | {"columns": []})), by=by(lan))
    services.rename_analysis(one.pk, Label("Thu theo tỉnh"), by=by(lan))
    services.archive_analysis(one.pk, by=by(lan))
    with pytest.raises(NotFound):
        services.seen(one.pk, by(lan).who)
    services.restore_analysis(one.pk, by=by(lan))
    one.refresh_from_db()
    assert (one.name, one.folder, one.query["columns"], one.view["shown"]) == (
        "Thu theo tỉnh",
        "",
        [],
        "table",
    )
    names = ["saved", "changed", "renamed", "archived", "restored"]
    assert actions() == [f"analysis.{name}" for name in names]


@pytest.mark.parametrize(
    ("name", "query", "said"),
    [("x", QUERY, "Đặt tên phân tích"), ("Thu", QUERY | {"values": ["khong_co"]}, "không có chỉ tiêu"),
     ("Thu", QUERY | {"colour": 1}, "khóa lạ"), ("a" * 121, QUERY, "Đặt tên")],
)  # fmt: skip
def test_what_is_no_question_or_has_no_name_is_not_kept(lan, name, query, said):
    with pytest.raises(Invalid, match=said):
        services.save_analysis(Label(name), Document(json.dumps(query)), by=by(lan))
    assert (SavedAnalysis.objects.count(), actions()) == (0, [])


def test_two_of_one_name_are_refused_and_two_people_may_use_it(saved, nam):
    saved()
    with pytest.raises(Conflict, match="đã có phân tích tên"):
        saved()
    services.save_analysis(Label("Thu theo tỉnh và năm"), DOCUMENT, by=by(nam))
    assert SavedAnalysis.objects.count() == 2


def test_a_subject_one_may_not_ask_about_is_not_kept(khanh):
    claims = QUERY | {"subject": "claims", "values": ["visits"]}
    with pytest.raises(Denied):
        services.save_analysis(Label("Lượt khám"), Document(json.dumps(claims)), by=by(khanh))


def test_another_s_analysis_is_not_there_for_anybody_else(saved, ha, nam):
    one = saved()
    for who in (ha, nam):
        with pytest.raises(NotFound):
            services.seen(one.pk, by(who).who)
        with pytest.raises(NotFound):
            services.archive_analysis(one.pk, by=by(who))


def test_a_share_inside_the_unit_begins_at_once_for_its_people_and_group(saved, lan, ha, nam, minh):
    one = saved()
    share_services.share_analysis(one.pk, Receiver("00.01", "analyst"), by=by(lan))
    assert services.seen(one.pk, by(ha).who) == one
    for who in (nam, minh):  # another province; another group
        with pytest.raises(NotFound):
            services.seen(one.pk, by(who).who)
    with pytest.raises(NotFound):
        services.rename_analysis(one.pk, Label("Của Hà"), by=by(ha))
    assert actions()[-1] == "analysis.shared"


@pytest.mark.req("B-08")
def test_a_share_with_another_unit_begins_when_the_head_approved_it(saved, lan, nam, hoa):
    one = saved()
    share = share_services.share_analysis(one.pk, Receiver(DANANG, "analyst", REASON), by=by(lan))
    assert share.state == ShareState.WAITING
    with pytest.raises(NotFound):
        services.seen(one.pk, by(nam).who)
    share_services.approve_share(share.pk, "Đồng ý.", by=by(hoa, NOON + timedelta(hours=1)))
    assert services.seen(one.pk, by(nam).who) == one
    share.refresh_from_db()
    assert (share.decided_by, share.note) == (hoa.email, "Đồng ý.")
    assert actions()[-2:] == ["analysis.share_asked", "analysis.share_approved"]


def test_a_share_outside_without_a_reason_or_to_no_unit_is_refused(saved, lan):
    one = saved()
    for to, said in ((Receiver(DANANG), "phải có lý do"), (Receiver("00.99", "", REASON), "Chọn đơn vị"),
                     (Receiver("00.01", "bạn bè"), "Chọn nhóm")):  # fmt: skip
        with pytest.raises(Invalid, match=said):
            share_services.share_analysis(one.pk, to, by=by(lan))
    assert AnalysisShare.objects.count() == 0


def test_only_the_head_of_the_owner_s_unit_decides_with_a_reason_for_a_no(saved, lan, hoa, son, nam):
    one = saved()
    share = share_services.share_analysis(one.pk, Receiver(DANANG, "", REASON), by=by(lan))
    with pytest.raises(NotFound):
        share_services.approve_share(share.pk, by=by(son))  # head of another unit: it is not there
    with pytest.raises(Denied):
        share_services.approve_share(share.pk, by=by(lan))
    with pytest.raises(Invalid, match="lý do không duyệt"):
        share_services.refuse_share(share.pk, "Không", by=by(hoa))
    share_services.refuse_share(share.pk, "Chưa có kế hoạch phối hợp.", by=by(hoa))
    with pytest.raises(Conflict):
        share_services.approve_share(share.pk, by=by(hoa))
    with pytest.raises(NotFound):
        services.seen(one.pk, by(nam).who)


def test_another_question_under_an_approved_name_waits_for_the_head_again(saved, lan, nam, hoa):
    one = saved()
    share = share_services.share_analysis(one.pk, Receiver(DANANG, "", REASON), by=by(lan))
    share_services.approve_share(share.pk, by=by(hoa))
    services.overwrite_analysis(one.pk, Document(json.dumps(QUERY), '{"unit": "trieu"}'), by=by(lan))
    assert services.seen(one.pk, by(nam).who)  # the same question, shown otherwise
    services.overwrite_analysis(one.pk, Document(json.dumps(QUERY | {"columns": []})), by=by(lan))
    with pytest.raises(NotFound):
        services.seen(one.pk, by(nam).who)
    share.refresh_from_db()
    assert (share.state, share.decided_by) == (ShareState.WAITING, "")


def test_a_share_ends_for_the_receivers_and_can_be_made_again(saved, lan, ha):
    one = saved()
    share = share_services.share_analysis(one.pk, Receiver("00.01.501"), by=by(lan))
    with pytest.raises(Conflict, match="đã chia sẻ"):
        share_services.share_analysis(one.pk, Receiver("00.01.501"), by=by(lan))
    share_services.end_share(share.pk, by=by(lan))
    with pytest.raises(NotFound):
        services.seen(one.pk, by(ha).who)
    with pytest.raises(Conflict):
        share_services.end_share(share.pk, by=by(lan))
    share_services.share_analysis(one.pk, Receiver("00.01.501"), by=by(lan))
    assert services.seen(one.pk, by(ha).who)


def test_a_star_is_each_person_s_own(saved, lan, ha):
    one = saved()
    share_services.share_analysis(one.pk, Receiver("00.01"), by=by(lan))
    services.mark_favourite(one.pk, on=True, by=by(ha))
    services.mark_favourite(one.pk, on=True, by=by(ha))
    assert one.favourites.count() == 1
    services.mark_favourite(one.pk, on=False, by=by(ha))
    assert (one.favourites.count(), actions()[-1]) == (0, "analysis.unstarred")
