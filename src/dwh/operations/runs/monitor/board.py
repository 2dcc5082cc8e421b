"""What the sync page shows: each source's last reading, its lag against its contract, fourteen days of outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from dwh.datapath.sources.contract import load_contract, source_names
from dwh.governance.protection.quarantine import Held
from dwh.kernel.vi import VIETNAM_TIME
from dwh.operations.runs import rules
from dwh.operations.runs.models import Run, SourcePause, SourceReading
from dwh.operations.runs.pause_services import pause_words, paused_sources
from dwh.operations.runs.readings import reads
from dwh.operations.runs.rules import State

BROKEN = "source.contract_broken"  # the code of a source that is not read because it is not what it promised
_DAY_WORDS = {
    "closed": "tạm đóng, khác hợp đồng",
    "ok": "thành công",
    "failed": "lỗi",
    "stopped": "đã dừng",
    "paused": "tạm dừng, không đọc",
    "none": "không chạy",
}
STRIP_DAYS = 14


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a source: 'ok', 'failed', 'closed', 'stopped', 'paused', 'none'."""

    day: date
    state: str

    @property
    def glyph(self) -> str:
        return {"ok": "", "failed": "×", "stopped": "–", "paused": "‖", "closed": "‖", "none": "·"}[
            self.state
        ]

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
            "closed": "lock",
            "none": "clock",
        }[self.state]

    @property
    def lag_capped(self) -> float:
        return 100.0 if self.lag is None else min(100.0, 100 * self.lag / self.promised)


def source_lines(held: Mapping[str, Held], *, now: datetime) -> list[SourceLine]:
    """Return one line per source; `held` gives rows and đồng in quarantine by source."""
    paused, strips = paused_sources(timezone.localdate(now)), _strips(timezone.localdate(now))
    active = list(Run.objects.active().defer("report"))
    return [
        _line(
            name,
            held.get(name),
            paused.get(name),
            strips[name],
            [run for run in active if reads(run, name)],
            now,
        )
        for name in source_names()
    ]


def _line(
    name: str, held: Held | None, pause: SourcePause | None, days: tuple[Day, ...], active: Sequence[Run], now: datetime
) -> SourceLine:  # fmt: skip
    contract, promised = load_contract(name), float(load_contract(name).fresh_hours)
    good = SourceReading.objects.newest(name, "ok")
    newest = SourceReading.objects.newest(name, "ok", "failed", "stopped")
    lag = rules.lag_hours(good.ended_at if good else None, now)
    state, message = _state_of(newest, pause, active)
    return SourceLine(
        name=name,
        label=contract.label,
        state=state,
        state_label=_STATE_WORDS[state],
        message=message,
        last_success=good.ended_at if good else None,
        lag=lag,
        promised=promised,
        is_late=rules.is_late(lag, promised),
        rows=good.rows if good else None,
        deletes=good.deletes if good else None,
        held=held.rows if held else 0,
        held_vnd=held.vnd if held else Decimal(0),
        days=days,
        last_failed_run=newest.run_id if newest and state in {"failed", "stopped", "closed"} else None,
        is_paused=pause is not None,
    )


_STATE_WORDS = {
    **rules.READING_LABELS,
    "closed": "Tạm đóng: khác hợp đồng",
    "running": "Đang đọc",
    "waiting": "Chờ chạy",
    "none": "Chưa chạy",
}


def _state_of(
    newest: SourceReading | None, pause: SourcePause | None, active: Sequence[Run]
) -> tuple[str, str]:
    if pause is not None:
        words = pause_words(pause)
        return "paused", f"{words[:1].upper()}{words[1:]}."
    if active:
        return ("running" if any(run.state == State.RUNNING for run in active) else "waiting"), ""
    return (_shown(newest.state, newest.failure), newest.message) if newest else ("none", "")


def _shown(state: str, failure: str) -> str:
    """Tell a source that is closed until it keeps its contract again from one that failed."""
    return "closed" if state == "failed" and failure == BROKEN else state


def _strips(today: date) -> dict[str, tuple[Day, ...]]:
    """Return the last fourteen days of each source, oldest first; a day's newest reading decides."""
    days = [today - timedelta(days=n) for n in reversed(range(STRIP_DAYS))]
    begins = datetime.combine(days[0], time.min, VIETNAM_TIME)
    by_day: dict[str, dict[date, str]] = {name: {} for name in source_names()}
    kept = SourceReading.objects.filter(ended_at__gte=begins).order_by("ended_at", "id")
    for source, ended_at, *outcome in kept.values_list("source", "ended_at", "state", "failure"):
        by_day.setdefault(source, {})[timezone.localdate(ended_at)] = _shown(*outcome)
    return {name: tuple(Day(d, states.get(d, "none")) for d in days) for name, states in by_day.items()}
