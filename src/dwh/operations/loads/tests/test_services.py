"""Planned loads: prepared by one, approved by another, landed once, every step and every refusal on record."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from dwh.datapath.sources.files.tests.claims import claim, written
from dwh.datapath.sources.manual.tests.exports import live
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, DamagedFile, Denied, Invalid, NotFound
from dwh.operations.loads import rules, services
from dwh.operations.loads.models import PlannedLoad
from dwh.operations.loads.rules import LoadState
from dwh.operations.loads.services import Plan
from dwh.operations.loads.tests.conftest import PLAN

pytestmark = pytest.mark.django_db


@pytest.fixture
def prepared(file, huong, area, noon, acting):
    return services.prepare_load(file, PLAN, by=huong, actor=acting(huong), into=area, now=noon)


def recorded(action: str):
    return AuditRecord.objects.filter(action=action)


@pytest.mark.req("C-18")
@pytest.mark.law("QĐ-2366 5.1")
def test_a_load_has_a_plan_a_file_hash_and_an_approver(prepared, tuan, area, noon, acting):
    load, report = services.approve_load(prepared.pk, by=tuan, actor=acting(tuan), into=area, now=noon)
    assert (load.plan, len(load.sha256), load.prepared_by, load.decided_by) == (
        PLAN.number, 64, "huong.dt@vss.gov.vn", tuan.email,
    )  # fmt: skip
    assert (load.state, load.landed) == (LoadState.LOADED, 64)
    assert report.entry.facts["approved_by"] == tuan.email
    assert {row["ma_ke_hoach"] for row in live(area, "gs_b02").values()} == {PLAN.number}
    [entry] = recorded("load.approved")
    assert load.sha256 in str(entry.body)


def test_nothing_lands_before_it_is_approved(prepared, area):
    assert live(area, "gs_b02") == {}
    assert prepared.preview["rows"] == {"nation": 1, "province": 63}
    assert recorded("load.prepared").count() == 1


def test_who_prepared_a_load_never_decides_about_it(file, tuan, area, noon, acting):
    load = services.prepare_load(file, PLAN, by=tuan, actor=acting(tuan), into=area, now=noon)
    for decide in (services.approve_load, services.decline_load):
        options = {"into": area} if decide is services.approve_load else {"reason": "Không đúng kỳ báo cáo"}
        with pytest.raises(Denied, match="không tự duyệt"):
            decide(load.pk, by=tuan, actor=acting(tuan), now=noon, **options)
    load.refresh_from_db()
    assert load.state == LoadState.PREPARED
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedLoad.objects.filter(pk=load.pk).update(decided_by=tuan.email)


def test_an_analyst_prepares_and_does_not_approve(prepared, huong, lan, file, area, noon, acting):
    with pytest.raises(Denied):
        services.approve_load(prepared.pk, by=huong, actor=acting(huong), into=area, now=noon)
    with pytest.raises(Denied):  # of one province only
        services.prepare_load(file, PLAN, by=lan, actor=acting(lan), into=area, now=noon)


def test_a_declined_load_lands_nothing_and_says_why(prepared, tuan, area, noon, acting):
    with pytest.raises(Invalid):
        services.decline_load(prepared.pk, by=tuan, actor=acting(tuan), reason="sai", now=noon)
    reason = "Sai kỳ, đề nghị xuất lại"
    load = services.decline_load(prepared.pk, by=tuan, actor=acting(tuan), reason=reason, now=noon)
    assert (load.state, load.reason) == (LoadState.DECLINED, reason)
    with pytest.raises(Conflict):
        services.approve_load(prepared.pk, by=tuan, actor=acting(tuan), into=area, now=noon)
    assert live(area, "gs_b02") == {}


def test_one_file_waits_once_and_lands_once(prepared, file, huong, tuan, area, noon, acting):
    with pytest.raises(Conflict, match="đang chờ duyệt"):
        services.prepare_load(file, PLAN, by=huong, actor=acting(huong), into=area, now=noon)
    services.approve_load(prepared.pk, by=tuan, actor=acting(tuan), into=area, now=noon)
    with pytest.raises(Conflict, match="không có gì để nạp thêm"):
        services.prepare_load(file, PLAN, by=huong, actor=acting(huong), into=area, now=noon)


def test_the_file_as_it_was_kept_is_loaded_not_what_lies_there_now(prepared, file, tuan, area, noon, acting):
    file.unlink()
    assert (
        services.approve_load(prepared.pk, by=tuan, actor=acting(tuan), into=area, now=noon)[1].landed == 64
    )


def test_a_kept_file_that_was_altered_is_not_loaded(prepared, tuan, area, noon, acting):
    kept = area.landing / "manual" / "kept" / prepared.kept
    kept.write_bytes(kept.read_bytes() + b"x")
    with pytest.raises(DamagedFile):
        services.approve_load(prepared.pk, by=tuan, actor=acting(tuan), into=area, now=noon)
    assert live(area, "gs_b02") == {}


@pytest.mark.parametrize("plan", ["", "kế hoạch", "A", "1234/KH-BHXH\n", "x" * 80, "12 34"])
def test_a_plan_needs_a_number(file, huong, area, noon, acting, plan):
    assert not rules.is_plan(plan)
    with pytest.raises(Invalid):
        services.prepare_load(file, Plan(plan), by=huong, actor=acting(huong), into=area, now=noon)


def test_a_load_that_does_not_exist_is_not_found(tuan, area, noon, acting):
    with pytest.raises(NotFound):
        services.approve_load(999, by=tuan, actor=acting(tuan), into=area, now=noon)


def test_a_claim_file_is_on_record_with_its_hash(tmp_path, area, noon, clerk):
    report = services.load_claims(written(tmp_path, claim(1), claim(2)), into=area, by=clerk, now=noon)
    [entry] = recorded("claims.file_loaded")
    assert report.entry.sha256 in str(entry.body)
    again = services.load_claims(written(tmp_path, claim(1), claim(2)), into=area, by=clerk, now=noon)
    assert again.is_repeat
