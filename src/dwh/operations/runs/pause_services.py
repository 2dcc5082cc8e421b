"""Pausing one source while the others go on: one verb, one transaction, one entry in the log."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from dwh.datapath.sources.contract import load_contract, source_names
from dwh.kernel import vi
from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Conflict, Invalid
from dwh.operations.runs import rules
from dwh.operations.runs.models import SourcePause


class SourceOnPause(Conflict):
    """Nobody reads this source for now; `facts["words"]` says since when, by whom and why."""

    code = "source.on_pause"


@transaction.atomic
def pause_source(source: str, reason: str, last_day: date | None, *, by: Actor, now: datetime) -> SourcePause:
    """Let nobody read a source from now until it is resumed, or until its `last_day` is over.

    A reading under way goes on to its end. The age of the data counts on: a paused source becomes late.

    Raises:
        Invalid: no such source, no reason, or a day that has passed. Conflict: it is paused already.

    Source: QC-DWH Điều 12.5.
    """
    today = timezone.localdate(now)
    must_be_known(source)
    rules.check_pause(reason, last_day, today)
    end_lapsed(by=by, now=now)
    held = SourcePause.objects.select_for_update().in_force(today).filter(source=source).first()
    if held is not None:
        raise Conflict(f"{_named(source)} đã {pause_words(held)}. Cho đọc tiếp rồi tạm dừng lại.")
    made = SourcePause.objects.create(
        source=source, reason=reason.strip()[:400], last_day=last_day, paused_by=by.email, paused_name=by.name,
        paused_at=now,
    )  # fmt: skip
    until = last_day.isoformat() if last_day else ""
    record("source.paused", by=by, about=f"source:{source}", reason=made.reason, last_day=until)
    return made


@transaction.atomic
def resume_source(source: str, *, by: Actor, now: datetime) -> SourcePause:
    """Let a paused source be read again from now on.

    Raises:
        Invalid: no such source. Conflict: it is not paused.

    Source: QC-DWH Điều 12.5.
    """
    must_be_known(source)
    paused = SourcePause.objects.select_for_update().in_force(timezone.localdate(now))
    held = paused.filter(source=source).first()
    if held is None:
        raise Conflict(f"{_named(source)} không tạm dừng. Tải lại trang Đồng bộ.", source=source)
    held.ended_at, held.ended_by = now, by.email
    held.save(update_fields=["ended_at", "ended_by"])
    record("source.resumed", by=by, about=f"source:{source}", paused_at=held.paused_at.isoformat())
    return held


def end_lapsed(*, by: Actor, now: datetime) -> None:
    """Close the pauses whose last day is over; the sources have been free since midnight.

    Source: QC-DWH Điều 12.5.
    """
    today = timezone.localdate(now)
    if SourcePause.objects.lapsed(today).exists():  # asked every second: nothing is locked for nothing
        _end_lapsed(today, by=by, now=now)


@transaction.atomic
def _end_lapsed(today: date, *, by: Actor, now: datetime) -> None:
    for held in SourcePause.objects.select_for_update().lapsed(today):
        held.ended_at = now
        held.save(update_fields=["ended_at"])
        record("source.pause_lapsed", by=by, about=f"source:{held.source}", last_day=str(held.last_day))


def paused_sources(today: date) -> dict[str, SourcePause]:
    """Return the pauses in force by source."""
    return {held.source: held for held in SourcePause.objects.in_force(today)}


def must_not_be_paused(source: str, *, now: datetime) -> None:
    """Refuse to read a source that is paused.

    Raises:
        SourceOnPause: it is.
    """
    held = paused_sources(timezone.localdate(now)).get(source)
    if held is not None:
        raise SourceOnPause(
            f"{_named(source)} đang {pause_words(held)}. Cho đọc tiếp ở trang Đồng bộ rồi chạy lại.",
            source=source, words=pause_words(held),
        )  # fmt: skip


def must_be_known(source: str) -> None:
    """Refuse the name of a source there is not.

    Raises:
        Invalid: it names the sources there are.
    """
    if source not in source_names():
        raise Invalid(f"Không có nguồn «{source}». Các nguồn: {', '.join(source_names())}.", source=source)


def pause_words(held: SourcePause) -> str:
    """Return since when, by whom, until when and why a source is paused, to stand inside a sentence."""
    until = f", đến hết ngày {vi.date_vi(held.last_day)}" if held.last_day else ""
    since = f"{timezone.localtime(held.paused_at):%H:%M, %d/%m/%Y}"
    return f"tạm dừng từ {since} bởi {held.paused_name}{until}, vì: {held.reason.rstrip('.')}"


def _named(source: str) -> str:
    return f"Nguồn «{load_contract(source).label}»"
