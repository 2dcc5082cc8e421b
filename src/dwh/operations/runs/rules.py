"""What a run is, when it is lost, when a source is late. Pure functions over plain values."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from dwh.kernel.errors import Invalid
from dwh.kernel.law import QC_DWH, cites
from dwh.kernel.vi import VIETNAM_TIME

LEASE = timedelta(seconds=30)  # ours: a worker that has not shown itself for so long is dead
HEARTBEAT_SECONDS = 5  # ours: six chances before the lease ends
MAX_ATTEMPTS = 3  # ours: a run that killed three workers needs a person
SHORTEST_REASON = 5  # characters of a reason; ours
LONGEST_AGAIN = timedelta(days=31)  # ours: the landed rows of the window are held in memory beside those read


class Kind(StrEnum):
    SYNC = "sync"
    BUILD = "build"
    PUBLISH = "publish"
    RUN = "run"  # all three, for every source
    RECONCILE = "reconcile"  # control totals of the release in use beside the sources
    CHECK = "check"  # every byte, row and pointer of the store


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


LATE = "late"  # a cause of alerts; the others are codes of refusals
MADE_OF_ALL = {  # work on everything, whose owner is the IT Centre: the kinds of run that do it
    "Tổng hợp, công bố": (Kind.RUN, Kind.BUILD, Kind.PUBLISH),
    "Đối soát với nguồn": (Kind.RECONCILE,),
    "Kiểm tra CSDL": (Kind.CHECK,),
}
KIND_LABELS = {
    Kind.SYNC: "Đồng bộ nguồn",
    Kind.BUILD: "Tổng hợp",
    Kind.PUBLISH: "Công bố",
    Kind.RUN: "Đồng bộ, tổng hợp, công bố",
    Kind.RECONCILE: "Đối soát với nguồn",
    Kind.CHECK: "Kiểm tra CSDL",
}
STATE_LABELS = {
    State.QUEUED: "Chờ chạy",
    State.RUNNING: "Đang chạy",
    State.SUCCEEDED: "Thành công",
    State.FAILED: "Lỗi",
    State.CANCELLED: "Đã dừng",
}
READING_LABELS = {"ok": "Thành công", "failed": "Lỗi", "stopped": "Đã dừng", "paused": "Tạm dừng"}
ENDED = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})


@cites(QC_DWH.art("12.5"))
def may_retry(state: str) -> bool:
    """Tell whether a run in this state can be run again: only one that ended without success."""
    return state in {State.FAILED, State.CANCELLED}


@cites(QC_DWH.art("12.5"))
def may_stop(state: str) -> bool:
    return state in {State.QUEUED, State.RUNNING}


def lease_until(now: datetime) -> datetime:
    return now + LEASE


def is_abandoned(state: str, lease: datetime | None, now: datetime) -> bool:
    """Tell whether a running run has lost its worker (killed, machine gone)."""
    return state == State.RUNNING and lease is not None and lease < now


@cites(QC_DWH.art("12.2"))
def lag_hours(last_success: datetime | None, now: datetime) -> float | None:
    """Return hours since the last successful sync, None when there never was one."""
    return None if last_success is None else (now - last_success).total_seconds() / 3600


@cites(QC_DWH.art("12.2"))
def is_late(lag: float | None, promised_hours: float) -> bool:
    """Tell whether a source is behind its contract; one never read is late."""
    return lag is None or lag > promised_hours


@cites(QC_DWH.art("12.2"))
def raises_alert(lag: float | None, promised_hours: float, *, is_being_read: bool) -> bool:
    """Tell whether a late source is told to its owner: not while it is being read, unless that takes too long.

    A schedule as long as the promise makes a source late for the minutes of each reading; nobody can act on that. A
    reading that lasts until twice the promise excuses nothing (ours).
    """
    if not is_late(lag, promised_hours):
        return False
    return not is_being_read or (lag is not None and lag > 2 * promised_hours)


@cites(QC_DWH.art("3.1"))
def in_window(at: time, opens: time | None, closes: time | None) -> bool:
    """Tell whether sources may be read at this hour; a window may pass midnight, an empty one is always open."""
    if opens is None or closes is None or opens == closes:
        return True
    return opens <= at < closes if opens < closes else at >= opens or at < closes


@cites(QC_DWH.art("12.5"))
def check_pause(reason: str, last_day: date | None, today: date) -> None:
    """Refuse a pause of a source without a reason, or one that is over before it begins.

    Raises:
        Invalid: too short a reason, or a last day that has passed.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid(f"Hãy ghi lý do tạm dừng nguồn này (ít nhất {SHORTEST_REASON} ký tự).")
    if last_day is not None and last_day < today:
        raise Invalid("Ngày cuối của việc tạm dừng đã qua. Chọn từ hôm nay trở đi, hoặc để trống.")


def next_due(last: datetime | None, every_minutes: int, now: datetime) -> datetime:
    """Return when a schedule is due next; a schedule that missed its times is due once, now."""
    return now if last is None else max(last + timedelta(minutes=every_minutes), now)


@cites(QC_DWH.art("12.5"))
def again_window(since: date, until: date, today: date) -> tuple[datetime, datetime]:
    """Return the moments between which a source is read again: whole days of Vietnam, as naive UTC.

    Raises:
        Invalid: the days are in the wrong order, in the future, or too many at once.
    """
    if until < since:
        raise Invalid("Ngày cuối đứng trước ngày đầu. Đổi lại hai ngày.")
    if since > today:
        raise Invalid("Khoảng ngày ở tương lai. Chọn những ngày đã qua.")
    if until - since >= LONGEST_AGAIN:
        raise Invalid(f"Mỗi lần đọc lại nhiều nhất {LONGEST_AGAIN.days} ngày. Chia thành nhiều lần.")
    begins = datetime.combine(since, time.min, VIETNAM_TIME)
    ends = datetime.combine(until, time.max, VIETNAM_TIME)
    return begins.astimezone(UTC).replace(tzinfo=None), ends.astimezone(UTC).replace(tzinfo=None)
