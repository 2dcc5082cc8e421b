"""«Bảng tổng hợp sẵn»: what answered is counted from the log, what could not is proposed with the reason."""

from __future__ import annotations

from html import unescape

import pytest

from dwh.governance import gate
from dwh.governance.tests.asking import ask, parts_of, question
from dwh.kernel.actor import operator
from dwh.kernel.audit.models import AuditRecord
from tests.rolled_fixture import rolled_release
from tests.warehouse_fixture import tiny_release

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/bang-tong-hop/"
TAKEN = "rollup.contribution_by_office"  # the smallest that covers
YEAR = [{"field": "month.year", "op": "eq", "values": ["2025"]}]


@pytest.fixture
def rolled(settings, tmp_path):
    settings.DATAPATH = rolled_release(tmp_path)
    gate.refresh_units(by=operator("Kiểm thử"))


@pytest.fixture
def page(client, tuan):
    client.force_login(tuan)
    return lambda: client.get(PAGE)


def test_a_question_is_answered_by_a_rollup_and_the_log_says_by_which(rolled, tuan):
    answer = ask(tuan)
    assert [route.table for route in answer.routes] == [TAKEN]
    assert AuditRecord.objects.filter(action="data.asked").last().facts["tables"] == [TAKEN]


def test_the_same_question_by_another_person_of_the_same_area_is_kept(rolled, tuan, khanh):
    first, second = ask(tuan), ask(khanh)
    assert (first.was_kept, second.was_kept) == (False, True)
    assert first.rows == second.rows


def test_a_person_of_another_area_never_meets_what_was_kept(rolled, tuan, lan, nam):
    ask(tuan)
    hanoi, danang = (parts_of(ask(who)) for who in (lan, nam))
    assert hanoi
    assert danang
    assert hanoi.keys().isdisjoint(danang)


@pytest.mark.req("B-14")
def test_the_page_counts_answers_and_proposes_what_had_to_read_the_fact(rolled, tuan, page):
    for _ in range(3):
        ask(tuan, question(rows=["employer.sector", "participant.sex"], filters=YEAR))
        ask(tuan)
    reply = page()
    usage = reply.context["usage"]
    assert {line.rollup.name: line.answered for line in usage.lines}["contribution_by_office"] == 3
    (proposal,) = usage.proposals
    assert (proposal.asked, proposal.fact) == (3, "core.fct_contribution")
    text = unescape(reply.content.decode())
    assert "contribution_by_sector: không có chiều «Giới tính» (participant.sex)" in text


def test_a_release_of_before_says_that_it_has_no_such_table(settings, tmp_path, db, page):

    settings.DATAPATH = tiny_release(tmp_path)
    text = page().content.decode()
    assert "chưa có" in text
    assert "Chưa có đề xuất nào" in text
