"""Packages that do not know each other, joined by the site: a run works with the technical parameters in force."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dwh.datapath.settings import DataPathSettings
from dwh.operations.parameters.services import Wish, set_parameter
from dwh.operations.runs import execution
from dwh.operations.runs.rules import Kind, State
from dwh.operations.runs.services import Outcome, ask_run

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)


@pytest.mark.req("C-25")
@pytest.mark.django_db
def test_a_run_works_with_what_is_in_force_and_says_so(tuan, tmp_path, monkeypatch):
    own = DataPathSettings(tmp_path)
    wish = Wish("4000", "Máy chủ mới có nhiều bộ nhớ hơn.")
    set_parameter("build.memory_mb", wish, settings=own, by=tuan.as_actor(), now=NOW)
    seen = []

    def work(run, settings, progress):
        seen.append(settings.memory_limit)
        return Outcome(State.SUCCEEDED, "Xong.", report={"rows": 1})

    monkeypatch.setitem(execution._WORK, Kind.PUBLISH, work)
    run = ask_run(Kind.PUBLISH, by=tuan.as_actor(), now=NOW, worker="test")
    execution.execute(run, own)

    run.refresh_from_db()
    assert seen == ["4000MB"]
    assert run.report == {"rows": 1, "parameters": {"build.memory_mb": "4000"}}
