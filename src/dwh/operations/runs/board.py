"""What the sync page shows: each source's last reading, its lag against its contract, fourteen days of outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from dwh.datapath.sources.contract import load_contract, source_names
from dwh.governance.protection.quarantine import Held
from dwh.kernel import vi
from dwh.operations.runs import rules
from dwh.operations.runs.models import Run
from dwh.operations.runs.rules import State

STRIP_DAYS = 14
RECENT_RUNS = 400  # more than fourteen days of hourly runs of everything and of single sources


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a source: 'ok', 'failed', 'stopped', 'none'."""

    day: date
    state: str

    @property
    def glyph(self) -> str:
        return {"ok": "", "failed": "×", "stopped": "‖", "none": "·"}[self.state]

    @property
    def title(self) -> str:
        words = {"ok": "thành công", "failed": "lỗi", "stopped": "đã dừng", "none": "không chạy"}
        return f"{self.day:%d/%m}: {words[self.state]}"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One row of the sync page. Counts are of the last successful reading; `held` is what is held now."""

    name: str
    label: str
    state: str
    state_label: str
    message: str
    last_success: datetime | None
    lag: float | None
    promised: float
    is_late: bool
    rows: int | None
    deletes: int | None
    held: int
    held_vnd: Decimal
    days: tuple[Day, ...]
    last_failed_run: int | None

    @property
    def icon(self) -> str:
        return {
            "ok": "check-circle",
            "running": "sync",
            "waiting": "hourglass",
            "failed": "x-circle",
            "stopped": "stop",
            "none": "clock",
        }[self.state]

    @property
    def lag_capped(self) -> float:
        return 100.0 if self.lag is None else min(100.0, 100 * self.lag / self.promised)


@dataclass(frozen=True, slots=True)
class Alert:
    """Something a person must look at: a source that failed, or is behind its contract."""

    kind: str
    source: str
    what: str
    remedy: str

    @property
    def icon(self) -> str:
        return {"failed": "x-circle", "late": "clock-off"}[self.kind]


def damage(message: str) -> Alert:
    """Return the alert of a release whose files cannot be read; `message` names the remedy."""
    return Alert("failed", "Bản công bố", "không đọc được.", message)


def alerts(lines: Sequence[SourceLine]) -> list[Alert]:
    """Return what is wrong now, failures first (QC-DWH Điều 12.2)."""
    failed = [
        Alert(
            "failed",
            line.label,
            "đọc không thành công.",
            f"{line.message} Số liệu giữ nguyên ở lần đọc trước.",
        )
        for line in lines
        if line.state == "failed"
    ]
    late = [
        Alert("late", line.label, _late_words(line), "Bấm «Đọc ngay»; nếu vẫn lỗi, báo đơn vị quản lý nguồn.")
        for line in lines
        if line.is_late and line.state not in {"failed", "running", "waiting"}
    ]
    return failed + late


def _late_words(line: SourceLine) -> str:
    if line.lag is None:
        return "chưa được đọc lần nào."
    return f"đã {vi.number(line.lag, 1)} giờ chưa đọc, cam kết {vi.number(line.promised)} giờ."


def source_lines(held: Mapping[str, Held], *, now: datetime) -> list[SourceLine]:
    """Return one line per source; `held` gives rows and đồng in quarantine by source."""
    runs = list(Run.objects.order_by("-id")[:RECENT_RUNS])
    return [_line(name, runs, held.get(name), now) for name in source_names()]


def _line(name: str, runs: Sequence[Run], held: Held | None, now: datetime) -> SourceLine:
    contract = load_contract(name)
    mine = [(run, _reading(run, name)) for run in runs if _reads(run, name)]
    good = next(((run, read) for run, read in mine if isinstance(read, dict)), None)
    newest, newest_read = mine[0] if mine else (None, None)
    last = good[0].ended_at if good else None
    lag = rules.lag_hours(last, now)
    tables: list[dict[str, Any]] = good[1]["tables"] if good and isinstance(good[1], dict) else []
    state, message = _state_of(newest, newest_read)
    return SourceLine(
        name=name,
        label=contract.label,
        state=state,
        state_label=_STATE_WORDS[state],
        message=message,
        last_success=last,
        lag=lag,
        promised=float(contract.fresh_hours),
        is_late=rules.is_late(lag, float(contract.fresh_hours)),
        rows=sum(t["rows"] for t in tables) if good else None,
        deletes=sum(t["deletes"] for t in tables) if good else None,
        held=held.rows if held else 0,
        held_vnd=held.vnd if held else Decimal(0),
        days=_strip(mine, timezone.localtime(now).date()),
        last_failed_run=newest.pk if newest and state in {"failed", "stopped"} else None,
    )


_STATE_WORDS = {
    "ok": "Thành công",
    "running": "Đang đọc",
    "waiting": "Chờ chạy",
    "failed": "Lỗi",
    "stopped": "Đã dừng",
    "none": "Chưa chạy",
}


def _reads(run: Run, source: str) -> bool:
    return run.kind == rules.Kind.RUN or (run.kind == rules.Kind.SYNC and run.source in {"", source})


def _reading(run: Run, source: str) -> dict[str, Any] | str | None:
    """Return the source's report of `run`, or why it failed, or None when it was not reached."""
    report: dict[str, Any] = run.report or {}
    if source in report.get("sources", {}):
        found: dict[str, Any] = report["sources"][source]
        return found
    failure = report.get("failures", {}).get(source)
    return str(failure["message"]) if failure else None


def _state_of(run: Run | None, reading: dict[str, Any] | str | None) -> tuple[str, str]:
    if run is None:
        return "none", ""
    if run.state == State.RUNNING:
        return "running", ""
    if run.state == State.QUEUED:
        return "waiting", ""
    if isinstance(reading, dict):
        return "ok", ""
    if run.state == State.CANCELLED:
        return "stopped", run.message
    return "failed", reading or run.message


def _strip(mine: Sequence[tuple[Run, dict[str, Any] | str | None]], today: date) -> tuple[Day, ...]:
    """Return the last fourteen days, oldest first; a day's newest reading decides."""
    by_day: dict[date, str] = {}
    for run, reading in reversed(mine):
        if run.ended_at is not None:
            by_day[timezone.localtime(run.ended_at).date()] = _state_of(run, reading)[0]
    days = [today - timedelta(days=n) for n in reversed(range(STRIP_DAYS))]
    return tuple(Day(d, by_day.get(d, "none")) for d in days)
