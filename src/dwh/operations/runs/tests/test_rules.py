from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from dwh.kernel.errors import Invalid
from dwh.operations.runs import rules
from dwh.operations.runs.rules import State

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lag", "promised", "late"), [(None, 24, True), (23.9, 24, False), (24.0, 24, False), (24.1, 24, True)]
)
def test_a_source_is_late_beyond_its_contract_or_when_never_read(lag, promised, late):
    assert rules.is_late(lag, promised) is late


@pytest.mark.law("QC-DWH 12.2")
def test_lag_is_counted_from_the_last_success():
    assert rules.lag_hours(NOW - timedelta(hours=6), NOW) == 6
    assert rules.lag_hours(None, NOW) is None


@pytest.mark.parametrize(("state", "retry", "stop"), [
    (State.QUEUED, False, True), (State.RUNNING, False, True), (State.SUCCEEDED, False, False),
    (State.FAILED, True, False), (State.CANCELLED, True, False),
])  # fmt: skip
def test_what_a_person_may_do_with_a_run_in_each_state(state, retry, stop):
    assert (rules.may_retry(state), rules.may_stop(state)) == (retry, stop)


TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        (date(2026, 11, 2), date(2026, 11, 1), "Đổi lại hai ngày"),
        (date(2026, 11, 24), date(2026, 11, 24), "tương lai"),
        (date(2026, 10, 1), date(2026, 11, 1), "nhiều nhất 31 ngày"),
    ],
)
def test_days_that_cannot_be_read_again_are_refused(since, until, says):
    with pytest.raises(Invalid, match=says):
        rules.again_window(since, until, TODAY)


def test_a_window_is_whole_days_of_vietnam_as_the_cursors_are_written():
    since, until = rules.again_window(date(2026, 10, 1), date(2026, 10, 31), TODAY)
    assert (since.isoformat(), until.isoformat()) == ("2026-09-30T17:00:00", "2026-10-31T16:59:59.999999")
