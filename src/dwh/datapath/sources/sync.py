"""Bringing the landing area up to date with one source.

Rows come in the order (updated_at, id) after a strict composite cursor, in batches that are each committed
at once, so that a killed sync goes on where it stopped. A window before the cursor is read again for rows
committed late, and all keys are compared for rows deleted without a trace.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from dwh.datapath.settings import DataPathSettings, SourceSettings
from dwh.datapath.sources.connectors.lenient import LenientConnector
from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.drift import Heed, check_source, ignore, notes_of, retyped
from dwh.datapath.sources.pace import Pace
from dwh.datapath.sources.reading.table_job import Limits, TableJob
from dwh.datapath.sources.reading.table_sync import sync_table
from dwh.datapath.sources.registry import open_source
from dwh.datapath.sources.report import SyncReport, TableSync
from dwh.kernel.errors import Conflict, ContractBroken
from dwh.kernel.law import QC_DWH, cites
from dwh.kernel.progress import Progress, Silent

_USUAL = Limits()


@cites(QC_DWH.art("3.1"), QC_DWH.art("4.1"), QC_DWH.art("4.2"), QC_DWH.art("4.3"), QC_DWH.art("4.4"))
@cites(QC_DWH.art("4.5"), QC_DWH.art("4.7"), QC_DWH.art("4.8"))
def sync_source(
    source: str,
    *,
    settings: DataPathSettings,
    progress: Progress | None = None,
    now: datetime,
    limits: Limits = _USUAL,
    heed: Heed = ignore,
) -> SyncReport:
    """Land what changed at the source since its last sync and return what was done.

    Before a row is read, `heed` is told how the source differs from its contract, or that it does not.

    Raises:
        Conflict: another sync of this source is running, or its hours of reading are over; what was read stays.
        ContractBroken: the source no longer looks as promised; nothing is read.
        SourceDown: it does not answer, or stopped answering; what was committed stays.
        Cancelled: somebody stopped the run; what was committed stays.

    Source: QC-DWH Điều 4 (the sources), Điều 12.5 (a sync may be started, stopped and tried again).
    """
    contract, began, moment = load_contract(source), time.perf_counter(), now.astimezone(UTC)
    pace = Pace(source, settings.reading.get(source, SourceSettings()), now, limits.clock)
    watcher = pace.watched(progress or Silent())
    pace.check()
    with _only_one(settings, source):
        opened = pace.slowed(open_source(source, settings))
        try:
            watcher.step(f"Kiểm tra hợp đồng dữ liệu: {contract.label}")
            drifts = check_source(opened, contract, heed)
            connector = LenientConnector(opened, contract, retyped(drifts))
            about = (settings, contract)
            jobs = [TableJob(*about, one, connector, watcher, moment, limits) for one in contract.tables]
            tables = tuple(_synced(job) for job in jobs)
        finally:
            opened.close()
    notes = [*notes_of(drifts), *(note for job in jobs for note in job.notes), *connector.notes, *pace.notes]
    finished = now + timedelta(seconds=round(time.perf_counter() - began, 3))
    return SyncReport(source, tables, now, finished, tuple(notes), pace.outside_window, drifts)


def _synced(job: TableJob) -> TableSync:
    """Bring one table up to date; what its rows break of the contract is told with the name of the source."""
    try:
        return sync_table(job)
    except ContractBroken as broken:
        said = f"Nguồn «{job.contract.label}», {broken.message_vi[:1].lower()}{broken.message_vi[1:]}"
        raise ContractBroken(said, **{**broken.facts, "source": job.contract.name}) from broken


@contextmanager
def _only_one(settings: DataPathSettings, source: str) -> Iterator[None]:
    """Hold the source's lock file; the system releases it when the process ends, however it ends."""
    folder = settings.landing / source
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                f"Nguồn «{source}» đang đồng bộ. Chờ lần chạy đó xong, hoặc dừng nó ở màn hình Đồng bộ, "
                "rồi thử lại.",
                source=source,
            ) from None
        yield
