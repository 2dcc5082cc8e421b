"""Files the worker makes: asked for, made, cancelled, fetched by the person who asked and nobody else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from dwh.datapath.semantic.query import Query
from dwh.delivery.exchange import job_services
from dwh.delivery.exchange.models import ExportContent, ExportJob, JobState
from dwh.delivery.exchange.services import Asked
from dwh.governance.access import services as access
from dwh.kernel.actor import Origin, operator
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Cancelled, Conflict
from tests.warehouse_fixture import tiny_release

pytestmark = pytest.mark.django_db(transaction=True)
QUESTION = {
    "subject": "contributions", "rows": ["org.province", "org.office"], "columns": ["month.year"],
    "values": ["collected_vnd", "participants"],
}  # fmt: skip


@pytest.fixture
def release(tmp_path, settings):
    settings.DATAPATH = tiny_release(tmp_path)


@pytest.fixture
def asked(release, lan):
    """Return a function that queues a file of Lan's."""

    def do(kind="csv"):
        question = Asked(Query.from_json(QUESTION), kind)
        return job_services.ask_for_file(question, by=lan, now=timezone.now(), origin=Origin())

    return do


def _post(client, kind="csv"):
    return client.post(f"/phan-tich/xuat/{kind}/", {"q": json.dumps(QUESTION)})


@pytest.mark.req("E-10")
@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_a_large_table_is_made_by_the_worker_and_is_the_same_file(client, release, lan, kind, monkeypatch):
    client.force_login(lan)
    at_once = _post(client, kind).content
    monkeypatch.setattr("dwh.delivery.exchange.files.NOW_CELLS", 1)
    reply = _post(client, kind)
    told = reply.json()
    assert (reply.status_code, told["active"], told["file"]) == (202, True, "")
    assert job_services.work_once()
    told = client.get(told["at"]).json()
    assert (told["state"], told["active"]) == ("done", False)
    made = client.get(told["file"])
    assert (len(made.content) > 0, made["Content-Disposition"].endswith(f'.{kind}"')) == (True, True)
    if kind == "csv":
        assert made.content == at_once
    assert not job_services.work_once()


def test_asking_making_and_fetching_are_on_record(client, asked, lan):
    job = asked()
    job_services.work_once()
    client.force_login(lan)
    assert client.get(f"/phan-tich/xuat/tep/{job.pk}/tai/").status_code == 200
    kept = AuditRecord.objects.filter(action__startswith="export.").order_by("id")
    assert [one.action for one in kept] == ["export.asked", "export.made", "export.fetched"]
    assert [one.origin for one in kept] == ["web", "worker", "web"]


def test_a_file_is_nobody_else_s(client, asked, ha):
    job = asked()
    job_services.work_once()
    client.force_login(ha)
    for path, reply in (("", client.get), ("tai/", client.get), ("huy/", client.post)):
        assert reply(f"/phan-tich/xuat/tep/{job.pk}/{path}").status_code == 404


def test_a_waiting_file_is_cancelled_at_once_and_never_made(client, asked, lan):
    job = asked()
    client.force_login(lan)
    assert client.post(f"/phan-tich/xuat/tep/{job.pk}/huy/").json()["state"] == "cancelled"
    assert not job_services.work_once()
    assert client.post(f"/phan-tich/xuat/tep/{job.pk}/huy/").status_code == 409
    stopped = AuditRecord.objects.get(action="data.stop_asked")
    assert stopped.object == f"question:{job.ticket}"  # the engine is told too


def test_a_file_under_way_ends_at_its_next_row(asked, lan):
    job = asked("xlsx")
    ExportJob.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    told = job_services.Told(job)
    told.step("Đang ghi tệp", total=1000)
    job_services.cancel_job(job.pk, by=lan, now=timezone.now(), origin=Origin())
    with pytest.raises(Cancelled):
        told.step("Đang ghi tệp", total=1000)


def test_the_file_is_made_under_the_rights_of_the_moment_it_is_made(asked, lan, today):
    job = asked()
    for grant in lan.grants.all():
        access.revoke(grant.pk, document_no="1/QĐ", by=operator("Kiểm thử"), today=today)
    job_services.work_once()
    job.refresh_from_db()
    assert job.state == JobState.REFUSED
    assert "chưa có quyền" in job.message
    assert not ExportContent.objects.exists()


def test_a_job_whose_worker_died_is_taken_up_again(asked):
    job = asked()
    gone = timezone.now() - timedelta(minutes=1)
    ExportJob.objects.filter(pk=job.pk).update(state=JobState.RUNNING, lease_until=gone)
    assert job_services.work_once()
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_a_file_is_kept_a_day(client, asked, lan):
    job = asked()
    job_services.work_once()
    ExportJob.objects.filter(pk=job.pk).update(ended_at=timezone.now() - job_services.KEPT)
    job_services.work_once()
    client.force_login(lan)
    assert client.get(f"/phan-tich/xuat/tep/{job.pk}/tai/").status_code == 404


def test_one_person_has_few_files_under_way(asked):
    for _ in range(job_services.AT_ONCE):
        asked()
    with pytest.raises(Conflict, match="đang có 3 tệp"):
        asked()
