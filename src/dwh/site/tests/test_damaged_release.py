"""The release in use cannot be read: a page with the sentence, a record, and pages that still lead to the remedy."""

from __future__ import annotations

import os

import pytest
from django.urls import reverse
from django.utils import timezone

from dwh.kernel.actor import operator
from dwh.kernel.audit.models import AuditRecord
from dwh.operations.runs import services
from dwh.operations.runs.rules import Kind, State
from dwh.operations.runs.services import Outcome
from tests.warehouse_fixture import RELEASE, tiny_release

pytestmark = pytest.mark.django_db
SAID = (
    f"Tệp serving.duckdb của bản số liệu «{RELEASE}» bị hỏng hoặc bị mất. Báo Trung tâm CNTT chạy `dwh run`"
)


@pytest.fixture(autouse=True)
def _damaged(settings, tmp_path):
    settings.DATAPATH = tiny_release(tmp_path)
    os.truncate(settings.DATAPATH.releases / RELEASE / "serving.duckdb", 5000)


@pytest.mark.parametrize("address", ["/tong-quan/thu/", "/du-lieu-loi/"])
def test_a_page_of_figures_says_which_file_and_what_to_do(client, tuan, address):
    client.force_login(tuan)

    answer = client.get(address)

    assert answer.status_code == 500
    assert SAID in answer.content.decode()
    assert AuditRecord.objects.filter(kind="denied", object=f"release:{RELEASE}").count() == 1


def test_home_and_the_sync_page_open_and_say_it_too(client, tuan):
    client.force_login(tuan)
    for address in ("/", reverse("runs:sync")):
        answer = client.get(address)
        assert answer.status_code == 200
        assert SAID in answer.content.decode()
    assert "Bản công bố đang dùng không đọc được." in answer.content.decode()


def test_the_next_build_reads_the_file_whole_because_a_reader_met_the_damage_and_then_no_more(client, tuan):
    client.force_login(tuan)
    by, now = operator("Kiểm thử"), timezone.now
    first = services.ask_run(Kind.BUILD, by=by, now=now(), worker="w")
    assert not services.readers_met_damage(first)
    services.finish(first, Outcome(State.SUCCEEDED, ""), now=now())

    client.get("/du-lieu-loi/")

    second = services.ask_run(Kind.RUN, by=by, now=now(), worker="w")
    assert services.readers_met_damage(second)
    services.finish(second, Outcome(State.SUCCEEDED, ""), now=now())
    assert not services.readers_met_damage(services.ask_run(Kind.RUN, by=by, now=now(), worker="w"))
