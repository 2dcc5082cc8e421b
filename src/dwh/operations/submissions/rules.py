"""Which periods a software asks for, when each is due, where a submission stands. Pure functions over plain values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from dwh.kernel.law import QD_3582, cites
from dwh.kernel.org.scope import NATION, Tier, province_of

LAST_DUE_DAY = 28  # every month has it
MOST_PERIODS = 12  # ours: of one page


class Frequency(StrEnum):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


FREQUENCY_LABELS = {
    Frequency.MONTHLY: "Hằng tháng",
    Frequency.QUARTERLY: "Hằng quý",
    Frequency.YEARLY: "Hằng năm",
}
SENDER_LABELS = {Tier.OFFICE: "BHXH cơ sở gửi BHXH tỉnh", Tier.PROVINCE: "BHXH tỉnh gửi BHXH Việt Nam"}
_MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}


class State(StrEnum):
    WAITING = "waiting"
    LATE = "late"
    SENT = "sent"
    RECEIVED = "received"


STATE_LABELS = {
    State.WAITING: "Chưa đến hạn",
    State.LATE: "Trễ, chưa gửi",
    State.SENT: "Đã gửi, chờ nhận",
    State.RECEIVED: "Đã nhận",
}


def begins(day: date, frequency: str) -> date:
    """Return the first day of the period that holds a day."""
    length = _MONTHS[Frequency(frequency)]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def ends(first: date, frequency: str) -> date:
    """Return the first day after the period that begins on `first`."""
    month = first.month - 1 + _MONTHS[Frequency(frequency)]
    return date(first.year + month // 12, month % 12 + 1, 1)


@cites(QD_3582.art("III.2a¶3"))
def periods(frequency: str, since: date, today: date) -> Iterator[date]:
    """Yield the first days of the periods that are over, newest first, none from before the rule held."""
    first = begins(begins(today, frequency) - timedelta(days=1), frequency)
    for _ in range(MOST_PERIODS):
        if first < begins(since, frequency):
            return
        yield first
        first = begins(first - timedelta(days=1), frequency)


@cites(QD_3582.art("III.2a¶3"))
def due_on(first: date, frequency: str, due_day: int) -> date:
    """Return the last day to send the report of a period: that day of the month after it."""
    return ends(first, frequency).replace(day=due_day)


@cites(QD_3582.art("III.2a¶3"))
def state_of(due: date, today: date, *, sent: date | None, received: date | None) -> State:
    """Return where the report of one unit and period stands."""
    if received is not None:
        return State.RECEIVED
    if sent is not None:
        return State.SENT
    return State.LATE if today > due else State.WAITING


def is_late(due: date, today: date, sent: date | None) -> bool:
    """Tell whether it was sent after its day, or is still not sent after it."""
    return (sent or today) > due


@cites(QD_3582.art("III.2a¶3"))
def receiver_of(unit: str) -> str:
    """Return who receives the reports of a unit: the province of an office, the sector of a province."""
    province = province_of(unit)
    return NATION if province is None or province == unit else province


def name_of_period(first: date, frequency: str) -> str:
    """Return what people call a period."""
    if frequency == Frequency.MONTHLY:
        return f"{first.month}/{first.year}"
    if frequency == Frequency.QUARTERLY:
        return f"Quý {('I', 'II', 'III', 'IV')[(first.month - 1) // 3]}/{first.year}"
    return f"Năm {first.year}"
