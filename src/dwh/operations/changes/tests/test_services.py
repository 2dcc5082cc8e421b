"""Every act changes the state, leaves a step and a record; a refused one changes nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound
from dwh.operations.changes import rules, services
from dwh.operations.changes.models import ChangeRequest, ChangeStep
from dwh.operations.changes.rules import Kind, State
from dwh.operations.changes.services import Assignment
from dwh.operations.changes.tests.conftest import ADDED, ELEMENT, NOON, TEXT, acting, assign, heed

REASON = "Chưa nêu căn cứ pháp lý."


def acts(request):
    return list(request.steps.values_list("act", "state"))


def actions():
    return list(
        AuditRecord.objects.filter(action__startswith="change.")
        .order_by("id")
        .values_list("action", flat=True)
    )


@pytest.mark.req("C-17")
def test_a_request_goes_from_the_unit_to_the_leader_to_the_it_centre_and_is_done(
    approved, khanh, son, dung, tuan
):
    request = assign(approved(), tuan)
    services.finish_request(request.pk, "Đã thêm cột và công bố.", by=acting(tuan))

    request.refresh_from_db()
    assert (request.state, request.assigned_to, request.ended_at) == (State.DONE, "Nguyễn Văn Bình", NOON)
    assert acts(request) == [
        ("open", "draft"), ("approve", "unit_approved"), ("approve", "leader_approved"), ("assign", "assigned"),
        ("finish", "done"),
    ]  # fmt: skip
    whose = list(request.steps.values_list("by", flat=True))
    assert whose == [one.email for one in (khanh, son, dung, tuan, tuan)]
    assert actions() == [
        "change.opened",
        "change.approved",
        "change.approved",
        "change.assigned",
        "change.done",
    ]


@pytest.mark.req("C-17")
def test_before_the_leader_approved_it_a_request_does_not_exist_for_the_it_centre(opened, son, dung, tuan):
    request = opened()
    for who in (son, dung):
        with pytest.raises(NotFound):
            services.seen_by(request.pk, acting(tuan).who)
        with pytest.raises(NotFound):
            assign(request, tuan)
        services.approve_request(request.pk, revision=1, by=acting(who))
    assert services.seen_by(request.pk, acting(tuan).who) == request


def test_the_query_and_the_rule_see_the_same(
    opened, approved, khanh, lan, ha, hoa, son, dung, tuan, minh, nam
):
    opened(), opened(by=lan), opened(by=ha), opened(by=minh), opened(by=nam), approved(), heed(ADDED)
    rejected = opened()
    services.approve_request(rejected.pk, revision=1, by=acting(son))
    services.reject_request(rejected.pk, REASON, revision=1, by=acting(dung))
    for account in (khanh, lan, ha, hoa, son, dung, tuan, minh, nam):
        who = acting(account).who
        seen = set(ChangeRequest.objects.visible_to(who))
        assert seen == {one for one in ChangeRequest.objects.all() if rules.sees(one, who)}, account.email
        waiting = set(ChangeRequest.objects.waiting_for(who))
        assert waiting == {one for one in ChangeRequest.objects.all() if rules.waits_for(one, who)}, (
            account.email
        )


@pytest.mark.req("C-17")
def test_nobody_decides_his_own_and_nobody_skips_the_unit(opened, khanh, son, dung, tuan):
    request = opened()
    with pytest.raises(Denied, match="tự duyệt"):
        services.approve_request(request.pk, revision=1, by=acting(khanh))
    with pytest.raises(NotFound):  # it has not come to the leader
        services.approve_request(request.pk, revision=1, by=acting(dung))
    services.approve_request(request.pk, revision=1, by=acting(son))
    with pytest.raises(Denied, match="đã duyệt yêu cầu này cho đơn vị"):
        services.approve_request(request.pk, revision=1, by=acting(son))
    with pytest.raises(Conflict, match="Chờ Lãnh đạo Ngành"):
        services.withdraw_request(request.pk, REASON, by=acting(khanh))
    assert acts(request) == [("open", "draft"), ("approve", "unit_approved")]
    for field in ("unit_approved_by", "leader_approved_by"):
        with pytest.raises(IntegrityError), transaction.atomic():
            ChangeRequest.objects.filter(pk=request.pk).update(**{field: khanh.email})
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeRequest.objects.filter(pk=request.pk).update(state=State.ASSIGNED)


@pytest.mark.req("C-17")
def test_each_approval_may_return_with_a_reason_and_both_are_asked_again(opened, khanh, son, dung, tuan):
    request = opened()
    services.approve_request(request.pk, revision=1, by=acting(son))
    with pytest.raises(Invalid, match="lý do"):
        services.return_request(request.pk, "chưa", revision=1, by=acting(dung))
    services.return_request(request.pk, REASON, revision=1, by=acting(dung))

    with pytest.raises(Conflict):
        services.approve_request(request.pk, revision=1, by=acting(son))
    mended = services.edit_request(
        request.pk, replace(TEXT, why="Theo Công văn 12/BHXH-BTHU."), by=acting(khanh)
    )
    assert (mended.state, mended.revision, mended.unit_approved_by) == (State.DRAFT, 2, "")
    with pytest.raises(Conflict, match="vừa được người lập sửa"):
        services.approve_request(request.pk, revision=1, by=acting(son))
    services.approve_request(request.pk, revision=2, by=acting(son))
    services.reject_request(request.pk, REASON, revision=2, by=acting(dung))
    request.refresh_from_db()
    assert (request.state, request.leader_approved_by) == (State.REJECTED, "")
    assert request.steps.get(act="return").note == REASON
    with pytest.raises(NotFound):
        services.seen_by(request.pk, acting(tuan).who)


def test_a_note_is_kept_without_what_no_database_keeps_and_not_endless(opened, son):
    request = opened()
    with pytest.raises(Invalid, match=r"2\.000 ký tự"):
        services.approve_request(request.pk, revision=1, note="x" * 2001, by=acting(son))
    services.approve_request(request.pk, revision=1, note=" Đồng\x00 ý. ", by=acting(son))
    assert request.steps.get(act="approve").note == "Đồng ý."


def test_a_draft_is_edited_and_withdrawn_by_its_author_only(opened, khanh, son):
    request = opened()
    with pytest.raises(Denied):
        services.edit_request(request.pk, TEXT, by=acting(son))
    services.edit_request(request.pk, replace(TEXT, title="Thêm cột lũy kế quý"), by=acting(khanh))
    services.withdraw_request(request.pk, "Đã có báo cáo khác thay thế.", by=acting(khanh))
    request.refresh_from_db()
    assert (request.state, request.title) == (State.WITHDRAWN, "Thêm cột lũy kế quý")
    facts = json.loads(AuditRecord.objects.get(action="change.edited").body)["facts"]
    assert (facts["before"]["title"], facts["after"]["title"]) == (TEXT.title, "Thêm cột lũy kế quý")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (replace(TEXT, kind="source"), "loai"), (replace(TEXT, title=" a "), "tieu_de"),
        (replace(TEXT, what=""), "noi_dung"), (replace(TEXT, why="vì"), "ly_do"),
        (replace(TEXT, wanted_by=NOON.date().replace(day=1)), "can_truoc"),
        (replace(ELEMENT, definition=""), "dinh_nghia"), (replace(ELEMENT, completeness="có"), "day_du"),
    ],
)  # fmt: skip
def test_what_is_missing_is_refused_by_name_and_leaves_nothing(opened, text, field):
    with pytest.raises(Invalid) as refused:
        opened(text)
    assert refused.value.facts["field"] == field
    assert not ChangeRequest.objects.exists()
    assert actions() == []


def test_the_it_centre_and_leaders_open_none(opened, tuan, son):
    for who in (tuan, son):
        with pytest.raises(Denied, match="Cán bộ nghiệp vụ"):
            opened(by=who)


@pytest.mark.req("C-20")
def test_a_new_data_element_has_definition_rule_and_the_proposers_unit_as_owner(opened, khanh):
    request = opened(ELEMENT)
    assert (request.kind, request.origin_unit, request.origin_name) == (
        Kind.ELEMENT,
        "00.BTHU",
        khanh.unit_name,
    )
    assert (request.definition, request.completeness) == (ELEMENT.definition, ELEMENT.completeness)
    assert request.state == State.DRAFT  # the same way as any request


def test_work_is_given_again_with_a_reason_and_closed_with_what_was_done(approved, tuan, khanh):
    request = approved()
    with pytest.raises(Conflict, match="Chờ giao việc"):
        services.finish_request(request.pk, "Đã làm xong rồi.", by=acting(tuan))
    over = NOON.date().replace(year=2025)
    for to, day, word in (
        ("", NOON.date(), "họ tên"),
        ("Bình", None, "hạn xong"),
        ("Bình", over, "hạn xong"),
    ):
        with pytest.raises(Invalid, match=word):
            services.assign_request(request.pk, Assignment(to, day), by=acting(tuan))
    assign(request, tuan)
    with pytest.raises(Invalid, match="lý do"):
        assign(request, tuan, "Trần Thị Cúc")
    with pytest.raises(Denied, match="Trung tâm CNTT"):
        services.finish_request(request.pk, "Đã làm xong rồi.", by=acting(khanh))
    with pytest.raises(Invalid, match="đã làm gì"):
        services.finish_request(request.pk, "xong", by=acting(tuan))
    assert ChangeStep.objects.filter(request=request, act="assign").count() == 1
