"""What the page of submissions shows: for each software and period, the units of the person's area."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from dwh.datapath.sources.contract import load_contract, source_names
from dwh.governance.access.models import Account
from dwh.governance.access.services import permissions_of, scope_for
from dwh.kernel.errors import NotFound
from dwh.kernel.org.scope import OrgScope
from dwh.kernel.org.services import units_in
from dwh.operations.submissions import rules
from dwh.operations.submissions.models import Requirement, Submission
from dwh.operations.submissions.rules import State

VIEW, SEND, RECEIVE, SET = "submission:view", "submission:send", "submission:receive", "submission:set"


@dataclass(frozen=True, slots=True)
class Line:
    """The report of one unit for one period."""

    unit: str
    name: str
    state: State
    is_late: bool
    row: Submission | None
    may_send: bool
    may_receive: bool

    @property
    def label(self) -> str:
        return rules.STATE_LABELS[self.state]


def page(account: Account, today: date, requirement: str, period: str) -> dict[str, Any]:
    """Return the context of the page: every requirement, and one of them with one of its periods.

    Raises:
        NotFound: no such requirement or period.
    """
    held = list(Requirement.objects.in_force())
    chosen = next((one for one in held if str(one.pk) == requirement), None)
    if requirement and chosen is None:
        raise NotFound("Không có lịch gửi này. Chọn một phần mềm trong danh sách.")
    chosen = chosen or next(iter(held), None)
    return {
        "requirements": [(one, load_contract(one.source).label) for one in held],
        "chosen": chosen,
        "sources": [(name, load_contract(name).label) for name in source_names()],
        "tiers": list(rules.SENDER_LABELS.items()),
        "frequencies": list(rules.FREQUENCY_LABELS.items()),
        "may_set": SET in permissions_of(account, today),
        **(_of(chosen, account, today, period) if chosen else {}),
    }


def _of(chosen: Requirement, account: Account, today: date, wanted: str) -> dict[str, Any]:
    periods = list(rules.periods(chosen.frequency, chosen.since, today))
    period = next((first for first in periods if first.isoformat() == wanted), None)
    if wanted and period is None:
        raise NotFound("Không có kỳ này trong lịch gửi. Chọn một kỳ trong danh sách.")
    period = period or next(iter(periods), None)
    lines = _lines(chosen, account, today, period) if period else []
    first = rules.begins(chosen.since, chosen.frequency)  # the one to wait for while none is over
    return {
        "first_name": rules.name_of_period(first, chosen.frequency),
        "first_shown": rules.ends(first, chosen.frequency),
        "first_due": rules.due_on(first, chosen.frequency, chosen.due_day),
        "label": load_contract(chosen.source).label,
        "period": period,
        "period_name": rules.name_of_period(period, chosen.frequency) if period else "",
        "periods": [(first, rules.name_of_period(first, chosen.frequency)) for first in periods],
        "due": rules.due_on(period, chosen.frequency, chosen.due_day) if period else None,
        "lines": lines,
        "counts": Counter(line.state for line in lines),
        "late": sum(line.is_late for line in lines),
    }


def _lines(chosen: Requirement, account: Account, today: date, period: date) -> list[Line]:
    area, sends, gets = (scope_for(account, permission, today) for permission in (VIEW, SEND, RECEIVE))
    units = [unit for unit in units_in(area, today) if unit.tier == chosen.sender_tier]
    rows = Submission.objects.filter(source=chosen.source, frequency=chosen.frequency, period=period)
    by_unit = {row.unit: row for row in rows}
    due = rules.due_on(period, chosen.frequency, chosen.due_day)
    lines = [_line(unit.code, unit.name, by_unit.get(unit.code), (due, today)) for unit in units]
    return [_with_rights(line, account, sends, gets) for line in lines]


def _line(unit: str, name: str, row: Submission | None, days: tuple[date, date]) -> Line:
    due, today = days
    due = row.due_on if row else due  # as it stood when the report was sent
    sent = timezone.localdate(row.sent_at) if row else None
    received = timezone.localdate(row.received_at) if row and row.received_at else None
    state = rules.state_of(due, today, sent=sent, received=received)
    return Line(unit, name, state, rules.is_late(due, today, sent), row, may_send=False, may_receive=False)


def _with_rights(line: Line, account: Account, sends: OrgScope, gets: OrgScope) -> Line:
    may_receive = (
        line.state is State.SENT
        and gets.covers(rules.receiver_of(line.unit))
        and line.row is not None
        and line.row.sent_by != account.email
    )
    may_send = line.row is None and sends.covers(line.unit)
    return Line(line.unit, line.name, line.state, line.is_late, line.row, may_send, may_receive)
