"""`dwh source pause`, `resume`, and what `dwh sync` says of a paused source."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from dwh.kernel.audit.models import AuditRecord
from dwh.site.cli import main

pytestmark = pytest.mark.django_db


def say(*words: str) -> tuple[int, str]:
    said = CliRunner().invoke(main, list(words))
    return said.exit_code, said.output


@pytest.mark.req("C-11")
def test_a_source_is_paused_and_resumed_at_the_server_and_sync_says_so():
    code, said = say("source", "pause", "claims", "--reason", "bảo trì máy chủ", "--until", "2099-12-31")
    assert (code, said.endswith("đến hết ngày 31/12/2099, vì: bảo trì máy chủ.\n")) == (0, True)

    code, said = say("sync", "claims")
    assert (code, said.startswith("Nguồn «Giám định BHYT» đang tạm dừng từ ")) == (1, True)

    assert say("source", "resume", "claims") == (0, "Nguồn «claims» được đọc tiếp từ lượt kế tiếp.\n")
    assert list(AuditRecord.objects.order_by("id").values_list("action", flat=True)) == [
        "source.paused",
        "source.resumed",
    ]


def test_a_pause_without_a_reason_is_one_sentence():
    code, said = say("source", "pause", "claims", "--reason", "")

    assert (code, said) == (1, "Hãy ghi lý do tạm dừng nguồn này (ít nhất 5 ký tự).\n")
