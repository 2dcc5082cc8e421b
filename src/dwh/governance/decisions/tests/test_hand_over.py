"""Decisions become files a build reads: once each, also after a kill, and again when a file was damaged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from dwh.datapath.sources import decisions as landed
from dwh.governance.decisions import services
from dwh.governance.decisions.models import DecidedRow, Decision
from dwh.governance.decisions.orders import Choice, Order
from dwh.governance.decisions.rules import State, Verdict
from dwh.kernel.audit.models import AuditRecord
from tests.personas import TODAY

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def decided(release, tuan):
    """Three decisions about three rows, one of them undone."""
    for table, key, verdict in (("gd_ho_so", 9101, "accept"), ("tst_dong_ca_nhan", 9002, "fix"),
                                ("tst_dong_ca_nhan", 9001, "reject")):  # fmt: skip
        choice = Choice(rows=((table, key),))
        order = Order(Verdict(verdict), choice, "Theo biên bản kiểm tra", "2026-11-22.1", expected=1)
        made = services.decide(order, by=tuan, now=NOW, today=TODAY)
    services.undo(made.pk, reason="Chọn nhầm dòng khác", by=tuan, now=NOW, today=TODAY)
    return release


def lines(settings):
    files = [pq.read_table(batch.path) for batch in landed.decision_batches(settings)]
    return [row for file in files for row in file.to_pylist()]


def test_what_holds_is_handed_over_once_and_on_record(decided, clerk):
    assert services.hand_over(decided, by=clerk, now=NOW) == 2
    assert services.hand_over(decided, by=clerk, now=NOW) == 0
    found = [
        (row["id"], row["source_id"], row["version"], row["check_code"], row["verdict"])
        for row in lines(decided)
    ]
    assert found == [(1, 9101, "v9101", "GD-H02", "accept"), (2, 9002, "v9002", "TST-C06", "fix")]
    assert {made.state for made in Decision.objects.all()} == {State.HANDED, State.UNDONE}
    assert not DecidedRow.objects.filter(is_open=True).exists()
    [entry] = AuditRecord.objects.filter(action="quarantine.handed_over")
    assert entry.facts["rows"] == 2
    landed.verify_decisions(landed.decision_batches(decided))


def test_killed_between_the_database_and_the_file_nothing_is_lost(decided, clerk, monkeypatch):
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "land_decisions", killed)
    with pytest.raises(KeyboardInterrupt):
        services.hand_over(decided, by=clerk, now=NOW)
    assert lines(decided) == []
    monkeypatch.undo()
    assert services.hand_over(decided, by=clerk, now=NOW) == 0
    assert len(lines(decided)) == 2


@pytest.mark.parametrize("harm", ["bytes", "missing", "manifest"])
def test_a_damaged_file_is_set_aside_and_written_again(decided, clerk, harm):
    services.hand_over(decided, by=clerk, now=NOW)
    [batch], before = landed.decision_batches(decided), lines(decided)
    if harm == "missing":
        batch.path.unlink()
    else:
        spoiled = batch.path if harm == "bytes" else batch.manifest
        spoiled.write_bytes(spoiled.read_bytes()[:-3] + b"xyz")
    services.hand_over(decided, by=clerk, now=NOW + timedelta(hours=1))
    plain = [{name: value for name, value in row.items() if name != "id"} for row in lines(decided)]
    assert plain == [{name: value for name, value in row.items() if name != "id"} for row in before]
    landed.verify_decisions(landed.decision_batches(decided))


def test_nothing_decided_leaves_no_file(release, clerk):
    assert services.hand_over(release, by=clerk, now=NOW) == 0
    assert not (release.landing / "decisions").exists()
