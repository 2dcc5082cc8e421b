"""Who, when, old, new, from when: and a run works with what is in force."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta

import pytest

from dwh.datapath.settings import DataPathSettings, Window, source_settings
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, Invalid, NotFound
from dwh.operations.parameters import services
from dwh.operations.parameters.models import ParameterChange
from dwh.operations.parameters.services import Wish

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
WHY = "Máy chủ mới có nhiều bộ nhớ hơn."
MEMORY = "build.memory_mb"


@pytest.fixture
def own(tmp_path):
    return DataPathSettings(
        tmp_path, reading={"claims": source_settings("claims", max_rows_s="500")}, threads=2
    )


@pytest.fixture
def change(tuan, own):
    def do(code=MEMORY, value="4000", *, why=WHY, at=None, now=NOW):
        return services.set_parameter(code, Wish(value, why, at), settings=own, by=tuan.as_actor(), now=now)

    return do


@pytest.mark.req("C-25")
def test_a_change_keeps_who_when_old_and_new_and_leaves_its_record(change, tuan):
    first = change()
    second = change(value="8.000", now=NOW + timedelta(hours=1))

    assert (first.was, first.value, first.asked_by, first.asked_at) == ("2000", "4000", tuan.email, NOW)
    assert (second.was, second.value) == ("4000", "8000")
    kept = AuditRecord.objects.filter(action="parameter.set").latest("id")
    assert (kept.object, kept.actor_email) == (f"parameter:{MEMORY}", tuan.email)
    facts = json.loads(kept.body)["facts"]
    assert (facts["before"], facts["after"], facts["reason"]) == ("4000", "8000", WHY)


@pytest.mark.req("C-25")
def test_a_change_takes_effect_at_its_moment_and_may_be_taken_back_before(change, own, tuan):
    at = NOW + timedelta(hours=10)
    waiting = change(at=at)

    assert services.in_force(own, at - timedelta(seconds=1))[0].memory_limit == "2GB"
    assert services.in_force(own, at)[1] == {MEMORY: "4000"}
    assert services.in_force(own, at)[0].memory_limit == "4000MB"
    with pytest.raises(Conflict, match="chờ hiệu lực"):
        change(value="5000")
    services.withdraw(waiting.pk, by=tuan.as_actor(), now=NOW)
    assert services.in_force(own, at)[1] == {}
    assert ParameterChange.objects.get(pk=waiting.pk).withdrawn_by == tuan.email
    with pytest.raises(Conflict, match="đã được rút"):
        services.withdraw(waiting.pk, by=tuan.as_actor(), now=NOW)
    in_effect = change(value="5000")
    with pytest.raises(Conflict, match="đã có hiệu lực"):
        services.withdraw(in_effect.pk, by=tuan.as_actor(), now=NOW)


def test_what_changes_nothing_or_has_no_reason_or_no_name_is_refused(change):
    with pytest.raises(Conflict, match="đang là giá trị này"):
        change(value="2000")
    with pytest.raises(Invalid, match="lý do"):
        change(why="vì")
    with pytest.raises(NotFound, match="Không có tham số này"):
        change(code="build.colour")
    assert not ParameterChange.objects.exists()


def test_every_source_is_read_as_people_set_it_and_a_window_lifted_by_hand_stays_lifted(change, own):
    change("source.claims.window", "22:00-05:00")
    change("source.collection.max_rows_s", "1000")
    change("loss.percent", "30")

    found, _ = services.in_force(own.outside_windows(), NOW)

    assert found.loss_percent == 30
    assert (found.threads, found.loss_rows) == (own.threads, own.loss_rows)
    assert found.reading["claims"].max_rows_s == 500
    assert found.reading["claims"].window == Window(time(22), time(5))
    assert found.reading["claims"].outside_window
    assert found.reading["collection"].max_rows_s == 1000
    lifted = change("source.claims.max_rows_s", "")
    assert (lifted.was, services.in_force(own, NOW)[0].reading["claims"].max_rows_s) == ("500", None)
