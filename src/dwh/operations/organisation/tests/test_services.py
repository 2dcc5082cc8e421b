"""Entering, approving, withdrawing, undoing: one state, one entry in the log, and the builder's file."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dwh.datapath.sources.org_events import events_file, read_events
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound
from dwh.kernel.org.models import OrgUnit
from dwh.operations.organisation import services
from dwh.operations.organisation.models import OrgEvent
from dwh.operations.organisation.rules import NewUnit, State, Wish

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
DAY = date(2026, 12, 1)
pytestmark = pytest.mark.django_db(transaction=True)


def wish(old=("00.01.501",), names=("601", "602"), day=DAY) -> Wish:
    new = tuple(NewUnit(f"BHXH cơ sở {name}", name) for name in names)
    return Wish("split", day, "12/QĐ-BHXH", "Chia cơ sở quá lớn.", old, new)


def enter(by, **changes) -> OrgEvent:
    return services.enter_event(wish(**changes), by=by.as_actor(), now=NOW)


def approve(event, by, area) -> OrgEvent:
    return services.approve_event(event.pk, settings=area, by=by.as_actor(), now=NOW)


def actions() -> list[str]:
    return list(
        AuditRecord.objects.filter(action__startswith="organisation.")
        .order_by("pk")
        .values_list("action", flat=True)
    )


def test_an_approved_event_reaches_the_builder_and_is_undone(area, tuan, vinh):
    event = approve(enter(tuan), vinh, area)
    assert [line.to_code for line in read_events(events_file(area))] == ["00.01.601", "00.01.602"]

    services.undo_event(
        event.pk, reason="Quyết định đã bị hủy bỏ.", settings=area, by=tuan.as_actor(), now=NOW
    )

    assert read_events(events_file(area)) == []
    assert events_file(area).exists()  # a file that is gone would be a loss
    assert actions() == ["organisation.entered", "organisation.approved", "organisation.undone"]


def test_nobody_approves_his_own_and_nothing_changes(area, tuan):
    event = enter(tuan)
    with pytest.raises(Denied, match="không tự duyệt"):
        approve(event, tuan, area)
    event.refresh_from_db()
    assert event.state == State.ENTERED
    assert not events_file(area).exists()


def test_a_withdrawn_event_is_not_approved_any_more(area, tuan, vinh):
    event = enter(tuan)
    services.withdraw_event(event.pk, by=tuan.as_actor(), now=NOW)
    with pytest.raises(Conflict, match="đã rút"):
        approve(event, vinh, area)
    assert actions() == ["organisation.entered", "organisation.withdrawn"]


def test_what_cannot_be_is_not_written_down(area, tuan):
    with pytest.raises(Invalid):
        enter(tuan, old=("00.01.999",))
    assert not OrgEvent.objects.exists()
    assert actions() == []


def test_two_events_about_one_unit_the_second_is_refused_at_approval(area, tuan, vinh):
    first, second = enter(tuan), enter(tuan, names=("701", "702"))
    approve(first, vinh, area)
    with pytest.raises(Conflict, match=r"00\.01\.501 đã thay đổi"):
        approve(second, vinh, area)


def test_an_event_on_which_another_stands_is_undone_after_it(area, tuan, vinh):
    first = approve(enter(tuan), vinh, area)
    second = approve(enter(tuan, old=("00.01.601",), names=("801", "802"), day=date(2027, 3, 1)), vinh, area)
    with pytest.raises(Conflict, match=f"Hoàn tác thay đổi {second.pk} trước"):
        services.undo_event(
            first.pk, reason="Quyết định đã bị hủy bỏ.", settings=area, by=tuan.as_actor(), now=NOW
        )


def test_undoing_needs_a_reason_and_an_event(area, tuan, vinh):
    event = approve(enter(tuan), vinh, area)
    with pytest.raises(Invalid, match="lý do hoàn tác"):
        services.undo_event(event.pk, reason="sai", settings=area, by=tuan.as_actor(), now=NOW)
    with pytest.raises(NotFound):
        services.undo_event(99, reason="Quyết định đã bị hủy.", settings=area, by=tuan.as_actor(), now=NOW)


def test_the_file_is_made_again_before_a_run_when_a_backup_brought_an_older_one(area, tuan, vinh):
    services.hand_over(area)
    assert not events_file(area).exists()  # nothing was ever approved
    approve(enter(tuan), vinh, area)
    events_file(area).unlink()
    services.hand_over(area)
    assert len(read_events(events_file(area))) == 2


def test_the_tree_of_a_later_day_knows_what_was_approved(area, tuan, vinh):
    approve(enter(tuan), vinh, area)
    assert services.tree_on(DAY).stands("00.01.601")
    assert not services.tree_on(DAY).stands("00.01.501")
    assert OrgUnit.objects.get(pk="00.01.501").valid_until is None  # until a build has applied it
