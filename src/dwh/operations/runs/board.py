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
from dwh.operations.runs import rules
from dwh.operations.runs.models import Run, SourcePause
from dwh.operations.runs.pause_services import pause_words, paused_sources
from dwh.operations.runs.rules import State

_DAY_WORDS = {
    "ok": "thành công",
    "failed": "lỗi",
    "stopped": "đã dừng",
    "paused": "tạm dừng, không đọc",
    "none": "không chạy",
}
STRIP_DAYS = 14
RECENT_RUNS = 400  # more than fourteen days of hourly runs of everything and of single sources


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a source: 'ok', 'failed', 'stopped', 'paused', 'none'."""

    day: date
    state: str

    @property
    def glyph(self) -> str:
        return {"ok": "", "failed": "×", "stopped": "–", "paused": "‖", "none": "·"}[self.state]

    @property
    def title(self) -> str:
        return f"{self.day:%d/%m}: {_DAY_WORDS[self.state]}"


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
    is_paused: bool

    @property
    def icon(self) -> str:
        return {
            "ok": "check-circle",
            "running": "sync",
            "waiting": "hourglass",
            "failed": "x-circle",
            "stopped": "stop",
            "paused": "pause",
            "none": "clock",
        }[self.state]

    @property
    def lag_capped(self) -> float:
        return 100.0 if self.lag is None else min(100.0, 100 * self.lag / self.promised)


def recent_runs() -> list[Run]:
    """Return the newest runs, newest first: what the page tells is told from them."""
    return list(Run.objects.order_by("-id")[:RECENT_RUNS])


def source_lines(held: Mapping[str, Held], runs: Sequence[Run], *, now: datetime) -> list[SourceLine]:
    """Return one line per source; `held` gives rows and đồng in quarantine by source."""
    paused = paused_sources(timezone.localdate(now))
    return [_line(name, runs, held.get(name), paused.get(name), now) for name in source_names()]


def _line(
    name: str, runs: Sequence[Run], held: Held | None, pause: SourcePause | None, now: datetime
) -> SourceLine:
    contract = load_contract(name)
    mine = readings(runs, name)
    good = next((one for one in mine if one.state == "ok"), None)
    newest = next((one for one in mine if one.state != "paused"), None)
    last = good.run.ended_at if good else None
    lag = rules.lag_hours(last, now)
    state, message = (newest.state, newest.message) if newest else ("none", "")
    if pause is not None:
        words = pause_words(pause)
        state, message = "paused", f"{words[:1].upper()}{words[1:]}."
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
        rows=good.rows if good else None,
        deletes=good.deletes if good else None,
        held=held.rows if held else 0,
        held_vnd=held.vnd if held else Decimal(0),
        days=_strip(mine, timezone.localtime(now).date()),
        last_failed_run=newest.run.pk if newest and state in {"failed", "stopped"} else None,
        is_paused=pause is not None,
    )


_STATE_WORDS = {
    "ok": "Thành công",
    "running": "Đang đọc",
    "waiting": "Chờ chạy",
    "failed": "Lỗi",
    "stopped": "Đã dừng",
    "paused": "Tạm dừng",
    "none": "Chưa chạy",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one run did to one source. Counts are rows, None when it was not read."""

    run: Run
    state: str
    message: str = ""
    rows: int | None = None
    deletes: int | None = None
    failure: str = ""


def readings(runs: Sequence[Run], source: str) -> list[Reading]:
    """Return what each of `runs` that was to read a source did to it, in their order."""
    return [reading_of(run, source) for run in runs if _reads(run, source)]


def _reads(run: Run, source: str) -> bool:
    return run.kind == rules.Kind.RUN or (run.kind == rules.Kind.SYNC and run.source in {"", source})


def reading_of(run: Run, source: str) -> Reading:
    """Return what `run` did to a source it was to read, or why it did nothing to it."""
    report: dict[str, Any] = run.report or {}
    read, failure = report.get("sources", {}).get(source), report.get("failures", {}).get(source)
    if run.state in {State.RUNNING, State.QUEUED}:
        return Reading(run, "running" if run.state == State.RUNNING else "waiting")
    if read is not None:
        rows, deletes = (sum(table[name] for table in read["tables"]) for name in ("rows", "deletes"))
        return Reading(run, "ok", "", rows, deletes)
    if source in report.get("paused", {}):
        return Reading(run, "paused", report["paused"][source])
    if run.state == State.CANCELLED:
        return Reading(run, "stopped", run.message)
    failed = failure or {"message": run.message, "code": report.get("code", "failed")}
    return Reading(run, "failed", str(failed["message"]), failure=str(failed["code"]))


def _strip(mine: Sequence[Reading], today: date) -> tuple[Day, ...]:
    """Return the last fourteen days, oldest first; a day's newest reading decides."""
    by_day: dict[date, str] = {}
    for reading in reversed(mine):
        if reading.run.ended_at is not None:
            by_day[timezone.localtime(reading.run.ended_at).date()] = reading.state
    days = [today - timedelta(days=n) for n in reversed(range(STRIP_DAYS))]
    return tuple(Day(d, by_day.get(d, "none")) for d in days)
