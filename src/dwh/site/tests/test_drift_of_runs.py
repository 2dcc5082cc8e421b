"""Packages that do not know each other, joined by the site: a run that meets a changed source opens a change item."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.tests.conftest import settings_for, sqlite_source  # noqa: F401 -- fixtures
from dwh.datapath.sources.tests.miniature import LINES, landed_lines
from dwh.operations.changes.models import ChangeRequest, SourceDrift
from dwh.operations.runs import execution
from dwh.operations.runs.rules import Kind, State
from dwh.operations.runs.services import ask_run, take_next

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
SPOILED = {"so_tien_da_dong": "một nghìn"}  # a value nobody can read: the first batch is refused
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("C-16")]  # a run has threads


@pytest.fixture
def run(tuan, sqlite_source, settings_for):  # noqa: F811
    """Return a function that reads the source once, as the worker does, and returns the run."""

    def do():
        asked = ask_run(Kind.SYNC, source="collection", by=tuan.as_actor(), now=NOW, worker="test")
        execution.execute(asked, settings_for(sqlite_source))
        asked.refresh_from_db()
        return asked

    return do


def items():
    return list(SourceDrift.objects.order_by("pk").values_list("change", "stops", "expected", "found"))


@pytest.mark.parametrize(
    ("change", "item"),
    [
        ([f"ALTER TABLE {LINES} ADD COLUMN ghi_chu TEXT"], ("added", False, "", "TEXT")),
        ([f"ALTER TABLE {LINES} DROP COLUMN so_tien_sd"], ("dropped", True, "money", "")),
        ([f"ALTER TABLE {LINES} RENAME COLUMN so_tien_ld TO so_tien_cu", f"ALTER TABLE {LINES} DROP COLUMN so_tien_cu",
          f"ALTER TABLE {LINES} ADD COLUMN so_tien_ld TEXT"], ("retyped", True, "money", "TEXT")),
    ],
)  # fmt: skip
def test_the_item_is_there_before_anything_is_loaded(run, sqlite_source, settings_for, change, item):  # noqa: F811
    sqlite_source.add_line(1, 1, **SPOILED)
    for statement in change:
        sqlite_source.run(statement)

    stopped = run()

    assert (stopped.state, landed_lines(settings_for(sqlite_source))) == (State.FAILED, {})
    assert items() == [item]
    [request] = ChangeRequest.objects.all()
    assert (request.kind, request.table, request.origin_unit) == ("source", f"landed.{LINES}", "00.BTHU")
    assert request.drift.first_run == stopped.pk
    assert stopped.pk == run().pk - 1
    assert ChangeRequest.objects.count() == 1  # once per difference, not once per run


def test_a_new_column_is_reported_and_the_source_is_read(run, sqlite_source, settings_for):  # noqa: F811
    sqlite_source.add_line(1, 1)
    sqlite_source.run(f"ALTER TABLE {LINES} ADD COLUMN ghi_chu TEXT")

    done = run()

    assert (done.state, len(landed_lines(settings_for(sqlite_source)))) == (State.SUCCEEDED, 1)
    [told] = done.report["sources"]["collection"]["drifts"]
    assert (told["column"], told["mode"], told["stops"]) == ("ghi_chu", "evolve", False)
    assert "Nguồn vẫn được đọc" in ChangeRequest.objects.get().what


def test_a_run_that_was_stopped_reports_what_differs(run, sqlite_source):  # noqa: F811
    sqlite_source.run(f"ALTER TABLE {LINES} DROP COLUMN so_tien_sd")
    failure = run().report["failures"]["collection"]
    assert [one["column"] for one in failure["drifts"]] == ["so_tien_sd"]


def test_a_source_that_does_not_answer_proves_nothing(run, sqlite_source, tuan, tmp_path):  # noqa: F811
    sqlite_source.run(f"ALTER TABLE {LINES} ADD COLUMN ghi_chu TEXT")
    run()
    asked = ask_run(Kind.SYNC, source="collection", by=tuan.as_actor(), now=NOW, worker="test")
    away = DataPathSettings(
        home=tmp_path / "home", sources={"collection": f"sqlite:///{tmp_path}/away.sqlite"}
    )
    execution.execute(asked, away)
    assert SourceDrift.objects.get().gone_at is None


def test_a_source_as_promised_opens_nothing(run, sqlite_source):  # noqa: F811
    assert run().state == State.SUCCEEDED
    assert not ChangeRequest.objects.exists()


def test_a_window_read_again_on_the_page_finds_what_changed_without_a_trace(
    client,
    tuan,
    sqlite_source,  # noqa: F811
    settings_for,  # noqa: F811
):
    sqlite_source.add_line(1, 1)
    sqlite_source.add_line(2, 900_000)
    execution.execute(
        ask_run(Kind.SYNC, source="collection", by=tuan.as_actor(), now=NOW, worker="t"),
        settings_for(sqlite_source),
    )
    sqlite_source.run(f"UPDATE {LINES} SET so_tien_da_dong = 77 WHERE id = 1")
    client.force_login(tuan)

    asked = client.post(
        "/dong-bo/doc-lai/", {"source": "collection", "since": "2026-10-01", "until": "2026-10-02"}
    )
    run = take_next("t", now=NOW)
    execution.execute(run, settings_for(sqlite_source))

    assert (asked.status_code, run.again_from.isoformat()) == (302, "2026-10-01")
    assert landed_lines(settings_for(sqlite_source)) == sqlite_source.lines()
