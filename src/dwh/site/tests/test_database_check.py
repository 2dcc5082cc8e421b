"""`dwh check-db`: the whole check as a run of the run table, kept as the record of its month."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from dwh.datapath.pipeline.tests import kit
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.parts import sha256_of
from dwh.datapath.warehouse.release import MANIFEST
from dwh.kernel.actor import operator
from dwh.kernel.audit.services import record
from dwh.operations.checks.models import CheckRecord
from dwh.operations.runs.models import Run
from dwh.operations.runs.rules import State
from dwh.site import settings as site_settings
from dwh.site.cli import main

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dwh(tmp_path, monkeypatch):
    """The command line over a small published warehouse; `dwh.home` is where it lies."""
    settings = kit.settings_in(tmp_path)
    kit.small_nation(settings, lines=[kit.line(1), kit.line(2, person=2)])
    manifest = kit.make_public(settings).path / MANIFEST
    by = operator("Kiểm thử")
    record("release.published", by=by, about="release:2026-11-22.1", manifest_sha256=sha256_of(manifest))
    monkeypatch.setattr(site_settings, "datapath_settings", lambda: settings)
    return lambda *words: CliRunner().invoke(main, words)


@pytest.mark.req("C-23")
def test_the_check_looks_at_files_rows_pointers_space_and_the_log_and_waits_for_a_signature(dwh):
    said = dwh("check-db")

    assert said.exit_code == 0, said.output
    assert "0 lỗi" in said.stdout
    row = CheckRecord.objects.get()
    looked = {one["area"]: one["files"] for one in row.result["looked"]}
    assert set(looked) == {"manifests", "parts", "serving", "landing", "log", "governance"}
    assert all(looked.values())
    assert {one["table"]: one["counted"] for one in row.result["rows"]}["core.fct_contribution"] == 2
    assert len(row.result["pointers"]) > 50
    assert {one["area"] for one in row.result["spaces"]} >= {"landing", "parts", "releases", "governance"}
    assert (row.grave, row.signed_by, row.release_id) == (0, "", "2026-11-22.1")


@pytest.mark.req("B-12")
@pytest.mark.req("B-16")
def test_a_figure_changed_in_the_store_ends_the_command_with_1_although_the_store_agrees_with_itself(
    dwh, tmp_path
):
    path = tmp_path / "releases/2026-11-22.1" / MANIFEST
    manifest = Manifest.read(path)
    manifest.data_until = "2030-01"  # somebody who knows the format: its own digest is made anew
    path.chmod(0o644)
    manifest.write(path)

    said = dwh("check-db")

    assert said.exit_code == 1
    assert "1 lỗi" in said.stderr
    [found] = [one for one in CheckRecord.objects.get().result["findings"] if one["grave"]]
    assert found["subject"] == "releases/2026-11-22.1/manifest.json"
    assert "không khớp dấu ghi trong nhật ký" in found["said"]


def test_it_is_a_run_like_any_other_with_steps_people_watch(dwh):
    dwh("check-db")
    run = Run.objects.get(kind="check")
    assert (run.state, run.report["record"]) == (State.SUCCEEDED, CheckRecord.objects.get().pk)
    names = list(run.steps.values_list("name", flat=True))
    assert names[0] == "Kiểm tra biên bản các bản công bố"
    assert names[-1] == "Kiểm tra cơ sở dữ liệu quản trị"
