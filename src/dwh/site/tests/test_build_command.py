"""A build refused because a source lost rows, and an administrator who answers for going on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner

from dwh.datapath.pipeline.tests import kit
from dwh.kernel.audit.models import AuditRecord
from dwh.operations.runs.command import operator
from dwh.operations.runs.models import Run
from dwh.site import settings as site_settings
from dwh.site.cli import main

pytestmark = pytest.mark.django_db(transaction=True)
LINES = "tst_dong_ca_nhan"


@pytest.fixture
def dwh(tmp_path, monkeypatch):
    """The command line over a warehouse whose source has just lost nine lines of ten."""
    settings = replace(kit.settings_in(tmp_path), loss_rows=2)
    kit.small_nation(settings, lines=[kit.line(key) for key in range(1, 11)])
    kit.make_public(settings)
    kit.delete(settings, LINES, range(1, 10))
    monkeypatch.setattr(site_settings, "datapath_settings", lambda: settings)
    return lambda *words: CliRunner().invoke(main, words)


def test_a_loss_fails_the_build_in_one_sentence_that_tells_how_to_go_on(dwh):
    said = dwh("build")

    assert said.exit_code == 1
    assert f"`dwh build --accept-loss {LINES}` rồi `dwh publish`" in said.stderr
    assert Run.objects.get().report["code"] == "build.audit_failed"


def test_who_accepted_the_loss_is_on_record_before_the_build(dwh):
    said = dwh("build", "--accept-loss", LINES)

    assert (said.exit_code, said.stderr) == (0, "")
    assert f"Đã chấp nhận bảng {LINES} từ 10 dòng còn 1 dòng." in said.stdout
    accepted, ended = AuditRecord.objects.exclude(action__in=["run.asked", "alert.opened"]).order_by("pk")
    assert (accepted.action, accepted.object) == ("build.loss_accepted", f"run:{Run.objects.get().pk}")
    assert (accepted.actor_email, accepted.facts["tables"]) == (operator().email, [LINES])
    assert ended.action == "run.ended"
