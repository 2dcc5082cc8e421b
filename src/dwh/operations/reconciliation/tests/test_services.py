"""Reconciliations are kept as evidence, signed by a person, and asked about by the unit that owns the figure."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.conf import settings as django_settings

from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, DamagedFile, Invalid, NotFound
from dwh.kernel.org.scope import OrgScope
from dwh.operations.reconciliation import rules, services
from dwh.operations.reconciliation.models import Discrepancy
from dwh.operations.reconciliation.services import Place
from dwh.operations.reconciliation.tests.conftest import GOOD, LOST, cell

HANOI, NATION = OrgScope.of(["00.01"]), OrgScope.of(["00"])
HERE = Place("202609", "01501", "rows")
WHY = "Phần mềm thu có 10 dòng, kho có 9 dòng."


def signed(row, tuan, noon, note=""):
    return services.sign(row.pk, by=tuan, actor=tuan.as_actor(), note=note, now=noon)


def reported(row, lan, noon, place=HERE, scope=HANOI, note=WHY):
    return services.report_discrepancy(
        row.pk,
        place,
        actor=lan.as_actor(),
        scope=scope,
        note=note,
        now=noon,
    )


def actions():
    return set(AuditRecord.objects.values_list("action", flat=True))


def test_what_is_held_explains_a_difference_and_a_lost_row_does_not(keep):
    good, lost = keep(*GOOD), keep(*LOST)
    assert (good.agrees, good.amount("source"), good.amount("held")) == (True, Decimal(20), Decimal(2))
    assert (lost.agrees, lost.unexplained_cells, lost.amount("unexplained")) == (False, 1, Decimal(1))
    assert "reconciliation.made" in actions()


def test_a_row_too_many_here_never_hides_a_row_too_few_there(keep):
    row = keep(cell("01501", "00.01.501", published=9), cell("48000", "00.48-2025", published=11))
    assert (row.agrees, row.amount("unexplained"), row.unexplained_cells) == (False, Decimal(0), 2)
    assert rules.agrees(2, Decimal(1), tolerance=1)


def test_the_cells_of_an_area_come_back_as_they_were_compared(keep):
    row = keep(*GOOD)
    assert services.cells_of(row, HANOI, django_settings.DATAPATH) == [GOOD[0]]
    assert services.cells_of(row, NATION, django_settings.DATAPATH) == list(GOOD)
    assert services.cells_of(row, OrgScope(), django_settings.DATAPATH) == []


def test_a_changed_byte_of_what_was_compared_is_found(keep):
    row = keep(*GOOD)
    path = django_settings.DATAPATH.home / row.file
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(DamagedFile, match="đối soát"):
        services.cells_of(row, NATION, django_settings.DATAPATH)


@pytest.mark.req("C-14")
def test_a_signature_is_given_once_on_the_newest_and_with_a_reason_when_it_differs(keep, tuan, noon):
    old, lost = keep(*GOOD), keep(*LOST)
    with pytest.raises(Conflict, match="mới hơn"):
        signed(old, tuan, noon)
    with pytest.raises(Invalid, match="nguyên nhân"):
        signed(lost, tuan, noon)
    assert signed(lost, tuan, noon, "Đã báo đơn vị thu, đọc lại ngày mai.").signed_by == tuan.email
    with pytest.raises(Conflict, match="đã được"):
        signed(lost, tuan, noon, "Ký lần nữa cho chắc chắn.")
    assert "reconciliation.signed" in actions()


@pytest.mark.req("C-15")
def test_a_discrepancy_goes_from_the_unit_to_the_it_centre_and_back(keep, lan, tuan, noon):
    ticket = reported(keep(*LOST), lan, noon)
    assert (ticket.difference, ticket.org_code, ticket.state) == (Decimal(1), "00.01.501", "open")
    with pytest.raises(Conflict, match="đã có trả lời"):
        services.close_discrepancy(ticket.pk, actor=lan.as_actor(), now=noon)
    services.answer_discrepancy(
        ticket.pk, actor=tuan.as_actor(), answer="Đã đọc lại, bản mới đủ dòng.", now=noon
    )
    with pytest.raises(Conflict):
        services.answer_discrepancy(ticket.pk, actor=tuan.as_actor(), answer="Trả lời lần thứ hai.", now=noon)
    with pytest.raises(NotFound):
        services.close_discrepancy(ticket.pk, actor=tuan.as_actor(), now=noon)
    assert services.close_discrepancy(ticket.pk, actor=lan.as_actor(), now=noon).state == "closed"
    assert {"discrepancy.opened", "discrepancy.answered", "discrepancy.closed"} <= actions()


def test_nothing_is_reported_outside_the_area_or_without_words(keep, lan, noon):
    row = keep(*LOST)
    with pytest.raises(NotFound):
        reported(row, lan, noon, Place("202609", "48000", "rows"))
    with pytest.raises(Invalid, match="10 ký tự"):
        reported(row, lan, noon, note="sai")
    assert not Discrepancy.objects.exists()
