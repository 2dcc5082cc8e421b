"""A run the machine itself stops: a full disk, a folder without rights. One sentence, and what to look at."""

from __future__ import annotations

import pytest
from django.conf import settings

from dwh.datapath.pipeline import build as pipeline_build
from dwh.datapath.warehouse.engine import EngineFault
from dwh.operations.runs import services
from dwh.operations.runs.execution import execute
from dwh.operations.runs.models import Run
from dwh.operations.runs.rules import Kind, State

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        (OSError(28, "No space left on device"), "file.unusable", "(hết chỗ)"),
        (PermissionError(13, "Permission denied"), "file.unusable", "(Permission denied)"),
        (EngineFault("IO Error: Could not write: No space left on device"), "file.unusable", "(hết chỗ)"),
        (EngineFault("Binder Error: no such column"), "bug", "Lỗi chương trình (EngineFault)"),
    ],
)
def test_what_the_machine_refuses_is_said_with_its_remedy(monkeypatch, tuan_acts, noon, fault, code, words):
    def broken(**_: object) -> None:
        raise fault

    monkeypatch.setattr(pipeline_build, "build", broken)
    run = services.ask_run(Kind.BUILD, by=tuan_acts, now=noon, worker="w")

    outcome = execute(run, settings.DATAPATH)

    assert outcome.state == State.FAILED
    assert words in outcome.message
    assert "Số liệu đang dùng giữ nguyên." in outcome.message
    assert Run.objects.get(pk=run.pk).report["code"] == code
