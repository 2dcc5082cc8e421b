"""What a run did to a source, from the run's report."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dwh.operations.runs.models import Run, SourceReading
from dwh.operations.runs.rules import Kind, State


def reading_of(run: Run, source: str) -> SourceReading:
    """Return what an ended `run` did to a source it was to read, or why it did nothing to it; not saved."""
    report: dict[str, Any] = run.report or {}
    read, failure = report.get("sources", {}).get(source), report.get("failures", {}).get(source)
    made = SourceReading(run=run, source=source)
    if run.ended_at is not None:
        made.ended_at = run.ended_at
    if read is not None:
        made.state = "ok"
        made.rows, made.deletes = (sum(one[name] for one in read["tables"]) for name in ("rows", "deletes"))
        made.seconds = _seconds(read)
    elif source in report.get("paused", {}):
        made.state, made.message = "paused", report["paused"][source]
    elif run.state == State.CANCELLED:
        made.state, made.message = "stopped", run.message
    else:
        failed = failure or {"message": run.message, "code": report.get("code", "failed")}
        made.state, made.message, made.failure = "failed", str(failed["message"]), str(failed["code"])[:60]
    return made


def reads(run: Run, source: str) -> bool:
    """Tell whether a run is to read a source."""
    return run.kind == Kind.RUN or (run.kind == Kind.SYNC and run.source in {"", source})


def _seconds(read: dict[str, Any]) -> float | None:
    if "started_at" not in read:
        return None
    began, ended = (datetime.fromisoformat(read[name]) for name in ("started_at", "finished_at"))
    return (ended - began).total_seconds()
