"""A difference of a source opens one item, which knows when it is gone and when it is back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dwh.datapath.sources.contract import load_contract
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, Invalid
from dwh.operations.changes import services, words
from dwh.operations.changes.models import ChangeRequest, SourceDrift
from dwh.operations.changes.rules import State
from dwh.operations.changes.tests.conftest import ADDED, RETYPED, acting, assign, heed

DROPPED = replace(RETYPED, change="dropped", found="")
pytestmark = pytest.mark.django_db


def acts(request):
    return list(request.steps.values_list("act", flat=True))


@pytest.mark.req("C-16")
@pytest.mark.parametrize(
    ("drift", "words_"),
    [
        (ADDED, ("cột mới ghi_chu, kiểu TEXT", "Nguồn vẫn được đọc; cột mới không được lấy về")),
        (
            replace(ADDED, mode="freeze", stops=True),
            ("cột mới ghi_chu", "Nguồn này dừng trước khi đọc dòng nào"),
        ),
        (RETYPED, ("so_tien_ld", "nay có kiểu TEXT; hợp đồng ghi số tiền", "Nguồn này dừng")),
        (DROPPED, ("không còn cột so_tien_ld; hợp đồng ghi số tiền", "Nguồn này dừng")),
        (
            replace(DROPPED, column="", expected="table"),
            ("Nguồn không còn bảng tst_dong_ca_nhan", "Nguồn này dừng"),
        ),
    ],
)
def test_an_item_names_what_differs_and_what_happened(drift, words_):
    [request] = heed(drift, run=7)
    assert all(word in request.what for word in words_), request.what
    assert (request.kind, request.state, request.origin_unit) == ("source", State.DETECTED, "00.BTHU")
    assert request.origin_name == load_contract("collection").owner
    row = request.drift
    assert (row.source, row.change, row.mode, row.stops) == (
        "collection",
        drift.change,
        drift.mode,
        drift.stops,
    )
    assert (row.expected, row.found, row.first_run) == (drift.expected, drift.found, 7)
    assert AuditRecord.objects.get(action="change.source_differs").object == f"change:{request.pk}"


@pytest.mark.req("C-16")
def test_the_same_difference_opens_nothing_twice_and_another_one_does():
    [first] = heed(ADDED)
    assert heed(ADDED, run=2) == []
    assert SourceDrift.objects.get().last_run == 2
    opened = heed(ADDED, replace(ADDED, found="INTEGER"), RETYPED, run=3)
    assert len(opened) == 2
    assert ChangeRequest.objects.count() == 3
    assert acts(first) == ["detected"]


def test_a_column_that_begins_to_stop_its_source_is_another_difference(tuan):
    [first] = heed(ADDED)
    services.finish_request(first.pk, "Ban Thu không dùng cột này.", by=acting(tuan))
    [second] = heed(replace(ADDED, mode="freeze", stops=True), run=2)
    assert "Nguồn này dừng" in second.what
    assert acts(first)[-1] == "gone"


@pytest.mark.req("C-16")
def test_what_is_gone_says_so_and_goes_on_when_it_is_back(tuan):
    [request] = heed(RETYPED)
    heed(run=2)
    assert SourceDrift.objects.get().gone_at is not None
    assert heed(RETYPED, run=3) == []
    assert heed(RETYPED, run=4) == []
    assert acts(request) == ["detected", "gone", "again"]
    assert SourceDrift.objects.get().gone_at is None


@pytest.mark.req("C-16")
def test_a_closed_item_stays_closed_until_the_difference_went_and_came_back(tuan):
    [request] = heed(ADDED)
    services.finish_request(request.pk, "Ban Thu không dùng cột này.", by=acting(tuan))
    assert heed(ADDED, run=2) == []
    heed(run=3)
    [again] = heed(ADDED, run=4)
    assert again.pk != request.pk
    assert f"yêu cầu {request.pk}" in again.why
    assert heed(ADDED, run=5) == []


@pytest.mark.req("C-16")
def test_the_it_centre_closes_it_with_a_note_without_anybodys_approval(tuan, khanh):
    [request] = heed(RETYPED)
    with pytest.raises(Invalid, match="đã làm gì"):
        services.finish_request(request.pk, " ", by=acting(tuan))
    with pytest.raises(Conflict):
        services.approve_request(request.pk, revision=1, by=acting(khanh))
    assert assign(request, tuan).state == State.ASSIGNED
    done = services.finish_request(request.pk, "Đã sửa hợp đồng, nâng lên 1.1.", by=acting(tuan))
    assert done.state == State.DONE


def test_another_sources_items_are_left_alone():
    heed(ADDED)
    claims = replace(ADDED, source="claims", table="gd_ho_so")
    services_words = words.drift_title(load_contract("claims"), claims)
    assert "có cột mới «ghi_chu»" in services_words
    heed(ADDED, run=2)
    assert SourceDrift.objects.get().gone_at is None


def test_types_of_a_contract_are_read_in_words():
    assert [words.promised(kind) for kind in ("money", "decimal(5,2)", "timestamp", "")] == [
        "số tiền", "số thập phân (5,2)", "thời điểm", "",
    ]  # fmt: skip
