"""A published release goes only under a decision on record, and both the refusal and the removal are on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dwh.datapath.retention.removal import Kept
from dwh.datapath.warehouse.release import published_names
from dwh.kernel.audit.models import AuditRecord, Kind
from dwh.kernel.errors import Conflict, Invalid, NotFound
from dwh.operations.retention import services
from dwh.operations.retention.models import RemovalDecision
from dwh.operations.retention.tests.conftest import NEW, NOON, OLD


def decided(paper, tuan, today, **changes):
    return services.record_decision(replace(paper, **changes), by=tuan.as_actor(), today=today, now=NOON)


def removed(nation, tuan, release=OLD):
    return services.remove_release(release, settings=nation, by=tuan.as_actor(), now=NOON)


@pytest.mark.req("B-21")
@pytest.mark.law("QĐ-2366 4.2.3")
def test_without_a_decision_the_deletion_is_blocked_and_the_refusal_is_on_record(nation, tuan):
    with pytest.raises(Kept, match="lưu lâu dài"):
        removed(nation, tuan)
    assert published_names(nation) == [OLD, NEW]
    told = AuditRecord.objects.get(action="retention.kept")
    assert (told.kind, told.actor_email, told.object) == (Kind.DENIED, tuan.email, f"release:{OLD}")


@pytest.mark.req("B-21")
@pytest.mark.law("QĐ-2366 4.2.3")
def test_with_an_approved_decision_it_goes_on_and_who_by_which_paper_and_why_is_on_record(
    nation, paper, tuan, today
):
    decision = decided(paper, tuan, today)
    done = removed(nation, tuan)
    assert (done.release, published_names(nation)) == (OLD, [NEW])
    decision.refresh_from_db()
    assert (decision.used_by, decision.used_at, decision.state) == (tuan.email, NOON, "đã thực hiện")
    told = AuditRecord.objects.get(action="release.removed").facts
    assert (told["document_no"], told["decided_by"], told["reason"]) == (
        paper.document_no,
        paper.decided_by,
        paper.reason,
    )


def test_a_decision_is_for_one_release_and_for_once(nation, paper, tuan, today):
    decided(paper, tuan, today, release_id="2026-11-21.1")
    with pytest.raises(Kept):
        removed(nation, tuan)
    decided(paper, tuan, today)
    removed(nation, tuan)
    with pytest.raises(Kept):
        removed(nation, tuan)


def test_a_refused_removal_leaves_the_decision_unused(nation, paper, tuan, today):
    decision = decided(paper, tuan, today, release_id=NEW)
    with pytest.raises(Conflict, match="đang dùng"):
        removed(nation, tuan, NEW)
    decision.refresh_from_db()
    assert decision.used_at is None
    assert not AuditRecord.objects.filter(action="release.removed").exists()


def test_a_decision_taken_back_permits_nothing(nation, paper, tuan, today):
    decision = decided(paper, tuan, today)
    with pytest.raises(Conflict, match="chưa thực hiện"):
        decided(paper, tuan, today)
    services.withdraw_decision(decision.pk, by=tuan.as_actor(), now=NOON)
    with pytest.raises(Kept):
        removed(nation, tuan)
    with pytest.raises(Conflict):
        services.withdraw_decision(decision.pk, by=tuan.as_actor(), now=NOON)
    with pytest.raises(NotFound):
        services.withdraw_decision(0, by=tuan.as_actor(), now=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"release_id": "bản cũ"}, "mã bản công bố"), ({"decided_by": "A"}, "người quyết định"),
        ({"document_no": "15"}, "số văn bản"), ({"decided_on": date(2030, 1, 1)}, "không sau hôm nay"),
        ({"reason": "Hết chỗ."}, "lý do xóa"),
    ],
)  # fmt: skip
def test_a_decision_names_who_which_paper_when_and_why(paper, tuan, today, changes, word):
    with pytest.raises(Invalid, match=word):
        decided(paper, tuan, today, **changes)
    assert not RemovalDecision.objects.exists()
