"""What needs somebody now: sources that failed or are behind their contracts, work that failed; and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from dwh.datapath.sources.contract import load_contract, source_names
from dwh.kernel import vi
from dwh.kernel.law import QC_DWH, cites
from dwh.operations.runs import rules
from dwh.operations.runs.models import Run, SourcePause, SourceReading, SyncAlert
from dwh.operations.runs.pause_services import paused_sources
from dwh.operations.runs.readings import reads
from dwh.operations.runs.rules import LATE, MADE_OF_ALL, State

IT_CENTRE = ("00.CNTT", "Trung tâm CNTT")


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing a person must look at. `owner` is the code and the name of the unit that answers for it.

    `opens`: it is told to the owner now; else it only keeps open what was. `row` is what was told, once it was.
    """

    source: str
    cause: str
    label: str
    what: str
    remedy: str
    owner: tuple[str, str] = IT_CENTRE
    run: int | None = None
    opens: bool = True
    row: SyncAlert | None = None

    @property
    def kind(self) -> str:
        return "late" if self.cause == LATE else "failed"

    @property
    def icon(self) -> str:
        return {"failed": "x-circle", "late": "clock-off"}[self.kind]

    @property
    def key(self) -> tuple[str, str]:
        return self.source, self.cause


def damage(message: str) -> Alert:
    """Return the alert of a release whose files cannot be read; `message` names the remedy."""
    return Alert("", "file.damaged", "Bản công bố", "không đọc được.", message)


@cites(QC_DWH.art("12.2"))
def alerts(*, now: datetime) -> list[Alert]:
    """Return what is wrong now, failures first."""
    paused, active = paused_sources(timezone.localdate(now)), list(Run.objects.active().defer("report"))
    found = [alert for name in source_names() for alert in _of_source(name, active, paused.get(name), now)]
    return sorted([*_of_all(), *found], key=lambda alert: alert.kind)


def told(found: Sequence[Alert]) -> list[Alert]:
    """Return the alerts people are shown, each with what was told of it to its owner."""
    rows = {(row.source, row.cause): row for row in SyncAlert.objects.standing()}
    return [replace(one, row=rows.get(one.key)) for one in found if one.opens or one.key in rows]


def _of_source(name: str, active: Sequence[Run], pause: SourcePause | None, now: datetime) -> Iterator[Alert]:
    contract = load_contract(name)
    owner = (contract.owner_org, contract.owner)
    newest, good = (SourceReading.objects.newest(name, *wanted) for wanted in (("ok", "failed"), ("ok",)))
    if newest and newest.state == "failed":
        what = f"đọc không thành công: {newest.message}"
        keeps = "Số liệu giữ nguyên ở lần đọc trước."
        yield Alert(name, newest.failure, contract.label, what[:600], keeps, owner, newest.run_id)
    lag = rules.lag_hours(good.ended_at if good else None, now)
    if rules.is_late(lag, contract.fresh_hours):
        is_being_read = any(reads(run, name) for run in active) and pause is None
        opens = rules.raises_alert(lag, contract.fresh_hours, is_being_read=is_being_read)
        what, remedy = _late_words(good, contract.fresh_hours), _late_remedy(pause)
        yield Alert(name, LATE, contract.label, what, remedy, owner, opens=opens)


def _late_words(good: SourceReading | None, promised: int) -> str:
    """Return a sentence that stays true while the source is late."""
    if good is None:
        return f"chưa được đọc lần nào; cam kết không quá {vi.number(promised)} giờ."
    since = f"{timezone.localtime(good.ended_at):%H:%M, %d/%m/%Y}"
    return f"chưa được đọc lại từ {since}; cam kết không quá {vi.number(promised)} giờ."


def _late_remedy(pause: SourcePause | None) -> str:
    if pause is not None:
        return "Nguồn đang tạm dừng. Bấm «Cho đọc tiếp» khi đọc lại được."
    return "Bấm «Đọc ngay»; nếu vẫn lỗi, báo đơn vị quản lý nguồn."


def _of_all() -> Iterator[Alert]:
    """Yield the work on everything that failed when it was last done; its owner is the IT Centre."""
    for label, kinds in MADE_OF_ALL.items():
        ended = Run.objects.filter(kind__in=kinds, state__in=[State.SUCCEEDED, State.FAILED])
        newest = ended.order_by("-id").first()
        if newest is not None and "code" in (newest.report or {}):
            cause = f"{kinds[0]}:{newest.report['code']}"[:60]
            what = f"không thành công: {newest.message}"[:600]
            yield Alert("", cause, label, what, "Bản công bố đang dùng giữ nguyên.", run=newest.pk)
