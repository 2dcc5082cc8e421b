"""The whole check of the store, in the order a person would look: files, rows, sources, pointers, space."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from dwh.datapath.checking import counting, integrity, space
from dwh.datapath.checking.findings import Area, Finding, Pointer, SourceRows, StoreCheck, TableRows
from dwh.datapath.pipeline.base import base_in
from dwh.datapath.pipeline.plan import Plan, load_plan
from dwh.datapath.reconciliation.totals import ROWS, TableTotals, reconcile
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.contract import source_names
from dwh.datapath.warehouse.engine import EngineFault
from dwh.datapath.warehouse.manifest import Manifest
from dwh.kernel.errors import Cancelled, DwhError, NotFound
from dwh.kernel.law import QC_DWH, QD_2366, cites
from dwh.kernel.progress import Progress, Silent


@cites(QD_2366.art("10.1.6"), QC_DWH.art("10.5"))
def check_store(
    *,
    settings: DataPathSettings,
    now: datetime,
    progress: Progress | None = None,
    plan: Plan | None = None,
) -> StoreCheck:
    """Return what the store looks like now. Reads everything, writes nothing but its own spill files.

    Raises:
        NotFound: nothing was published yet. Cancelled: somebody stopped the run.

    Source: QĐ-2366 Điều 10.1.6 (the IT Centre checks the database every month).
    """
    watcher = progress or Silent()
    manifests, digests = integrity.check_releases(settings, watcher)
    looked = (
        manifests,
        integrity.check_parts(settings, watcher),
        integrity.check_serving(settings, watcher),
        integrity.check_landing(settings, watcher),
    )
    manifest = base_in(settings).manifest
    if manifest is None and not digests:
        raise NotFound("Chưa có bản số liệu nào được công bố. Hãy chạy `dwh run` rồi kiểm tra.")
    rows, pointers = _counted(manifest, plan or load_plan(), settings, watcher)
    sources, unanswered = _sources(settings, now, watcher)
    spaces, disks = space.measure(settings)
    findings = [
        *(finding for one in looked for finding in one.findings),
        *counting.findings_of(rows, pointers), *unanswered, *_unexplained(sources),
        *space.findings_of(disks, settings.free_percent),
    ]  # fmt: skip
    return StoreCheck(
        manifest.id if manifest else "", now, looked, tuple(rows), tuple(sources), tuple(pointers), tuple(spaces),
        tuple(disks), tuple(findings), digests,
    )  # fmt: skip


def _counted(
    manifest: Manifest | None, plan: Plan, settings: DataPathSettings, progress: Progress
) -> tuple[list[TableRows], list[Pointer]]:
    if manifest is None:
        return [], []
    with counting.counter(manifest, plan, settings) as here:
        return counting.count_tables(here, settings, progress), counting.follow_pointers(here, progress)


def _sources(
    settings: DataPathSettings, now: datetime, progress: Progress
) -> tuple[list[SourceRows], list[Finding]]:
    """Return the control totals of every source that answers; one that does not is told, and fails nothing."""
    found, silent = [], []
    for name in source_names():
        if not settings.sources.get(name):
            said = "Chưa khai báo kết nối tới nguồn này nên không đối chiếu được."
            silent.append(Finding(Area.SOURCES, name, said, "Khai báo nguồn rồi kiểm tra lại.", grave=False))
            continue
        try:
            totals = reconcile(name, settings=settings, now=now, progress=progress)
        except Cancelled:
            raise
        except EngineFault:
            said = "Không đối chiếu được với nguồn: có tệp số liệu không đọc được."
            silent.append(Finding(Area.SOURCES, name, said, "Xử lý tệp hỏng nêu ở trên rồi kiểm tra lại."))
        except DwhError as fault:
            remedy = "Kiểm tra lại khi nguồn trả lời."
            silent.append(Finding(Area.SOURCES, name, fault.message_vi, remedy, grave=False))
        else:
            found += [_beside(one) for one in totals]
    return found, silent


def _beside(one: TableTotals) -> SourceRows:
    total = one.total()
    changed = sum((cell.changed for cell in one.cells if cell.measure == ROWS), Decimal(0))
    return SourceRows(
        one.source, one.table, one.label, int(total.source), int(total.published), int(total.held), int(total.late),
        int(changed), len(one.unexplained),
    )  # fmt: skip


def _unexplained(sources: list[SourceRows]) -> list[Finding]:
    remedy = "Mở trang «Đối soát», xem tháng và cơ quan lệch, tìm nguyên nhân rồi đọc lại nguồn."
    return [
        Finding(
            Area.SOURCES, f"{one.source}.{one.table}",
            f"{one.label}: {one.unexplained} ô số liệu lệch với nguồn chưa rõ nguyên nhân.", remedy,
        )
        for one in sources
        if one.unexplained
    ]  # fmt: skip
