from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

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
