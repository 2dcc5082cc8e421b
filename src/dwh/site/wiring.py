"""Where packages that do not know each other are joined: the run table does the work other packages offer."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from dwh.datapath.checking.store import check_store
from dwh.datapath.reconciliation.totals import reconcile
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.contract import Contract, load_contract, source_names
from dwh.datapath.sources.drift import Drift
from dwh.datapath.staleness.figures import Shown
from dwh.delivery.analyses.desk import subject_label
from dwh.delivery.analyses.models import SavedAnalysis
from dwh.delivery.dashboards.board import boards
from dwh.delivery.dashboards.own import questions as own_boards
from dwh.delivery.dashboards.own.questions import Ready
from dwh.delivery.exchange import job_services as exports
from dwh.delivery.reports.definition import definition_named
from dwh.delivery.reports.services import REPORTS
from dwh.governance.access.models import Account
from dwh.governance.sharing.people import viewer_of
from dwh.kernel.progress import Progress
from dwh.operations.changes.source_services import Check, heed_source
from dwh.operations.checks import services as checks
from dwh.operations.checks.governance import check_governance
from dwh.operations.organisation.services import hand_over
from dwh.operations.parameters.services import in_force
from dwh.operations.reconciliation.services import keep
from dwh.operations.runs import ahead, execution, worker
from dwh.operations.runs.models import Run
from dwh.operations.runs.pause_services import must_not_be_paused, paused_sources
from dwh.operations.runs.rules import Kind, State
from dwh.operations.runs.services import Outcome, worker_actor


def join() -> None:
    """Tell the run table who does which work; called once, when the program starts."""
    execution.take_on(Kind.RECONCILE, _reconcile)
    execution.take_on(Kind.CHECK, _check)
    execution.work_with(_settings_of_a_run)
    execution.tell_of_drift(_open_changes)
    ahead.name_pages(_pages)
    own_boards.take_from(_own_analyses)
    worker.work_beside("exports", exports.work_once)


def _pages() -> tuple[Shown, ...]:
    """Return the fixed reports and the boards, with the figures each prints."""
    reports = [
        Shown(
            f"{one.name.upper()} · {one.title}",
            one.subject,
            frozenset(figure.value for figure in one.figures),
        )
        for one in map(definition_named, REPORTS)
    ]
    shown = (
        Shown(board.title, subject, values) for board in boards() for subject, values in board.shown.items()
    )
    return (*reports, *shown)


def _own_analyses(account: Account, today: date) -> list[Ready]:
    """Return a person's saved analyses as a board takes them."""
    kept = SavedAnalysis.objects.own(viewer_of(account, today)).filter(archived_at=None)
    return [Ready(str(one.pk), one.name, subject_label(one.subject), one.query) for one in kept]


def _settings_of_a_run(settings: DataPathSettings, now: datetime) -> tuple[DataPathSettings, dict[str, str]]:
    """Return the settings a run works with; the reorganisations in force are handed to the builder first."""
    hand_over(settings)
    return in_force(settings, now)


def _open_changes(run: Run, contract: Contract, drifts: tuple[Drift, ...]) -> None:
    heed_source(contract, drifts, Check(run.pk, timezone.now(), worker_actor(run.worker)))


def _reconcile(run: Run, settings: DataPathSettings, progress: Progress) -> Outcome:
    paused = paused_sources(timezone.localdate())  # reconciling reads the source too
    if run.source:
        must_not_be_paused(run.source, now=timezone.now())
    names = (run.source,) if run.source else tuple(one for one in source_names() if one not in paused)
    rows = []
    for name in names:
        totals = reconcile(name, settings=settings, now=timezone.now(), progress=progress)
        rows += keep(totals, into=settings, by=worker_actor(run.worker))
    differing = [row.label for row in rows if not row.agrees]
    release = rows[0].release_id if rows else ""
    said = f"Đã đối soát {len(rows)} bảng với bản {release}: "
    said += f"chưa khớp {', '.join(differing)}. Mở trang Đối soát." if differing else "mọi bảng đều khớp."
    if paused:
        said += (
            f" Không đối soát nguồn đang tạm dừng: {', '.join(load_contract(one).label for one in paused)}."
        )
    return Outcome(State.SUCCEEDED, said, release, {"tables": len(rows), "differing": differing})


def _check(run: Run, settings: DataPathSettings, progress: Progress) -> Outcome:
    store = check_store(settings=settings, now=timezone.now(), progress=progress)
    governance = check_governance(store.manifests, progress)
    row = checks.keep(
        store, governance, asked_by=run.asked_by, by=worker_actor(run.worker), now=timezone.now()
    )
    said = f"Đã kiểm tra CSDL tháng {row.month[5:]}/{row.month[:4]}, biên bản số {row.pk}: "
    said += f"{row.grave} lỗi, {row.warnings} cảnh báo" if row.grave or row.warnings else "không có lỗi"
    said += ". Mở trang Kiểm tra CSDL để đọc và ký."
    return Outcome(State.SUCCEEDED, said, row.release_id, {"record": row.pk, "grave": row.grave})
