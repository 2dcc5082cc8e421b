from __future__ import annotations

import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from dwh.datapath.settings import DataPathSettings
from dwh.kernel.actor import Actor
from dwh.operations.runs import execution, services
from dwh.operations.runs.models import Run
from dwh.operations.runs.rules import Kind
from tests.warehouse_fixture import tiny_release

TABLES = {"tables": [{"rows": 3, "deletes": 0}]}
NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


@pytest.fixture
def tuan_acts() -> Actor:
    return Actor(email="tuan.nm@vss.gov.vn", name="Nguyễn Minh Tuấn", unit="00.CNTT")


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def sync(tuan_acts, noon, tmp_path, monkeypatch):
    """Run a sync of every source, `read` in the place of reading one."""

    def do(read, *, at_once: int, source: str = "") -> Run:
        def one(name, *, settings, progress, now, heed, limits):
            progress.step(f"Đọc {name}", total=3)
            read(name, progress)
            progress.advance(3)
            return SimpleNamespace(to_json=lambda: TABLES)

        monkeypatch.setattr(execution, "sync_source", one)
        run = services.ask_run(Kind.SYNC, source=source, by=tuan_acts, now=noon, worker="w")
        execution.execute(run, DataPathSettings(tmp_path, sources_at_once=at_once))
        run.refresh_from_db()
        return run

    return do


@pytest.fixture
def tiny_datapath(settings, tmp_path):
    """Let a browser see the tiny release, and a person be signed in."""
    settings.DATAPATH = tiny_release(tmp_path)

    def enter(client, account):
        client.force_login(account)
        session = client.session
        session["signed_in_at"] = session["seen_at"] = int(time.time())
        session.save()

    return enter
